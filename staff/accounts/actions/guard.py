"""Tries are counted before they are judged: of twenty at once no more than the limit are looked at."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.core.errors import Missing
from staff.accounts.models import Guard
from staff.accounts.queries import login_in_team
from staff.accounts.rules import LIMITS, Tries, digest, login_key, one_more, too_many
from staff.people.actions import confirm_password, record_team_event
from staff.people.rules import Actor, check_manage

KEEP_FOR = timedelta(days=2)


def reserve_try(*, kind: str, who: str, about: str = "", now: datetime) -> datetime | None:
    """Counts one try of this kind; the moment to come back when there is none left, else None.

    A transaction of its own, one conditional row: whoever is counted may judge, everybody else waits. `about` is the
    log-in name (or another word) by which `release_all` finds the key again.
    """
    key, limit = digest(f"{kind}:{who}"), LIMITS[kind]
    while True:
        with transaction.atomic():
            Guard.objects.get_or_create(key=key, defaults={"about": digest(about), "since": now})
            row = Guard.objects.select_for_update().filter(key=key).first()
            if row is None:  # tidied away in between
                continue
            had = Tries(row.count, row.since, row.locked_until) if row.count else None
            tries = one_more(had, limit, now)
            if tries is None:
                return row.locked_until
            row.count, row.since, row.locked_until = tries.count, tries.since, tries.until
            row.save(update_fields=["count", "since", "locked_until"])
            return None


def check_try(*, kind: str, who: str, about: str = "", now: datetime) -> None:
    """Counts one try, or refuses it with the time to wait."""
    until = reserve_try(kind=kind, who=who, about=about, now=now)
    if until:
        raise too_many(until, now)


def release_tries(*, kind: str, who: str) -> None:
    """Forgets the tries of this key: one of them was right."""
    Guard.objects.filter(key=digest(f"{kind}:{who}")).update(count=0, locked_until=None)


def release_all(*, login: str) -> None:
    """Forgets every try to get into this account, from known and unknown browsers."""
    Guard.objects.filter(about=digest(login_key(login))).update(count=0, locked_until=None)


def prove_password(*, actor: Actor, password: str, now: datetime) -> None:
    """Refuses all but the actor's own password; wrong ones count, so that a stolen session cannot guess on."""
    check_try(kind="password", who=str(actor.user_id), now=now)
    with transaction.atomic():
        confirm_password(actor=actor, password=password)
    release_tries(kind="password", who=str(actor.user_id))


@transaction.atomic
def unlock_person(*, actor: Actor, team_id: int, user_id: int, now: datetime) -> None:
    """Lets a member try again at once."""
    check_manage(actor, team_id)
    login = login_in_team(team_id, user_id)
    if login is None:
        raise Missing
    release_all(login=login)
    record_team_event(
        team_id=team_id, actor=actor, verb="unlock_person", subject_kind="user", subject_id=user_id, now=now
    )


def tidy_guards(*, now: datetime) -> None:
    """Drops what no limit looks at any more."""
    Guard.objects.filter(since__lt=now - KEEP_FOR).delete()
