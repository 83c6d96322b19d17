"""The base of every API view: who asks, in which language, once, and how answers leave."""

import zoneinfo
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planner.web.api import idempotency
from planner.web.api.conditions import set_tag
from planner.web.models import KeptAnswer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class MayWrite(BasePermission):
    """A read-only token reads; a view that only computes may let it in for POST too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True for sessions and full tokens, and for reads."""
        if request.method in SAFE or getattr(view, "only_reads", False) or getattr(request.auth, "may_write", True):
            return True
        raise PermissionDenied(code="read_only_token", detail=translation.gettext("This token may only read."))


class ApiView(APIView):
    """One address of the API; each method is an `operation`."""

    # A POST that computes and writes nothing, such as a preview.
    only_reads: ClassVar[bool] = False
    # False where an answer holds a secret that is shown once: it is not kept for retries.
    keeps_answers: ClassVar[bool] = True
    permission_classes = (IsAuthenticated, MayWrite)
    _kept: KeptAnswer | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The answer, rendered: moments in UTC, sentences in the caller's language and zone."""
        with timezone.override("UTC"), translation.override(translation.get_language()):
            has_key = request.method == "POST" and self.keeps_answers and bool(request.headers.get(idempotency.HEADER))
            if has_key and self._is_known(request):
                return self._once(request, *args, **kwargs)
            return self._rendered(super().dispatch(request, *args, **kwargs))

    def _is_known(self, request: HttpRequest) -> bool:
        """False for strangers and for tokens that open nothing: they are refused without their body being read."""
        # A session is not asked here: to check its CSRF token a form would be read.
        if request.user.is_authenticated:
            return True
        try:
            return bool(self.initialize_request(request).user.is_authenticated)
        except AuthenticationFailed:
            return False

    def _once(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Read before the transaction begins: nobody waits for the database while a body comes in. Not by `body`: that
        # holds a file to the limit of a form, while planner.web.limits has held it to its route's already.
        request._body = request.read()
        with transaction.atomic():
            response = self._rendered(super().dispatch(request, *args, **kwargs))
            if self._kept is not None:
                idempotency.keep(self._kept, response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks comes first; then their language and zone, then whether they asked the same before."""
        super().initial(request, *args, **kwargs)
        user: Any = request.user
        translation.activate(user.language)
        timezone.activate(zoneinfo.ZoneInfo(user.zone))
        if request.method == "POST" and self.keeps_answers and (key := idempotency.key_of(request)):
            self._kept = idempotency.reserve(request, key)

    def handle_exception(self, exc: Exception) -> Response:
        """A kept answer where the call was made before; refusals by the one handler."""
        return idempotency.replayed(exc.kept) if isinstance(exc, idempotency.Replay) else super().handle_exception(exc)

    def _rendered(self, response: Any) -> Any:
        if isinstance(response, Response):
            content = response.rendered_content
            if response.status_code in {200, 201} and "ETag" not in response.headers:
                set_tag(self.request, response, content)
            response.content = b"" if response.status_code == 304 else content
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ["Cookie", "Authorization"])
        return response
