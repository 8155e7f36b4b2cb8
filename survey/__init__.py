"""From a survey export to published numbers."""
