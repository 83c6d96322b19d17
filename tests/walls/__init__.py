"""The walls: who gets what from every route, and that nothing else comes through."""
