"""An export as it came, with its weight as one more column."""
