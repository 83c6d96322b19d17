"""Read-only screens over several slices: today, a campaign's overview, the machine. Owns no rows, has no actions."""
