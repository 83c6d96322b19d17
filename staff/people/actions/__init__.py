"""Verbs on teams, people and their places."""

from staff.people.actions.account import change_password, confirm_password, set_language, set_password
from staff.people.actions.log import record_team_event
from staff.people.actions.places import change_place, deactivate_person, reactivate_person
from staff.people.actions.teams import add_person, create_team, found_team

__all__ = [
    "add_person",
    "change_password",
    "change_place",
    "confirm_password",
    "create_team",
    "deactivate_person",
    "found_team",
    "reactivate_person",
    "record_team_event",
    "set_language",
    "set_password",
]
