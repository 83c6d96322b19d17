"""A campaign's overview: its tasks once, and what they say about progress, risks and people."""

from campaigns.desk.queries.overview.people import PeopleScreen, people_screen
from campaigns.desk.queries.overview.progress import Share
from campaigns.desk.queries.overview.screen import RISK_LINES, Overview, overview_screen, overview_version

__all__ = [
    "RISK_LINES",
    "Overview",
    "PeopleScreen",
    "Share",
    "overview_screen",
    "overview_version",
    "people_screen",
]
