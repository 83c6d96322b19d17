"""The palette: what is found, and what can be asked for, in one answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from campaigns.campaign.models import Campaign
from campaigns.campaign.rules import Phase
from campaigns.desk.queries.search import Found, search
from campaigns.desk.queries.search.few import campaign_rows
from campaigns.desk.rules.commands import COMMANDS, Offer, Place, Reader, offers
from campaigns.desk.rules.search import Asked
from planner.web.words import translate
from staff.people.rules import Actor, may_manage, may_work

# Beside what was found; without words all of them are shown.
MOST_OFFERS = 6


@dataclass(frozen=True)
class Palette:
    """What the reader may open or do; `first` are the commands that were named outright."""

    found: Found
    first: tuple[Offer, ...]
    last: tuple[Offer, ...]
    # The campaign in which the reader is and may work.
    here_id: int | None

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to open or to do."""
        return not (self.first or self.last or any(group.total for *_, group in self.found.groups))


def palette(actor: Actor, asked: Asked, campaign_id: int | None, now: datetime) -> Palette:
    """What this text finds, and the commands that it names; `campaign_id` is where the reader is."""
    rows = campaign_rows(actor)
    places = {row.pk: _place(actor, row) for row in rows if campaign_id == row.pk or row.archived_at is None}
    reader = Reader(
        may_work=any(place.may_work for place in places.values()),
        may_manage=any(may_manage(actor, team_id) for team_id in actor.team_ids),
        language=(get_language() or "").lower(),
        here=places.get(campaign_id or 0),
    )
    labels = [translate(command.label) for command in COMMANDS]
    found = offers(reader, asked.words, labels, places.values())[: MOST_OFFERS if asked else None]
    return Palette(
        search(actor, asked, now, campaigns=rows),
        tuple(offer for offer in found if offer.is_sure),
        tuple(offer for offer in found if not offer.is_sure),
        reader.here.id if reader.here and reader.here.may_work else None,
    )


def _place(actor: Actor, row: Campaign) -> Place:
    takes_changes = row.archived_at is None and row.phase != Phase.CLOSED
    return Place(row.pk, row.name, row.pinyin, may_work=takes_changes and may_work(actor, row.team_id))
