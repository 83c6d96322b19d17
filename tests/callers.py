"""A small client of the API for tests: JSON in, JSON out, as one person."""

from typing import Any

from django.test import Client
from django.urls import reverse

from staff.people.models import User


class Caller:
    """Calls the API in the session of a person, or with a token."""

    def __init__(self, user: User | None = None, *, token: str = "") -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(
        self, method: str, route: str, *ids: int, body: Any = None, query: dict[str, Any] | None = None, **headers: str
    ) -> Any:
        """The answer; `headers` by name with underscores, as in `If_Match='"1"'`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent: dict[str, Any] = {"data": query or {}}
        if method not in {"get", "head"}:
            sent = {"data": {} if body is None else body, "content_type": "application/json", "query_params": query}
        address = reverse(f"api:{route}", args=ids)
        return getattr(self.client, method)(address, headers=self.headers | named, **sent)

    def get(self, route: str, *ids: int, **options: Any) -> Any:
        """Reads."""
        return self("get", route, *ids, **options)

    def post(self, route: str, *ids: int, **options: Any) -> Any:
        """Does."""
        return self("post", route, *ids, **options)
