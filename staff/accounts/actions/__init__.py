"""Verbs on getting in, one file per screen."""
