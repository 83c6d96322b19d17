"""Reviews: summary, notes, lessons."""

from datetime import timedelta

from django.utils import timezone

from tests.walls.matrix.shapes import READ, WORKERS, at, route
from tests.walls.world import World

CAMPAIGN = {"campaign_id": "campaign"}


def soon(world: World) -> str:
    """A day to come."""
    return (timezone.localdate() + timedelta(days=9)).isoformat()


LESSON = {"kind": "keep", "text": "早备货", "owner_id": at("owner"), "due_on": soon}

ROWS = [
    route("campaigns:review", CAMPAIGN, GET=READ),
    route("campaigns:compile_review", CAMPAIGN, POST=WORKERS),
    route("campaigns:write_notes", CAMPAIGN, POST=WORKERS.sends(notes="新备注", version=1)),
    route("campaigns:add_lesson", CAMPAIGN, POST=WORKERS.sends(**LESSON)),
    route("campaigns:edit_lesson", {**CAMPAIGN, "lesson_id": "lesson"}, POST=WORKERS.sends(**LESSON, version=1)),
    route("campaigns:remove_lesson", {**CAMPAIGN, "lesson_id": "lesson"}, POST=WORKERS),
    route("api:review", CAMPAIGN, GET=READ),
    route("api:compile_review", CAMPAIGN, POST=WORKERS.answers(202)),
    route("api:write_notes", CAMPAIGN, GET=READ, PUT=WORKERS.sends(notes="新备注")),
    route("api:add_lesson", CAMPAIGN, GET=READ, POST=WORKERS.sends(**LESSON)),
    route(
        "api:edit_lesson",
        {**CAMPAIGN, "lesson_id": "lesson"},
        GET=READ,
        PUT=WORKERS.sends(**LESSON),
        DELETE=WORKERS,
    ),
]
