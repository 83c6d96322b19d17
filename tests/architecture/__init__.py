"""What the house promises and a machine can check."""
