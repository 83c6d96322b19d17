"""Pages over several slices, one file per screen."""
