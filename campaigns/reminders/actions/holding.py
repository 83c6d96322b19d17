"""After a restore: what was due in the time that was lost is held back until a manager decides."""

from datetime import datetime

from django.db import transaction

from campaigns.reminders.models import Delivery
from campaigns.reminders.rules.sending import OPEN_STATES, Reason, State
from staff.accounts.actions.sending import hold_mails


@transaction.atomic
def quarantine_due(*, now: datetime) -> int:
    """Holds back every message of a restored backup that was due and not finally sent; returns how many.

    It may have gone out after the backup was taken. A sender's claim ends with it: that sender belongs to a database
    that is no more. The mails of invitations and resets are held as well. Inside the restore's transaction.
    """
    hold_mails(now=now)
    waiting = Delivery.objects.filter(state__in=OPEN_STATES, due_at__lte=now)
    return waiting.update(state=State.QUARANTINED, reason=Reason.RESTORED, lease_token="", lease_until=None)  # nosec B106 # blank: nobody holds it
