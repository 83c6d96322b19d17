"""What was backed up comes back."""
