"""Pages and fragments of the board: the columns, one task, one line."""
