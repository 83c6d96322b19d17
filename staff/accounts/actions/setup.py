"""The first team, made once by whoever reads the console."""

from datetime import datetime

from django.db import transaction

from planner.core.errors import Missing, Refused
from planner.core.words import say
from staff.accounts.adapters.secrets import new_token, same
from staff.accounts.models import SetupToken
from staff.accounts.queries import any_team
from staff.accounts.rules import digest
from staff.people.actions import found_team
from staff.people.rules import SYSTEM

ROW = 1


@transaction.atomic
def issue_setup_token(*, now: datetime) -> str:
    """A fresh token for the set-up page, the one before is worth nothing; empty when there is a team already."""
    if any_team():
        SetupToken.objects.all().delete()
        return ""
    token = new_token()
    SetupToken.objects.update_or_create(pk=ROW, defaults={"digest": digest(token), "created_at": now})
    return token


@transaction.atomic
def set_up(*, token: str, name: str, login: str, display_name: str, password: str, email: str, now: datetime) -> int:
    """The first team and its manager; `Missing` once there is a team. Returns the team's id."""
    # The row is the lock: of two at once the second finds it gone.
    row = SetupToken.objects.select_for_update().filter(pk=ROW).first()
    if any_team():
        raise Missing
    if row is None or not same(row.digest, digest(token.strip())):
        fault = say("This is not the token that the console shows.")
        raise Refused("wrong_token", fault, fields={"token": fault})
    team_id = found_team(
        actor=SYSTEM, name=name, login=login, display_name=display_name, password=password, email=email, now=now
    )
    SetupToken.objects.all().delete()
    return team_id
