"""Definitions of surveys, as platforms store them."""
