"""What everything stands on: settings, mail, clocks, disk, backups, the calendar, the secret, built files."""

from collections.abc import Iterator
from datetime import timedelta

from campaigns.upkeep.rules.doctor.findings import Area, Finding, fault, fine, warning
from campaigns.upkeep.rules.facts import Build, Disk, Facts, Mail, Secret, YearState
from planner.core.words import say

MACHINES = {"database": say("database"), "broker": say("broker")}
MEGABYTE = 2**20
# Below this SQLite, uploads and logs stop within days; below the other, within hours.
LITTLE_ROOM, NO_ROOM = 1024 * MEGABYTE, 200 * MEGABYTE
# A lease is two minutes: clocks this far apart let two workers hold one row.
CLOCK_SLIP, CLOCK_BREAK = 5.0, 60.0
OLDEST_BACKUP, LOST_BACKUP = timedelta(hours=26), timedelta(days=7)
OLDEST_SECRET = timedelta(days=2 * 365)
# The State Council's notice for the next year is out by then.
NOTICE_MONTH = 12


def settings(facts: Build) -> Iterator[Finding]:
    """Whether Django itself warns about the settings."""
    if facts.warnings:
        yield warning(
            Area.SETTINGS,
            "checks",
            say("Django warns about the settings: %(names)s", names=", ".join(facts.warnings[:8])),
            say("Run manage.py check --deploy for the whole text."),
        )
    elif facts.is_production:
        yield fine(Area.SETTINGS, say("Production; Django's own checks have nothing to say."))
    else:
        yield fine(Area.SETTINGS, say("Embedded: everything on this machine, in DATA_DIR."))


def mail(facts: Mail) -> Iterator[Finding]:
    """Whether mails can leave; nothing is sent to find out."""
    if not facts.host:
        yield warning(
            Area.MAIL,
            "files",
            say("No mail leaves the house: mails are written to %(folder)s.", folder=facts.folder),
            say("Set EMAIL_HOST and its companions, or tell people to look into the app."),
        )
        return
    server = {"host": facts.host, "port": facts.port}
    if facts.answers is False:
        yield fault(
            Area.MAIL,
            "gone",
            say("The mail server %(host)s:%(port)s cannot be used: %(why)s", why=facts.why, **server),
            say("Mend EMAIL_HOST, EMAIL_PORT or the password. Until then mails are tried again, for hours."),
        )
        return
    if not facts.is_encrypted:
        yield warning(
            Area.MAIL,
            "plain",
            say("Mail and password go to %(host)s:%(port)s in the clear.", **server),
            say("Set EMAIL_USE_TLS=1 (port 587) or EMAIL_USE_SSL=1 (port 465)."),
        )
    elif facts.answers is None:
        yield fine(Area.MAIL, say("Mail goes to %(host)s:%(port)s.", **server))
    elif facts.has_login:
        yield fine(Area.MAIL, say("%(host)s:%(port)s takes our connection, encrypted, and our password.", **server))
    else:
        yield fine(Area.MAIL, say("%(host)s:%(port)s takes our connection, encrypted, without a password.", **server))


def clocks(facts: Facts) -> Iterator[Finding]:
    """Whether the clocks of the machines agree: leases and due moments are read from several of them."""
    names = {"database": facts.database.clock_ahead, "broker": facts.broker.clock_ahead}
    known = {name: ahead for name, ahead in names.items() if ahead is not None}
    wrong = {name: ahead for name, ahead in known.items() if abs(ahead) > CLOCK_SLIP}
    for name, ahead in wrong.items():
        grade = fault if abs(ahead) > CLOCK_BREAK else warning
        yield grade(
            Area.CLOCK,
            name,
            say(
                "The clock of this machine and that of the %(name)s differ by %(seconds)s s.",
                name=MACHINES[name],
                seconds=round(abs(ahead)),
            ),
            say("Let both take the time from the network (chrony, systemd-timesyncd)."),
        )
    if known and not wrong:
        yield fine(
            Area.CLOCK, say("The clocks agree; people read %(zone)s unless they chose another.", zone=facts.build.zone)
        )


def disk(facts: Disk) -> Iterator[Finding]:
    """Whether there is room, and the folders are ours alone."""
    found = [*_folders(facts), *_room(facts)]
    free = {"free": _gigabytes(facts.free), "folder": facts.folder}
    yield from found or [fine(Area.DISK, say("%(free)s GB are free at %(folder)s.", **free))]


