"""One cell of the matrix: one actor asks one route by one method, and what is left of it."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from staff.people.models import User
from tests.walls.matrix.shapes import ACTORS, LOGIN, OK, Row, Shape, Status
from tests.walls.world import World, undone

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITE = re.compile(r'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
# What a request may leave behind that says nothing about the team's things: sessions, the count of tries, and
# when a token was used last.
_BESIDE = re.compile(r"django_session|axes_|staff_guard")
_USED = re.compile(r'UPDATE "staff_apitoken" SET "last_used_at"')


@dataclass
class Watch:
    """The tables that statements wrote to."""

    tables: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Runs the statement and remembers."""
        written = _WRITE.match(sql)
        if written and not _BESIDE.match(written[1]) and not _USED.match(sql):
            self.tables.add(written[1])
        return execute(sql, params, many, context)


def digests(tables: Iterable[str]) -> dict[str, str]:
    """A digest of all rows of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            # The name comes from our own statements and models.
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def all_tables() -> set[str]:
    """Every table that a model stands for, but for what is written beside."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {table for table in tables if not _BESIDE.match(table)}


@dataclass(frozen=True)
class Answer:
    """What came back, and which tables are other ones now."""

    response: HttpResponse
    changed: frozenset[str]

    @property
    def status(self) -> Status:
        """The status; `login` for a redirect to the log-in."""
        response = self.response
        if isinstance(response, HttpResponseRedirectBase) and response.url.split("?")[0] == resolve_url(
            settings.LOGIN_URL
        ):
            return LOGIN
        return response.status_code


def filled(value: Any, world: World) -> Any:
    """The value with the world's ids in it."""
    if callable(value):
        return value(world)
    if isinstance(value, dict):
        return {key: filled(each, world) for key, each in value.items()}
    return [filled(each, world) for each in value] if isinstance(value, list) else value


class Stage:
    """The seven actors before the world, each with a browser and two tokens of their own."""

    def __init__(self, world: World) -> None:
        self.world = world
        # One client for all: each would load the middleware anew.
        self.client = Client(raise_request_exception=False)
        self.cookies: dict[str, str] = {}
        for name in ACTORS:
            self.client.cookies = SimpleCookie()
            if user := world.users.get(name):
                self.client.force_login(user)
            self.cookies[name] = self.client.cookies.output(header="", sep=";")
        # Who is gone had signed in before.
        User.objects.filter(pk=world.gone.pk).update(is_active=False)
        self.before = digests(all_tables())
        # Links that were followed already, by actor.
        self.opened: dict[str, set[str]] = {name: set() for name in ACTORS}

    def ask(self, actor: str, method: str, address: str, token: str = "", **sent: Any) -> Answer:
        """The answer, in the actor's session or with a token; everything that it wrote is taken back again."""
        watch, headers = Watch(), dict(sent.pop("headers", {}))
        self.client.cookies = SimpleCookie("" if token else self.cookies[actor])
        if token:
            headers["Authorization"] = f"Bearer {token}"
        cache.clear()
        with undone():
            with connection.execute_wrapper(watch):
                response = getattr(self.client, method.lower())(address, headers=headers, **sent)
            now = digests(watch.tables) if not connection.needs_rollback else {}
            changed = {table for table, digest in now.items() if digest != self.before.get(table)}
        return Answer(response, frozenset(changed))


def address_of(row: Row, world: World) -> str:
    """The row's address with the world's ids in it."""
    return reverse(row.name, kwargs=filled(dict(row.args), world))


def sent_by(row: Row, method: str, shape: Shape | None, world: World) -> dict[str, Any]:
    """What goes along with the request: query, body, and over the API the word that any version will do."""
    sent: dict[str, Any] = {"query_params": filled(dict(shape.query), world)} if shape and shape.query else {}
    if method in SAFE:
        return sent
    body = filled(dict(shape.body), world) if shape else {}
    if row.is_api:
        sent |= {"data": body, "headers": {"If-Match": "*"}}
        has_file = any(isinstance(each, UploadedFile) for each in body.values())
        return sent if has_file else sent | {"content_type": "application/json"}
    return sent | ({"data": body} if body else {})


def expected(row: Row, method: str, shape: Shape | None, actor: str) -> Status:
    """What the tables say."""
    if shape is None:
        status: Status = LOGIN if actor in {"gone", "stranger"} and not row.is_open else 405
    else:
        status = shape.statuses[actor]
    if status == LOGIN and row.is_api:
        return 401
    if status != OK:
        return status
    usual: Status = OK if row.is_api else 200 if method in SAFE else 302
    return (shape and shape.success) or usual


def fault(stage: Stage, row: Row, method: str, actor: str, *, token: str = "", due: Status | None = None) -> str:
    """What is wrong with this cell; empty when nothing is."""
    shape = row.shape_of(method)
    sent = sent_by(row, method, shape, stage.world)
    if shape is None:
        # Thousands of cells that are all the same: a page for each would take half of the time.
        sent["headers"] = {**sent.get("headers", {}), "Accept": "application/json"}
    answer = stage.ask(actor, method, address_of(row, stage.world), token, **sent)
    due = due or expected(row, method, shape, actor)
    where = f"{method} {row.name} as {actor}"
    is_due = answer.status == due or (due == OK and answer.response.status_code in {200, 201, 204})
    if not is_due:
        trouble = getattr(answer.response, "exc_info", None)
        told = repr(trouble[1]) if trouble else _told(answer.response)
        return f"{where}: {answer.status}, not {due} {told}".strip()
    may = shape is not None and shape.statuses[actor] == OK and due not in {401, 403}
    if answer.changed and (not may or method in SAFE):
        return f"{where}: answered {answer.status}, but wrote {', '.join(sorted(answer.changed))}"
    if may and shape and not shape.quiet and method not in SAFE and not answer.changed:
        return f"{where}: answered {answer.status} and wrote nothing: was the body valid?"
    if method == "HEAD" and answer.response.content:
        return f"{where}: has a body"
    return ""


def _told(response: HttpResponse) -> str:
    """The refusal's own words, to see which body was at fault."""
    text = response.content.decode(errors="replace")
    if response.headers.get("Content-Type") == "application/json":
        return text[:300]
    found = re.search(r'id="notice".*?</(?:div|section|main)>', text, re.DOTALL) or re.search("<h1.*?</h1>", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0]))[:300] if found else ""


def judge(faults: Iterable[str]) -> None:
    """Fails with the faults as lines, and without a traceback that says nothing."""
    if found := [each for each in faults if each]:
        pytest.fail("\n".join(found), pytrace=False)
