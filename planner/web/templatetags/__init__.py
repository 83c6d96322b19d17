"""Template words of the whole house."""
