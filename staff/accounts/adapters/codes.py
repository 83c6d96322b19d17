"""Time-based codes (RFC 6238) by django-otp's own arithmetic, and the picture that a phone scans, by segno."""

import base64
from datetime import datetime
from urllib.parse import quote

import segno
from django_otp.oath import TOTP

ISSUER = "Planner"


def step_of(key: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is, at most one step off and later than `after`; None when it is none."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    clock = TOTP(key)
    clock.time = now.timestamp()
    if not clock.verify(int(code), tolerance=1, min_t=after + 1):
        return None
    return int(clock.t())


def key_text(key: bytes) -> str:
    """The key in groups of four, as people type it."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(key: bytes, login: str) -> str:
    """The QR code as an SVG in a data address."""
    secret = base64.b32encode(key).decode().rstrip("=")
    address = f"otpauth://totp/{quote(f'{ISSUER}:{login}')}?secret={secret}&issuer={ISSUER}&digits=6&period=30"
    drawn: str = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff", dark="#000")
    return drawn
