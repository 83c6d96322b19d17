"""Pages of getting in."""
