"""A campaign with its whole plan, or only a look at it, from the command line."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from campaigns.campaign.rules import OPTIONAL_ANCHORS, Platform
from campaigns.sop.actions import create_campaign_from_sop
from campaigns.sop.queries import PreviewScreen, newest_version, plan_preview
from campaigns.sop.rules import Tally
from planner.web.commands import DomainCommand
from staff.calendars.actions import seed_calendar
from staff.people.queries import team_named, team_zone
from staff.people.rules import SYSTEM

YEARS = range(2000, 2101)


class Command(DomainCommand):
    """`create_campaign --name N --template double11 --start 2027-05-20T20:00 --end 2027-06-20T23:59`."""

    help = "Create a campaign from an SOP template; with --preview only show what would be written."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, template, dates on the team's clock, and which team."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        parser.add_argument("--template", required=True, help="the template's key, e.g. double11")
        parser.add_argument(
            "--start", required=True, type=_moment, help="S, e.g. 2027-05-20T20:00, on the team's clock"
        )
        parser.add_argument("--end", required=True, type=_moment, help="E")
        parser.add_argument("--team", default="", help="the team's name; not needed when there is only one")
        parser.add_argument("--platforms", default=",".join(_USUAL), help="comma-separated; all but 1688 by default")
        for anchor in OPTIONAL_ANCHORS:
            parser.add_argument(f"--{anchor.replace('_', '-')}", dest=anchor.value, type=_moment)
        parser.add_argument("--preview", action="store_true", help="write nothing")

    def run(self, **options: Any) -> None:
        """Shows the plan and, unless it is only a preview, writes it."""
        now = timezone.now()
        team_id = team_named(SYSTEM, options["team"])
        zone = ZoneInfo(team_zone(team_id))
        starts_at, ends_at = _on(options["start"], zone), _on(options["end"], zone)
        if not options["preview"]:
            seed_calendar(actor=SYSTEM, first_year=starts_at.year - 1, last_year=starts_at.year + 1, now=now)
        draft: dict[str, Any] = {
            "team_id": team_id,
            "name": options["name"],
            "platforms": tuple(name.strip() for name in options["platforms"].split(",") if name.strip()),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "anchors": {anchor: _on(options[anchor], zone) for anchor in OPTIONAL_ANCHORS if options[anchor]},
            "version_id": newest_version(SYSTEM, team_id, options["template"]),
        }
        preview = plan_preview(actor=SYSTEM, now=now, **draft)
        campaign_id = None if options["preview"] else create_campaign_from_sop(actor=SYSTEM, now=now, **draft)
        self.say_result({"id": campaign_id, **_told(preview, zone)})


_USUAL = tuple(platform for platform in Platform if platform is not Platform.B2B_1688)


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        raise ArgumentTypeError(f"{text} is not a moment that can be meant: write 2027-05-20T20:00")
    return moment


def _on(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _told(preview: PreviewScreen, zone: ZoneInfo) -> dict[str, Any]:
    def day(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    def tally(sums: Tally) -> dict[str, Any]:
        return {"tasks": sums.tasks, "hours": float(sums.hours)}

    def lines(planned: Any) -> list[dict[str, str]]:
        return [
            {
                "code": line.code,
                "raw_due": day(line.raw_due),
                "due": day(line.due_at),
                "holiday": line.holiday,
                "title": line.title,
            }
            for line in planned
        ]

    return {
        **tally(preview.total),
        "phases": {str(phase): tally(sums) for phase, sums in preview.phases},
        "roles": {str(row.role): {**tally(row.total), "person": row.person} for row in preview.roles},
        "roles_without_person": [str(role) for role in preview.roles_without_person],
        "collisions": lines(preview.collisions),
        "moved": lines(preview.moved),
        "late": [{"code": line.code, "due": day(line.due_at), "title": line.title} for line in preview.late],
        "left_out": [code for code, _ in preview.left_out],
        "provisional_years": list(preview.provisional_years),
        "anchors": {
            str(anchor): day(at) + (" (default)" if is_default else "") for anchor, at, is_default in preview.anchors
        },
    }
