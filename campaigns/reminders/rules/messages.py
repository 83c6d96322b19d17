"""What a message says. Titles are carried in both languages: the reader's language is chosen when it is shown."""

from dataclasses import dataclass
from typing import Any

from campaigns.reminders.rules.kinds import Kind
from campaigns.reminders.rules.sending import DeliveryFacts
from planner.core.words import Said, say

KIND_WORDS = {
    Kind.DUE_24H: say("Due within 24 hours"),
    Kind.DUE_2H: say("Due within 2 hours"),
    Kind.OVERDUE: say("Overdue"),
    Kind.OVERDUE_24H: say("Overdue by a day"),
    Kind.OVERDUE_24H_LEAD: say("Overdue by a day, to the lead"),
    Kind.PLAN_READY: say("Plan is ready"),
    Kind.UNOWNED_DIGEST: say("Tasks without an owner"),
    Kind.MENTION: say("Named in a comment"),
}
TEXTS = {
    Kind.DUE_24H: say("Due within 24 hours: %(title)s, %(due)s"),
    Kind.DUE_2H: say("Due within 2 hours: %(title)s, %(due)s"),
    Kind.OVERDUE: say("Overdue: %(title)s was due %(due)s"),
    Kind.OVERDUE_24H: say("Overdue by more than a day: %(title)s was due %(due)s"),
    Kind.OVERDUE_24H_LEAD: say("Overdue by more than a day: %(owner)s has %(title)s, due %(due)s"),
    Kind.PLAN_READY: say("The plan of %(campaign)s is ready. Tasks that are yours: %(count)s"),
    Kind.UNOWNED_DIGEST: say("%(campaign)s: %(count)s tasks have no owner, %(soon)s of them due within 7 days"),
    Kind.MENTION: say("%(by)s named you in %(title)s: %(excerpt)s"),
}
LATE_TEXT = say("Late: %(text)s")
EXCERPT_LENGTH = 120


@dataclass(frozen=True)
class Message:
    """One sentence with JSON-able parameters; `due` is an ISO moment, shown in the reader's zone."""

    text: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Mail:
    """A mail in its reader's language, ready to be handed over; `key` is the same on every try."""

    key: str
    to: str
    language: str
    subject: str
    greeting: str
    sentence: str
    campaign: str
    link: str
    link_text: str


def message_for(facts: DeliveryFacts) -> Message:
    """What this line says about the facts as they are now."""
    params: dict[str, Any] = {"campaign": facts.campaign_name}
    if facts.task:
        params |= {"title": facts.task.title, "title_en": facts.task.title_en, "owner": facts.task.owner_name}
        if facts.task.due_at:
            params["due"] = facts.task.due_at.isoformat()
    if facts.kind in {Kind.PLAN_READY, Kind.UNOWNED_DIGEST}:
        params |= {"count": facts.count, "soon": facts.count_soon}
    if facts.kind is Kind.MENTION:
        params |= {"by": facts.by_name, "excerpt": shortened(facts.excerpt)}
    return Message(TEXTS[facts.kind].text, params)


def shortened(text: str) -> str:
    """The text on one line, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_LENGTH else line[: EXCERPT_LENGTH - 1] + "…"


def titled_for(params: dict[str, Any], language: str) -> dict[str, Any]:
    """The parameters with the title that a reader of `language` wants."""
    english = params.get("title_en") if language.startswith("en") else ""
    return {**params, "title": english or params.get("title", "")}


def late_text(text: str) -> Said:
    """The sentence, saying that it comes late."""
    return Said(LATE_TEXT.text, {"text": text})
