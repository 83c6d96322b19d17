"""Typed reading of the environment: a wrong value stops the start with one line that names it."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(SystemExit):
    """A setting that cannot be used; its text names the variable and what it must hold."""


def text(name: str, default: str = "") -> str:
    """The variable, or `default`; blank counts as not set."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    """The variable; stops the start when it is missing."""
    value = text(name)
    if not value:
        raise BadSetting(f"{name} is not set: {why}")
    return value


SECRET_LENGTH = 50
_PLACEHOLDERS = ("insecure", "change", "secret-key", "your-", "example", "only-for", "placeholder", "default")


def secret(name: str, why: str) -> str:
    """The variable, which must be long and look random; stops the start when it is missing, short or a placeholder."""
    value = required(name, why)
    if len(value) < SECRET_LENGTH or len(set(value)) < 10 or any(word in value.lower() for word in _PLACEHOLDERS):
        raise BadSetting(f"{name} is too short or a placeholder: at least {SECRET_LENGTH} random characters are needed")
    return value


def names_hosts(pattern: str) -> bool:
    """Whether an entry of ALLOWED_HOSTS names hosts, and not every host there is."""
    return "*" not in pattern and bool(pattern.strip("."))


def flag(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={value!r} is neither yes nor no")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise BadSetting(f"{name}={value!r} is not a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`; the first is the default."""
    value = text(name, allowed[0])
    if value not in allowed:
        raise BadSetting(f"{name}={value!r} is not one of {', '.join(allowed)}")
    return value


def secret_file(path: Path) -> str:
    """The secret kept in `path`, made on first use and readable by its owner alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise BadSetting(f"cannot write to {path.parent}: {error.strerror}") from None
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def postgres(url: str) -> dict[str, Any]:
    """Django's connection settings for a postgres:// URL; `?host=/dir` names a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL must look like postgres://user:password@host:port/name")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", parts.port or "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
