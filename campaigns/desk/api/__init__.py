"""The screens over several slices over the API, one file per screen."""
