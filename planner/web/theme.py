"""How bright a browser shows the pages: kept in its own cookie, so that the first byte knows it and nothing flashes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Beside "auto", which is what the device says.
THEMES = ("light", "dark")
_AGE = 365 * 24 * 3600


def theme_of(request: HttpRequest | None) -> str:
    """The theme that was chosen in this browser; empty for the device's own."""
    kept = request.COOKIES.get(settings.THEME_COOKIE_NAME, "") if request else ""
    return kept if kept in THEMES else ""


def keep_theme(answer: HttpResponse, theme: str) -> None:
    """Keeps the choice in the browser; anything but `THEMES` forgets it."""
    if theme in THEMES:
        secure = settings.LANGUAGE_COOKIE_SECURE
        answer.set_cookie(settings.THEME_COOKIE_NAME, theme, _AGE, secure=secure, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
