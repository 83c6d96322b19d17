"""Lessons: keep, stop or improve, each with an owner and a date."""

from datetime import date, timedelta
from enum import StrEnum

from planner.core.errors import Refused
from planner.core.words import Said, say

TEXT_LENGTH = 300
TITLE_LENGTH = 120
NOTES_LENGTH = 20_000
FURTHEST = timedelta(days=3 * 366)


class LessonKind(StrEnum):
    """What to do with what was learnt."""

    KEEP = "keep"
    STOP = "stop"
    IMPROVE = "improve"


def check_lesson(
    *,
    kind: str,
    text: str,
    owner_id: int,
    due_on: date,
    today: date,
    member_ids: frozenset[int],
    keeps_date: bool = False,
) -> None:
    """Refuses a lesson without words, without an owner from the team, or due in the past or beyond three years."""
    faults: dict[str, Said] = {}
    if kind not in set(LessonKind):
        faults["kind"] = say("Choose keep, stop or improve.")
    if not text.strip():
        faults["text"] = say("Write what was learnt.")
    elif len(text.strip()) > TEXT_LENGTH:
        faults["text"] = say("At most %(limit)s characters.", limit=TEXT_LENGTH)
    if owner_id not in member_ids:
        faults["owner_id"] = say("This person is not a member of the team.")
    if not keeps_date and not today <= due_on <= today + FURTHEST:
        faults["due_on"] = say("Choose a day from today on.")
    if faults:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)


def check_notes(text: str) -> None:
    """Refuses notes longer than a page can show."""
    if len(text) > NOTES_LENGTH:
        fault = say("At most %(limit)s characters.", limit=NOTES_LENGTH)
        raise Refused("invalid", fault, fields={"notes": fault})
