"""`python -m planner.serve.prepare`: messages, migrations, the SOP, and the demo where the database is empty."""

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import OperationalError
from django.utils import timezone

from planner import env, messages
from planner.web.broker import broker_answers


def say(line: str) -> None:
    """One line for the person at the console, at once."""
    print(line, flush=True)  # noqa: T201


def migrate() -> None:
    """Brings the database to this version's tables."""
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)


def load_sop() -> None:
    """Loads the SOP that the product ships; loading twice changes nothing."""
    if "load_sop" in get_commands():
        with redirect_stdout(io.StringIO()):
            call_command("load_sop")


def load_demo() -> None:
    """Fills an empty database with the demo and keeps the log-ins that it prints."""
    from staff.people.models import Membership, Team  # models can be imported only now

    if env.flag("NO_DEMO") or "demo" not in get_commands() or Team.objects.exists():
        return
    say("Loading the demo …")
    printed = io.StringIO()
    with redirect_stdout(printed):
        call_command("demo", json=True)
    made = json.loads(printed.getvalue())
    seats = {
        seat.user.login: f"{seat.level:<8} {', '.join(role.role for role in seat.roles.all())}"
        for seat in Membership.objects.select_related("user").prefetch_related("roles")
    }
    people = [f"  {login:<12} {name:<6} {seats.get(login, '')}".rstrip() for login, name in made["logins"].items()]
    lines = [f"Demo log-ins, each with the password {made['password']}:", *people]
    keep(settings.DATA_DIR / "demo_logins.txt", "\n".join(lines) + "\n")


def leave_setup_token() -> None:
    """Leaves a fresh set-up token where there is no team yet; the console takes the file away when it prints it."""
    from staff.accounts.actions.setup import issue_setup_token  # as above

    path = settings.DATA_DIR / "setup_token"
    path.unlink(missing_ok=True)
    token = issue_setup_token(now=timezone.now())
    if token:
        keep(path, token)


def keep(path: Path, text: str) -> None:
    """Writes a file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def main() -> int:
    """0 when everything is ready; else one line that says what failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
    try:
        messages.compile_stale()
        django.setup()
        if settings.REDIS_URL and not broker_answers():
            say(
                "REDIS_URL does not answer: start that Redis, or leave REDIS_URL out to use the broker that comes along"
            )
            return 1
        migrate()
        load_sop()
        load_demo()
        leave_setup_token()
    except OperationalError as error:
        say(f"The database cannot be used: {str(error).strip().splitlines()[0]}")
        return 1
    except Exception as error:  # noqa: BLE001  whatever it is, the console gets one line and the log the rest
        log = settings.DATA_DIR / "logs" / "prepare.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(traceback.format_exc())
        said = str(error).strip().splitlines()
        say(f"Preparing failed: {type(error).__name__}: {said[0] if said else ''} (more in {log})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
