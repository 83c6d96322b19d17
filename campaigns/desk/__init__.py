"""Read-only screens over several slices: today, overview, requests, search, people. Owns no rows, has no actions."""
