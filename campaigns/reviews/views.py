"""The review of a campaign: one page to read, print and write on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaigns.reviews import actions, jobs
from campaigns.reviews.forms import EditLessonForm, LessonForm, NotesForm
from campaigns.reviews.queries import review_screen
from planner.web.bell import ring
from planner.web.forms import cleaned
from staff.people.queries import actor_for

PARTS = {"summary", "compile", "notes", "lessons"}


def _render(request: HttpRequest, campaign_id: int, template: str) -> HttpResponse:
    screen = review_screen(actor_for(request.user), campaign_id)
    return render(
        request, f"campaigns/reviews/{template}.html", {"screen": screen, "campaign": screen.campaign, "tab": "review"}
    )


def _part(request: HttpRequest, campaign_id: int, part: str) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("campaigns:review", campaign_id)
    return _render(request, campaign_id, f"_{part}")


@require_safe
def review(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The page, or the one part of it that htmx wants to renew."""
    htmx: Any = getattr(request, "htmx", None)
    wanted = htmx.target if htmx and not htmx.boosted else None
    return _render(request, campaign_id, f"_{wanted}" if wanted in PARTS else "review")


@require_POST
def compile_now(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Leaves a run and rings for a worker."""
    actions.ask_compile(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now())
    ring(jobs.sweep_reviews)
    return _part(request, campaign_id, "compile")


@require_POST
def write_notes(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Saves the notes."""
    values: dict[str, Any] = cleaned(NotesForm(request.POST))
    actions.write_notes(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _part(request, campaign_id, "notes")


@require_POST
def add_lesson(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Adds a lesson."""
    values: dict[str, Any] = cleaned(LessonForm(request.POST))
    actions.add_lesson(actor=actor_for(request.user), campaign_id=campaign_id, now=timezone.now(), **values)
    return _part(request, campaign_id, "lessons")


@require_POST
def edit_lesson(request: HttpRequest, campaign_id: int, lesson_id: int) -> HttpResponse:
    """Changes a lesson."""
    values: dict[str, Any] = cleaned(EditLessonForm(request.POST))
    actor, now = actor_for(request.user), timezone.now()
    actions.edit_lesson(actor=actor, campaign_id=campaign_id, lesson_id=lesson_id, now=now, **values)
    return _part(request, campaign_id, "lessons")


@require_POST
def remove_lesson(request: HttpRequest, campaign_id: int, lesson_id: int) -> HttpResponse:
    """Removes a lesson."""
    actor, now = actor_for(request.user), timezone.now()
    actions.remove_lesson(actor=actor, campaign_id=campaign_id, lesson_id=lesson_id, now=now)
    return _part(request, campaign_id, "lessons")
