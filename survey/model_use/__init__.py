"""Which models respondents use, and how open these are."""
