"""What sweeps, queues and parts are called where people read of them."""

from planner.core.words import Said, say
from staff.runs.rules import Part

_SWEEPS = {
    "reminders": say("Reminders"),
    "imports": say("Imports of orders"),
    "reviews": say("Reviews to compile"),
    "accounts": say("Links and mails of accounts"),
    "bin": say("Emptying the bin"),
    "kept_answers": say("Dropping kept answers"),
}
_WAITING = {
    "messages": say("Messages to send"),
    "runs": say("Imports and reviews"),
    "account_mails": say("Mails of accounts"),
}
PARTS = {Part.WEB: say("Web"), Part.WORKER: say("Worker"), Part.BEAT: say("Clock (beat)")}


def sweep_name(name: str) -> Said:
    """The name of an entry of the beat table; an unknown one as it is."""
    return _SWEEPS.get(name, Said(name))


def waiting_name(name: str) -> Said:
    """The name of a kind of rows that wait; an unknown one as it is."""
    return _WAITING.get(name, Said(name))
