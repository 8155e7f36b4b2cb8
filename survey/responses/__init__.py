"""What came back, coded."""
