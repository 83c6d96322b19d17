"""Registers `staff` with Django."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """One Django app, one migration history for all slices of `staff`."""

    name = "staff"
