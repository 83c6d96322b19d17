"""What people do with their own account: password, language."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from planner.core.errors import Missing, Refused
from planner.core.words import Said, say
from staff.people.actions.log import record_team_event
from staff.people.models import User
from staff.people.rules import Actor


@transaction.atomic
def change_password(*, actor: Actor, old: str, new: str, now: datetime) -> None:
    """Sets the actor's own password; the old one must be known. Logged in each of their teams, without the words."""
    user = _locked(actor)
    if not user.check_password(old):
        fault = say("The old password is not right.")
        raise Refused("wrong_password", fault, fields={"old": fault})
    set_password(user, new, field="new")
    user.epoch += 1
    user.save(update_fields=["password", "epoch"])
    for team_id in sorted(actor.team_ids):
        record_team_event(
            team_id=team_id,
            actor=actor,
            verb="change_password",
            subject_kind="user",
            subject_id=user.pk,
            now=now,
        )


def confirm_password(*, actor: Actor, password: str) -> tuple[int, int]:
    """Refuses all but the actor's own password; their user id and epoch, which hold until the open transaction ends."""
    user = _locked(actor)
    if not user.check_password(password):
        fault = say("The password is not right.")
        raise Refused("wrong_password", fault, fields={"password": fault})
    return user.pk, user.epoch


def _locked(actor: Actor) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise Missing
    return user


def set_password(user: User, password: str, *, field: str) -> None:
    """Sets it on the value, not in the row; a weak one is refused with every fault, at this field of the form."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = tuple(Said(text) for text in error.messages)
        detail = say("Choose a stronger password.")
        raise Refused("weak_password", detail, reasons=faults, fields={field: detail}) from None
    user.set_password(password)


@transaction.atomic
def set_language(*, actor: Actor, language: str) -> None:
    """The language in which this person reads pages and messages."""
    if language not in {"zh-hans", "en"}:
        raise Refused("invalid", say("Pages are in Chinese and in English."))
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(language=language)


@transaction.atomic
def set_guide(*, actor: Actor, is_open: bool, now: datetime) -> None:
    """Puts the guide of the first steps away for this person, or brings it back."""
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(guide_closed_at=None if is_open else now)
