"""What the ground allows and what it makes of what it finds."""
