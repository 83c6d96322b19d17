"""Verbs on teams, people and their places."""

from staff.people.actions.account import change_password, confirm_password, set_guide, set_language, set_password
from staff.people.actions.entry import end_sessions, give_place, reset_password, set_address, set_own_name
from staff.people.actions.log import export_log, export_words, record_team_event
from staff.people.actions.places import change_place, deactivate_person, reactivate_person
from staff.people.actions.teams import add_person, create_team, found_team

__all__ = [
    "add_person",
    "change_password",
    "change_place",
    "confirm_password",
    "create_team",
    "deactivate_person",
    "end_sessions",
    "export_log",
    "export_words",
    "found_team",
    "give_place",
    "reactivate_person",
    "record_team_event",
    "reset_password",
    "set_address",
    "set_guide",
    "set_language",
    "set_own_name",
    "set_password",
]
