"""A small world with one of everything, twice: ours, and the same things of another team."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.board.actions import add_evidence, apply_bulk_edit, log_hours
from campaigns.board.models import Comment, Evidence, Task
from campaigns.board.rules import Upload
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.metrics.models import DailyFigure, ImportBatch, KpiTarget, Order
from campaigns.reminders.models import Delivery, Notice
from campaigns.reviews.models import CampaignReview, Lesson
from campaigns.sop.models import PlanGeneration, SopStep, SopTemplate, SopVersion
from staff.accounts.models import Invitation, Link
from staff.people.models import Team, User
from staff.people.queries import actor_for
from staff.runs.models import Run
from staff.tokens.models import ApiToken
from staff.tokens.rules import PREFIX, digest_of
from tests.cast import Cast, make_cast
from tests.factories import (
    PNG,
    CampaignFactory,
    ChecklistItemFactory,
    StoreFactory,
    TaskFactory,
    UserFactory,
    depends,
    hold_role,
    join,
)

PASSWORD = "right-horse-battery"
# Every name of the other team's things has one of these in it, and of ours one of those.
FOREIGN_WORDS = ("别家", "外人", "外二")
OUR_WORDS = ("618 2027", "双11 2027", "青禾旗舰店", "陈主管", "小美", "阿敏", "老周", "老吴")


@dataclass(frozen=True)
class World:
    """`ids` names our rows, `foreign` the same names of the other team; `sibling` is a second campaign of ours."""

    cast: Cast
    gone: User
    ids: dict[str, int] = field(default_factory=dict)
    sibling: dict[str, int] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    # Secrets by actor: one that may only read, one that may do all that its person may.
    readers: dict[str, str] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        """The id of one of our rows or people."""
        return self.ids[name]


def make_world() -> World:
    """Writes all rows."""
    cast = make_cast()
    gone = UserFactory(login="laowu", display_name="老吴", pinyin="laowu lw")
    join(gone, cast.team, "member", "design")
    users = {
        "manager": cast.manager,
        "owner": cast.designer,
        "other": cast.cs,
        "viewer": cast.viewer,
        "outsider": cast.outsider,
        "gone": gone,
    }
    world = World(cast, gone, users=users)
    world.ids.update({name: user.pk for name, user in users.items()})
    world.ids.update(_side(cast.team, cast.manager, cast.designer, cast.cs, "618 2027"))
    world.sibling.update(_side(cast.team, cast.manager, cast.designer, cast.cs, "双11 2027"))
    for name, user in users.items():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        world.readers[name], world.writers[name] = _token(user, may_write=False), _token(user, may_write=True)
    world.ids["token"] = _token_id(users["owner"])
    colleague = UserFactory(login="wai2", display_name="外二", pinyin="waier we")
    join(colleague, cast.other_team, "member", "design")
    world.foreign.update(
        _side(cast.other_team, cast.outsider, colleague, cast.outsider, "别家大促"),
        manager=cast.outsider.pk,
        owner=colleague.pk,
        other=cast.outsider.pk,
        viewer=colleague.pk,
        token=_token_id(cast.outsider),
    )
    return world


def _token(user: User, *, may_write: bool) -> str:
    """A live token of this person; its secret."""
    now, secret = timezone.now(), f"{PREFIX}{user.login}-{may_write}"
    ApiToken.objects.create(
        user=user,
        name="BI",
        digest=digest_of(secret),
        start=secret[:10],
        may_write=may_write,
        epoch=user.epoch,
        created_at=now,
        expires_at=now + timedelta(days=9),
    )
    return secret


def _token_id(user: User) -> int:
    return ApiToken.objects.get(user=user, may_write=False).pk


def _side(team: Team, manager: User, owner: User, other: User, name: str) -> dict[str, int]:
    """One campaign with everything that hangs on it; names → ids."""
    store = StoreFactory(team=team, name=f"{name} 店")
    campaign = CampaignFactory(team=team, store=store, name=name, starts_at=timezone.now() + timedelta(days=60))
    hold_role(campaign, "design", owner)
    routine = CampaignFactory(team=team, name=f"{name} 日常", kind="routine")
    return {
        "team": team.pk,
        "invitation": _invitation(team, manager).pk,
        "store": store.pk,
        "campaign": campaign.pk,
        "routine": routine.pk,
        "archived": CampaignFactory(team=team, name=f"{name} 归档", archived_at=timezone.now()).pk,
        "later_phase": CampaignFactory(team=team, name=f"{name} 执行", phase="execution").pk,
        **_tasks(campaign, manager, owner, other, name),
        **_messages(campaign, owner, name),
        **_figures(campaign, manager, name),
        **_procedure(team, campaign, name),
        "lesson": Lesson.objects.create(
            campaign=campaign,
            kind="keep",
            text=f"{name} 教训",
            owner=owner,
            due_on=timezone.localdate() + timedelta(days=9),
            created_at=timezone.now(),
        ).pk,
        "review": CampaignReview.objects.create(campaign=campaign, notes=f"{name} 备注").pk,
    }


def _invitation(team: Team, manager: User) -> Invitation:
    now = timezone.now()
    link = Link.objects.create(
        purpose="invite",
        digest=f"{team.pk:064}-{Link.objects.count()}"[-64:],
        created_at=now,
        expires_at=now + timedelta(days=2),
    )
    return Invitation.objects.create(
        team=team, link=link, invited_by=manager, address="13900139000", level="member", created_at=now
    )


def _tasks(campaign: Campaign, manager: User, owner: User, other: User, name: str) -> dict[str, int]:
    now = timezone.now()

    def task(what: str, **values: Any) -> Task:
        given = {"role": "design", "owner": owner, "due_at": now + timedelta(days=3), **values}
        return TaskFactory(campaign=campaign, title=f"{name} {what}", **given)

    done = {"status": "done", "done_by": owner, "done_at": now}
    tasks = {
        "task": task("主图", code="P24"),
        "next_task": task("详情页"),
        "unowned": task("短视频", owner=None),
        "blocked": task("样品", status="blocked", status_reason="等"),
        "done": task("卖点", **done),
        "gate": task("定品", is_gate=True, **done),
        "checked": task("文案", status="in_review", reviewer=other),
        "listed": task("上架"),
        "waiting": task("推广"),
        "swept": task("改价"),
        "rush": task("急单", owner=None, created_by=other, created_at=now),
        "finishing": task("精修"),
    }
    items = {
        "item": ChecklistItemFactory(task=tasks["listed"], text=f"{name} 白底"),
        "last_item": ChecklistItemFactory(task=tasks["finishing"], text=f"{name} 出图"),
        "ticked": ChecklistItemFactory(task=tasks["listed"], text=f"{name} 水印", ticked_by=owner, ticked_at=now),
    }
    depends(tasks["waiting"], tasks["next_task"])
    seen, doer = {tasks["swept"].pk: 1}, actor_for(owner)
    edit = apply_bulk_edit(actor=doer, campaign_id=campaign.pk, seen=seen, changes={"urgent": True}, now=now)
    said = Comment.objects.create(task=tasks["task"], author=manager, body=f"{name} 评论", at=now)
    own = Comment.objects.create(task=tasks["task"], author=owner, body=f"{name} 自评", at=now)
    picture = Upload(f"{name}.png", PNG)
    shown = add_evidence(actor=doer, task_id=tasks["task"].pk, upload=picture, note=f"{name} 截图", now=now)
    # At a moment of its own: lines of one moment go back together.
    log_hours(actor=doer, task_id=tasks["swept"].pk, hours=Decimal(1), now=now + timedelta(milliseconds=1))
    change = CampaignEvent.objects.get(campaign=campaign, verb="log_hours").pk
    away = {"deleted_at": now, "deleted_by": owner}
    binned = {
        "binned_task": task("旧主图", created_by=owner, **away).pk,
        "binned_item": ChecklistItemFactory(task=tasks["listed"], text=f"{name} 旧行", **away).pk,
        "binned_comment": Comment.objects.create(
            task=tasks["task"], author=owner, body=f"{name} 旧评", at=now, **away
        ).pk,
        "binned_evidence": Evidence.objects.create(
            task=tasks["task"], url="https://a.test/", added_by=owner, added_at=now, **away
        ).pk,
    }
    pieces = binned | {"comment": said.pk, "own_comment": own.pk, "evidence": shown, "change": change}
    return {"bulk_edit": edit, **pieces, **{each: row.pk for each, row in {**tasks, **items}.items()}}


def _messages(campaign: Campaign, owner: User, name: str) -> dict[str, int]:
    now = timezone.now()

    def delivery(channel: str, state: str) -> Delivery:
        return Delivery.objects.create(
            campaign=campaign,
            recipient=owner,
            kind="due_24h",
            channel=channel,
            subject=f"campaign:{campaign.pk}",
            occurrence="2026-11-24",
            due_at=now,
            next_try_at=now,
            created_at=now,
            state=state,
        )

    sent = delivery("in_app", "sent")
    notice = Notice.objects.create(
        delivery=sent, recipient=owner, text=f"{name} 提醒", link=f"/campaigns/{campaign.pk}/board/", at=now
    )
    return {"dead": delivery("email", "dead").pk, "sent": sent.pk, "notice": notice.pk}


def _figures(campaign: Campaign, manager: User, name: str) -> dict[str, int]:
    now = timezone.now()
    open_run = Run.objects.create(
        team=campaign.team, kind="import_orders", subject_id=10_000 + campaign.pk, created_by=manager, created_at=now
    )
    batch = ImportBatch.objects.create(
        campaign=campaign,
        file_name=f"{name}.csv",
        encoding="utf-8",
        digest=f"{campaign.pk:064}",
        rows=1,
        state="imported",
        result={"orders": 1, "known_orders": 0},
        created_by=manager,
        created_at=now,
    )
    Order.objects.create(
        campaign=campaign,
        batch=batch,
        order_no=f"{name}-1",
        total_amount="100.00",
        received_amount="90.00",
        ordered_at=now,
        paid_at=now,
        paid_on=timezone.localdate(),
    )
    DailyFigure.objects.create(campaign=campaign, on=timezone.localdate(), visitors=1000)
    KpiTarget.objects.create(campaign=campaign, paid_amount="200000.00", updated_at=now)
    return {"run": open_run.pk, "batch": batch.pk}


def _procedure(team: Team, campaign: Campaign, name: str) -> dict[str, int]:
    now = timezone.now()
    template = SopTemplate.objects.create(team=team, key=f"own-{campaign.pk}", name=f"{name} 流程")
    version = SopVersion.objects.create(template=template, number=1, digest=f"{campaign.pk:064}", created_at=now)
    SopStep.objects.create(
        version=version,
        position=1,
        code="P24",
        phase="prep",
        stage="A",
        title=f"{name} 主图",
        role="design",
        due="S-3d",
        hours="2.0",
        checklist=[{"zh": "白底", "en": "White"}],
    )
    PlanGeneration.objects.create(campaign=campaign, version=version, created_at=now)
    return {"version": version.pk, "template": template.pk}


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
