"""The demonstration, played through the verbs that people use: nothing here writes a row itself."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from graphlib import TopologicalSorter
from zoneinfo import ZoneInfo

from django.db import transaction

from campaigns.board.actions import (
    accept_rush,
    add_comment,
    assign_task,
    block_task,
    complete_task,
    confirm_gate,
    create_request,
    edit_task,
    send_to_review,
    start_task,
    tick_item,
)
from campaigns.board.rules import Brief, TaskChanges
from campaigns.campaign.actions import create_campaign
from campaigns.campaign.rules import Kind, Phase
from campaigns.demo.queries import PlayedTask, has_teams, plan_to_play
from campaigns.demo.rules import (
    HOLDERS,
    PASSWORD,
    PEOPLE,
    REQUESTS,
    SEED,
    TEAM,
    demo_dates,
    demo_order_file,
    demo_visitors,
)
from campaigns.metrics.actions import run_import, set_daily_figures, set_target, start_import
from campaigns.phases.actions import advance_phase
from campaigns.reviews.actions import add_lesson, compile_review, write_notes
from campaigns.sop.actions import create_campaign_from_sop
from campaigns.sop.queries import newest_version
from planner.core.errors import Refused
from planner.core.words import say
from staff.people.actions import add_person, create_team, set_guide
from staff.people.queries import actor_by_id
from staff.people.rules import SYSTEM, Actor, Role

ZONE = "Asia/Shanghai"
# More than one person does these roles' work.
SHARED = {
    Role.OPS: ("wanglu", "lixiang", "wanglu"),
    Role.DESIGN: ("xiaomei", "zhaojie"),
    Role.CS: ("zhoumin", "sunyue", "wutong"),
}
PREPARED = timedelta(days=60)


@dataclass(frozen=True)
class _Stage:
    """Team, people and procedure of the demonstration."""

    team_id: int
    actors: Mapping[str, Actor]
    users: Mapping[str, int]
    version_id: int

    @property
    def lead(self) -> Actor:
        return self.actors["chenjing"]

    def by_user(self, user_id: int | None) -> Actor:
        return next((actor for actor in self.actors.values() if actor.user_id == user_id), self.lead)


@dataclass(frozen=True)
class DemoResult:
    """What the demonstration made."""

    team: str
    password: str
    logins: tuple[tuple[str, str], ...]
    campaigns: tuple[int, ...]


@transaction.atomic
def build_demo(*, actor: Actor, now: datetime) -> DemoResult:
    """A team of nine with a campaign ahead, one running and one closed; refused where a team works already."""
    if has_teams():
        raise Refused("not_empty", say("There is a team here already: the demonstration wants an empty database."))
    stage = _set_stage(actor, now)
    _found_routine(stage, now)
    dates = demo_dates(now.astimezone(ZoneInfo(ZONE)).date(), ZoneInfo(ZONE))
    closed = _play_closed(stage, *dates.last_double11)
    running = _play_running(stage, *dates.running, now=now)
    ahead = _create(stage, f"618 {dates.next_618[0].year}", *dates.next_618, now=now)
    _ask_designers(stage, {"running": running, "ahead": ahead}, now)
    logins = tuple((person.login, person.name) for person in PEOPLE)
    return DemoResult(TEAM, PASSWORD, logins, (ahead, running, closed))


def _set_stage(actor: Actor, now: datetime) -> _Stage:
    founded = now - timedelta(days=500)
    team_id = create_team(actor=actor, name=TEAM, zone=ZONE, now=founded)
    users = {
        person.login: add_person(
            actor=actor,
            team_id=team_id,
            login=person.login,
            name=person.name,
            password=PASSWORD,
            level=person.level,
            roles=person.roles,
            email=f"{person.login}@team.example",
            now=founded,
        )
        for person in PEOPLE
    }
    actors = {login: actor_by_id(user_id) or SYSTEM for login, user_id in users.items()}
    for person in actors.values():
        # They have long been through their first steps.
        set_guide(actor=person, is_open=False, now=founded)
    return _Stage(team_id, actors, users, newest_version(SYSTEM, team_id, "double11"))


def _found_routine(stage: _Stage, now: datetime) -> None:
    """The team's everyday work: improvements from reviews land there."""
    day = now.astimezone(ZoneInfo(ZONE)).date()
    create_campaign(
        actor=stage.lead,
        team_id=stage.team_id,
        name="日常运营",
        platforms=("tmall", "jd", "douyin"),
        starts_at=datetime.combine(day - timedelta(days=499), time(9), ZoneInfo(ZONE)),
        ends_at=datetime.combine(day + timedelta(days=365), time(18), ZoneInfo(ZONE)),
        kind=Kind.ROUTINE,
        now=now - timedelta(days=499),
    )


