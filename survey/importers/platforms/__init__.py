"""One module per platform: layout -> RawTable."""
