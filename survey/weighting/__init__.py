"""Weights that meet population margins."""
