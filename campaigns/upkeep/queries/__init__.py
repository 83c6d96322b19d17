"""What the machine shows, gathered."""
