"""Registers the shared template words."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web layer as a Django app, for its template tags."""

    name = "planner.web"
    label = "web"
