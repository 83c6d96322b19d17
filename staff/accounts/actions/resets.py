"""A forgotten password: asked for, found by the sweep, set anew once."""

from datetime import datetime, timedelta
from unicodedata import normalize

from django.db import transaction

from planner.core.errors import Missing, NotAllowed, Refused
from planner.core.words import say
from staff.accounts.actions.guard import prove_password, release_all, reserve_try
from staff.accounts.actions.links import make_link, revoke_links, take_link, use_link
from staff.accounts.models import Guard, ResetRequest, VerifiedAddress
from staff.accounts.queries import find_accounts, sign_in_facts, team_ids_of
from staff.accounts.rules import LIMITS, MOST_ASKED_KEPT, Purpose, check_rescue, digest, gone, has_room, login_key
from staff.people import actions as people
from staff.people.actions import record_team_event
from staff.people.queries import actor_by_id
from staff.people.rules import SYSTEM, Actor, may_manage

BATCH = 200
KEEP_FOR = timedelta(days=1)
# By this word tidying finds what was counted here; no log-in name begins with a blank.
ASKED = " reset_asked"


def ask_reset(*, asked: str, now: datetime) -> None:
    """Leaves a row and says nothing: who asks learns by mail, or not at all.

    The same statements for every name: in a full queue one that nobody has gives its place back.
    """
    asked = normalize("NFKC", asked).strip()[:254]
    if reserve_try(kind="reset_asked", who=login_key(asked), about=ASKED, now=now) is None:
        with transaction.atomic():
            waiting, is_known = ResetRequest.objects.count(), bool(find_accounts(asked))
            row = ResetRequest.objects.create(asked=asked, created_at=now)
            ResetRequest.objects.filter(pk=0 if has_room(waiting, is_known=is_known) else row.pk).delete()


def answer_requests(*, now: datetime) -> int:
    """Turns requests into links for the accounts they name; returns how many links were made."""
    made = 0
    for pk, asked in list(ResetRequest.objects.order_by("pk").values_list("pk", "asked")[:BATCH]):
        with transaction.atomic():
            # Whoever deletes the row answers it, once.
            if ResetRequest.objects.filter(pk=pk).delete()[0]:
                made += sum(_answer(user_id, email, now) for user_id, email in find_accounts(asked))
    return made


def _answer(user_id: int, email: str, now: datetime) -> bool:
    if reserve_try(kind="reset_account", who=str(user_id), now=now):
        return False
    make_link(purpose=Purpose.RESET, user_id=user_id, address=email, by_mail=True, now=now)
    return True


def make_reset_link(*, actor: Actor, team_id: int, user_id: int, password: str, now: datetime) -> str:
    """The secret of a reset link for a member without e-mail, to be handed over; shown once.

    The manager's own password is asked for again.
    """
    prove_password(actor=actor, password=password, now=now)
    with transaction.atomic():
        return _link_by_hand(actor, team_id, user_id, now)


def _link_by_hand(actor: Actor, team_id: int, user_id: int, now: datetime) -> str:
    check_rescue(actor, team_id, team_ids_of(user_id))
    facts = sign_in_facts(user_id)
    if facts is None:
        raise Missing
    if facts.email:
        raise Refused("has_email", say("This person has an e-mail address: the log-in page mails them a link."))
    if actor.user_id == user_id:
        raise NotAllowed
    revoke_links(user_id=user_id, purpose=Purpose.RESET, now=now)
    _, secret = make_link(purpose=Purpose.RESET, user_id=user_id, created_by_id=actor.user_id, by_mail=False, now=now)
    record_team_event(
        team_id=team_id, actor=actor, verb="make_reset_link", subject_kind="user", subject_id=user_id, now=now
    )
    return secret


@transaction.atomic
def reset_password(*, secret: str, new: str, now: datetime) -> str:
    """A new password by a link; every session and token ends, a lock-out too. Returns the log-in name."""
    link = take_link(purpose=Purpose.RESET, secret=secret, now=now)
    facts = sign_in_facts(link.user_id or 0)
    # Bound to the address it went to: one that was changed since does not open the account any more.
    if facts is None or facts.email.lower() != link.address.lower():
        raise gone()
    if link.created_by_id and not _still_may(link.created_by_id, facts.user_id):
        raise gone()
    people.reset_password(actor=SYSTEM, user_id=facts.user_id, new=new, now=now)
    use_link(link, now)
    revoke_links(user_id=facts.user_id, purpose=Purpose.RESET, now=now)
    release_all(login=facts.login)
    if link.address:
        VerifiedAddress.objects.get_or_create(user_id=facts.user_id, address=link.address.lower(), defaults={"at": now})
    return facts.login


def _still_may(manager_id: int, user_id: int) -> bool:
    manager, teams = actor_by_id(manager_id), team_ids_of(user_id)
    return manager is not None and bool(teams) and all(may_manage(manager, team_id) for team_id in teams)


def tidy_requests(*, now: datetime) -> None:
    """Drops requests that nobody answered for a day, and of the counted names the old ones and what is too much.

    A name that is counted anew gets no more mail: that is counted by account.
    """
    ResetRequest.objects.filter(created_at__lt=now - KEEP_FOR).delete()
    counted = Guard.objects.filter(about=digest(ASKED))
    counted.filter(since__lte=now - LIMITS["reset_asked"].window).delete()
    newest = counted.order_by("-pk").values_list("pk", flat=True)
    last = newest[MOST_ASKED_KEPT : MOST_ASKED_KEPT + 1].first()
    if last is not None:
        counted.filter(pk__lte=last).delete()
