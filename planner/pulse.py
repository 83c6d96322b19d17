"""Signs of life: a heartbeat takes the way of the work itself.

Of a web process it goes through the threads that answer requests, of a worker through the broker and the pool. So a
process that still runs and no longer works falls silent like a dead one.
"""

import logging
import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from celery.signals import task_success, worker_init, worker_ready, worker_shutting_down
from django.db import Error, close_old_connections
from django.utils import timezone
from kombu import Exchange, Queue

from planner.celery import app
from planner.web.broker import drop_queue, queue_length
from staff.runs import actions
from staff.runs.jobs import beat_heart as beat_heart_job
from staff.runs.jobs import show_alive
from staff.runs.rules import HEART_SECONDS, Life, Part

logger = logging.getLogger(__name__)
# A message in the queue of one worker is unanswered; a second one would say no more.
_UNANSWERED = 1


def new_life(part: Part) -> Life:
    """The life of this process, from now on."""
    return Life(part, platform.node(), os.getpid(), timezone.now())


def runs_here(pid: int) -> bool:
    """Whether this host has a process of this number."""
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


def written(what: str, act: Callable[[], None]) -> None:
    """Writes a sign of life; a database that is gone keeps nobody from working."""
    try:
        close_old_connections()
        act()
    except Error as error:
        logger.warning("%s was not written: %s", what, str(error).strip().split("\n")[0])
    finally:
        close_old_connections()


def begin(life: Life) -> None:
    """Notes that this process has begun."""
    written("the start", lambda: actions.begin_life(life=life, lives=runs_here, now=timezone.now()))


def beat(life: Life) -> None:
    """Notes that this process works."""
    show_alive()
    written("a heartbeat", lambda: actions.beat_heart(life=life, now=timezone.now()))


def end(life: Life) -> None:
    """Forgets this process, which ends as it was asked to."""
    written("the farewell", lambda: actions.end_life(life=life))


class Pulse:
    """Calls `beat` every few seconds in a thread of its own, from `start` until `stop`."""

    def __init__(self, life: Life, beat: Callable[[], None]) -> None:
        self.life = life
        self._beat = beat
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> "Pulse":
        """Begins with the first beat."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends, and says farewell."""
        self._stopped.set()
        end(self.life)

    def _run(self) -> None:
        begin(self.life)
        while True:
            try:
                self._beat()
            except Exception as error:  # noqa: BLE001  whatever it was, the next beat is tried
                logger.warning("a heartbeat failed: %s", error)
            if self._stopped.wait(HEART_SECONDS):
                return


def web_pulse(pool: Executor) -> Pulse:
    """The heartbeat of a web process: through the threads that answer requests."""
    life = new_life(Part.WEB)
    last: list[Future[None]] = []

    def through_the_pool() -> None:
        # While all threads are taken the last beat still waits in the pool's queue.
        if not last or last.pop().done():
            last.append(pool.submit(beat, life))

    return Pulse(life, through_the_pool).start()


class _Worker:
    """The heartbeat of this worker, made when Celery says that there is one."""

    pulse: Pulse | None = None
    queue = ""


@worker_init.connect
def have_a_queue(**_: Any) -> None:
    """Gives this worker a queue of its own, which goes when it is empty."""
    life = new_life(Part.WORKER)
    _Worker.queue = f"heart.{life.host}.{life.pid}.{life.since:%H%M%S%f}"
    queue = app.amqp.queues.select_add(Queue(_Worker.queue, routing_key=_Worker.queue))
    # Celery gives every queue its own exchange; a binding to it would outlive a worker that is killed.
    queue.exchange = Exchange("", type="direct")
    named = {"host": life.host, "pid": life.pid, "since": life.since.isoformat()}

    def through_the_broker() -> None:
        if queue_length(_Worker.queue) < _UNANSWERED:
            beat_heart_job.apply_async(kwargs=named, queue=_Worker.queue, expires=4 * HEART_SECONDS)

    _Worker.pulse = Pulse(life, through_the_broker)


@worker_ready.connect
def start_pulse(**_: Any) -> None:
    """Begins when messages are taken."""
    if _Worker.pulse:
        _Worker.pulse.start()


@worker_shutting_down.connect
def stop_pulse(**_: Any) -> None:
    """Ends with the first wish that the worker stops: from then on it takes nothing new."""
    if _Worker.pulse:
        _Worker.pulse.stop()
        drop_queue(_Worker.queue)


_SWEEPS = {entry["task"]: name for name, entry in app.conf.beat_schedule.items()}


@task_success.connect
def note_sweep(sender: Any = None, **_: Any) -> None:
    """Writes down that a sweep of the beat table came through."""
    if name := _SWEEPS.get(getattr(sender, "name", "")):
        try:
            actions.note_sweep(name=name, now=timezone.now())
        except Error as error:
            logger.warning("the end of sweep %s was not written: %s", name, error)