def _create(stage: _Stage, name: str, starts_at: datetime, ends_at: datetime, *, now: datetime) -> int:
    campaign_id = create_campaign_from_sop(
        actor=stage.lead,
        team_id=stage.team_id,
        name=name,
        platforms=("tmall", "jd", "douyin"),
        starts_at=starts_at,
        ends_at=ends_at,
        version_id=stage.version_id,
        new_store=TEAM,
        roles={role: stage.users[login] for role, login in HOLDERS.items()},
        now=now,
    )
    turns = dict.fromkeys(SHARED, 0)
    for task in plan_to_play(campaign_id):
        if task.role in SHARED:
            login = SHARED[task.role][turns[task.role] % len(SHARED[task.role])]
            turns[task.role] += 1
            if stage.users[login] != task.owner_id:
                assign_task(actor=stage.lead, task_id=task.id, owner_id=stage.users[login], now=now)
    return campaign_id


def _finish(stage: _Stage, task: PlayedTask, moment: datetime, dice: random.Random) -> None:
    """Ticks everything, marks the task done and, for a gate, has a second person confirm it."""
    owner = stage.by_user(task.owner_id)
    for item_id in task.item_ids:
        tick_item(actor=owner, item_id=item_id, now=moment)
    spent = (task.hours * Decimal(dice.choice(("0.8", "1", "1", "1.2", "1.5")))).quantize(Decimal("0.5"))
    complete_task(actor=owner, task_id=task.id, actual_hours=max(spent, Decimal("0.5")), now=moment)
    if task.is_gate:
        second = stage.actors["lixiang"] if owner.user_id == stage.lead.user_id else stage.lead
        confirm_gate(actor=second, task_id=task.id, now=moment + timedelta(minutes=20))


def _done_at(tasks: list[PlayedTask], limit: Mapping[Phase, datetime], dice: random.Random) -> dict[int, datetime]:
    """When each task gets done: mostly hours before its due, one in seven late, never before what it waits for."""
    done: dict[int, datetime] = {}
    by_id = {task.id: task for task in tasks}
    # Not by due moment: one that was postponed may be due after the tasks that wait for it.
    order = TopologicalSorter({task.id: task.predecessor_ids for task in tasks}).static_order()
    for task in (by_id[pk] for pk in order if pk in by_id):
        late = dice.random() < 0.14
        hours = dice.uniform(3, 30) if late else -dice.uniform(1, 20)
        moment = min(task.due_at + timedelta(hours=hours), limit.get(task.phase, task.due_at + timedelta(days=9)))
        waited = [done[before] + timedelta(minutes=5) for before in task.predecessor_ids if before in done]
        done[task.id] = max([moment, *waited])
    return done


def _play(stage: _Stage, campaign_id: int, moments: Mapping[int, datetime], script: dict[datetime, Callable[[], None]],
          until: datetime) -> None:  # fmt: skip
    """Everything in the order in which it happened, up to `until`."""
    dice = random.Random(SEED + campaign_id)  # nosec B311 # no secret
    tasks = {task.id: task for task in plan_to_play(campaign_id)}
    steps: list[tuple[datetime, int, Callable[[], None]]] = [(at, -1, act) for at, act in script.items()]
    for task_id, moment in moments.items():
        task = tasks[task_id]
        steps.append((moment, task_id, lambda task=task, moment=moment: _finish(stage, task, moment, dice)))  # type: ignore[misc]
    for moment, _, act in sorted(steps, key=lambda step: step[:2]):
        if moment <= until:
            act()


