"""One wave, from its export to its estimates."""
