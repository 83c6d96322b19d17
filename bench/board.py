"""How long a change of 500 tasks takes, and what the whole-board read costs without a server.

    python -m bench.board [--postgres] [--rounds 30] [1000 10000]

It makes its own people and tasks in a database of its own (SQLite in a temporary folder; with --postgres a server of
its own on a Unix socket), prints what it measured, and leaves nothing behind.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.world import make_world


@contextmanager
def database(*, on_postgres: bool) -> Iterator[None]:
    """Django, set up on a fresh test database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="planner-bench-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ.pop("DATABASE_URL", None)
        from tests.harness import postgres

        @contextmanager
        def nowhere() -> Iterator[str]:
            yield ""

        with postgres() if on_postgres else nowhere() as url:
            if url:
                os.environ["DATABASE_URL"] = url
            import django
            from django.test.utils import setup_test_environment

            django.setup()
            setup_test_environment()
            from django.db import connection

            name = connection.settings_dict["NAME"]
            connection.creation.create_test_db(verbosity=0, serialize=False)
            try:
                yield
            finally:
                connection.creation.destroy_test_db(str(name), verbosity=0)


def times(do: Callable[[], Any], rounds: int) -> str:
    """Median and 95th percentile of many rounds on the clock, and the median of this process's own work."""
    do()
    found, worked = [], []
    for _ in range(rounds):
        begun, busy = time.perf_counter(), time.process_time()
        do()
        found.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    found.sort()
    late = found[int(len(found) * 0.95) - 1]
    return f"p50 {statistics.median(found):7.1f} ms   p95 {late:7.1f} ms   own work {statistics.median(worked):6.1f} ms"


def measure(size: int, rounds: int) -> None:
    """Prints the figures of one size."""
    import gzip

    from django.test import Client
    from django.urls import reverse

    from campaigns.board.queries import whole_board, whole_board_bytes
    from staff.people.queries import actor_for

    world = make_world(size)
    campaign_id, actor, client = world.campaign_id, actor_for(world.user), Client()
    client.force_login(world.user)
    address = reverse("api:board", args=[campaign_id])
    first = client.get(address)
    etag = {"If-None-Match": first.headers["ETag"]}
    raw, packed = len(first.content) / size, len(gzip.compress(first.content, 6)) / size
    print(f"\n{size:,} tasks: {raw:.0f} B a card, {packed:.0f} B gzipped")
    print(f"  the read alone        {times(lambda: whole_board_bytes(whole_board(actor, campaign_id)), rounds)}")
    print(f"  over the API          {times(lambda: client.get(address), rounds)}")
    print(f"  304 over the API      {times(lambda: client.get(address, headers=etag), rounds)}")
    change_many(actor, campaign_id, min(size, 500))


def change_many(actor: Any, campaign_id: int, count: int) -> None:
    """Prints how long a look, a change and its undo take."""
    from django.utils import timezone

    from campaigns.board.actions import apply_bulk_edit, undo_bulk_edit
    from campaigns.board.models import Task
    from campaigns.board.queries import bulk_preview
    from campaigns.board.rules import BulkChanges

    now = timezone.now()
    seen = dict(Task.objects.filter(campaign_id=campaign_id).values_list("id", "version")[:count])
    changes = BulkChanges(owner_id=actor.user_id, due_shift_days=3, urgent=True)
    begun = time.perf_counter()
    bulk_preview(actor, campaign_id, seen, changes, now)
    looked = time.perf_counter()
    edit_id = apply_bulk_edit(actor=actor, campaign_id=campaign_id, seen=seen, changes=changes, now=now)
    applied = time.perf_counter()
    undo_bulk_edit(actor=actor, edit_id=edit_id, now=now)
    undone = time.perf_counter()
    took = {"preview": looked - begun, "apply": applied - looked, "undo": undone - applied}
    print(f"  {count} tasks at once    " + ", ".join(f"{name} {spent * 1000:.0f} ms" for name, spent in took.items()))


def main() -> None:
    """Reads the arguments and prints the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    with database(on_postgres=asked.postgres):
        from django.db import connection

        print(f"{connection.vendor}, {asked.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for size in asked.sizes:
            measure(size, asked.rounds)


if __name__ == "__main__":
    main()
