"""The mails of one-time links."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min

from staff.accounts.models import Invitation, Link
from staff.accounts.rules import MailState, Purpose

BATCH = 100


def due_links(now: datetime) -> list[int]:
    """Links whose mail is to go now, broken-off ones included."""
    rows = Link.objects.filter(mail_state__in=[MailState.PLANNED, MailState.CLAIMED], next_try_at__lte=now)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH])


def waiting_mails(now: datetime) -> tuple[int, datetime | None]:
    """How many mails of links could go now, and since when the first of them."""
    rows = Link.objects.filter(mail_state__in=[MailState.PLANNED, MailState.CLAIMED], next_try_at__lte=now)
    found = rows.aggregate(n=Count("pk"), oldest=Min("next_try_at"))
    return found["n"], found["oldest"]


@dataclass(frozen=True)
class Letterhead:
    """What the mail of a link says and to whom."""

    purpose: Purpose
    key: str
    to: str
    language: str
    attempts: int
    login: str = ""
    team: str = ""
    sender: str = ""


def letterhead(link_id: int, now: datetime) -> Letterhead | None:
    """The mail of a link; None when it must not go any more: used, taken back, too old, its person gone."""
    row = Link.objects.select_related("user", "created_by").get(pk=link_id)
    if row.used_at or row.revoked_at or row.expires_at <= now or (row.user and not row.user.is_active):
        return None
    reader = row.user or row.created_by
    language = reader.language if reader else settings.LANGUAGE_CODE
    head = Letterhead(Purpose(row.purpose), str(row.key), row.address, language, row.attempts)
    if row.user:
        return replace(head, login=row.user.login)
    invitation = Invitation.objects.select_related("team", "invited_by").get(link=row)
    return replace(head, team=invitation.team.name, sender=invitation.invited_by.display_name)