def _go_on(stage: _Stage, campaign_id: int, to: Phase, at: datetime, reason: str = "") -> Callable[[], None]:
    return lambda: advance_phase(actor=stage.lead, campaign_id=campaign_id, to=to, override_reason=reason, now=at)


def _play_closed(stage: _Stage, starts_at: datetime, ends_at: datetime) -> int:
    born = starts_at - PREPARED - timedelta(days=2)
    name = f"双11 {starts_at.year}"
    campaign_id = _create(stage, name, starts_at, ends_at, now=born)
    dice = random.Random(SEED)  # nosec B311 # no secret
    tasks = plan_to_play(campaign_id)
    for task in tasks:
        if task.code in {"P22", "P26", "P52", "P58"}:
            later = TaskChanges(due_at=task.due_at + timedelta(days=1))
            edit_task(actor=stage.lead, task_id=task.id, changes=later, now=task.start_at - timedelta(hours=4))
    limit = {Phase.PREP: starts_at - timedelta(hours=3), Phase.EXECUTION: ends_at - timedelta(hours=1)}
    moments = _done_at(plan_to_play(campaign_id), limit, dice)
    by_code = {task.code: task for task in tasks}
    # The closing night was signed a little after the end: the one override of the campaign.
    moments[by_code["X22"].id] = ends_at + timedelta(minutes=40)
    for task in tasks:
        if task.phase is Phase.WRAP_UP:
            before = [moments[pk] for pk in task.predecessor_ids]
            moments[task.id] = max([moments[task.id], *(moment + timedelta(minutes=5) for moment in before)])
    review, end = ends_at + timedelta(days=4), ends_at + timedelta(days=24)
    script = {
        starts_at - timedelta(minutes=30): _go_on(stage, campaign_id, Phase.EXECUTION, starts_at),
        ends_at + timedelta(minutes=10): _go_on(
            stage, campaign_id, Phase.WRAP_UP, ends_at, "收官夜值守单在交接班后补签，优惠已按时失效"
        ),
        review: lambda: _review(stage, campaign_id, starts_at, ends_at, review),
        end: lambda: _close(stage, campaign_id, end),
    }
    _play(stage, campaign_id, moments, script, until=end)
    return campaign_id


