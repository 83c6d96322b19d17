"""The second step of logging in: set up, asked for, taken away."""

from datetime import datetime

from django.db import transaction

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.accounts.actions.guard import check_try, prove_password, release_tries
from staff.accounts.adapters.codes import step_of
from staff.accounts.adapters.secrets import factor_key, new_recovery_code, new_token, recovery_digest
from staff.accounts.models import RecoveryCode, SecondFactor
from staff.accounts.queries import team_ids_of
from staff.accounts.rules import ENROL_FOR, RECOVERY_CODES, check_rescue, tidy_code
from staff.people.actions import end_sessions, record_team_event
from staff.people.rules import SYSTEM, Actor


def start_factor(*, actor: Actor, password: str, now: datetime) -> None:
    """Makes a key to be scanned; nothing is asked at log-in before a code has confirmed it."""
    if actor.user_id is None:
        raise Missing
    prove_password(actor=actor, password=password, now=now)
    with transaction.atomic():
        row, _ = SecondFactor.objects.select_for_update().get_or_create(
            user_id=actor.user_id, defaults={"nonce": new_token(), "created_at": now}
        )
        if row.confirmed_at:
            raise Refused("has_factor", say("The second step is set up already."))
        row.nonce, row.created_at, row.last_step = new_token(), now, -1
        row.save(update_fields=["nonce", "created_at", "last_step"])


def confirm_factor(*, actor: Actor, code: str, now: datetime) -> tuple[str, ...]:
    """From now on log-in asks for a code, and other sessions end; returns the recovery codes, shown once."""
    check_try(kind="code", who=f"enrol:{actor.user_id}", now=now)
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(user_id=actor.user_id or 0, confirmed_at=None).first()
        if row is None or now - row.created_at > ENROL_FOR:
            raise Refused("no_factor", say("Begin again: the picture is no longer good."))
        if not _takes_step(row, code, now):
            raise _wrong_code()
        codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))
        RecoveryCode.objects.filter(factor=row).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=row, digest=recovery_digest(one)) for one in codes)
        SecondFactor.objects.filter(pk=row.pk).update(confirmed_at=now)
        end_sessions(actor=actor, user_id=row.user_id, verb="add_second_factor", now=now)
    release_tries(kind="code", who=f"enrol:{actor.user_id}")
    return tuple("-".join(one[at : at + 4] for at in range(0, 12, 4)) for one in codes)


def check_code(*, user_id: int, code: str, kind: str = "code", who: str = "", about: str = "", now: datetime) -> None:
    """Takes a code of the phone or a recovery code, each once; counted before it is looked at."""
    who = who or str(user_id)
    check_try(kind=kind, who=who, about=about, now=now)
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(user_id=user_id).exclude(confirmed_at=None).first()
        if row is None:
            raise _no_factor()
        if not _takes_step(row, code, now) and not _takes_recovery(row, code, now):
            raise _wrong_code()
    release_tries(kind=kind, who=who)


def remove_factor(*, actor: Actor, password: str, code: str, now: datetime) -> None:
    """Log-in asks for the password alone again; other sessions end."""
    if actor.user_id is None:
        raise Missing
    prove_password(actor=actor, password=password, now=now)
    check_code(user_id=actor.user_id, code=code, kind="code", who=f"remove:{actor.user_id}", now=now)
    with transaction.atomic():
        if SecondFactor.objects.filter(user_id=actor.user_id).delete()[0]:
            end_sessions(actor=actor, user_id=actor.user_id, verb="remove_second_factor", now=now)


def take_factor_away(*, actor: Actor, team_id: int, user_id: int, password: str, now: datetime) -> None:
    """A manager removes a member's second step, whose phone and codes are lost; the member's sessions end.

    The manager's own password is asked for again.
    """
    prove_password(actor=actor, password=password, now=now)
    with transaction.atomic():
        check_rescue(actor, team_id, team_ids_of(user_id))
        if actor.user_id == user_id:
            raise NotAllowed("own_factor", say("Your own second step is removed on your account page."))
        if not SecondFactor.objects.filter(user_id=user_id).delete()[0]:
            raise _no_factor()
        end_sessions(actor=SYSTEM, user_id=user_id, now=now)
        record_team_event(
            team_id=team_id, actor=actor, verb="take_factor_away", subject_kind="user", subject_id=user_id, now=now
        )


def _takes_step(row: SecondFactor, code: str, now: datetime) -> bool:
    step = step_of(factor_key(row.nonce), tidy_code(code), now, after=row.last_step)
    if step is None:
        return False
    # The row is locked: of the same code twice at once only one is later than the last.
    row.last_step = step
    row.save(update_fields=["last_step"])
    return True


def _takes_recovery(row: SecondFactor, code: str, now: datetime) -> bool:
    rows = RecoveryCode.objects.filter(factor=row, digest=recovery_digest(tidy_code(code)), used_at=None)
    return bool(rows.update(used_at=now))


def _no_factor() -> Refused:
    return Refused("no_factor", say("This person has no second step."))


def _wrong_code() -> Refused:
    fault = say("The code is not right, or it was used already.")
    return Refused("wrong_code", fault, fields={"code": fault})
