"""How bright the pages are: a cookie of this browser, known to the first byte."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast


def choose(client: Client, theme: str, **values: str) -> int:
    return client.post(reverse("staff:theme"), {"theme": theme, **values}).status_code


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_next_page_has_the_theme_and_the_device_has_it_again(cast: Cast, client: Client, theme: str) -> None:
    client.force_login(cast.viewer)
    assert choose(client, theme) == 302
    kept = client.cookies["theme"]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    page = client.get("/").content.decode()
    assert f'data-theme="{theme}"' in page[: page.index("<head>")]
    assert choose(client, "auto") == 302
    page = client.get("/").content.decode()
    assert "data-theme" not in page[: page.index("<head>")]


def test_the_log_in_has_it_too(db: None, client: Client) -> None:
    choose(client, "dark")
    assert 'data-theme="dark"' in client.get(reverse("staff:login")).content.decode()


@pytest.mark.parametrize("theme", ["", "neon", 'dark" onload="'])
def test_other_words_are_no_theme(cast: Cast, client: Client, theme: str) -> None:
    client.force_login(cast.viewer)
    assert choose(client, theme) == 409
    client.cookies["theme"] = theme or "x"
    page = client.get("/").content.decode()
    assert "data-theme" not in page[: page.index("<head>")]


@pytest.mark.parametrize(("then", "leads"), [("/people/", "/people/"), ("https://evil.example/", "/"), ("", "/")])
def test_it_leads_back_and_nowhere_else(cast: Cast, client: Client, then: str, leads: str) -> None:
    client.force_login(cast.viewer)
    answer = client.post(reverse("staff:theme"), {"theme": "dark", "next": then})
    assert answer.headers["Location"] == leads
