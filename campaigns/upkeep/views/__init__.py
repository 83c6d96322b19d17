"""The doors of the operator."""
