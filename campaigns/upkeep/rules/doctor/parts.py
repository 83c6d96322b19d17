"""What works on later work: database, broker, processes, sweeps, and what waits for them."""

from collections.abc import Iterator

from campaigns.upkeep.rules.doctor.findings import Area, Finding, fault, fine, warning
from campaigns.upkeep.rules.facts import Broker, Database, Facts, Sweep
from campaigns.upkeep.rules.health import LONGEST_LAG, NEEDED, is_silent
from campaigns.upkeep.rules.names import sweep_name, waiting_name
from planner.core.words import Said, say
from staff.runs.rules import Part, Sign

AREAS = {Part.WEB: Area.WEB, Part.WORKER: Area.WORKER, Part.BEAT: Area.BEAT}
# Connections that PostgreSQL keeps for its owner, for backups and for whoever looks after it.
KEPT_FREE = 10
# A sweep that missed this many rounds has stopped; a short one gets a minute.
MISSED_ROUNDS = 3
SHORTEST_PATIENCE = 60.0
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def database(facts: Database) -> Iterator[Finding]:
    """Whether the rows can be reached, are this version's, and are kept safely."""
    name = ENGINES.get(facts.engine, facts.engine)
    if not facts.answers:
        yield fault(
            Area.DATABASE,
            "gone",
            say("%(name)s does not answer: %(why)s", name=name, why=facts.why),
            say("Start it, or mend DATABASE_URL. Nothing is lost meanwhile, and nothing can be done."),
        )
        return
    found = [*_tables(facts), *_journal(facts), *_connections(facts)]
    yield from found or [fine(Area.DATABASE, say("%(name)s %(version)s answers.", name=name, version=facts.version))]


def _tables(facts: Database) -> Iterator[Finding]:
    if facts.pending:
        yield fault(
            Area.DATABASE,
            "not_migrated",
            say("It lacks tables of this version: %(names)s", names=", ".join(facts.pending[:5])),
            say("Run manage.py migrate, then start the parts again."),
        )


def journal_why(facts: Database) -> Said | None:
    """Why SQLite journals as it does; None for other databases."""
    if facts.engine != "sqlite" or not facts.answers:
        return None
    if facts.journal_due == "WAL":
        return say("WAL: SQLite %(version)s is free of the WAL-reset race.", version=facts.version)
    return say(
        "DELETE: SQLite %(version)s has the WAL-reset race, which can corrupt a file; slower under many writers, safe.",
        version=facts.version,
    )


def _journal(facts: Database) -> Iterator[Finding]:
    if facts.engine != "sqlite":
        return
    if facts.journal.upper() not in {facts.journal_due, "MEMORY"}:
        yield fault(
            Area.DATABASE,
            "journal",
            say("SQLite journals in mode %(mode)s, not %(due)s.", mode=facts.journal.upper(), due=facts.journal_due),
            say("Stop everything that has the file open, then start again: the mode is set with each connection."),
        )
    if facts.synchronous != "2":
        yield fault(
            Area.DATABASE,
            "synchronous",
            say("SQLite does not wait for the disk: a power cut may take back what was answered as saved."),
            say("Remove what sets PRAGMA synchronous: the settings ask for FULL."),
        )


def _connections(facts: Database) -> Iterator[Finding]:
    most, now, pools = facts.most_connections, facts.connections, facts.pools
    if most is None:
        return
    if pools is not None and pools > most - KEPT_FREE:
        yield warning(
            Area.DATABASE,
            "pools",
            say("The web may open %(pools)s connections, and PostgreSQL takes %(most)s.", pools=pools, most=most),
            say(
                "Raise max_connections above the sum of all pools and %(kept)s more, or lower WEB_WORKERS.",
                kept=KEPT_FREE,
            ),
        )
    if now is not None and now > most - KEPT_FREE:
        yield warning(
            Area.DATABASE,
            "connections",
            say("%(now)s of %(most)s connections are open.", now=now, most=most),
            say("Raise max_connections, or run fewer processes."),
        )


def broker(facts: Broker) -> Iterator[Finding]:
    """Whether messages travel, and outlive a restart of the broker."""
    if not facts.answers:
        yield fault(
            Area.BROKER,
            "gone",
            say("The broker does not answer: %(why)s", why=facts.why),
            say("See its log in DATA_DIR/logs, or start again; reminders are late meanwhile, none is lost.")
            if facts.is_embedded
            else say("Start Redis, or mend REDIS_URL; reminders are late meanwhile, none is lost."),
        )
        return
    found = [*_broker_settings(facts)]
    yield from found or [fine(Area.BROKER, say("Redis or Valkey %(version)s answers.", version=facts.version))]


