"""One file a channel that leaves the house."""
