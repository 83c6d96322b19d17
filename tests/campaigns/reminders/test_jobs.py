"""The sweep and the command do the same: everything due is written and sent, once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from campaigns.reminders import jobs
from campaigns.reminders.models import Delivery, Notice
from planner.celery import app
from tests.campaigns.reminders.conftest import owned_task
from tests.cast import Cast


@pytest.fixture
def due_now(cast: Cast, campaign: Campaign) -> Task:
    """Due in 23 hours from the real now: jobs and commands read the database's clock."""
    return owned_task(cast, campaign, due_at=timezone.now() + timedelta(hours=23))


@pytest.fixture
def eager() -> Iterator[None]:
    """Runs jobs where they are called."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def test_a_sweep_writes_and_sends_once_however_often_it_runs(due_now: Task, eager: None) -> None:
    for _ in range(3):
        jobs.sweep_reminders.delay()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert Notice.objects.count() == len(mail.outbox) == 1


def test_a_message_for_a_line_that_was_sent_or_is_gone_does_nothing(due_now: Task, eager: None) -> None:
    jobs.sweep_reminders.delay()
    for pk in [*Delivery.objects.values_list("pk", flat=True), 0]:
        jobs.deliver.delay(pk)
    assert Notice.objects.count() == len(mail.outbox) == 1


def test_beat_knows_the_sweep_by_its_name() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} >= {jobs.sweep_reminders.name}


def test_the_command_does_the_same_without_celery(due_now: Task) -> None:
    for expected in ({"planned": 2, "sent": 2}, {"planned": 0}):
        out = StringIO()
        call_command("dispatch", "--once", "--json", stdout=out)
        result = json.loads(out.getvalue())
        assert {name: n for name, n in result.items() if name != "at"} == expected
    assert Notice.objects.count() == len(mail.outbox) == 1
