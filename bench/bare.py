"""The floor: Django without middleware on the same server and database, a constant answer and bare rows to JSON."""

import os
from typing import Any

import django
import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

COLUMNS = (
    "id",
    "code",
    "title",
    "phase",
    "role",
    "owner_id",
    "status",
    "important",
    "urgent",
    "start_at",
    "due_at",
    "version",
)


def rows(campaign_id: int) -> bytes:
    """Twelve columns of every task, from the cursor to JSON."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM campaigns_task"  # noqa: S608 - constants
            " WHERE campaign_id = %s ORDER BY position, id",
            [campaign_id],
        )
        return orjson.dumps(cursor.fetchall())


def constant(_request: HttpRequest) -> HttpResponse:
    """Three bytes."""
    return HttpResponse(b"ok\n", headers={"Content-Length": "3"})


def whole(_request: HttpRequest, campaign_id: int) -> HttpResponse:
    """All rows."""
    body = rows(campaign_id)
    return HttpResponse(body, content_type="application/json", headers={"Content-Length": str(len(body))})


def make() -> Any:
    """The application, with the product's database."""
    import planner.settings as ours

    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES=ours.DATABASES,
        DEFAULT_AUTO_FIELD=ours.DEFAULT_AUTO_FIELD,
        MIDDLEWARE=[],
        ROOT_URLCONF="bench.bare",
        SECRET_KEY=ours.SECRET_KEY,
        USE_TZ=True,
    )
    django.setup(set_prefix=False)
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


def __getattr__(name: str) -> Any:
    if name == "urlpatterns":
        from django.urls import path

        return [path("constant", constant), path("rows/<int:campaign_id>", whole)]
    raise AttributeError(name)


if os.environ.get("BENCH_BARE"):
    application = make()
