"""The design requests over all campaigns that run: the list, and the form for a new one."""

from campaigns.desk.queries.requests.new import NewRequestScreen, new_request_screen
from campaigns.desk.queries.requests.rows import RequestFilters
from campaigns.desk.queries.requests.screen import (
    SECTION_CARDS,
    Request,
    RequestSection,
    RequestsScreen,
    requests_screen,
    requests_section,
    requests_version,
)

__all__ = [
    "SECTION_CARDS",
    "NewRequestScreen",
    "Request",
    "RequestFilters",
    "RequestSection",
    "RequestsScreen",
    "new_request_screen",
    "requests_screen",
    "requests_section",
    "requests_version",
]
