"""Getting in: set-up, second step, one-time links, one's own account, a team's invitations."""

from dataclasses import replace

from tests.walls.matrix.shapes import EVERYONE, LOGIN, MANAGERS, SIGNED_IN, Row, Shape, route, shape
from tests.walls.world import PASSWORD

# There is a team, and nobody brings a link: for everybody there is nothing here.
NOBODY = shape(404, 404, 404, 404, 404, 404, 404)
SENT_ON = shape(302, 302, 302, 302, 302, 302, 302)
NO_LINK = shape(404, 404, 404, 404, 404, LOGIN, LOGIN)
PERSON = {"login": "xinren", "name": "新人", "password": "correct-horse-9"}
MEMBER = {"team_id": "team", "user_id": "other"}


def link(name: str) -> Row:
    """A one-time link: whoever follows it is sent on to a page without the secret in its address."""
    return replace(route(name, is_open=True, GET=SENT_ON), args={"secret": "no-such-secret"})


def not_now(allowed: Shape) -> Shape:
    """Who may, hears that it is not the moment."""
    return replace(allowed, statuses={who: 409 if due == "ok" else due for who, due in allowed.statuses.items()})


ROWS = [
    route("staff:setup", is_open=True, GET=NOBODY, POST=NOBODY.sends(**PERSON, token="x", team="新店")),
    # Without a first step there is no second: everybody is sent to the first page.
    route("staff:login_code", is_open=True, GET=SENT_ON, POST=SENT_ON.sends(code="123456").writes_nothing()),
    route("staff:forgot", is_open=True, GET=EVERYONE, POST=EVERYONE.sends(asked="chen")),
    route("staff:reset", is_open=True, GET=NOBODY, POST=NOBODY.sends(new="correct-horse-9", again="correct-horse-9")),
    route("staff:invite", is_open=True, GET=NOBODY, POST=NOBODY.sends(**PERSON)),
    link("staff:reset_link"),
    link("staff:invite_link"),
    link("staff:address_link"),
    route("staff:account", GET=SIGNED_IN),
    route("staff:own_name", POST=SIGNED_IN.sends(name="新名字")),
    route("staff:own_address", POST=SIGNED_IN.sends(email="new@example.test", phone="", password=PASSWORD)),
    route("staff:confirm_address", GET=NO_LINK, POST=NO_LINK),
    route("staff:factor", GET=SIGNED_IN, POST=SIGNED_IN.sends(password=PASSWORD)),
    route("staff:confirm_factor", POST=not_now(SIGNED_IN).sends(code="123456")),
    route("staff:remove_factor", POST=not_now(SIGNED_IN).sends(password=PASSWORD, code="123456")),
    route("staff:log_out_everywhere", POST=SIGNED_IN.answers(LOGIN)),
    route("staff:access", {"team_id": "team"}, GET=MANAGERS),
    # The answer shows the link, once: no redirect.
    route(
        "staff:invite_person",
        {"team_id": "team"},
        POST=MANAGERS.sends(address="13800138000", level="member", capacity_hours="6").answers(200),
    ),
    route("staff:reissue_invitation", {"team_id": "team", "invitation_id": "invitation"}, POST=MANAGERS.answers(200)),
    route("staff:revoke_invitation", {"team_id": "team", "invitation_id": "invitation"}, POST=MANAGERS),
    # This member has an e-mail address and no second step.
    route("staff:make_reset_link", MEMBER, POST=not_now(MANAGERS).sends(password=PASSWORD)),
    route("staff:unlock_person", MEMBER, POST=MANAGERS),
    route("staff:take_factor_away", MEMBER, POST=not_now(MANAGERS).sends(password=PASSWORD)),
    route("api:account", GET=SIGNED_IN),
    route("api:own_name", POST=SIGNED_IN.sends(name="新名字")),
    route("api:own_address", POST=SIGNED_IN.sends(email="new@example.test", phone="", password=PASSWORD)),
    route("api:password", POST=SIGNED_IN.sends(old=PASSWORD, new="correct-horse-9")),
    route("api:log_out_everywhere", POST=SIGNED_IN),
    route("api:factor", POST=SIGNED_IN.sends(password=PASSWORD)),
    route("api:confirm_factor", POST=not_now(SIGNED_IN).sends(code="123456")),
    route("api:remove_factor", POST=not_now(SIGNED_IN).sends(password=PASSWORD, code="123456")),
    route(
        "api:invitations",
        {"team_id": "team"},
        only_sessions=True,
        GET=MANAGERS,
        POST=MANAGERS.sends(address="13800138000", level="member"),
    ),
    route(
        "api:reissue_invitation",
        {"team_id": "team", "invitation_id": "invitation"},
        only_sessions=True,
        POST=MANAGERS,
    ),
    route("api:revoke_invitation", {"team_id": "team", "invitation_id": "invitation"}, POST=MANAGERS),
    route("api:unlock_person", MEMBER, POST=MANAGERS),
    route("api:make_reset_link", MEMBER, POST=not_now(MANAGERS).sends(password=PASSWORD)),
    route("api:take_factor_away", MEMBER, POST=not_now(MANAGERS).sends(password=PASSWORD)),
]
