"""The form for a new design request."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.board.rules import Hint, first_calm_day, hint_of
from campaigns.desk.queries.requests.rows import running
from planner.core.errors import NotAllowed
from planner.core.words import say
from staff.people.queries import people_of
from staff.people.rules import Actor, Level, Role, may_manage, may_work


@dataclass(frozen=True)
class NewRequestScreen:
    """What the form for a new request offers this person."""

    # (id, name): campaigns to ask for, and those whom this person may name as designer.
    campaigns: tuple[tuple[int, str], ...]
    owners: tuple[tuple[int, str], ...]
    hint: Hint
    first_calm: datetime


def new_request_screen(
    actor: Actor, now: datetime, *, for_campaign: int | None = None, due_at: datetime | None = None
) -> NewRequestScreen:
    """The form for a new request with what a need date means; refuses who may ask in no campaign."""
    open_ones = [campaign for campaign in running(actor) if may_work(actor, campaign.team_id)]
    if not open_ones:
        raise NotAllowed("no_campaign", say("There is no running campaign in which you may ask for something."))
    chosen = next((campaign for campaign in open_ones if campaign.id == for_campaign), open_ones[0])
    managed = {campaign.team_id for campaign in open_ones if may_manage(actor, campaign.team_id)}
    owners = {
        person.user_id: person.name
        for team_id in sorted(managed)
        for person in people_of(actor, team_id)
        if person.level is not Level.VIEWER and Role.DESIGN in person.roles
    }
    return NewRequestScreen(
        campaigns=tuple((campaign.id, campaign.name) for campaign in open_ones),
        owners=tuple(owners.items()),
        hint=hint_of(now, due_at, chosen.zone, manages=may_manage(actor, chosen.team_id)),
        first_calm=first_calm_day(now, chosen.zone),
    )
