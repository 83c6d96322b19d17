"""What the tables read against: people, campaigns and moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.board.rules.quick import QuickCampaign, QuickFacts, QuickPerson, Reading, Weight, read
from campaigns.campaign.rules import Anchor
from staff.calendars.rules import Day, DayKind, WorkCalendar
from staff.people.rules import Role

ZONE = ZoneInfo("Asia/Shanghai")
CHEN, MEI, YUE, HAI, ANN = 1, 2, 3, 4, 5
PEOPLE = (
    QuickPerson(CHEN, "陈静", "chenjing cj", "chenjing", (Role.LEAD, Role.OPS)),
    QuickPerson(MEI, "林小美", "linxiaomei lxm", "xiaomei", (Role.DESIGN,)),
    QuickPerson(YUE, "孙悦", "sunyue sy", "sunyue", (Role.CS,)),
    QuickPerson(HAI, "林小海", "linxiaohai lxh", "dahai", (Role.DESIGN,)),
    QuickPerson(ANN, "Ann Lee", "annlee al", "ann", (Role.ADS,)),
)


def at(text: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


ANCHORS = {
    Anchor.START: at("2026-10-31T20:00"),
    Anchor.END: at("2026-11-11T23:59"),
    Anchor.PRESALE_START: at("2026-10-24T20:00"),
    Anchor.WAVE2_START: at("2026-11-10T20:00"),
}
DOUBLE11 = QuickCampaign(
    1, "2026 双11", "2026shuang11 2026s11", anchors=ANCHORS, people=PEOPLE, may_manage=True, holders={Role.CS: MEI}
)
DOUBLE12 = QuickCampaign(2, "双12 返场", "shuang12fanchang s12fc", anchors=ANCHORS, people=PEOPLE, may_manage=True)
CALENDAR = WorkCalendar.of(
    [
        Day(at("2026-10-01").date(), DayKind.HOLIDAY, "National Day"),
        Day(at("2026-10-10").date(), DayKind.MAKEUP_WORKDAY),
        Day(at("2027-01-01").date(), DayKind.HOLIDAY, "New Year's Day"),
    ]
)
# A Wednesday morning; a Friday evening after work; the last hour of a year; a leap day.
WEDNESDAY, FRIDAY = "2026-10-14T10:00", "2026-10-16T18:30"
NEW_YEARS_EVE, LEAP_DAY = "2026-12-31T23:10", "2028-02-29T09:00"


def facts(now: str = WEDNESDAY, *, me: int = CHEN, default: int | None = 1) -> QuickFacts:
    """The facts of the tables at this moment."""
    return QuickFacts(me, at(now), (DOUBLE11, DOUBLE12), default, CALENDAR)


def due(text: str, now: str = WEDNESDAY) -> str:
    """When the line is due as 2026-10-16 18:00, with a mark: ~ where the next one is meant, ! where it is a fault."""
    reading = read(text, facts(now))
    faults = [issue for issue in reading.issues if issue.weight is Weight.FAULT]
    moved = any("meant" in str(issue.said) for issue in reading.issues)
    moment = f"{reading.due_at:%Y-%m-%d %H:%M}" if reading.due_at else ""
    return f"{moment}{'~' if moved else ''}{'!' if faults else ''}"


def only(text: str) -> Reading:
    """The line read on the Wednesday."""
    return read(text, facts())
