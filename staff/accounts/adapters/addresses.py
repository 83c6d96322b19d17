"""Whole addresses of one-time links."""

from django.conf import settings
from django.urls import reverse


def link_address(purpose: str, secret: str) -> str:
    """The address to send or to show; its host is the configured one, never that of a request."""
    return f"{settings.BASE_URL}{reverse(f'staff:{purpose}_link', args=[secret])}"
