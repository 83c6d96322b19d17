"""What a campaign is: kinds, phases, platforms, anchors, and who may change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from planner.core.errors import NotAllowed, Refused
from planner.core.words import Said, say
from staff.people.rules import Actor, Role, check_manage


class Kind(StrEnum):
    """A promotion runs through phases and gates; routine work does not."""

    PROMOTION = "promotion"
    ROUTINE = "routine"


class Phase(StrEnum):
    """Where the team is."""

    PREP = "prep"
    EXECUTION = "execution"
    WRAP_UP = "wrap_up"
    REVIEW = "review"
    CLOSED = "closed"


class Platform(StrEnum):
    """Where the shop sells."""

    TMALL = "tmall"
    JD = "jd"
    DOUYIN = "douyin"
    PDD = "pdd"
    B2B_1688 = "1688"


class Anchor(StrEnum):
    """The dated moments that SOP steps hang on."""

    START = "S"
    END = "E"
    PRESALE_START = "presale_start"
    WAVE2_START = "wave2_start"
    PRICE_PROTECT_END = "price_protect_end"


OPTIONAL_ANCHORS = (Anchor.PRESALE_START, Anchor.WAVE2_START, Anchor.PRICE_PROTECT_END)
EVENT_LABEL_LENGTH = 200
NAME_LENGTH = 80
# Full pinyin and initials of a name of that length.
PINYIN_LENGTH = 600
REASON_LENGTH = 1000
STORE_NAME_LENGTH = 60
# Beyond these a date is a slip, and its plan would reach over the calendar's ends.
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign as the verbs of other slices need it."""

    id: int
    team_id: int
    name: str
    kind: Kind
    platforms: tuple[str, ...]
    phase: Phase
    starts_at: datetime
    ends_at: datetime
    zone: str
    version: int
    board_version: int
    store_name: str = ""
    archived_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """True when the review is over and nothing changes any more."""
        return self.phase is Phase.CLOSED

    @property
    def is_archived(self) -> bool:
        """True while it lies in the archive."""
        return self.archived_at is not None

    @property
    def is_frozen(self) -> bool:
        """True while nothing in it changes: it is closed, or it lies in the archive."""
        return self.is_closed or self.is_archived


@dataclass(frozen=True)
class AnchorMoment:
    """One anchor's moment and whether it is only the default distance."""

    at: datetime
    is_default: bool


def resolve_anchors(
    starts_at: datetime, ends_at: datetime, given: Mapping[Anchor, datetime], zone: ZoneInfo
) -> dict[Anchor, AnchorMoment]:
    """Every anchor's moment; those not given take their default distance from S or E in the team's zone.

    Defaults (sop.md §0): presale S-5d 20:00, second wave S+11d 20:00, end of price protection E+15d 23:59.
    """

    def default(base: datetime, days: int, at: time) -> datetime:
        return datetime.combine(base.astimezone(zone).date() + timedelta(days=days), at, zone)

    moments = {
        Anchor.PRESALE_START: default(starts_at, -5, time(20)),
        Anchor.WAVE2_START: default(starts_at, 11, time(20)),
        Anchor.PRICE_PROTECT_END: default(ends_at, 15, time(23, 59)),
    }
    resolved = {
        Anchor.START: AnchorMoment(starts_at, is_default=False),
        Anchor.END: AnchorMoment(ends_at, is_default=False),
    }
    for anchor, moment in moments.items():
        resolved[anchor] = AnchorMoment(given.get(anchor, moment), is_default=anchor not in given)
    return resolved


def check_may_change(actor: Actor, team_id: int) -> None:
    """Campaigns are made and changed by managers."""
    check_manage(actor, team_id)


def check_in_use(campaign: CampaignFacts) -> None:
    """Refuses what is done to a campaign that lies in the archive."""
    if campaign.is_archived:
        detail = say("%(name)s is archived: a manager restores it before anything in it changes.", name=campaign.name)
        raise Refused("campaign_archived", detail)


def check_archived(campaign: CampaignFacts) -> None:
    """Refuses to restore what does not lie in the archive."""
    if not campaign.is_archived:
        raise Refused("not_archived", say("%(name)s is not archived.", name=campaign.name))


def check_archive_reason(reason: str) -> str:
    """The reason without blanks around it; there may be none, but not one without end."""
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        fault = say("A reason has at most %(length)s characters.", length=REASON_LENGTH)
        raise Refused("invalid", fault, fields={"reason": fault})
    return reason


def check_open(campaign: CampaignFacts) -> None:
    """Refuses changes to a campaign that is archived or closed."""
    check_in_use(campaign)
    if campaign.is_closed:
        raise Refused("campaign_closed", say("%(name)s is closed: nothing in it changes any more.", name=campaign.name))


# Long enough for whoever reads the offer twice, too short to be a second way of editing.
UNDO_WINDOW = timedelta(minutes=2)


