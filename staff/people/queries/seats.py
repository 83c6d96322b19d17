"""The person behind a session with their seats, in one statement: every request of a browser begins with it."""

from dataclasses import dataclass
from time import monotonic

from planner.web.statements import ANY_ID, Statement
from staff.people.models import User
from staff.people.rules import Actor, Level, Role, Seat, may_work

_FIELDS = tuple(field.attname for field in User._meta.concrete_fields)
_PERSON = Statement(
    lambda: (
        User.objects.filter(pk=ANY_ID)
        .order_by("memberships__team_id")
        .values_list(
            *_FIELDS, "memberships__team_id", "memberships__level", "memberships__left_at", "memberships__roles__role"
        )
    )
)
# Longer than a request waits for its turn, shorter than a body that comes in slowly.
_FRESH_SECONDS = 1.0


@dataclass(frozen=True)
class _Read:
    seats: tuple[Seat, ...]
    at: float


def person_with_seats(user_id: int) -> User | None:
    """The user as they are now, active or not; `fresh_seats` knows their seats for the moment."""
    rows = _PERSON.rows(user_id)
    if not rows:
        return None
    user = User.from_db("default", list(_FIELDS), list(rows[0][: len(_FIELDS)]))
    places: dict[int, tuple[str, set[Role]]] = {}
    for *_, team_id, level, left_at, role in rows:
        # IN_TEAM, as far as the place is asked.
        if team_id is not None and left_at is None:
            roles = places.setdefault(team_id, (level, set()))[1]
            roles.update([Role(role)] if role else [])
    seats = tuple(Seat(team_id, Level(level), frozenset(roles)) for team_id, (level, roles) in places.items())
    user._read = _Read(seats, monotonic())  # type: ignore[attr-defined]
    # For the frame of every page, which has no actor: what it offers there, the action looks at again.
    actor = Actor(user.pk, user.display_name, seats)
    user.works_in = frozenset(id_ for id_ in actor.team_ids if may_work(actor, id_))  # type: ignore[attr-defined]
    return user


def fresh_seats(user: User) -> tuple[Seat, ...] | None:
    """The seats that came with the user, once and at once: whoever asks again or later has to look again."""
    read: _Read | None = getattr(user, "_read", None)
    if read is None:
        return None
    user._read = None  # type: ignore[attr-defined]
    return read.seats if monotonic() - read.at < _FRESH_SECONDS else None
