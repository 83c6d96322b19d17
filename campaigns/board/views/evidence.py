"""What shows that a task was done: added, taken away, handed out; and “done” with all that it asks for."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.board import actions, forms
from campaigns.board.queries import evidence_file, task_of_evidence
from campaigns.board.rules import MOST_BYTES, Upload
from campaigns.board.views.answers import answer, is_part, page
from planner.web.forms import cleaned
from planner.web.limits import MEGABYTE, takes
from staff.people.queries import actor_for

# The file and what a form puts around it.
FORM_BYTES = MOST_BYTES + MEGABYTE
# Whatever is in a file, nothing of it runs here.
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Asked for each time: who may not see the task any more gets nothing.
    "Cache-Control": "private, no-cache",
}


def upload_of(file: UploadedFile | None) -> Upload | None:
    """The file that was sent, if any; one that is too large is not read."""
    if file is None:
        return None
    return Upload(file.name or "", file.read(MOST_BYTES + 1))


@takes(FORM_BYTES)
@require_POST
def add_evidence(request: HttpRequest, task_id: int) -> HttpResponse:
    """A link or a file."""
    values: dict[str, Any] = cleaned(forms.EvidenceForm(request.POST, request.FILES))
    upload = upload_of(values.pop("file"))
    actor = actor_for(request.user)
    actions.add_evidence(actor=actor, task_id=task_id, upload=upload, now=timezone.now(), **values)
    return answer(request, actor, task_id)


@require_POST
def remove_evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Takes a piece away."""
    actor = actor_for(request.user)
    task_id = task_of_evidence(actor, evidence_id)
    actions.remove_evidence(actor=actor, evidence_id=evidence_id, now=timezone.now())
    return answer(request, actor, task_id)


@require_safe
def evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """The file to keep; a picture with `?shown` to look at."""
    stored = evidence_file(actor_for(request.user), evidence_id)
    tag = f'"{stored.tag}"'
    is_shown = stored.is_image and "shown" in request.GET
    with stored.file as file:
        response = get_conditional_response(request, etag=tag) or HttpResponse(
            file.read(), content_type=stored.content_type
        )
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, stored.name) or "attachment"
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers["ETag"] = tag
    return response


@takes(FORM_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def finish_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """What is missing for “done”, to be given right there; sent, all of it is done at once."""
    actor = actor_for(request.user)
    if request.method == "POST":
        values: dict[str, Any] = cleaned(forms.FinishForm(request.POST, request.FILES))
        upload = upload_of(values.pop("file"))
        actions.finish_task(actor=actor, task_id=task_id, upload=upload, now=timezone.now(), **values)
        return page(request, actor, task_id, "_task.html") if is_part(request) else answer(request, actor, task_id)
    return page(request, actor, task_id, "_finish.html" if is_part(request) else "finish.html")
