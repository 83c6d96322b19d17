"""One's own account: address, password, and out of every browser."""

from datetime import datetime

from django.db import transaction

from planner.core.errors import Missing
from staff.accounts.actions.guard import check_try, prove_password, release_tries
from staff.accounts.actions.links import make_link, revoke_links, take_link, use_link
from staff.accounts.models import VerifiedAddress
from staff.accounts.queries import is_verified, sign_in_facts
from staff.accounts.rules import Purpose, gone, read_address
from staff.people import actions as people
from staff.people.rules import Actor


def change_own_password(*, actor: Actor, old: str, new: str, now: datetime) -> None:
    """Sets the actor's own password; wrong old ones are counted. Links to reset it are worth nothing from now on."""
    check_try(kind="password", who=str(actor.user_id), now=now)
    with transaction.atomic():
        people.change_password(actor=actor, old=old, new=new, now=now)
        revoke_links(user_id=actor.user_id or 0, purpose=Purpose.RESET, now=now)
    release_tries(kind="password", who=str(actor.user_id))


def change_own_address(*, actor: Actor, email: str, phone: str, password: str, now: datetime) -> bool:
    """A phone number holds at once, unconfirmed; a new e-mail address when its mailed link is used: then True."""
    email = read_address(email).email if email.strip() else ""
    phone = read_address(phone).phone if phone.strip() else ""
    prove_password(actor=actor, password=password, now=now)
    with transaction.atomic():
        facts = sign_in_facts(actor.user_id or 0)
        if facts is None:
            raise Missing
        if phone != facts.phone or (not email and facts.email):
            kept = facts.email if email else ""
            people.set_address(actor=actor, user_id=facts.user_id, email=kept, phone=phone, now=now)
        # Saved once more as it is, an address that was never confirmed gets its link.
        if not email or (email == facts.email.lower() and (phone != facts.phone or is_verified(facts.user_id, email))):
            return False
        check_try(kind="address_account", who=str(facts.user_id), now=now)
        check_try(kind="address_address", who=email, now=now)
        revoke_links(user_id=facts.user_id, purpose=Purpose.ADDRESS, now=now)
        make_link(purpose=Purpose.ADDRESS, user_id=facts.user_id, address=email, by_mail=True, now=now)
        return True


@transaction.atomic
def confirm_address(*, actor: Actor, secret: str, now: datetime) -> str:
    """The address that the link went to is the actor's from now on, confirmed; returns it."""
    link = take_link(purpose=Purpose.ADDRESS, secret=secret, now=now)
    facts = sign_in_facts(link.user_id or 0)
    if facts is None or actor.user_id != link.user_id:
        raise gone()
    use_link(link, now)
    people.set_address(actor=actor, user_id=facts.user_id, email=link.address, phone=facts.phone, now=now)
    VerifiedAddress.objects.get_or_create(user_id=facts.user_id, address=link.address, defaults={"at": now})
    # What went to the old address opens nothing any more.
    revoke_links(user_id=facts.user_id, purpose=Purpose.RESET, now=now)
    return link.address


def log_out_everywhere(*, actor: Actor, now: datetime) -> None:
    """Ends every session and token of the actor, this one too."""
    if actor.user_id is None:
        raise Missing
    people.end_sessions(actor=actor, user_id=actor.user_id, verb="log_out_everywhere", now=now)
