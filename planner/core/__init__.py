"""The floor everyone stands on: plain Python, no Django."""
