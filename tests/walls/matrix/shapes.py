"""The words of the tables: seven actors, and named shapes of who may."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from tests.walls.world import World

# The manager, the member who owns the task in question, a member who does not, one who only looks on, a manager of
# another team, one who signed in and was deactivated then, and nobody.
ACTORS = ("manager", "owner", "other", "viewer", "outsider", "gone", "stranger")
# Sent to the log-in: how a page refuses those who are not signed in. Over the API the same is a 401.
LOGIN = "login"
# A success: 200 for a page, 302 for a form that was taken, over the API what its schema says.
OK = "ok"
Status = int | str
NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True)
class At:
    """The id of one of the world's rows or people; `foreign` is the other team's, `sibling` our other campaign's."""

    name: str
    side: str = "ids"
    # How it is written where more than the id is sent: "{}:1" with the version seen.
    form: str = ""

    def id_in(self, world: World) -> int:
        """The id alone."""
        found: dict[str, int] = getattr(world, self.side)
        return found[self.name]

    def __call__(self, world: World) -> int | str:
        """What is sent."""
        return self.form.format(self.id_in(world)) if self.form else self.id_in(world)


def at(name: str, side: str = "ids", form: str = "") -> At:
    """The id of the row or person of this name."""
    return At(name, side, form)


@dataclass(frozen=True)
class Shape:
    """A status for each actor, and what is sent."""

    statuses: Mapping[str, Status]
    body: Mapping[str, Any] = field(default_factory=_nothing)
    # What a success answers with, where it is not the usual.
    success: Status | None = None
    # True when a success may leave every row as it was.
    quiet: bool = False
    query: Mapping[str, Any] = field(default_factory=_nothing)

    def sends(self, **body: Any) -> "Shape":
        """With this body; callables in it are asked with the world."""
        return replace(self, body=body)

    def asks(self, **query: Any) -> "Shape":
        """With this query."""
        return replace(self, query=query)

    def answers(self, success: Status) -> "Shape":
        """Where a success is another status than the usual."""
        return replace(self, success=success)

    def writes_nothing(self) -> "Shape":
        """Where a success writes nothing."""
        return replace(self, quiet=True)

    def but(self, **statuses: Status) -> "Shape":
        """The same, but for these actors."""
        return replace(self, statuses={**self.statuses, **statuses})


def shape(*statuses: Status) -> Shape:
    """A shape from the seven statuses, in the order of `ACTORS`."""
    return Shape(dict(zip(ACTORS, statuses, strict=True)))


@dataclass(frozen=True)
class Row:
    """One route: which rows its address names, and the shape of every method that it knows; the others are 405."""

    name: str
    args: Mapping[str, At | str]
    methods: Mapping[str, Shape] = field(default_factory=dict)
    # True for what answers without a log-in.
    is_open: bool = False
    # True for a POST that only computes: a token that may only read is let in.
    only_reads: bool = False
    # True where what writes takes a session: every token is refused.
    only_sessions: bool = False

    @property
    def is_api(self) -> bool:
        """True for JSON, false for pages, the one that shows the schema included."""
        return self.name.startswith("api:") and self.name != "api:docs"

    def shape_of(self, method: str) -> Shape | None:
        """What to expect of a method; HEAD is GET without its body. None is 405."""
        return self.methods.get("GET" if method == "HEAD" and "HEAD" not in self.methods else method)


def route(
    name: str,
    args: Mapping[str, str] = NOTHING,
    *,
    is_open: bool = False,
    only_reads: bool = False,
    only_sessions: bool = False,
    **methods: Shape,
) -> Row:
    """A row of a table; `args` name the world's rows."""
    return Row(name, {key: at(value) for key, value in args.items()}, methods, is_open, only_reads, only_sessions)


#                 manager  owner  other  viewer outsider gone  stranger
EVERYONE = shape(OK, OK, OK, OK, OK, OK, OK)
SIGNED_IN = shape(OK, OK, OK, OK, OK, LOGIN, LOGIN)
READ = shape(OK, OK, OK, OK, 404, LOGIN, LOGIN)
WORKERS = shape(OK, OK, OK, 403, 404, LOGIN, LOGIN)
OWNERS = shape(OK, OK, 403, 403, 404, LOGIN, LOGIN)
MANAGERS = shape(OK, 403, 403, 403, 404, LOGIN, LOGIN)
CHECKERS = shape(OK, 403, OK, 403, 404, LOGIN, LOGIN)
# What is seen by the team and taken back by one.
DOERS = shape(403, OK, 403, 403, 404, LOGIN, LOGIN)
# What is one person's own: for everyone else it is not there.
ONLY_OWN = shape(404, OK, 404, 404, 404, LOGIN, LOGIN)
