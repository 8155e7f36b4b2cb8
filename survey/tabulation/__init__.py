"""Stub and banner tables with tests."""