@dataclass(frozen=True)
class ChangeFacts:
    """A line of the log as taking it back needs it; `undo` is what the slice that wrote it keeps for that."""

    id: int
    campaign_id: int
    actor_id: int | None
    verb: str
    subject_kind: str
    subject_id: int
    subject_label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    undo: Mapping[str, Any] | None
    at: datetime
    # True for a line that takes another one back, and for one that was taken back.
    is_undo: bool = False
    is_undone: bool = False


def check_undo_change(actor: Actor, change: ChangeFacts, now: datetime) -> None:
    """Refuses what is not the actor's to take back, what cannot be, what was already, and what is too old."""
    if actor.user_id is None or actor.user_id != change.actor_id:
        raise NotAllowed("not_yours", say("Only the person who did it takes it back at once."))
    if change.is_undone:
        raise Refused("already_undone", say("This was taken back already."))
    if change.undo is None or change.is_undo:
        raise Refused("cannot_undo", say("This cannot be taken back."))
    if now - change.at > UNDO_WINDOW:
        raise Refused("too_late", say("A change can be taken back at once for two minutes; now change it by hand."))


def changed_since(who_and_what: Iterable[tuple[str, str]]) -> Refused:
    """The refusal to take back what others have built upon, naming each later change."""
    return Refused(
        "changed_since",
        say("This was changed again meanwhile, so it stays as it is."),
        reasons=tuple(say("%(who)s: %(what)s", who=who, what=what) for who, what in who_and_what),
    )


@dataclass(frozen=True)
class CampaignDraft:
    """A campaign before it has a row."""

    name: str
    platforms: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    anchors: Mapping[Anchor, datetime]
    roles: Mapping[Role, int]
    kind: Kind = Kind.PROMOTION


def _date_faults(draft: CampaignDraft) -> dict[str, Said]:
    given = {f"anchors.{anchor}": at for anchor, at in draft.anchors.items()}
    moments = {"starts_at": draft.starts_at, "ends_at": draft.ends_at, **given}
    faults = {name: say("Check the year.") for name, at in moments.items() if at.year not in YEARS}
    if faults:
        return faults
    if draft.ends_at <= draft.starts_at:
        faults["ends_at"] = say("The end must be later than the start.")
    elif draft.kind is Kind.PROMOTION and draft.ends_at - draft.starts_at > timedelta(days=120):
        faults["ends_at"] = say("A campaign of more than 120 days cannot be meant: check the year.")
    presale = draft.anchors.get(Anchor.PRESALE_START)
    if presale and presale >= draft.starts_at:
        faults["anchors.presale_start"] = say("The presale starts before the sale.")
    wave2 = draft.anchors.get(Anchor.WAVE2_START)
    if wave2 and not draft.starts_at < wave2 <= draft.ends_at:
        faults["anchors.wave2_start"] = say("The second wave starts between start and end.")
    protect = draft.anchors.get(Anchor.PRICE_PROTECT_END)
    if protect and protect < draft.ends_at:
        faults["anchors.price_protect_end"] = say("Price protection ends after the campaign.")
    return faults


def check_store(name: str, platform: str) -> None:
    """Refuses a shop without a name that fits and a known platform."""
    faults: dict[str, Said] = {}
    fault = say("A store needs a name of at most %(length)s characters and a known platform.", length=STORE_NAME_LENGTH)
    if not name or len(name) > STORE_NAME_LENGTH:
        faults["name"] = fault
    if platform not in set(Platform):
        faults["platform"] = fault
    if faults:
        raise Refused("invalid", fault, fields=faults)


def check_draft(draft: CampaignDraft, worker_ids: frozenset[int]) -> None:
    """Refuses a new campaign whose values cannot be meant, naming every fault."""
    faults: dict[str, Said] = {}
    if not draft.name.strip():
        faults["name"] = say("Give the campaign a name.")
    elif len(draft.name) > NAME_LENGTH:
        faults["name"] = say("A name has at most %(length)s characters.", length=NAME_LENGTH)
    unknown = [platform for platform in draft.platforms if platform not in set(Platform)]
    if not draft.platforms:
        faults["platforms"] = say("Choose at least one platform.")
    elif unknown:
        faults["platforms"] = say("Unknown platform: %(names)s.", names=", ".join(unknown))
    faults |= _date_faults(draft)
    for role, user_id in draft.roles.items():
        if user_id not in worker_ids:
            faults[f"roles.{role}"] = say("Only members of the team who are not viewers can hold a role.")
    if faults:
        raise Refused("invalid", say("Please correct what is marked."), reasons=tuple(faults.values()), fields=faults)


def name_taken(name: str) -> Refused:
    """The refusal of a name that the team has given already."""
    fault = say("The team has a campaign named %(name)s already.", name=name)
    return Refused("name_taken", fault, fields={"name": fault})
