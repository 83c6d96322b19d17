"""What the screens over several slices decide, one file per screen."""
