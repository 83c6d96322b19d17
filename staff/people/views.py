"""Signing in and out, one's own account, and the people of a team."""

from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.web.addresses import go
from planner.web.forms import cleaned
from staff.people import actions
from staff.people.forms import LanguageForm, LoginForm, PasswordForm, PersonForm, SeenPlaceForm
from staff.people.queries import actor_for, team_card, team_cards
from staff.people.rules import Level, Role

LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CHOICES = {"levels": list(Level), "roles": list(Role), "languages": settings.LANGUAGES, "nav": "people"}


class Login(LoginView):
    """Name and password; then on to where the visitor wanted to go, if that is here."""

    template_name = "staff/people/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English: kept with the person who is signed in, and in a cookie for the pages before that."""
    values: dict[str, Any] = cleaned(LanguageForm(request.POST))
    if request.user.is_authenticated:
        actions.set_language(actor=actor_for(request.user), language=values["language"])
    answer = go(request, values["next"], settings.LOGIN_REDIRECT_URL)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        values["language"],
        max_age=LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; the present session stays, every other one ends."""
    if request.method == "GET":
        return render(request, "staff/people/password.html", {"saved": "saved" in request.GET})
    actor, values = actor_for(request.user), cleaned(PasswordForm(request.POST))
    actions.change_password(actor=actor, old=str(values["old"]), new=str(values["new"]), now=timezone.now())
    if request.user.is_authenticated:
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
    if getattr(request, "htmx", False):
        return render(request, "staff/people/_password.html", {"saved": True, "is_answer": True})
    return redirect(f"{request.path}?saved=1")


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people of the reader's teams."""
    cards = team_cards(actor_for(request.user))
    page = "staff/people/people.html" if cards else "staff/people/no_team.html"
    return render(request, page, {"teams": cards, **CHOICES})


def _team(request: HttpRequest, team_id: int) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("staff:people")
    shown = {"team": team_card(actor_for(request.user), team_id), "is_answer": True, **CHOICES}
    return render(request, "staff/people/_team.html", shown)


@sensitive_post_parameters("password")
@require_POST
def add_person(request: HttpRequest, team_id: int) -> HttpResponse:
    """A new member of the team."""
    values: dict[str, Any] = cleaned(PersonForm(request.POST))
    actions.add_person(actor=actor_for(request.user), team_id=team_id, now=timezone.now(), **values)
    return _team(request, team_id)


@require_POST
def change_place(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """A member's level, roles and hours."""
    values: dict[str, Any] = cleaned(SeenPlaceForm(request.POST))
    actions.change_place(actor=actor_for(request.user), team_id=team_id, user_id=user_id, now=timezone.now(), **values)
    return _team(request, team_id)
