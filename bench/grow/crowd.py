"""Many teams: one is made as rows are made everywhere, the others are copies of it that the database makes itself."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.world import HEADS, NAMES, WORK

# Further apart than one team's ids of any table reach.
STEP = 10_000_000
# Of a team's campaigns so many are going on, the rest is history.
OPEN_CAMPAIGNS = 8
PEOPLE = 12
# What every team uses together.
SHARED = {"CalendarDay", "SopTemplate", "SopVersion", "SopStep"}


@dataclass(frozen=True)
class Sample:
    """Where to look: the team that is there in both sizes, a manager and a designer of it."""

    manager: Any
    designer: Any
    campaign_id: int
    task_ids: tuple[int, ...]
    item_ids: tuple[int, ...]
    version_id: int


def make_team(campaigns: int, tasks: int) -> Sample:
    """One team with its campaigns: some going on, most of them closed with everything done."""
    from django.core.management import call_command
    from django.utils import timezone

    from campaigns.board.models import ChecklistItem, Task
    from campaigns.sop.models import SopVersion
    from tests.factories import TeamFactory, UserFactory, join

    now = timezone.now()
    team = TeamFactory(name="店铺 0")
    names = [f"{NAMES[index % len(NAMES)]}{index}" for index in range(PEOPLE)]
    people = [UserFactory(login=f"p{index}", display_name=name) for index, name in enumerate(names)]
    for index, person in enumerate(people):
        join(person, team, "manager" if index < 2 else "member", ("lead", "ops", "design", "cs")[index % 4])
    call_command("load_sop", stdout=io.StringIO())
    going = [_campaign(team, people, index, tasks, now) for index in range(campaigns)]
    first = going[0]
    _history(going, people, now)
    return Sample(
        manager=people[0],
        designer=people[2],
        campaign_id=first.pk,
        task_ids=tuple(Task.objects.filter(campaign=first).order_by("pk").values_list("pk", flat=True)),
        item_ids=tuple(
            ChecklistItem.objects.filter(task__campaign=first, ticked_at=None, task__status="todo")
            .order_by("pk")
            .values_list("pk", flat=True)
        ),
        version_id=SopVersion.objects.order_by("pk").values_list("pk", flat=True)[0],
    )


def _campaign(team: Any, people: list[Any], index: int, tasks: int, now: datetime) -> Any:
    from campaigns.board.models import ChecklistItem, Task
    from campaigns.campaign.models import CampaignMember
    from planner.core.pinyin import search_words
    from tests.factories import CampaignFactory

    going_on = index < OPEN_CAMPAIGNS
    starts_at = now + timedelta(days=12 - 3 * index) if going_on else now - timedelta(days=30 * index)
    campaign = CampaignFactory(
        team=team,
        name=f"{HEADS[index % len(HEADS)]} {index}",
        starts_at=starts_at,
        created_at=starts_at - timedelta(days=60),
        phase=("prep", "execution", "wrap_up", "review")[index // 3] if going_on else "closed",
        archived_at=None if index < 3 * OPEN_CAMPAIGNS else now,
    )
    holders = {"lead": 0, "ops": 1, "design": 2, "cs": 3}
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, role=role, user=people[holder]) for role, holder in holders.items()
    )
    sound = {work: search_words(work, 400) for work in WORK}

    def row(number: int) -> Any:
        due_at = starts_at + timedelta(days=number * 60 // tasks - 45, hours=number % 9)
        done = not going_on or number % 10 < 6
        return Task(
            campaign=campaign,
            code=f"P{number}",
            title=f"{HEADS[number // 7 % len(HEADS)]}{WORK[number % len(WORK)]}第{number}版",
            pinyin=sound[WORK[number % len(WORK)]],
            role=("ops", "design", "cs", "warehouse")[number % 4],
            phase=("prep", "execution", "wrap_up")[number % 3],
            status="done" if done else ("todo", "doing", "in_review", "blocked")[number % 4],
            done_at=due_at if done else None,
            done_by=people[number % PEOPLE] if done else None,
            owner=people[number % PEOPLE],
            assigned_at=campaign.created_at,
            start_at=due_at - timedelta(days=2),
            due_at=due_at,
            planned_due_at=due_at,
            position=1024.0 * (number + 1),
            created_at=campaign.created_at,
        )

    made = Task.objects.bulk_create((row(number) for number in range(tasks)), batch_size=200)
    ChecklistItem.objects.bulk_create(
        (ChecklistItem(task=task, position=1, text="尺寸与文案核对", ticked_at=task.done_at) for task in made),
        batch_size=200,
    )
    return campaign


def _history(campaigns: list[Any], people: list[Any], now: datetime) -> None:
    """A line of the log for each task, a message and a notice for every second."""
    from campaigns.board.models import Task
    from campaigns.campaign.models import CampaignEvent
    from campaigns.reminders.models import Delivery, Notice

    for campaign in campaigns:
        tasks = list(Task.objects.filter(campaign=campaign))
        CampaignEvent.objects.bulk_create(
            (
                CampaignEvent(
                    campaign=campaign,
                    actor=people[task.pk % PEOPLE],
                    verb="create_task",
                    subject_kind="task",
                    subject_id=task.pk,
                    subject_label=task.title,
                    at=task.created_at,
                )
                for task in tasks
            ),
            batch_size=200,
        )
        # What came due before is told already: the sweep finds it in the ledger.
        told = [
            Delivery(
                campaign=campaign,
                task=task,
                recipient_id=task.owner_id,
                kind="due_24h",
                channel="in_app",
                subject=f"task:{task.pk}",
                occurrence=f"{task.due_at:%Y-%m-%dT%H:%M:%SZ}",
                due_at=task.due_at - timedelta(hours=24),
                next_try_at=task.due_at,
                state="sent",
                sent_at=task.due_at,
                created_at=task.due_at,
            )
            for task in tasks
            if task.due_at < now
        ]
        made = Delivery.objects.bulk_create(told, batch_size=200)
        Notice.objects.bulk_create(
            (
                Notice(
                    delivery=line,
                    recipient_id=line.recipient_id,
                    text="%(title)s",
                    params={"title": "主图"},
                    link=f"/tasks/{line.task_id}/",
                    at=line.due_at,
                    read_at=now,
                )
                for line in made[::2]
            ),
            batch_size=200,
        )


def copy_team(copies: int) -> None:
    """So many more teams of the same size, by one statement a table."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model in _copied():
            cursor.execute(_copying(model, copies))
        _settle(cursor)


