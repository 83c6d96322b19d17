"""The review page: stored codes and numbers as values ready to show."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from campaigns.board.models import Task
from campaigns.campaign.queries import campaign_for
from campaigns.campaign.rules import Phase
from campaigns.reviews.models import CampaignReview, Lesson
from campaigns.reviews.queries.shown import (
    DayShown,
    DueChangesShown,
    Factor,
    GoalLine,
    HoursLine,
    Lack,
    LessonLine,
    NotesShown,
    OverrideShown,
    PunctualGroup,
    PunctualLine,
    RefundsShown,
    ReminderShown,
    ReviewScreen,
    SplitShown,
    TaskLink,
)
from campaigns.reviews.rules.facts import REVIEW_KIND
from campaigns.reviews.rules.split import Method
from campaigns.reviews.rules.words import FACTOR_NAMES
from planner.core.curve import Curve, draw_curve
from planner.core.errors import Missing
from staff.people.models import User
from staff.people.queries import people_by_id
from staff.people.rules import Actor, Role, may_manage, may_work
from staff.runs.queries import latest_run


def _money(values: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(values[name]) if name in values else None


def _ratio(values: Mapping[str, Any], top: str, bottom: str) -> Decimal | None:
    above, below = _money(values, top), _money(values, bottom)
    return above / below if above is not None and below else None


def _goal(section: Mapping[str, Any] | None) -> tuple[GoalLine, ...]:
    if not section:
        return ()
    aimed, reached = section.get("target", {}), section["actual"]
    lines = [
        GoalLine("paid_amount", "money", _money(aimed, "paid_amount"), _money(reached, "paid_amount")),
        GoalLine("net", "money", None, _money(reached, "net")),
        GoalLine("visitors", "count", _money(aimed, "visitors"), _money(reached, "visitors")),
        GoalLine(
            "conversion",
            "percent",
            _ratio(aimed, "buyers", "visitors"),
            _ratio(reached, "buyers", "visitors"),
        ),
        GoalLine(
            "order_value",
            "money",
            _ratio(aimed, "paid_amount", "buyers"),
            _ratio(reached, "paid_amount", "buyers"),
        ),
    ]
    return tuple(line for line in lines if line.actual is not None or line.target is not None)


def _split(section: Mapping[str, Any] | None) -> SplitShown | None:
    if not section:
        return None
    if "missing" in section:
        missing = tuple(Lack(lack["code"], lack.get("days")) for lack in section["missing"])
        return SplitShown(None, (), None, missing)
    amounts = {name: Decimal(section[name]) for name in FACTOR_NAMES}
    largest = max(abs(amount) for amount in amounts.values()) or Decimal(1)
    factors = tuple(Factor(name, amount, round(abs(amount) / largest * 100)) for name, amount in amounts.items())
    return SplitShown(Method(section["method"]), factors, Decimal(section["difference"]), ())


def _days(section: list[Mapping[str, Any]]) -> tuple[DayShown, ...]:
    return tuple(
        DayShown(
            on=date.fromisoformat(day["on"]),
            orders=day["orders"],
            paid_amount=Decimal(day["paid_amount"]),
            net=_money(day, "net"),
            visitors=day.get("visitors"),
        )
        for day in section
    )


def _drawn(days: tuple[DayShown, ...]) -> Curve | None:
    series = [("paid_amount", [day.paid_amount for day in days])]
    nets = [day.net for day in days if day.net is not None]
    if len(nets) == len(days):
        series.append(("net", nets))
    return draw_curve([day.on for day in days], series)


def _refunds(section: Mapping[str, Any] | None) -> RefundsShown | None:
    if not section:
        return None
    refunds, paid = Decimal(section["refunds"]), Decimal(section["paid_amount"])
    return RefundsShown(
        refunds=refunds,
        rate=refunds / paid if paid else Decimal(0),
        fully_refunded=section["fully_refunded"],
        fully_rate=Decimal(section["fully_refunded"]) / section["paid_orders"],
    )


class _Names:
    """Names of the people and tasks that a summary names by id."""

    def __init__(self, campaign_id: int, summary: Mapping[str, Any]) -> None:
        punctual = summary.get("punctuality", {})
        lines = [line for name in ("phase", "role", "person") for line in punctual.get(name, [])]
        lines += [punctual["all"]] if punctual else []
        tasks = {line["worst"]["task"] for line in lines if "worst" in line}
        tasks |= {line["task"] for line in summary.get("due_changes", {}).get("most", [])}
        people = {line["key"] for line in punctual.get("person", [])} | {
            line["actor"] for line in summary.get("overrides", [])
        }
        rows = Task.objects.filter(pk__in=tasks, campaign_id=campaign_id).values_list("id", "code", "title", "title_en")
        self._tasks = {pk: (code, title, title_en) for pk, code, title, title_en in rows}
        self._people = dict(User.objects.filter(pk__in=people - {None}).values_list("id", "display_name"))

    def person(self, user_id: int | None) -> str:
        """The person's name; blank for nobody."""
        return self._people.get(user_id, "") if user_id is not None else ""

    def link(self, task_id: int, number: int) -> TaskLink | None:
        """The task as it is called today; None when it is gone."""
        named = self._tasks.get(task_id)
        return TaskLink(task_id, *named, number) if named else None


