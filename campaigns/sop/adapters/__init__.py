"""Outside forms of a procedure."""
