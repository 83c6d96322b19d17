"""Chinese names as people type them."""
