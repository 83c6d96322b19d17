"""Fifty teams with forty campaigns of 500 tasks: what pages and sweeps cost among a million rows, by which index."""
