"""One's own account."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.web.bell import ring
from planner.web.forms import cleaned
from planner.web.htmx import go
from planner.web.toasts import tell
from staff.accounts import queries
from staff.accounts.actions import factor, own
from staff.accounts.adapters.codes import key_text, picture
from staff.accounts.adapters.secrets import factor_key
from staff.accounts.forms import AddressForm, CodeForm, ConfirmForm, NameForm, PasswordForm, RemoveFactorForm
from staff.accounts.jobs import sweep_accounts
from staff.people.actions import set_own_name
from staff.people.queries import actor_for

SAVED = ("name", "address", "waiting", "confirmed", "factor_removed")


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account."""
    screen = queries.account_screen(actor_for(request.user), timezone.now())
    saved = request.GET.get("saved", "")
    shown = {"account": screen, "saved": saved if saved in SAVED else "", "languages": settings.LANGUAGES}
    return render(request, "staff/accounts/account.html", shown)


def _back(request: HttpRequest, saved: str) -> HttpResponse:
    return redirect(f"{resolve_url('staff:account')}?saved={saved}")


def _stay_in(request: HttpRequest) -> None:
    """Keeps the present session through a change that ends all others; its key changes too."""
    if request.user.is_authenticated:
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """The name that colleagues see."""
    actor, new = actor_for(request.user), str(cleaned(NameForm(request.POST))["name"])
    set_own_name(actor=actor, name=new, now=timezone.now())
    tell(request, _("Your name: %(name)s") % {"name": new}, undo=request.path, fields={"name": actor.name})
    return go(request, f"{resolve_url('staff:account')}?saved=name")


@sensitive_post_parameters("password")
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """E-mail and phone; the password is asked for again."""
    values: dict[str, Any] = cleaned(AddressForm(request.POST))
    waits = own.change_own_address(actor=actor_for(request.user), now=timezone.now(), **values)
    ring(sweep_accounts)
    return _back(request, "waiting" if waits else "address")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; the present session stays, every other one ends."""
    if request.method == "GET":
        return render(request, "staff/accounts/password.html", {"saved": "saved" in request.GET})
    actor, values = actor_for(request.user), cleaned(PasswordForm(request.POST))
    own.change_own_password(actor=actor, old=str(values["old"]), new=str(values["new"]), now=timezone.now())
    _stay_in(request)
    if getattr(request, "htmx", False):
        return render(request, "staff/accounts/_password.html", {"saved": True, "is_answer": True})
    return redirect(f"{request.path}?saved=1")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Begins the second step: the password, then a picture to scan and a code to confirm it."""
    actor = actor_for(request.user)
    if request.method == "POST":
        password = str(cleaned(ConfirmForm(request.POST))["password"])
        factor.start_factor(actor=actor, password=password, now=timezone.now())
        return redirect("staff:factor")
    nonce = queries.factor_nonce(actor, timezone.now())
    shown: dict[str, Any] = {"account": queries.account_screen(actor, timezone.now())}
    if nonce:
        key = factor_key(nonce)
        shown |= {"picture": picture(key, shown["account"].login), "key": key_text(key)}
    return render(request, "staff/accounts/factor.html", shown)


@sensitive_post_parameters("code")
@require_POST
def confirm_second_step(request: HttpRequest) -> HttpResponse:
    """The first code: from now on log-in asks for one. The recovery codes are on this answer and nowhere else."""
    code = str(cleaned(CodeForm(request.POST))["code"])
    codes = factor.confirm_factor(actor=actor_for(request.user), code=code, now=timezone.now())
    _stay_in(request)
    return render(request, "staff/accounts/recovery.html", {"codes": codes})


@sensitive_post_parameters("password", "code")
@require_POST
def remove_second_step(request: HttpRequest) -> HttpResponse:
    """Log-in by password alone again."""
    values: dict[str, Any] = cleaned(RemoveFactorForm(request.POST))
    factor.remove_factor(actor=actor_for(request.user), now=timezone.now(), **values)
    _stay_in(request)
    return _back(request, "factor_removed")


@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """Out of every browser, this one too."""
    own.log_out_everywhere(actor=actor_for(request.user), now=timezone.now())
    logout(request)
    return go(request, resolve_url("staff:login"))
