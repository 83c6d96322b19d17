"""How many reminders a worker delivers, in the app and by mail, from rows that came due to mails that were taken.

    python -m bench.worker [--tasks 2000] [--workers 1]

PostgreSQL, broker, worker and beat as in production, a mail server of its own on the loopback; all gone afterwards.
"""

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from bench.host import ROOT, installation

PATIENCE_SECONDS = 600


def due_tasks(count: int) -> None:
    """So many tasks of ten people that came due a minute ago."""
    from django.utils import timezone

    from campaigns.board.models import Task
    from tests.factories import CampaignFactory, TeamFactory, UserFactory, join

    now = timezone.now()
    team, before = TeamFactory(), now - timedelta(days=20)
    people = [UserFactory(login=f"due{index}") for index in range(10)]
    for person in people:
        join(person, team, "member", "ops")
    campaign = CampaignFactory(team=team, starts_at=now + timedelta(days=3), created_at=before)
    Task.objects.bulk_create(
        (
            Task(
                campaign=campaign,
                title=f"主图返工 {index}",
                role="ops",
                owner=people[index % len(people)],
                due_at=now - timedelta(minutes=1),
                planned_due_at=now,
                assigned_at=before,
                created_at=before,
                position=1024.0 * index,
            )
            for index in range(count)
        ),
        batch_size=500,
    )


def part(words: str) -> "subprocess.Popen[bytes]":
    """One process of Celery."""
    command = [sys.executable, "-m", "celery", "-A", "planner", *words.split(), "-l", "ERROR"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def sent_lines() -> tuple[int, Any, Any]:
    """How many lines of the ledger are sent, and when the first and the last were."""
    from django.db.models import Count, Max, Min

    from campaigns.reminders.models import Delivery

    found = Delivery.objects.filter(state="sent").aggregate(n=Count("id"), first=Min("sent_at"), last=Max("sent_at"))
    return found["n"], found["first"], found["last"]


def measure(tasks: int, workers: int) -> None:
    """Prints what was delivered, and how quickly."""
    from bench.one import prepare

    prepare()
    due_tasks(tasks)
    from django.conf import settings

    from tests.chaos.sinks import SmtpSink

    wanted = 2 * tasks
    with SmtpSink() as sink, ExitStack() as stack:
        os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port), "EMAIL_USE_TLS": "0"}
        worker = "worker -c 2 --without-gossip --without-mingle -n w{}@%h"
        parts = [part(worker.format(index)) for index in range(workers)] + [part("beat")]
        for process in parts:
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        begun, sent = time.monotonic(), 0
        while sent < wanted and time.monotonic() - begun < PATIENCE_SECONDS:
            time.sleep(1)
            sent, first, last = sent_lines()
    spent = (last - first).total_seconds() if sent else 0.0
    copies = len(sink.ids()) - len(set(sink.ids()))
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    print(
        f"{workers} worker(s) of 2 processes on {engine}: {sent:,} of {wanted:,}"
        f" messages in {spent:.1f} s, {sent / spent if spent else 0:,.0f} a second,"
        f" {sent / spent * 3600 if spent else 0:,.0f} an hour; {len(sink.mails):,} mails, {copies} of them twice"
    )


def main() -> None:
    """Starts the surroundings, then measures in a process that lives in them."""
    parser = argparse.ArgumentParser(prog="python -m bench.worker", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        measure(asked.tasks, asked.workers)
        return
    with installation("postgresql") as env:
        command = [sys.executable, "-m", "bench.worker", "--inside", *sys.argv[1:]]
        subprocess.run(command, cwd=ROOT, env=env, check=True)


if __name__ == "__main__":
    main()