def _review(stage: _Stage, campaign_id: int, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Figures in, then into the review."""
    ops = stage.actors["wanglu"]
    set_target(
        actor=stage.lead,
        campaign_id=campaign_id,
        paid_amount=Decimal(820_000),
        visitors=92_000,
        conversion=Decimal("4.7"),
        now=starts_at - timedelta(days=50),
    )
    set_daily_figures(actor=ops, campaign_id=campaign_id, visitors=demo_visitors(starts_at, ends_at), now=now)
    file_name = f"ExportOrderList_{ends_at:%Y%m%d}.csv"
    data = demo_order_file(starts_at, ends_at)
    started = start_import(actor=ops, campaign_id=campaign_id, file_name=file_name, data=data, now=now)
    run_import(run_id=started.run_id, clock=lambda: now)
    advance_phase(actor=stage.lead, campaign_id=campaign_id, to=Phase.REVIEW, now=now)


def _close(stage: _Stage, campaign_id: int, now: datetime) -> None:
    """Lessons, notes, the compiled review, and the end."""
    day = now.date()
    lessons = (
        ("keep", "开售前 2 小时双人核价，开售首小时零错价，下次照做", "wanglu", 30),
        ("stop", "停止在国庆假期内安排主图定稿，设计两次延期都在假期", "xiaomei", 30),
        ("improve", "详情页拍摄提前到 S-30d，给精修留出 3 个工作日", "zhaojie", 14),
        ("improve", "第二波满减门槛改动后，自动核对客服话术与页面文案", "lixiang", 20),
    )
    for kind, text, login, days in lessons:
        add_lesson(
            actor=stage.lead,
            campaign_id=campaign_id,
            kind=kind,
            text=text,
            owner_id=stage.users[login],
            due_on=day + timedelta(days=days),
            now=now,
        )
    notes = "开门红当日流量好于预期，转化被 11 月 3 日的缺货拖累；退款集中在尺码不符，详情页尺码表下次前置。"
    write_notes(actor=stage.lead, campaign_id=campaign_id, notes=notes, version=1, now=now)
    compile_review(actor=SYSTEM, campaign_id=campaign_id, now=now)
    advance_phase(actor=stage.lead, campaign_id=campaign_id, to=Phase.CLOSED, now=now)


def _play_running(stage: _Stage, starts_at: datetime, ends_at: datetime, *, now: datetime) -> int:
    born = starts_at - PREPARED - timedelta(days=1)
    campaign_id = _create(stage, "店庆周年大促", starts_at, ends_at, now=born)
    target = {"paid_amount": Decimal(480_000), "visitors": 80_000, "conversion": Decimal(4)}
    set_target(actor=stage.lead, campaign_id=campaign_id, now=born, **target)  # type: ignore[arg-type]
    limit = {Phase.PREP: starts_at - timedelta(hours=3)}
    moments = _done_at(plan_to_play(campaign_id), limit, random.Random(SEED + 7))  # nosec B311 # no secret
    by_code = {task.code: task for task in plan_to_play(campaign_id)}
    stuck = ("X08", "X13", "X14")
    moments = {pk: at for pk, at in moments.items() if pk not in {by_code[code].id for code in stuck}}
    opened = starts_at - timedelta(minutes=30)
    yesterday = now - timedelta(hours=20)
    _play(stage, campaign_id, moments, {opened: _go_on(stage, campaign_id, Phase.EXECUTION, opened)}, until=yesterday)
    _leave_open(stage, by_code, yesterday)
    return campaign_id


def _ask_designers(stage: _Stage, campaigns: Mapping[str, int], now: datetime) -> None:
    """Design requests as they come in: one in good time, two rushes that wait, and two that are accepted."""
    for asked in REQUESTS:
        task_id = create_request(
            actor=stage.actors[asked.requester],
            campaign_id=campaigns[asked.campaign],
            title=asked.title,
            brief=Brief(asked.purpose, asked.sizes),
            due_at=now.replace(minute=0, second=0, microsecond=0) + timedelta(days=asked.due_days),
            priority=asked.priority,
            estimate_hours=Decimal(asked.hours),
            now=now - timedelta(days=asked.days_ago),
        )
        if asked.designer:
            if asked.is_rush:
                accept_rush(actor=stage.lead, task_id=task_id, now=now - timedelta(hours=30))
            assign_task(actor=stage.lead, task_id=task_id, owner_id=stage.users[asked.designer], now=now)


def _leave_open(stage: _Stage, by_code: Mapping[str, PlayedTask], at: datetime) -> None:
    """What a live campaign looks like: something late, something stuck, something waiting for a second look."""

    def owner(code: str) -> Actor:
        return stage.by_user(by_code[code].owner_id)

    start_task(actor=owner("X08"), task_id=by_code["X08"].id, now=at)
    for item_id in by_code["X08"].item_ids[:2]:
        tick_item(actor=owner("X08"), item_id=item_id, now=at)
    send_to_review(
        actor=owner("X08"), task_id=by_code["X08"].id, reviewer_id=stage.users["chenjing"], now=at + timedelta(hours=1)
    )
    block_task(actor=owner("X13"), task_id=by_code["X13"].id, reason="竞品详情页改版，价格口径待运营主管确认", now=at)
    start_task(actor=owner("X14"), task_id=by_code["X14"].id, now=at)
    add_comment(
        actor=owner("X14"), task_id=by_code["X14"].id, body="@陈静 两条差评涉及错发，赔付额度需要你确认。", now=at
    )
    assign_task(actor=stage.lead, task_id=by_code["X19"].id, owner_id=None, now=at)
