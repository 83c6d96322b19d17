"""People, teams and their log as their readers may see them."""

from staff.people.queries.log import LogFilter, LogPage, TeamEventLine, log_lines, log_page, moments_of
from staff.people.queries.people import (
    LeftPerson,
    Person,
    TeamCard,
    actor_by_id,
    actor_for,
    names_of_team,
    people_by_id,
    people_of,
    place_fields_touched_since,
    place_values,
    team_card,
    team_named,
    team_zone,
    teams_of,
    worker_ids,
)

__all__ = [
    "LeftPerson",
    "LogFilter",
    "LogPage",
    "Person",
    "TeamCard",
    "TeamEventLine",
    "actor_by_id",
    "actor_for",
    "log_lines",
    "log_page",
    "moments_of",
    "names_of_team",
    "people_by_id",
    "people_of",
    "place_fields_touched_since",
    "place_values",
    "team_card",
    "team_named",
    "team_zone",
    "teams_of",
    "worker_ids",
]
