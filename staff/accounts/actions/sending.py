"""Claim, send, mark, each on its own: a sender may die anywhere, and at worst the same mail goes out twice."""

import logging
import secrets
from datetime import datetime

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from planner.core.crash import crash_point
from staff.accounts.adapters.addresses import link_address
from staff.accounts.adapters.email import NotSent, send
from staff.accounts.adapters.secrets import link_secret, mailed
from staff.accounts.models import Link, ResetRequest
from staff.accounts.queries import Letterhead, due_links, letterhead
from staff.accounts.rules import LEASE, MAX_ATTEMPTS, Letter, MailState, Purpose, retry_delay

logger = logging.getLogger(__name__)


def send_due_mails(*, now: datetime) -> int:
    """Sends the mail of every link that waits for it; returns how many went out."""
    return sum(send_link(link_id=link_id, now=now) for link_id in due_links(now))


def send_link(*, link_id: int, now: datetime) -> bool:
    """Sends one link's mail, unless somebody else does; True when the server has taken it."""
    token = secrets.token_hex(16)
    claimed = Link.objects.filter(
        pk=link_id, mail_state__in=[MailState.PLANNED, MailState.CLAIMED], next_try_at__lte=now
    ).update(mail_state=MailState.CLAIMED, lease_token=token, next_try_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False
    crash_point("account_mail.claimed")
    head = letterhead(link_id, now)
    if head is None or head.attempts > MAX_ATTEMPTS:
        _mark(link_id, token, mail_state=MailState.DEAD)
        return False
    try:
        send(_letter(head))
    except NotSent as error:
        dead = error.permanent or head.attempts >= MAX_ATTEMPTS
        logger.warning("mail of link %s not sent (%s)", link_id, error)
        state = MailState.DEAD if dead else MailState.PLANNED
        _mark(link_id, token, mail_state=state, next_try_at=now + retry_delay(head.attempts))
        return False
    crash_point("account_mail.sent")
    _mark(link_id, token, mail_state=MailState.SENT, sent_at=now)
    return True


def hold_mails(*, now: datetime) -> int:
    """Keeps back, after a restore, every mail that waited in the backup; returns how many.

    It may have gone out in the time that was lost, or nobody wants it any more. The links stay what they were; a
    manager gives out a new one, and whoever forgot a password asks again.
    """
    ResetRequest.objects.filter(created_at__lte=now).delete()
    waiting = Link.objects.filter(mail_state__in=[MailState.PLANNED, MailState.CLAIMED], created_at__lte=now)
    return waiting.update(mail_state=MailState.HELD, lease_token="", next_try_at=None)  # nosec B106 # blank: nobody holds it


def _mark(link_id: int, token: str, **values: object) -> None:
    Link.objects.filter(pk=link_id, lease_token=token).update(**values)


def _letter(head: Letterhead) -> Letter:
    secret = link_secret(head.purpose, head.key)
    if head.purpose is Purpose.INVITE:
        # The sender has the secret too: only the mail shows that the address is read.
        secret = mailed(secret)
    # Never the host of a request: whoever asks for a mail does not choose where its link leads.
    link = link_address(head.purpose, secret)
    with translation.override(head.language):
        subject, text, last = _words(head)
    return Letter(key=head.key, to=head.to, subject=subject, lines=(text, "", link, "", last))


def _words(head: Letterhead) -> tuple[str, str, str]:
    once = gettext("The link works once.")
    if head.purpose is Purpose.INVITE:
        places = {"team": head.team, "sender": head.sender}
        return (
            gettext("Invitation to %(team)s") % places,
            gettext("%(sender)s invites you to the team %(team)s in the campaign planner.") % places,
            gettext("The link works once, within 72 hours. If you do not know the sender, do nothing."),
        )
    if head.purpose is Purpose.RESET:
        return (
            gettext("A new password"),
            gettext("Somebody asked for a new password for the log-in name %(login)s.") % {"login": head.login},
            gettext("The link works once, within an hour. If it was not you, do nothing: nothing has changed."),
        )
    return (
        gettext("Confirm your address"),
        gettext("This address was entered for the log-in name %(login)s.") % {"login": head.login},
        f"{once} {gettext('If it was not you, do nothing.')}",
    )
