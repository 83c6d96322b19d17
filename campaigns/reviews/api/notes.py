"""A review's notes over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.reviews import actions
from campaigns.reviews.queries import NotesShown, notes_of
from campaigns.reviews.rules.lessons import NOTES_LENGTH
from planner.web.api import ApiView, In, Out, Text, operation
from staff.people.queries import actor_for


class NotesOut(Out):
    """What people wrote beside the compiled summary; compiling never touches it."""

    notes = serializers.CharField(allow_blank=True, help_text="The notes, plain text with line ends.")
    version = serializers.IntegerField(
        help_text="Raised by every change of the notes, 1 at first; the first number of this answer's ETag."
    )


class NotesIn(In):
    """The notes as a whole."""

    notes = Text(
        allow_blank=True,
        max_length=NOTES_LENGTH,
        help_text=f"The notes, plain text of at most {NOTES_LENGTH:,} characters; blanks at both ends are dropped.",
    )


class NotesView(ApiView):
    """The notes of a campaign's review."""

    @operation("get_notes", gives=NotesOut)
    def get(self, request: Request, *, campaign_id: int) -> NotesShown:
        """The notes; empty, with version 1, before anybody wrote."""
        return notes_of(actor_for(request.user), campaign_id)

    @operation("write_notes", takes=NotesIn, gives=NotesOut, versioned=True)
    def put(self, request: Request, *, campaign_id: int, values: dict[str, Any], version: int | None) -> NotesShown:
        """Replaces the notes."""
        actor = actor_for(request.user)
        actions.write_notes(actor=actor, campaign_id=campaign_id, version=version, now=timezone.now(), **values)
        return notes_of(actor, campaign_id)
