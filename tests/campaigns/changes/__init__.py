"""Taking a change back at once."""
