"""Set-up, log-in with its second step, log-out, language."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from planner.core.errors import Missing
from planner.web import addresses
from planner.web.forms import cleaned
from planner.web.htmx import go
from planner.web.theme import keep_theme
from staff.accounts import queries
from staff.accounts.actions.factor import check_code
from staff.accounts.actions.setup import set_up
from staff.accounts.forms import CodeForm, LanguageForm, LoginForm, SetupForm, ThemeForm
from staff.accounts.rules import PENDING_FOR, minutes_left
from staff.accounts.views.gate import place_of, release_place, remember_device
from staff.people.actions import set_language
from staff.people.queries import actor_for

LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
BACKEND = settings.AUTHENTICATION_BACKENDS[-1]
PENDING = "pending_login"


class Login(LoginView):
    """Name and password; then the code where there is a second step; then on to where the visitor wanted to go."""

    template_name = "staff/accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is anybody who could log in, and what was done just before."""
        return super().get_context_data(
            **kwargs, is_empty=not queries.any_team(), was_reset="reset" in self.request.GET
        )

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signs in, or asks for the code first."""
        user = form.get_user()
        release_place(self.request)
        if queries.has_factor(user.pk):
            # Another session key than the visitor came with; nobody is signed in yet.
            self.request.session.cycle_key()
            self.request.session[PENDING] = {
                "user": user.pk,
                "hash": user.get_session_auth_hash(),
                "until": (timezone.now() + PENDING_FOR).isoformat(),
                "next": self.get_success_url(),
            }
            return redirect("staff:login_code")
        return remember_device(self.request, super().form_valid(form), user.login)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The same page; where there is no try left it says for how long, for known and unknown names alike."""
        until = getattr(self.request, "locked_until", None)
        if until is None:
            return super().form_invalid(form)
        minutes = minutes_left(until, timezone.now())
        context = self.get_context_data(form=form, locked_minutes=minutes)
        return self.render_to_response(context, status=429, headers={"Retry-After": str(minutes * 60)})


@login_not_required
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step of logging in."""
    pending: dict[str, Any] = request.session.get(PENDING) or {}
    good = pending and datetime.fromisoformat(pending["until"]) > timezone.now()
    user = queries.pending_user(pending["user"], pending["hash"]) if good else None
    if user is None:
        request.session.pop(PENDING, None)
        return go(request, settings.LOGIN_REDIRECT_URL)
    if request.method == "GET":
        return render(request, "staff/accounts/code.html")
    code = str(cleaned(CodeForm(request.POST))["code"])
    place = place_of(request, "code", user.login)
    check_code(user_id=user.pk, code=code, **place, now=timezone.now())
    request.session.pop(PENDING, None)
    sign_in(request, user, backend=BACKEND)
    return remember_device(request, go(request, pending["next"]), user.login)


@login_not_required
@sensitive_post_parameters("password", "token")
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Makes the first team and its manager; not there once there is a team."""
    if queries.any_team():
        raise Missing
    if request.method == "GET":
        return render(request, "staff/accounts/setup.html")
    values: dict[str, Any] = cleaned(SetupForm(request.POST))
    set_up(
        token=values["token"],
        name=values["team"],
        login=values["login"],
        display_name=values["name"],
        password=values["password"],
        email=values["email"],
        now=timezone.now(),
    )
    return go(request, resolve_url("staff:login"))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English: kept with the person who is signed in, and in a cookie for the pages before that."""
    values: dict[str, Any] = cleaned(LanguageForm(request.POST))
    if request.user.is_authenticated:
        set_language(actor=actor_for(request.user), language=values["language"])
    answer = addresses.go(request, values["next"], settings.LOGIN_REDIRECT_URL)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        values["language"],
        max_age=LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device is: kept in a cookie of this browser alone."""
    values: dict[str, Any] = cleaned(ThemeForm(request.POST))
    answer = addresses.go(request, values["next"], settings.LOGIN_REDIRECT_URL)
    keep_theme(answer, values["theme"])
    return answer
