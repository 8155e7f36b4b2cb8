"""What changed between waves, what can be compared, and what cannot."""
