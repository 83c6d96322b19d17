"""A fresh token for the set-up page."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from planner.core.errors import Refused
from planner.core.words import say
from planner.web.commands import DomainCommand
from staff.accounts.actions.setup import issue_setup_token


class Command(DomainCommand):
    """Prints the token that the set-up page asks for; the one before is worth nothing then."""

    help = "Print a fresh token for the set-up page; there is none once there is a team."

    def run(self, **_options: Any) -> None:
        """Makes the token and prints it with the page's address."""
        token = issue_setup_token(now=timezone.now())
        if not token:
            raise Refused("set_up_already", say("There is a team already."))
        self.say_result({"address": settings.BASE_URL + reverse("staff:setup"), "token": token})
