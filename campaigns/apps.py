"""Registers `campaigns` with Django."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """One Django app, one migration history for all slices of `campaigns`."""

    name = "campaigns"
