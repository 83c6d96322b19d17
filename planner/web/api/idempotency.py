"""`Idempotency-Key`: a call and the keeping of its answer are one transaction, so a retry can never do it twice."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from planner.web.models import KeptAnswer

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
# Refusals that say nothing about the call itself: the same call a minute later may be made.
PASSING = frozenset({"busy"})
_KEY = re.compile(r"^[\x21-\x7e]{1,200}$")


class KeyReused(APIException):
    """422: this key was used for another call."""

    status_code = 422
    default_code = "key_reused"

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another call: take a new one for each."))


class Replay(APIException):
    """Not a fault: the kept answer takes the place of the call."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__()
        self.kept = kept


def key_of(request: Request) -> str:
    """The key of the call; empty without one."""
    key = request.headers.get(HEADER, "")
    if key and not _KEY.match(key):
        raise ValidationError({HEADER: [_("1 to 200 visible ASCII characters.")]})
    return key


def _digest(request: Request) -> str:
    body = request._request.body
    kind, _, options = request.headers.get("Content-Type", "").partition(";")
    boundary = options.partition("boundary=")[2].strip().strip('"')
    if kind.startswith("multipart/") and boundary:
        # Clients choose a new boundary at each try.
        body = body.replace(boundary.encode(), b"")
    said = f"{request.method} {request.get_full_path()} {kind}\n".encode()
    # Keyed: a body may hold a first password, and a plain digest would let whoever reads the table try words fast.
    return salted_hmac("planner.web.kept_answer", said + body, algorithm="sha256").hexdigest()


def reserve(request: Request, key: str) -> KeptAnswer:
    """Takes the key inside the call's transaction; raises `Replay` with the answer when the call was made before."""
    user_id, now, digest = int(request.user.pk or 0), timezone.now(), _digest(request)
    KeptAnswer.objects.filter(user_id=user_id, created_at__lt=now - KEPT_FOR).delete()
    try:
        # A second call with the key waits here until the first one's transaction ends.
        with transaction.atomic():
            return KeptAnswer.objects.create(user_id=user_id, key=key, digest=digest, created_at=now)
    except IntegrityError:
        kept = KeptAnswer.objects.get(user_id=user_id, key=key)
    if kept.digest != digest:
        raise KeyReused
    raise Replay(kept)


def drop_old_answers(now: datetime) -> None:
    """Drops what is kept no longer, of callers too who never come again."""
    KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()


def keep(kept: KeptAnswer, response: Response) -> None:
    """Writes the answer beside the key; a call that was wrong in itself, or came at a bad time, leaves it free."""
    wrong = response.status_code == HTTPStatus.BAD_REQUEST
    if wrong or (response.status_code > HTTPStatus.BAD_REQUEST and response.data["code"] in PASSING):
        kept.delete()
        return
    kept.status, kept.body = response.status_code, response.rendered_content or b""
    kept.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    kept.save(update_fields=["status", "body", "headers"])


def replayed(kept: KeptAnswer) -> Response:
    """The kept answer again, marked as such."""
    headers = {name: value for name, value in kept.headers.items() if name != "Content-Type"}
    body = bytes(kept.body)
    return Response(body or None, status=kept.status, headers=headers | {"Idempotency-Replayed": "true"})
