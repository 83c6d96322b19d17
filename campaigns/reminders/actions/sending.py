"""Claim, check again, send, mark: each on its own, so that a sender may die anywhere and nothing is lost."""

import logging
import random
import secrets
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, QuerySet, When
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from campaigns.reminders.adapters.email import NotSent, Unclear, connected, hand_over
from campaigns.reminders.models import Delivery, Notice
from campaigns.reminders.queries.screens import spoken
from campaigns.reminders.queries.sending import Claim, delivery_facts, due_deliveries
from campaigns.reminders.rules.kinds import Channel
from campaigns.reminders.rules.messages import Mail, message_for
from campaigns.reminders.rules.sending import (
    LEASE,
    MAX_ATTEMPTS,
    DeliveryFacts,
    Reason,
    State,
    is_late,
    retry_delay,
    sources,
    verdict,
)
from planner.core.crash import crash_point

logger = logging.getLogger(__name__)
BATCH = 200
REASON_LENGTH = 200


def claim_delivery(*, delivery_id: int, now: datetime) -> Claim | None:
    """The right to send this line until its lease runs out; None when it is not due or somebody else's.

    One conditional UPDATE: of two senders only one finds the row as it was. A line that was being handed over when its
    last sender died may have arrived, and says so from now on.
    """
    crash_point("claim.before")
    token = secrets.token_hex(16)
    claimed = Delivery.objects.filter(pk=delivery_id, state__in=sources(State.CLAIMED), next_try_at__lte=now).update(
        state=State.CLAIMED,
        lease_token=token,
        lease_until=now + LEASE,
        # While the lease lasts nobody finds the line; afterwards everybody does.
        next_try_at=now + LEASE,
        attempts=F("attempts") + 1,
        possibly_twice=Case(When(handed_over_at__isnull=False, then=True), default=F("possibly_twice")),
    )
    if not claimed:
        return None
    crash_point("claim.after")
    attempts, key = Delivery.objects.values_list("attempts", "key").get(pk=delivery_id)
    return Claim(delivery_id, token, attempts, str(key))


def send_delivery(*, delivery_id: int, now: datetime) -> State | None:
    """Sends one line, or writes down why not; returns its new state, None when it was not this sender's to send."""
    claim = claim_delivery(delivery_id=delivery_id, now=now)
    if claim is None:
        return None
    if claim.attempts > MAX_ATTEMPTS:
        return _finish(claim, State.DEAD, reason=Reason.BROKE_OFF)
    try:
        facts = delivery_facts(delivery_id, now)
        stopped = verdict(facts, now)
        if stopped:
            return _finish(claim, State.SUPPRESSED, reason=stopped)
        return _send_in_app(claim, facts, now) if facts.channel is Channel.IN_APP else _send_mail(claim, facts, now)
    except NotSent as error:
        return _failed(claim, str(error), now, permanent=error.permanent)
    except Unclear as error:
        return _failed(claim, str(error), now, unclear=True)
    except Exception as error:
        # One broken message must not stop the others, nor be lost: it waits like any failed try.
        logger.exception("delivery %s broke", delivery_id)
        return _failed(claim, type(error).__name__, now, unclear=True)


def _send_in_app(claim: Claim, facts: DeliveryFacts, now: datetime) -> State | None:
    message = message_for(facts)
    crash_point("in_app.record.before")
    with transaction.atomic():
        # Both or neither: a notice is there exactly once.
        state = _finish(claim, State.SENT, reason="", sent_at=now)
        crash_point("in_app.record.inside")
        if state:
            Notice.objects.create(
                delivery_id=claim.id,
                recipient_id=facts.recipient.user_id,
                text=message.text,
                params=message.params,
                link=_path(facts),
                at=now,
            )
    crash_point("in_app.record.after")
    return state


def _send_mail(claim: Claim, facts: DeliveryFacts, now: datetime) -> State | None:
    mail = _mail(claim, facts, now)
    crash_point("email.connect.before")
    with connected() as connection:
        crash_point("email.connect.after")
        # From here on a death leaves open whether the mail arrived: the row must know before the server does.
        if not _mine(claim).update(handed_over_at=now):
            return None
        crash_point("email.hand_over.before")
        hand_over(connection, mail)
        crash_point("email.hand_over.after")
        # Before the farewell to the server, which may take its time.
        crash_point("email.record.before")
        state = _finish(claim, State.SENT, reason="", sent_at=now)
        crash_point("email.record.after")
    return state


def _mine(claim: Claim) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=claim.id, state=State.CLAIMED, lease_token=claim.token)


def _finish(claim: Claim, state: State, **values: Any) -> State | None:
    # None: the lease ran out and another sender has the line.
    done = _mine(claim).update(state=state, lease_token="", lease_until=None, **values)  # nosec B106 # blank: nobody holds it
    return state if done else None


def _failed(
    claim: Claim, reason: str, now: datetime, *, permanent: bool = False, unclear: bool = False
) -> State | None:
    values: dict[str, Any] = {"reason": reason[:REASON_LENGTH]}
    if not unclear:
        values["handed_over_at"] = None
    if permanent or claim.attempts >= MAX_ATTEMPTS:
        return _finish(claim, State.DEAD, **values)
    return _finish(claim, State.PLANNED, next_try_at=now + retry_delay(claim.attempts, random.random()), **values)  # nosec B311 # no secret


def _path(facts: DeliveryFacts) -> str:
    if facts.task:
        return reverse("campaigns:task", args=[facts.task.id])
    return reverse("campaigns:board", args=[facts.campaign_id])


def _mail(claim: Claim, facts: DeliveryFacts, now: datetime) -> Mail:
    message, person = message_for(facts), facts.recipient
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        sentence = spoken(message.text, message.params, late=is_late(facts.due_at, now))
        return Mail(
            key=claim.key,
            to=person.email,
            language=person.language,
            subject=" ".join(sentence.split()),
            greeting=gettext("Hello %(name)s,") % {"name": person.name},
            sentence=sentence,
            campaign=facts.campaign_name,
            link=settings.BASE_URL + _path(facts),
            link_text=gettext("Open it"),
        )


def dispatch_due(*, now: datetime) -> dict[str, int]:
    """Sends everything that is due, one after the other, in this process; returns how many ended in which state."""
    ended: Counter[str] = Counter()
    after_id, started = 0, time.monotonic()
    while ids := due_deliveries(now, limit=BATCH, after_id=after_id):
        for delivery_id in ids:
            # A lease counts from the moment of its claim, measured from the caller's clock.
            at = now + timedelta(seconds=time.monotonic() - started)
            state = send_delivery(delivery_id=delivery_id, now=at)
            if state:
                ended[state.value] += 1
        after_id = ids[-1]
    return dict(ended)
