"""Campaigns from SOP to review: the slices are the stations of one loop."""
