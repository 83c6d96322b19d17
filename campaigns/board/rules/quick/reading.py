"""One line read as a task; what is not read stays in its title."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from campaigns.board.rules.quick.days import Today
from campaigns.board.rules.quick.facts import (
    LINE_LENGTH,
    TITLE_LENGTH,
    Choice,
    Issue,
    Named,
    Part,
    QuickCampaign,
    QuickFacts,
    QuickPerson,
    Reading,
    Weight,
)
from campaigns.board.rules.quick.marks import estimates, priorities
from campaigns.board.rules.quick.moments import due_of
from campaigns.board.rules.quick.names import Mark, marks, written
from campaigns.board.rules.quick.text import HIDDEN, Line, Span, read_line
from planner.core.words import Said, say
from staff.people.rules import Role

MOST_CHOICES = 8
NamedT = TypeVar("NamedT", bound=Named)


@dataclass
class _Page:
    """What is read so far: the line, the places that are taken, and what there is to say."""

    line: Line
    taken: list[Span] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        """Marks a place as read, so that nothing else reads it."""
        self.taken.append((start, end))
        plain = self.line.plain
        self.line = Line(self.line.text, plain[:start] + HIDDEN * (end - start) + plain[end:], self.line.dropped)

    def say(self, part: Part, weight: Weight, said: Said, span: Span, choices: Sequence[Choice] = ()) -> None:
        """Adds an issue."""
        self.issues.append(Issue(part, weight, said, *span, tuple(choices)))


def read(text: str, facts: QuickFacts) -> Reading:
    """The line as a task of the actor; never fails: what is not understood is said in `issues`."""
    if len(text) > LINE_LENGTH:
        said = say("A line has at most %(length)s characters.", length=LINE_LENGTH)
        return Reading(line=text, title=text, issues=(Issue(Part.TITLE, Weight.FAULT, said, 0, len(text)),))
    page = _Page(read_line(text.strip()))
    campaign = _campaign(page, facts)
    people = campaign.people if campaign else _everybody(facts.campaigns)
    owner, helpers = _people(page, facts, people, campaign)
    important, urgent, must_have = _priority(page, campaign)
    due_at = _due(page, facts, campaign)
    hours = _estimate(page)
    title = page.line.without(sorted(page.taken))
    _check_title(page, title)
    return Reading(
        line=page.line.text,
        title=title,
        campaign=campaign,
        owner=owner,
        helpers=helpers,
        role=_role(owner, campaign, facts),
        due_at=due_at,
        important=important,
        urgent=urgent,
        must_have=must_have,
        estimate_hours=hours,
        issues=tuple(sorted(page.issues, key=lambda issue: issue.start)),
    )


def _campaign(page: _Page, facts: QuickFacts) -> QuickCampaign | None:
    known = {campaign.id: campaign for campaign in facts.campaigns}
    named: QuickCampaign | None = None
    is_asked = False
    for mark in list(marks(page.line, "#", facts.campaigns)):
        if len(mark.found) == 1 and named is None:
            named = mark.found[0]
            page.take(mark.start, mark.end)
        elif len(mark.found) > 1 and named is None:
            is_asked = True
            said = say("Which campaign is “%(word)s”?", word=mark.word)
            choices = _choices(page, mark, facts.campaigns)
            page.say(Part.CAMPAIGN, Weight.QUESTION, said, (mark.start, mark.end), choices)
        elif mark.found:
            said = say("A task belongs to one campaign: “%(word)s” is one too many.", word=mark.word)
            _unknown(page, Part.CAMPAIGN, mark, said)
        else:
            is_asked = True
            said = say("No running campaign of yours is called “%(word)s”.", word=mark.word)
            others = [] if named else _choices(page, replace(mark, found=facts.campaigns), facts.campaigns)
            _unknown(page, Part.CAMPAIGN, mark, said, others)
    if named or is_asked:
        return named
    if facts.default_id in known:
        return known[facts.default_id]
    if not facts.campaigns:
        page.say(Part.CAMPAIGN, Weight.FAULT, say("There is no running campaign in which you may make tasks."), (0, 0))
    elif len(facts.campaigns) == 1:
        return facts.campaigns[0]
    else:
        choices = [
            Choice(each.name, f"{page.line.text} {written(each, '#', facts.campaigns)}".strip())
            for each in facts.campaigns[:MOST_CHOICES]
        ]
        end = len(page.line.text)
        page.say(Part.CAMPAIGN, Weight.QUESTION, say("Which campaign is it for?"), (end, end), choices)
    return None


def _everybody(campaigns: Sequence[QuickCampaign]) -> tuple[QuickPerson, ...]:
    return tuple({person.id: person for campaign in campaigns for person in campaign.people}.values())


def _people(
    page: _Page, facts: QuickFacts, people: Sequence[QuickPerson], campaign: QuickCampaign | None
) -> tuple[QuickPerson | None, tuple[QuickPerson, ...]]:
    me = next((person for person in people if person.id == facts.me), None)
    named: list[QuickPerson | None] = []
    is_asked = False
    for mark in list(marks(page.line, "@", people)):
        span = (mark.start, mark.end)
        if mark.is_nobody or (mark.is_me and me):
            page.take(*span)
            named.append(None if mark.is_nobody else me)
        elif len(mark.found) == 1:
            page.take(*span)
            named.append(mark.found[0])
            if mark.found[0].id != facts.me and campaign and not campaign.may_manage:
                said = say(
                    "%(name)s cannot be named by you: owners and helpers are a manager's.", name=mark.found[0].name
                )
                page.say(Part.OWNER, Weight.FAULT, said, span)
        elif mark.found:
            is_asked = True
            said = say("Who is “%(word)s”?", word=mark.word)
            page.say(Part.OWNER, Weight.QUESTION, said, span, _choices(page, mark, people))
        else:
            is_asked = True
            _unknown(page, Part.OWNER, mark, say("Nobody here is called “%(word)s”.", word=mark.word))
    if not named:
        return (None if is_asked else me), ()
    owner = named[0]
    helpers = {person.id: person for person in named[1:] if person and person != owner}
    if helpers and campaign and not campaign.may_manage and all(pk == facts.me for pk in helpers):
        page.say(Part.OWNER, Weight.FAULT, say("Helpers are a manager's to name."), (0, 0))
    return owner, tuple(helpers.values())


def _choices(page: _Page, mark: Mark[NamedT], entries: Sequence[NamedT]) -> list[Choice]:
    sign = page.line.text[mark.start : mark.start + 1]
    sign = "@" if sign in "@＠" else "#"
    return [
        Choice(_called(each, entries), page.line.replaced(mark.start, mark.end, written(each, sign, entries)))
        for each in mark.found[:MOST_CHOICES]
    ]


def _called(entry: Named, entries: Sequence[Named]) -> str:
    twins = sum(other.name == entry.name for other in entries)
    return f"{entry.name} ({entry.login})" if twins > 1 and entry.login else entry.name


def _unknown(page: _Page, part: Part, mark: Mark[NamedT], said: Said, others: Sequence[Choice] = ()) -> None:
    word = page.line.text[mark.start : mark.end]
    kept = page.line.text[: mark.start] + "\\" + page.line.text[mark.start :]
    page.say(part, Weight.QUESTION, said, (mark.start, mark.end), [*others, Choice(word, kept, is_words=True)])


def _priority(page: _Page, campaign: QuickCampaign | None) -> tuple[bool, bool, bool]:
    important = urgent = must_have = False
    for mark in list(priorities(page.line.plain)):
        span = (mark.start, mark.end)
        if not mark.is_known:
            word = page.line.text[mark.start : mark.end]
            page.say(
                Part.PRIORITY, Weight.NOTE, say("“%(word)s” is no priority: it stays in the title.", word=word), span
            )
            continue
        page.take(*span)
        important, urgent, must_have = important or mark.important, urgent or mark.urgent, must_have or mark.must_have
        if mark.must_have and campaign and not campaign.may_manage:
            page.say(Part.PRIORITY, Weight.FAULT, say("Must-haves are a manager's to name."), span)
    return important, urgent, must_have


def _due(page: _Page, facts: QuickFacts, campaign: QuickCampaign | None) -> datetime | None:
    zone = ZoneInfo(campaign.zone if campaign else _zone(facts))
    anchors = {anchor: at.astimezone(zone) for anchor, at in campaign.anchors.items()} if campaign else {}
    due = due_of(page.line.plain, Today(facts.now.astimezone(zone), facts.calendar, anchors), zone)
    for start, end in due.taken:
        page.take(start, end)
    page.issues += due.issues
    return due.at


def _zone(facts: QuickFacts) -> str:
    return facts.campaigns[0].zone if facts.campaigns else "Asia/Shanghai"


def _estimate(page: _Page) -> Decimal:
    mark = next(estimates(page.line.plain), None)
    if mark is None:
        return Decimal(0)
    page.take(mark.start, mark.end)
    return mark.hours


def _check_title(page: _Page, title: str) -> None:
    end = len(page.line.text)
    if not title:
        page.say(Part.TITLE, Weight.FAULT, say("What is to be done? Write it in a few words."), (end, end))
    elif len(title) > TITLE_LENGTH:
        said = say(
            "A title has at most %(length)s characters; this one has %(now)s.", length=TITLE_LENGTH, now=len(title)
        )
        page.say(Part.TITLE, Weight.FAULT, said, (0, end))


def _role(owner: QuickPerson | None, campaign: QuickCampaign | None, facts: QuickFacts) -> Role:
    """What the owner does here: the role held in this campaign, else the first but lead, else the writer's."""
    writer = next((person for person in campaign.people if person.id == facts.me), None) if campaign else None
    for person in (owner, writer):
        found = list(_roles_of(person, campaign))
        if found:
            return found[0]
    return Role.OPS


def _roles_of(person: QuickPerson | None, campaign: QuickCampaign | None) -> Iterator[Role]:
    if person is None:
        return
    held = [role for role, user_id in campaign.holders.items() if user_id == person.id] if campaign else []
    for roles in (held, person.roles):
        yield from (role for role in roles if role is not Role.LEAD)
    yield from (role for role in (*held, *person.roles))
