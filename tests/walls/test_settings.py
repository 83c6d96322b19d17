"""What production refuses to start with, and the cookies and hosts that it answers with."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.walls.conftest import PRODUCTION, start

PASSWORD = "korrekt-pferd-77"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-kT9vZ2q8Lw5Xr1Nf7Bd3Hs6Jy0Mc4PgUaEiOoQtWbRn"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "planner.test,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*.test"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "."}, "ALLOWED_HOSTS"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"BASE_URL": "http://planner.test"}, "BASE_URL"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ],
)
def test_production_does_not_start_open(tmp_path: Path, wrong: dict[str, str], named: str) -> None:
    """H9."""
    read = start(tmp_path, **(PRODUCTION | wrong))
    assert read.returncode == 1
    assert read.stderr.startswith(named)
    assert "Traceback" not in read.stderr


@pytest.mark.parametrize("shape", [PRODUCTION, {}])
def test_djangos_pages_of_errors_cannot_be_switched_on(tmp_path: Path, shape: dict[str, str]) -> None:
    """H5, H9."""
    if not shape:
        read = start(tmp_path, DEBUG="1")
        assert '"DEBUG": false' in read.stdout
    else:
        assert '"DEBUG": false' in start(tmp_path, **shape).stdout


@pytest.fixture
def as_production(settings: LazySettings, production: dict[str, Any]) -> Client:
    """A visitor over TLS of a site with production's cookies and hosts."""
    names = [name for name in production if "_COOKIE_" in name or name in {"SECURE_PROXY_SSL_HEADER", "BASE_URL"}]
    for name in [*names, "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]:
        if production[name] is not None:
            setattr(settings, name, production[name])
    # Django's test client keeps the session under the name that it was set up with.
    return Client(SERVER_NAME="planner.test", HTTP_X_FORWARDED_PROTO="https")


def test_cookies_are_strict(cast: Cast, as_production: Client, production: dict[str, Any]) -> None:
    """D5."""
    cast.manager.set_password(PASSWORD)
    cast.manager.save()
    seen = as_production.get("/login/").cookies
    signed_in = as_production.post("/login/", {"username": "chen", "password": PASSWORD})
    assert signed_in.status_code == 302
    chosen = as_production.post(reverse("staff:language"), {"language": "en", "next": "/"}).cookies
    cookies = {**seen, **signed_in.cookies, **chosen}
    # That of the known browser is named when its module is read, before this test put production's settings on.
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid", "__Host-language", "planner_device"}
    assert (production["COOKIE_PREFIX"], production["PAGE_COOKIE_PREFIX"]) == ("__Host-", "__Secure-")
    for cookie in cookies.values():
        assert cookie["secure"], cookie
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert signed_in["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"},
        {"Host": "planner.test.evil.example"},
        {"Host": "planner.test@evil.example"},
        {"Host": "planner.test:evil"},
        {"Host": "planner.test\tx"},
    ],
)
def test_a_forged_host_is_refused(as_production: Client, forged: dict[str, str]) -> None:
    """D4."""
    answer = as_production.get("/login/", headers=forged)
    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-Forwarded-Server"])
def test_forwarded_hosts_are_not_believed(cast: Cast, as_production: Client, name: str) -> None:
    """D4."""
    answer = as_production.get("/people/", headers={name: "evil.example"})
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/people/"
    page = as_production.get("/login/", headers={name: "evil.example"})
    assert b"evil" not in page.content


def test_plain_http_is_sent_to_tls_of_its_own_host(as_production: Client, db: None) -> None:
    answer = as_production.get("/login/", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer["Location"]) == (301, "https://planner.test/login/")
