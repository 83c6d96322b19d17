"""Whatever a request names as the next page, the visitor stays here."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import CampaignFactory, TaskFactory

PASSWORD = "korrekt-pferd-77"
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "http://testserver@evil.example/",
    "http://testserver:80@evil.example/",
    "http://testserver.evil.example/",
    "http://evil.example#testserver",
    "http://evil.example\\@testserver/",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,evil.example",
    "/x\r\nLocation: https://evil.example",
    "/x\r\nSet-Cookie: a=evil.example",
    "https://evil。example",
    "／／evil.example",
    "//evil%E3%80%82example",
    "/\u2028/evil.example",
    "ftp://testserver/",
    "today",
    "campaigns:today",
    "x" * 5000,
    "/" + "x" * 5000,
]


def stays(answer: HttpResponse) -> None:
    """Fails when the answer leads away, or carries a header that the request wrote."""
    assert answer.status_code in {200, 302, 400, 409}
    assert "evil.example" not in str({name: value for name, value in answer.headers.items() if name != "Location"})
    assert not [cookie for cookie in answer.cookies if cookie == "a"]
    if answer.status_code == 302:
        where = answer["Location"]
        assert len(where) < 2000
        assert not where.startswith(("//", "/\\", "/\t"))
        assert urlsplit(urljoin("http://testserver/login/", where.replace("\\", "/"))).netloc == "testserver"
        assert "\r" not in where
        assert "\n" not in where


@pytest.mark.parametrize("address", ELSEWHERE)
def test_log_in_stays_here(cast: Cast, client: Client, address: str) -> None:
    """D3."""
    cast.manager.set_password(PASSWORD)
    cast.manager.save()
    form = {"username": "chen", "password": PASSWORD, "next": address}
    stays(client.post("/login/", form))
    # Signed in already, the page itself sends on.
    stays(client.get(f"/login/?next={quote(address)}"))


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize("signed_in", [False, True])
def test_the_choice_of_language_stays_here(cast: Cast, client: Client, address: str, signed_in: bool) -> None:
    """D3."""
    if signed_in:
        client.force_login(cast.manager)
    stays(client.post(reverse("staff:language"), {"language": "en", "next": address}))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_one_tap_and_refusals_stay_here(cast: Cast, client: Client, address: str) -> None:
    """D3."""
    task = TaskFactory(campaign=CampaignFactory(team=cast.team), owner=cast.designer, role="design")
    client.force_login(cast.designer)
    tapped = client.post(reverse("campaigns:complete_line", args=[task.pk]), headers={"Referer": address})
    assert tapped.status_code == 302
    stays(tapped)
    refused = client.post(reverse("campaigns:complete_line", args=[task.pk]), headers={"Referer": address})
    page = client.get("/campaigns/99/", headers={"Referer": address}).content.decode()
    assert 'href="/"' in page
    assert "evil.example" not in page + refused.content.decode()


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_ended_session_leads_back_here(client: Client, db: None, address: str) -> None:
    """D3."""
    asked = {"HX-Request": "true", "HX-Current-URL": address}
    answer = client.get(reverse("campaigns:bell"), headers=asked)
    assert answer["HX-Redirect"].startswith("/login/?next=%2F")
    assert len(answer["HX-Redirect"]) < 2000


def test_pages_of_ours_are_reached(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager)
    for address in ("/campaigns/?a=1", "http://testserver/people/", "/tasks/1/?q=%E5%8F%8C"):
        assert client.post(reverse("staff:language"), {"language": "en", "next": address})["Location"] == address
