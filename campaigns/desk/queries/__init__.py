"""What the screens over several slices show, one file per screen."""
