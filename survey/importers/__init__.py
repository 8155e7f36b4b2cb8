"""Reading exports: file -> RawTable."""
