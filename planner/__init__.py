"""The frame: settings, routes, Celery, the web server's door. It knows every slice; no slice knows it."""

__version__ = "0.1.0"

from planner.celery import app as celery_app

__all__ = ["__version__", "celery_app"]
