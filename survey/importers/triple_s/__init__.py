"""Triple-S."""
