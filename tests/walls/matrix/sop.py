"""Procedures and new campaigns."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.walls.matrix.shapes import MANAGERS, READ, SIGNED_IN, at, route
from tests.walls.world import World

PROCEDURE = """key: own
name: {zh: 自家流程, en: Own}
steps:
  - {code: P01, phase: prep, stage: {zh: A, en: A}, title: {zh: 立项, en: Kick-off}, role: lead, due: S-9d, hours: 3,
     depends_on: [], platforms: all, priority: important, acceptance: {zh: 有, en: There}, checklist: []}
"""
CREATE = {
    "team": at("team"),
    "name": "年货节",
    "kind": "promotion",
    "platforms": ["tmall"],
    "version": at("version"),
    "store": at("store"),
    "starts_at": "2027-01-20T20:00",
    "ends_at": "2027-01-30T23:59",
    "role_design": at("owner"),
    "step": "confirm",
}
DRAFT = {
    "team_id": at("team"),
    "name": "年货节",
    "platforms": ["tmall"],
    "version_id": at("version"),
    "starts_at": "2027-01-20T20:00:00+08:00",
    "ends_at": "2027-01-30T23:59:00+08:00",
    "roles": {"design": at("owner")},
}


def file(world: World) -> SimpleUploadedFile:
    """A procedure of one step."""
    return SimpleUploadedFile("own.yaml", PROCEDURE.encode())


ROWS = [
    route("campaigns:sop", GET=SIGNED_IN),
    route("campaigns:load_sop", POST=MANAGERS.sends(team=at("team"), file=file)),
    route("campaigns:sop_version", {"version_id": "version"}, GET=READ),
    route("api:sop", GET=SIGNED_IN, POST=MANAGERS.sends(team_id=at("team"), yaml=PROCEDURE)),
    route("api:sop_version", {"version_id": "version"}, GET=READ),
    route("api:campaigns", GET=SIGNED_IN, POST=MANAGERS.sends(**DRAFT, store_id=at("store"))),
    route("api:preview_campaign", only_reads=True, POST=MANAGERS.sends(**DRAFT).writes_nothing()),
    route("campaigns:create", GET=MANAGERS.asks(team=at("team")), POST=MANAGERS.sends(**CREATE)),
]
