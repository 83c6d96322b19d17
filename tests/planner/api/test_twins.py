"""Every page and form has its twin under /api/ and the other way round, or stands here with the reason why not."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Pages without a twin of their name: the operation that does the same, or why there is none.
PAGES_ONLY = {
    # One tap on a line of a list: its fragment comes back, the verb is the task's own.
    "complete_line": "complete_task",
    "confirm_line": "confirm_gate",
    "reopen_line": "reopen_task",
    "take_line": "take_task",
    # One tap on the list of requests: the list comes back.
    "accept_request": "accept_rush",
    "decline_request": "decline_rush",
    # Marks as read and goes where the notice leads; over the API the answer holds the link.
    "open_notice": "read_notice",
    # Forms that are named otherwise than what they do.
    "create": "create_campaign",
    "paste_visitors": "set_daily_figures",
    "access": "list_invitations",
    "team_log": "list_team_events",
    # Found while somebody types: the list of tasks takes the same words.
    "find_predecessor": "list_tasks",
    # The same lines as a file for a spreadsheet.
    "export_log": "list_events",
    "export_team_log": "list_team_events",
    # A monitor's address without a log-in; it is JSON already.
    "healthz": "",
    # How bright the pages of one browser are: a cookie of its own, nothing that a program sees.
    "theme": "",
    # Getting in: secrets that a person types or opens in a browser before anybody is signed in. Programs have tokens.
    **dict.fromkeys(("setup", "login", "login_code", "logout", "forgot", "reset", "reset_link"), ""),
    **dict.fromkeys(("invite", "invite_link", "confirm_address", "address_link"), ""),
}
# Operations without a page of their name: the page that shows the same, or why there is none.
API_ONLY = {
    # The API about itself.
    "schema": "",
    "docs": "",
    # The name in the head of every page.
    "get_me": "",
    # The page of a campaign is its overview; this is the campaign alone.
    "get_campaign": "overview",
    # Parts of a page, by themselves.
    "board_window": "board",
    "get_bulk_edit": "tasks",
    "get_evidence_file": "evidence",
    "get_import": "numbers",
    "get_token": "tokens",
    "list_comments": "task",
    "list_invitations": "access",
    "list_stores": "create",
    "create_store": "create",
    "list_team_events": "team_log",
    "list_teams": "people",
    "preview_campaign": "create",
}


def routes(namespace: str) -> Iterator[tuple[str, URLPattern]]:
    """The named routes of a namespace."""

    def walk(patterns: list[URLPattern | URLResolver], *, inside: bool) -> Iterator[tuple[str, URLPattern]]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, inside=inside or each.namespace == namespace)
            elif inside and each.name:
                yield each.name, each

    return walk(get_resolver().url_patterns, inside=False)


def operations() -> Iterator[tuple[str, str]]:
    """(route, operation): an address of the API holds a screen and its verbs, so one route may have several."""
    for name, pattern in routes("api"):
        view = getattr(pattern.callback, "cls", None)
        said = [
            getattr(getattr(view, verb, None), "declared", "") for verb in ("get", "post", "put", "patch", "delete")
        ]
        yield from ((name, one) for one in [one for one in said if one] or [name])


PAGES = {name for namespace in ("campaigns", "staff") for name, _ in routes(namespace)}
OPERATIONS = set(operations())
BOTH_NAMES = {name for pair in OPERATIONS for name in pair}


def test_every_page_has_its_twin() -> None:
    assert sorted(PAGES - BOTH_NAMES - set(PAGES_ONLY)) == []


def test_every_operation_has_its_page() -> None:
    bare = [pair for pair in OPERATIONS if not PAGES & set(pair) and not set(API_ONLY) & set(pair)]
    assert sorted(bare) == []


def test_the_exceptions_are_needed_and_lead_somewhere() -> None:
    assert set(PAGES_ONLY) & BOTH_NAMES == set()
    assert set(API_ONLY) & PAGES == set()
    assert set(PAGES_ONLY) <= PAGES
    assert set(API_ONLY) <= BOTH_NAMES
    assert {twin for twin in PAGES_ONLY.values() if twin} <= BOTH_NAMES
    assert {twin for twin in API_ONLY.values() if twin} <= PAGES