def _broker_settings(facts: Broker) -> Iterator[Finding]:
    if facts.keeps_queue is False:
        yield warning(
            Area.BROKER,
            "not_kept",
            say("The broker keeps its queue in memory alone."),
            say("Set appendonly yes: without it a restart costs a round of each sweep."),
        )
    if facts.policy and facts.policy != "noeviction":
        yield warning(
            Area.BROKER,
            "evicts",
            say("The broker throws messages away when its memory is full (%(policy)s).", policy=facts.policy),
            say("Set maxmemory-policy noeviction."),
        )


def processes(facts: Facts) -> Iterator[Finding]:
    """Whether every part has a process, none is silent, and all run one version."""
    if not facts.database.answers:
        return
    for part in Part:
        signs = [sign for sign in facts.signs if sign.life.part is part]
        yield from _part(part, signs, facts) or ()


def _part(part: Part, signs: list[Sign], facts: Facts) -> list[Finding]:
    area = AREAS[part]
    silent = [sign for sign in signs if is_silent(sign.age(facts.now))]
    if not signs:
        return [_absent(part)] if part in NEEDED else []
    found = [_silent(area, sign, len(signs) - len(silent), facts) for sign in silent]
    old = [sign for sign in signs if sign.version != facts.build.version and sign not in silent]
    found += [
        warning(
            area,
            "version",
            say(
                "Process %(pid)s on %(host)s runs version %(theirs)s, this one is %(ours)s.",
                pid=sign.life.pid,
                host=sign.life.host,
                theirs=sign.version,
                ours=facts.build.version,
            ),
            say("Start it again from the new version."),
        )
        for sign in old
    ]
    return found or [fine(area, say("%(count)s at work.", count=len(signs)))]


def _absent(part: Part) -> Finding:
    what = {
        Part.WORKER: say("No worker has shown itself: nobody is reminded, imported for or reviewed."),
        Part.BEAT: say("The clock has not shown itself: nothing is swept."),
    }
    todo = {
        Part.WORKER: say("Start one: celery -A planner worker; what waits is taken up at once."),
        Part.BEAT: say("Start it: celery -A planner beat; what fell due is found at once."),
    }
    return fault(AREAS[part], "absent", what[part], todo[part])


def _silent(area: Area, sign: Sign, others: int, facts: Facts) -> Finding:
    life, seconds = sign.life, round(sign.age(facts.now))
    where = {"pid": life.pid, "host": life.host, "seconds": seconds}
    what = (
        say(
            "Process %(pid)s on %(host)s has been silent for %(seconds)s s; %(others)s more at work.",
            others=others,
            **where,
        )
        if others
        else say("Process %(pid)s on %(host)s has been silent for %(seconds)s s, and there is no other.", **where)
    )
    todo = say(
        "It is dead, stopped, or stuck in its work: see its log and start it again."
        " What was taken away on purpose leaves here after an hour."
    )
    return fault(area, "silent", what, todo)


def is_late(sweep: Sweep, facts: Facts) -> bool:
    """True for a sweep that should have come through by now; one that never did is late with the clock at work."""
    if sweep.done_at is None:
        since = [sign.life.since for sign in facts.signs if sign.life.part is Part.BEAT]
        return bool(since) and (facts.now - min(since)).total_seconds() > SHORTEST_PATIENCE
    age = (facts.now - sweep.done_at).total_seconds()
    return age > max(sweep.every * MISSED_ROUNDS, SHORTEST_PATIENCE)


def sweeps(facts: Facts) -> Iterator[Finding]:
    """Whether every sweep comes through, and takes what it is there for."""
    late = [sweep for sweep in facts.sweeps if is_late(sweep, facts)]
    for sweep in late:
        yield fault(
            Area.SWEEPS,
            "late",
            say("A sweep has not come through in time: %(name)s.", name=sweep_name(sweep.name)),
            say("See the worker's log for it; where the worker is silent, mend that first."),
        )
    if facts.sweeps and not late:
        done = sum(sweep.done_at is not None for sweep in facts.sweeps)
        yield fine(Area.SWEEPS, say("%(done)s of %(all)s sweeps have come through.", done=done, all=len(facts.sweeps)))
    slow = [
        each for each in facts.waiting if each.oldest_at and (facts.now - each.oldest_at).total_seconds() > LONGEST_LAG
    ]
    for each in slow:
        yield fault(
            Area.WAITING,
            "behind",
            say(
                "%(name)s: %(count)s wait, the first since %(minutes)s min.",
                count=each.count,
                name=waiting_name(each.name),
                minutes=_minutes(each.oldest_at, facts),
            ),
            say("Look at worker and broker above; where they are well, start more workers."),
        )
    if facts.waiting and not slow:
        yield fine(Area.WAITING, say("Nothing waits for long."))


def _minutes(at: object, facts: Facts) -> int:
    return int((facts.now - at).total_seconds() // 60)  # type: ignore[operator]
