"""The rows that are measured: a team, campaigns of any size with all that hangs on their tasks, and a full Today."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

NAMES = ("陈静", "李想", "王璐", "林小美", "赵杰", "周敏", "孙悦", "吴桐")
WORK = (
    "主推款主图与详情页",
    "直播间脚本与话术",
    "预热短信与人群包",
    "赠品入库与打包规范",
    "客服快捷回复",
    "满减与优惠券设置",
)
HEADS = ("主推款", "会员日", "预售", "返场", "尾款", "开门红", "狂欢日", "清仓")


@dataclass(frozen=True)
class World:
    """One campaign of `size` tasks and its manager; the ids that operations take one after the other."""

    size: int
    user: Any
    campaign_id: int
    task_ids: tuple[int, ...]
    item_ids: tuple[int, ...]


def make_world(size: int) -> World:
    """A campaign of `size` tasks with owners, helpers, three lines each and two lines of history each."""
    from django.utils import timezone

    from campaigns.board.models import ChecklistItem, Task, TaskHelper
    from campaigns.campaign.models import CampaignEvent
    from planner.core.pinyin import search_words
    from tests.factories import CampaignFactory, TeamFactory, UserFactory, join

    now = timezone.now()
    team = TeamFactory(name=f"店铺 {size}")
    people = [UserFactory(login=f"p{index}-{size}", display_name=name) for index, name in enumerate(NAMES)]
    for person in people:
        join(person, team, "manager", "ops")
    campaign = CampaignFactory(team=team, name=f"双11 {size}", starts_at=now + timedelta(days=30), created_at=now)
    sound = {work: search_words(work, 400) for work in WORK}

    def row(index: int) -> Any:
        work = WORK[index % len(WORK)]
        return Task(
            campaign=campaign,
            code=f"P{index}",
            title=f"{HEADS[index // 7 % len(HEADS)]}{work}第{index}版",
            title_en=f"Main picture and detail page, version {index}",
            pinyin=sound[work],
            role=("ops", "design", "cs", "warehouse")[index % 4],
            phase=("prep", "execution", "wrap_up")[index % 3],
            status=("todo", "doing", "in_review", "blocked")[index % 4],
            owner=people[index % (len(people) - 1)],
            start_at=now + timedelta(days=index % 40),
            due_at=now + timedelta(days=index % 40 + 2),
            planned_due_at=now + timedelta(days=index % 40 + 2),
            position=1024.0 * (index + 1),
            created_at=now,
        )

    tasks = Task.objects.bulk_create((row(index) for index in range(size)), batch_size=200)
    items = ChecklistItem.objects.bulk_create(
        (
            ChecklistItem(task=task, position=line, text=f"检查 {line}", ticked_at=now if line == 1 else None)
            for task in tasks
            for line in (1, 2, 3)
        ),
        batch_size=200,
    )
    TaskHelper.objects.bulk_create((TaskHelper(task=task, user=people[0]) for task in tasks[::5]), batch_size=200)
    CampaignEvent.objects.bulk_create(
        (
            CampaignEvent(
                campaign=campaign,
                actor=people[1],
                verb=verb,
                subject_kind="task",
                subject_id=task.pk,
                subject_label=task.title,
                at=now - timedelta(minutes=task.pk % 1000),
            )
            for task in tasks
            for verb in ("create_task", "start_task")
        ),
        batch_size=200,
    )
    return World(
        size=size,
        user=people[1],
        campaign_id=campaign.pk,
        task_ids=tuple(task.pk for task in tasks),
        item_ids=tuple(item.pk for item in items if item.ticked_at is None),
    )


def make_today(tasks: int) -> Any:
    """A person whose Today holds this many tasks."""
    from django.utils import timezone

    from campaigns.board.models import ChecklistItem, Task
    from tests.factories import CampaignFactory, TeamFactory, UserFactory, join

    now = timezone.now()
    team = TeamFactory(name="今日店铺")
    person = UserFactory(login="today", display_name="林小美")
    join(person, team, "member", "design")
    campaign = CampaignFactory(team=team, name="今日 双11", starts_at=now + timedelta(days=30), created_at=now)
    made = Task.objects.bulk_create(
        (
            Task(
                campaign=campaign,
                code=f"T{index}",
                title=f"{WORK[index % len(WORK)]}第{index}版",
                role="design",
                phase="prep",
                status=("todo", "doing")[index % 2],
                owner=person,
                due_at=now + timedelta(hours=index % 72 - 24),
                planned_due_at=now,
                position=1024.0 * (index + 1),
                created_at=now,
            )
            for index in range(tasks)
        ),
        batch_size=200,
    )
    ChecklistItem.objects.bulk_create(
        (ChecklistItem(task=task, position=1, text="尺寸与文案核对") for task in made[::2]), batch_size=200
    )
    return person
