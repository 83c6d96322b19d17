"""Accounts and people."""

from tests.walls.matrix.shapes import EVERYONE, LOGIN, MANAGERS, READ, SIGNED_IN, route, shape
from tests.walls.world import PASSWORD

PLACE = {"level": "member", "roles": ["cs"], "capacity_hours": "7"}
PERSON = {**PLACE, "login": "xinren", "name": "新人", "password": "correct-horse-9", "language": "zh-hans"}
NEW = {"login": "xinren", "name": "新人", "password": "correct-horse-9"}
SENT_ON = shape(302, 302, 302, 302, 302, 405, 405)

ROWS = [
    # Whoever is signed in is sent on, whatever they ask; the form is for the others.
    route(
        "staff:login",
        is_open=True,
        GET=SENT_ON.but(gone=200, stranger=200),
        POST=EVERYONE.sends(username="chen", password=PASSWORD).writes_nothing(),
        PUT=SENT_ON.but(gone=200, stranger=200),
        PATCH=SENT_ON,
        DELETE=SENT_ON,
        OPTIONS=SENT_ON.but(gone=200, stranger=200),
    ),
    route("staff:logout", POST=SIGNED_IN.answers(LOGIN).writes_nothing(), OPTIONS=SIGNED_IN),
    route("staff:theme", is_open=True, POST=EVERYONE.sends(theme="dark", next="/").writes_nothing()),
    route("staff:language", is_open=True, POST=EVERYONE.sends(language="en", next="/").writes_nothing()),
    route(
        "staff:password",
        GET=SIGNED_IN,
        POST=SIGNED_IN.sends(old=PASSWORD, new="another-horse-7", again="another-horse-7"),
    ),
    route("staff:guide", POST=SIGNED_IN),
    route("staff:people", GET=SIGNED_IN.answers(302)),
    route("campaigns:people", GET=SIGNED_IN),
    route("campaigns:person", {"team_id": "team", "user_id": "other"}, GET=MANAGERS),
    route("staff:team_log", {"team_id": "team"}, GET=MANAGERS),
    # A table to keep: what is logged is that it was taken.
    route("staff:export_team_log", {"team_id": "team"}, POST=MANAGERS.answers(200)),
    route("staff:deactivate_person", {"team_id": "team", "user_id": "other"}, POST=MANAGERS),
    route("staff:reactivate_person", {"team_id": "team", "user_id": "other"}, POST=MANAGERS.writes_nothing()),
    route("api:teams", GET=SIGNED_IN),
    route("api:people", {"team_id": "team"}, only_sessions=True, GET=READ, POST=MANAGERS.sends(**NEW)),
    route(
        "api:person",
        {"team_id": "team", "user_id": "other"},
        GET=READ,
        PATCH=MANAGERS.sends(level="viewer", capacity_hours="7.5"),
    ),
    route("api:deactivate_person", {"team_id": "team", "user_id": "other"}, POST=MANAGERS),
    route("api:reactivate_person", {"team_id": "team", "user_id": "other"}, POST=MANAGERS.writes_nothing()),
    route("api:team_events", {"team_id": "team"}, GET=MANAGERS),
    route("staff:add_person", {"team_id": "team"}, POST=MANAGERS.sends(**PERSON)),
    route("staff:change_place", {"team_id": "team", "user_id": "other"}, POST=MANAGERS.sends(**PLACE, version="1")),
]
