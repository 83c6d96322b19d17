"""Measurements by hand: nothing here runs in the suite, because a busy machine makes every clock lie."""