def _copied() -> list[Any]:
    """The tables that belong to a team and hold something, what others point to first."""
    from django.apps import apps

    found: list[Any] = []

    def add(model: Any) -> None:
        if model in found or model._meta.app_label not in {"staff", "campaigns"}:
            return
        for field in model._meta.local_concrete_fields:
            if field.remote_field and field.remote_field.model is not model:
                add(field.remote_field.model)
        if model._meta.pk.get_internal_type() == "BigAutoField" and model._base_manager.exists():
            found.append(model)

    for app in ("staff", "campaigns"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            add(model)
    return [model for model in found if model.__name__ not in SHARED]


def _copying(model: Any, copies: int) -> str:
    from django.db import connection

    quote = connection.ops.quote_name
    copied = {each._meta.db_table for each in _copied()}
    on_postgres = connection.vendor == "postgresql"

    def value(field: Any) -> str:
        column = f"t.{quote(field.column)}"
        shift = f"{column} + n.k * {STEP}"
        if field.primary_key or (field.remote_field and field.remote_field.model._meta.db_table in copied):
            return shift
        if field.get_internal_type() == "UUIDField":
            return "gen_random_uuid()" if on_postgres else "lower(hex(randomblob(16)))"
        if field.name == "subject_id":
            return shift
        if field.name == "subject":
            return f"substr({column}, 1, 5) || (CAST(substr({column}, 6) AS bigint) + n.k * {STEP})"
        if field.unique or (model.__name__, field.name) == ("Team", "name"):
            return f"{column} || '-' || n.k"
        return column

    fields = model._meta.local_concrete_fields
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(value(field) for field in fields)
    table = quote(model._meta.db_table)
    # The names are Django's and the numbers ours; one form for both databases.
    return (
        f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {copies}) "  # noqa: S608
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS t CROSS JOIN n"
    )


def _settle(cursor: Any) -> None:
    """New ids follow the copied ones, and the planner knows the sizes."""
    from django.core.management.color import no_style
    from django.db import connection

    for statement in connection.ops.sequence_reset_sql(no_style(), _copied()):
        cursor.execute(statement)
    cursor.execute("ANALYZE")


def counts() -> Iterator[tuple[str, int]]:
    """Rows of each large table."""
    for model in _copied():
        number = model._base_manager.count()
        if number >= 10_000:
            yield model._meta.db_table, number
