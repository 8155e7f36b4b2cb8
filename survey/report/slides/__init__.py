"""Slides with charts that can be edited, and the merge with a deck edited by hand."""
