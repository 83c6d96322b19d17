"""Taking a change back over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.changes import actions
from campaigns.changes.queries import said_together
from planner.web.api import ApiView, Id, Out, Sentence, operation
from staff.people.queries import actor_for


class UndoneOut(Out):
    """What was taken back."""

    event_id = Id(help_text="The line of the log that was taken back.")
    subject_kind = serializers.CharField(help_text="What it was about, such as `task`.")
    subject_id = Id(help_text="The id of that thing.")
    said = Sentence(help_text="What was taken back, in the caller's language.")


class UndoChangeView(ApiView):
    """Taking back what was just done."""

    @operation("undo_change", gives=UndoneOut)
    def post(self, request: Request, *, event_id: int) -> dict[str, Any]:
        """Takes back the caller's own change of the last two minutes; 409 once somebody has built upon it.

        `event_id` is the id of the change's line in the campaign's log; what the same verb did beside it goes back too.
        """
        changes = actions.undo_change(actor=actor_for(request.user), event_id=event_id, now=timezone.now())
        change = changes[0]
        return {
            "event_id": change.id,
            "subject_kind": change.subject_kind,
            "subject_id": change.subject_id,
            "said": said_together(changes),
        }
