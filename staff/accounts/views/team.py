"""A team's invitations, and help for members who cannot get in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from planner.web.bell import ring
from planner.web.forms import cleaned
from staff.accounts.actions import factor, guard, invitations, resets
from staff.accounts.adapters.addresses import link_address
from staff.accounts.forms import ConfirmForm, InvitationForm
from staff.accounts.jobs import sweep_accounts
from staff.accounts.queries import access_screen
from staff.accounts.rules import Purpose
from staff.people.queries import actor_for
from staff.people.rules import Level, Role


def _page(request: HttpRequest, team_id: int, **shown: Any) -> HttpResponse:
    screen = access_screen(actor_for(request.user), team_id, timezone.now())
    context = {"access": screen, "levels": list(Level), "roles": list(Role), "nav": "people", **shown}
    return render(request, "staff/accounts/access.html", context)


@require_GET
def access(request: HttpRequest, team_id: int) -> HttpResponse:
    """Invitations and ways in, for managers of the team."""
    return _page(request, team_id)


@require_POST
def invite_person(request: HttpRequest, team_id: int) -> HttpResponse:
    """Holds a place; the link is on this answer and nowhere else."""
    values: dict[str, Any] = cleaned(InvitationForm(request.POST))
    made = invitations.invite_person(actor=actor_for(request.user), team_id=team_id, now=timezone.now(), **values)
    return _handed(request, team_id, made)


@require_POST
def reissue(request: HttpRequest, team_id: int, invitation_id: int) -> HttpResponse:
    """A fresh link for the same place."""
    made = invitations.reissue_invitation(
        actor=actor_for(request.user), team_id=team_id, invitation_id=invitation_id, now=timezone.now()
    )
    return _handed(request, team_id, made)


@require_POST
def revoke(request: HttpRequest, team_id: int, invitation_id: int) -> HttpResponse:
    """Takes a place back."""
    invitations.revoke_invitation(
        actor=actor_for(request.user), team_id=team_id, invitation_id=invitation_id, now=timezone.now()
    )
    return redirect("staff:access", team_id)


@sensitive_post_parameters("password")
@require_POST
def reset_link(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """A link for a member without e-mail; it is on this answer and nowhere else. The password is asked for again."""
    values: dict[str, Any] = cleaned(ConfirmForm(request.POST))
    secret = resets.make_reset_link(
        actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now(), **values
    )
    return _page(request, team_id, reset_address=link_address(Purpose.RESET, secret), reset_for=user_id)


@require_POST
def unlock(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Lets a member try again at once."""
    guard.unlock_person(actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now())
    return redirect("staff:access", team_id)


@sensitive_post_parameters("password")
@require_POST
def take_factor(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Removes the second step of a member whose phone is lost; the password is asked for again."""
    values: dict[str, Any] = cleaned(ConfirmForm(request.POST))
    factor.take_factor_away(
        actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now(), **values
    )
    return redirect("staff:access", team_id)


def _handed(request: HttpRequest, team_id: int, made: invitations.Handed) -> HttpResponse:
    ring(sweep_accounts)
    return _page(request, team_id, handed=made, handed_address=link_address(Purpose.INVITE, made.secret))
