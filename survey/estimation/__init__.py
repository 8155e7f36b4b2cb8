"""Design-based estimates from sufficient statistics."""