def _punctual_line(line: Mapping[str, Any], kind: str, names: _Names) -> PunctualLine:
    key, worst = line["key"], line.get("worst")
    is_person = kind == "person"
    return PunctualLine(
        code="" if is_person else str(key or ""),
        user_id=key if is_person else None,
        name=names.person(key) if is_person else "",
        query=f"{kind}={'nobody' if is_person and key is None else key}",
        tasks=line["tasks"],
        done=line["done"],
        on_time=line["on_time"],
        slipped=line["slipped"],
        slip_hours=Decimal(line["slip_minutes"]) / 60,
        worst=names.link(worst["task"], worst["minutes"]) if worst else None,
    )


def _punctual_groups(section: Mapping[str, Any], names: _Names) -> tuple[PunctualGroup, ...]:
    order = {code: at for at, code in enumerate([*Phase, *Role])}
    groups = []
    for kind in ("phase", "role", "person"):
        lines = sorted(section.get(kind, []), key=lambda line: order.get(line["key"], len(order)))
        groups.append(PunctualGroup(kind, tuple(_punctual_line(line, kind, names) for line in lines)))
    return tuple(group for group in groups if group.lines)


def _due_changes(section: Mapping[str, Any] | None, names: _Names) -> DueChangesShown | None:
    if not section:
        return None
    links = [names.link(line["task"], line["changes"]) for line in section["most"]]
    return DueChangesShown(
        section["tasks"], section["moved"], section["changes"], tuple(link for link in links if link is not None)
    )


def _lessons(campaign_id: int) -> tuple[LessonLine, ...]:
    rows = Lesson.objects.filter(campaign_id=campaign_id).select_related("owner", "task").order_by("id")
    order = {"keep": 0, "stop": 1, "improve": 2}
    return tuple(
        LessonLine(
            id=row.pk,
            kind=row.kind,
            text=row.text,
            owner_id=row.owner_id,
            owner=row.owner.display_name,
            due_on=row.due_on,
            task_id=row.task_id if row.task and row.task.deleted_at is None else None,
            version=row.version,
        )
        for row in sorted(rows, key=lambda row: order[row.kind])
    )


def lessons_of(actor: Actor, campaign_id: int) -> tuple[LessonLine, ...]:
    """The lessons of a campaign: what to keep, to stop, to improve; `Missing` when it is not this actor's to see."""
    campaign_for(actor, campaign_id)
    return _lessons(campaign_id)


def lesson_for(actor: Actor, campaign_id: int, lesson_id: int) -> LessonLine:
    """One lesson of this campaign, or `Missing`."""
    for line in lessons_of(actor, campaign_id):
        if line.id == lesson_id:
            return line
    raise Missing


def notes_of(actor: Actor, campaign_id: int) -> NotesShown:
    """The notes of a review; `Missing` when the campaign is not this actor's to see."""
    campaign_for(actor, campaign_id)
    row = CampaignReview.objects.filter(campaign_id=campaign_id).values_list("notes", "notes_version").first()
    return NotesShown(*(row or ("", 1)))


def review_screen(actor: Actor, campaign_id: int) -> ReviewScreen:
    """The review page of a campaign; `Missing` when it is not this actor's to see."""
    campaign = campaign_for(actor, campaign_id)
    review = CampaignReview.objects.filter(campaign_id=campaign_id).first()
    summary: dict[str, Any] = json.loads(review.summary) if review and review.summary else {}
    names = _Names(campaign_id, summary)
    days = _days(summary.get("daily", []))
    punctual = summary.get("punctuality")
    hours = summary.get("hours")
    works = may_work(actor, campaign.team_id) and not campaign.is_frozen
    return ReviewScreen(
        campaign=campaign,
        may_work=works,
        may_manage=may_manage(actor, campaign.team_id) and not campaign.is_frozen,
        user_id=actor.user_id,
        compiled_at=review.compiled_at if review else None,
        run=latest_run(actor, REVIEW_KIND, campaign_id),
        goal=_goal(summary.get("goal")),
        split=_split(summary.get("split")),
        days=days,
        curve=_drawn(days),
        refunds=_refunds(summary.get("refunds")),
        punctuality=_punctual_line(punctual["all"], "all", names) if punctual else None,
        punctual_groups=_punctual_groups(punctual, names) if punctual else (),
        due_changes=_due_changes(summary.get("due_changes"), names),
        overrides=tuple(
            OverrideShown(
                datetime.fromisoformat(line["at"]),
                line["actor"],
                names.person(line["actor"]),
                line["from"],
                line["to"],
                line["reason"],
            )
            for line in summary.get("overrides", [])
        ),
        reminders=tuple(
            ReminderShown(line["kind"], line["messages"], line["tasks"]) for line in summary.get("reminders", [])
        ),
        hours=tuple(
            HoursLine(line["key"] or "", line["tasks"], Decimal(line["planned"]), Decimal(line["actual"]))
            for line in ([*hours["role"], hours["all"]] if hours else [])
        ),
        notes=review.notes if review else "",
        notes_version=review.notes_version if review else 1,
        lessons=_lessons(campaign_id),
        people=tuple(people_by_id(campaign.team_id).values()) if works else (),
    )
