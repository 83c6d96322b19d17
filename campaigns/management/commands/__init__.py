"""Commands of campaigns: each is as thin as a view."""
