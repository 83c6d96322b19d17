"""Measures one database in the surroundings that it was started with, and writes the figures as JSON."""

import argparse
import gzip
import json
import os
import statistics
from pathlib import Path
from typing import Any

from bench import bare, host, wire
from bench.operations import Ask, Operation, Seat, reads, today, writes
from bench.world import World, make_today, make_world

Row = dict[str, Any]


def prepare() -> None:
    """Django in this process, on a database with all tables, with compiled sentences and collected files."""
    from planner import messages

    messages.compile_stale()
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if settings.PRODUCTION:
        call_command("collectstatic", verbosity=0, interactive=False)


def seat(user: Any) -> Seat:
    """A session of this person."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    found = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Seat(session=found, prefix=settings.COOKIE_PREFIX, secure=settings.PRODUCTION)


def queries(user: Any, ask: Ask) -> int:
    """The statements of this request, without those that begin and end transactions."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": host.HOST})
    client.force_login(user)
    kind = dict(ask.headers).get("Content-Type", "")
    with CaptureQueriesContext(connection) as seen:
        client.generic(ask.method, ask.path, ask.body, kind, secure=True, headers=dict(ask.headers))
    around = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(around) for query in seen.captured_queries)


class Turn:
    """Runs operations one after the other; no request is made twice."""

    def __init__(self, server: host.Server, who: Seat, user: Any, rounds: int, seconds: float) -> None:
        self.server, self.who, self.user, self.rounds, self.seconds = server, who, user, rounds, seconds
        self.next = 0

    def row(self, operation: Operation) -> Row:
        """The figures of one."""
        row: Row = {"name": operation.name, "target": operation.target, "allowed": operation.queries}
        one = wire.Wire(self.server.socket)
        try:
            reply = one.ask(self.who.raw(operation.asks(self._take(1))))
        finally:
            one.close()
        if operation.status and reply.status != operation.status:
            return row | {"fault": f"{reply.status} {reply.body[:200].decode(errors='replace')}"}
        row |= {"raw": len(reply.body), "gzip": len(gzip.compress(reply.body, 6)) if reply.body else 0}
        row["queries"] = queries(self.user, operation.asks(self._take(1)))
        row |= _spread(
            wire.clock(self.server.socket, self._raw(operation), self.rounds, self._take(self.rounds + wire.WARMING))
        )
        if reply.body and operation.asks(0).method == "GET":
            # As browsers ask: the answer packed.
            spent = wire.clock(self.server.socket, self._raw(operation, packed=True), self.rounds)
            row["packed_p50"] = round(statistics.median(spent), 2)
        if self.seconds:
            row["rate"] = round(
                wire.load(self.server.socket, self._raw(operation), self.seconds, self._take(20_000)), 1
            )
        return row

    def _raw(self, operation: Operation, *, packed: bool = False) -> Any:
        return lambda index: self.who.raw(operation.asks(index), packed=packed)

    def _take(self, count: int) -> int:
        first, self.next = self.next, self.next + count
        return first


def _spread(spent: list[float]) -> Row:
    return {"p50": round(statistics.median(spent), 2), "p95": round(spent[max(0, int(len(spent) * 0.95) - 1)], 2)}


def floor(server: host.Server, worlds: list[World], rounds: int, seconds: float) -> list[Row]:
    """What the same machine needs for nothing, and for rows alone."""
    found = []
    for name, path in [("constant", "/constant"), *((f"rows of {w.size:,}", f"/rows/{w.campaign_id}") for w in worlds)]:
        request = f"GET {path} HTTP/1.1\r\nHost: {host.HOST}\r\n\r\n".encode()
        row = {"name": name} | _spread(wire.clock(server.socket, lambda _: request, rounds))  # noqa: B023
        if seconds:
            row["rate"] = round(wire.load(server.socket, lambda _: request, seconds, 0), 1)  # noqa: B023
        found.append(row)
    for world in worlds:
        spent = wire.timed(lambda: bare.rows(world.campaign_id), rounds)  # noqa: B023
        found.append({"name": f"rows of {world.size:,}, in the process"} | _spread(spent))
    return found


def measure(asked: argparse.Namespace, folder: Path) -> Row:
    """Everything of this database."""
    from django.conf import settings
    from django.db import connection
    from django.urls import reverse

    worlds = [make_world(size) for size in asked.sizes]
    person = make_today(asked.today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        known = str(cursor.fetchone()[0]).split(" on ")[0]
        known = known if connection.vendor == "postgresql" else f"SQLite {known}"
    result: Row = {"vendor": connection.vendor, "version": known, "sizes": {}, "load": host.load_average()}
    connection.close()
    with host.server(folder, "bench.bare", BENCH_BARE="1") as server:
        result["floor"] = floor(server, worlds, asked.rounds, asked.seconds)
    with host.server(folder) as server:
        result["memory"] = {"fresh": server.memory()}
        for world in worlds:
            turn = Turn(server, seat(world.user), world.user, asked.rounds, asked.seconds)
            one = wire.Wire(server.socket)
            etag = one.ask(turn.who.raw(Ask("GET", reverse("api:board", args=[world.campaign_id])))).headers["etag"]
            one.close()
            rows = [turn.row(each) for each in reads(world, _board_version(world), etag)]
            result["memory"][f"after reading {world.size:,}"] = server.memory()
            rows += [turn.row(each) for each in writes(world)]
            result["sizes"][str(world.size)] = rows
        turn = Turn(server, seat(person), person, asked.rounds, asked.seconds)
        result["today"] = [turn.row(each) for each in today()]
        result["memory"]["at the end"] = server.memory()
    result["shape"] = "production" if settings.PRODUCTION else "embedded"
    return result


def _board_version(world: World) -> int:
    from campaigns.campaign.models import Campaign

    return Campaign.objects.values_list("board_version", flat=True).get(pk=world.campaign_id)


def main() -> None:
    """Reads what is asked and leaves the figures in the file that it names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--sizes", nargs="+", type=int, required=True)
    parser.add_argument("--today", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    prepare()
    asked.out.write_text(json.dumps(measure(asked, Path(os.environ["DATA_DIR"]))))


if __name__ == "__main__":
    main()
