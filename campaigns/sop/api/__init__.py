"""Procedures, and campaigns made of them, over the API."""
