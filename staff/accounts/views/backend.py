"""How Django finds the person of a session, and checks a name with a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from staff.people.queries import person_with_seats


class PeopleBackend(ModelBackend):
    """Django's own, except that a session's person comes with their seats, in one statement."""

    def get_user(self, user_id: int) -> Any:
        """The person as they are now; None when they are gone or deactivated."""
        user = person_with_seats(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