def _folders(facts: Disk) -> Iterator[Finding]:
    for folder, writable in ((facts.folder, facts.is_writable), (facts.uploads, facts.uploads_writable)):
        if not writable:
            yield fault(
                Area.DISK,
                "not_writable",
                say("%(folder)s cannot be written.", folder=folder),
                say("Give it to the user that runs the parts (chown), or name another folder."),
            )
    if facts.is_open:
        yield warning(
            Area.DISK,
            "open",
            say("Everybody on this machine can look into %(folder)s.", folder=facts.folder),
            say("Close it: chmod 700 %(folder)s", folder=facts.folder),
        )


def _room(facts: Disk) -> Iterator[Finding]:
    if facts.free is None or facts.free >= LITTLE_ROOM:
        return
    grade = fault if facts.free < NO_ROOM else warning
    yield grade(
        Area.DISK,
        "room",
        say("Only %(free)s MB are free at %(folder)s.", free=facts.free // MEGABYTE, folder=facts.folder),
        say("Make room: old backups and logs first; a full disk stops every write."),
    )


def _gigabytes(size: int | None) -> str:
    return "?" if size is None else f"{size / 2**30:.1f}"


def backup(facts: Facts) -> Iterator[Finding]:
    """Whether there is a young backup where this installation keeps them."""
    newest = facts.backup
    todo = say("Run manage.py backup FILE every night, and keep a copy on another machine.")
    if newest is None:
        yield warning(Area.BACKUP, "none", say("There is no backup in DATA_DIR/backups."), todo)
        return
    age = facts.now - newest.at
    about = {"name": newest.name, "hours": int(age.total_seconds() // 3600), "size": _gigabytes(newest.bytes)}
    if age > OLDEST_BACKUP:
        grade = fault if age > LOST_BACKUP else warning
        yield grade(Area.BACKUP, "old", say("The newest backup, %(name)s, is %(hours)s h old.", **about), todo)
    elif not newest.bytes:
        yield fault(Area.BACKUP, "empty", say("The newest backup, %(name)s, is empty.", **about), todo)
    else:
        yield fine(Area.BACKUP, say("%(name)s is %(hours)s h old and has %(size)s GB.", **about))


def calendar(facts: Facts) -> Iterator[Finding]:
    """Whether the holidays of this year and the next are known."""
    if facts.years is None:
        return
    todo = say("Load the State Council's notice for the year: manage.py load_sop brings the calendar that is shipped.")
    found = []
    for year, state in facts.years.items():
        is_expected = year <= facts.now.year or facts.now.month >= NOTICE_MONTH
        if state is not YearState.OFFICIAL and is_expected:
            what = (
                say("Nothing is known of the holidays of %(year)s: dates count Monday to Friday.", year=year)
                if state is YearState.MISSING
                else say("The holidays of %(year)s are a guess made before the official notice.", year=year)
            )
            found.append(warning(Area.CALENDAR, state.value, what, todo))
    known = ", ".join(str(year) for year, state in facts.years.items() if state is YearState.OFFICIAL)
    yield from found or [fine(Area.CALENDAR, say("Official holidays: %(years)s.", years=known))]


def secret(facts: Facts) -> Iterator[Finding]:
    """Whether the secret key is kept from others; it is never shown."""
    key: Secret = facts.secret
    if key.is_open:
        yield fault(
            Area.SECRET,
            "open",
            say("Others on this machine can read the secret key: with it anybody can sign in as anybody."),
            say("Close the file (chmod 600 DATA_DIR/secret_key); who may have read it makes a new key necessary."),
        )
    elif key.made_at and facts.now - key.made_at > OLDEST_SECRET:
        yield warning(
            Area.SECRET,
            "old",
            say("The secret key is more than two years old."),
            say("Change it when people can sign in anew; open links and second steps become void."),
        )
    elif key.is_file:
        yield fine(Area.SECRET, say("The secret key is in a file of its own that nobody else may read."))
    else:
        yield fine(Area.SECRET, say("The secret key comes from the environment."))


def files(facts: Build) -> Iterator[Finding]:
    """Whether what is built before the start is there."""
    if facts.has_static is False:
        yield fault(
            Area.FILES,
            "static",
            say("The static files are not collected: pages have no look and no script."),
            say("Run manage.py collectstatic --no-input into STATIC_ROOT."),
        )
    if not facts.has_messages:
        yield fault(
            Area.FILES,
            "messages",
            say("The Chinese sentences are not compiled, or older than their source: pages are in English."),
            say("Run python -m planner.messages compile."),
        )
    if facts.has_static is not False and facts.has_messages:
        yield fine(
            Area.FILES, say("Static files and sentences are there. No fonts are needed: browsers draw everything.")
        )
