"""Where one-time links lead: the secret leaves the address at once and waits in a cookie of its own."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from planner.web.bell import ring
from planner.web.forms import cleaned
from planner.web.htmx import go
from staff.accounts import queries
from staff.accounts.actions.invitations import accept_as_member, accept_as_new
from staff.accounts.actions.own import confirm_address
from staff.accounts.actions.resets import ask_reset, reset_password
from staff.accounts.adapters.secrets import read_mailed
from staff.accounts.forms import ForgotForm, NewPasswordForm, PersonForm
from staff.accounts.jobs import sweep_accounts
from staff.accounts.rules import Purpose
from staff.accounts.views.doors import BACKEND
from staff.accounts.views.gate import remember_device
from staff.people.queries import actor_for

PAGES = {Purpose.INVITE: "staff:invite", Purpose.RESET: "staff:reset", Purpose.ADDRESS: "staff:confirm_address"}
KEEP_SECONDS = 3600


def _cookie(purpose: Purpose) -> str:
    return f"{settings.PAGE_COOKIE_PREFIX}planner_{purpose.value}"


def _secret(request: HttpRequest, purpose: Purpose) -> str:
    return request.COOKIES.get(_cookie(purpose), "")


def _done(response: HttpResponse, purpose: Purpose) -> HttpResponse:
    response.delete_cookie(_cookie(purpose), path=resolve_url(PAGES[purpose]), samesite="Lax")
    return response


@login_not_required
@sensitive_variables("secret")
@never_cache
@require_GET
def open_link(request: HttpRequest, secret: str, purpose: Purpose) -> HttpResponse:
    """Takes the secret out of the address: no page, log or Referer after this one shows it. Changes nothing else."""
    page = resolve_url(PAGES[purpose])
    answer = redirect(page)
    answer.set_cookie(
        _cookie(purpose),
        secret,
        max_age=KEEP_SECONDS,
        path=page,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Who invites, and the way to accept: a new account, or the one that is signed in."""
    secret, by_mail = read_mailed(_secret(request, Purpose.INVITE))
    if request.method == "GET":
        screen = queries.invitation_screen(request.user, secret, timezone.now(), by_mail=by_mail)
        return render(request, "staff/accounts/invite.html", {"invitation": screen})
    if request.user.is_authenticated:
        accept_as_member(actor=actor_for(request.user), secret=secret, by_mail=by_mail, now=timezone.now())
        return _done(go(request, settings.LOGIN_REDIRECT_URL), Purpose.INVITE)
    values: dict[str, Any] = cleaned(PersonForm(request.POST))
    language = get_language() or settings.LANGUAGE_CODE
    user_id = accept_as_new(secret=secret, by_mail=by_mail, language=language, now=timezone.now(), **values)
    user = queries.active_user(user_id)
    sign_in(request, user, backend=BACKEND)
    return _done(remember_device(request, go(request, settings.LOGIN_REDIRECT_URL), user.login), Purpose.INVITE)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Asks for a link; the answer is the same whatever was typed."""
    if request.method == "GET":
        return render(request, "staff/accounts/forgot.html", {"asked": "asked" in request.GET})
    ask_reset(asked=str(cleaned(ForgotForm(request.POST))["asked"]), now=timezone.now())
    ring(sweep_accounts)
    return go(request, f"{request.path}?asked=1")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """A new password, once."""
    secret = _secret(request, Purpose.RESET)
    if request.method == "GET":
        queries.check_link(Purpose.RESET, secret, timezone.now())
        return render(request, "staff/accounts/reset.html")
    new = str(cleaned(NewPasswordForm(request.POST))["new"])
    login = reset_password(secret=secret, new=new, now=timezone.now())
    # Whoever came by the link is known here: guesses from elsewhere do not keep them out.
    answer = remember_device(request, go(request, f"{resolve_url('staff:login')}?reset=1"), login)
    return _done(answer, Purpose.RESET)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Makes the address that the link went to one's own."""
    secret = _secret(request, Purpose.ADDRESS)
    if request.method == "GET":
        queries.check_link(Purpose.ADDRESS, secret, timezone.now())
        return render(request, "staff/accounts/confirm.html")
    confirm_address(actor=actor_for(request.user), secret=secret, now=timezone.now())
    return _done(go(request, f"{resolve_url('staff:account')}?saved=confirmed"), Purpose.ADDRESS)
