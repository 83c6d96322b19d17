"""The headers that every answer carries, whoever makes it."""

# Files, redirects and errors from before the view get them too, and what the server answers before Django is asked.
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # What is not said to be public is one person's: no cache may keep it.
    "Cache-Control": "private, no-store",
}
