"""One's own tokens: see, make, revoke."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from planner.web.forms import cleaned
from planner.web.htmx import page_or_fragment
from staff.people.queries import actor_for
from staff.people.rules import Actor
from staff.tokens import actions
from staff.tokens.forms import DAYS, TokenForm
from staff.tokens.queries import tokens_of
from staff.tokens.rules import MOST_LIVE


def _shown(actor: Actor, **more: Any) -> dict[str, Any]:
    return {"tokens": tokens_of(actor, timezone.now()), "days": DAYS, "most": MOST_LIVE, **more}


@sensitive_post_parameters("password")
@sensitive_variables("made", "values")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, or a new token, whose secret stands on this one answer and never again."""
    actor = actor_for(request.user)
    if request.method == "GET":
        return render(request, "staff/tokens/tokens.html", _shown(actor))
    values: dict[str, Any] = cleaned(TokenForm(request.POST))
    made = actions.create_token(actor=actor, now=timezone.now(), **values)
    shown = _shown(actor, made=made, is_answer=True)
    return page_or_fragment(request, "staff/tokens/tokens.html", "staff/tokens/_tokens.html", shown)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends one of the reader's tokens."""
    actor = actor_for(request.user)
    actions.revoke_token(actor=actor, token_id=token_id, now=timezone.now())
    if not getattr(request, "htmx", False):
        return redirect("staff:tokens")
    return render(request, "staff/tokens/_tokens.html", _shown(actor, is_answer=True))
