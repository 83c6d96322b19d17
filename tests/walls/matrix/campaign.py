"""Campaigns: the list, the log, phases, the screens over several slices."""

from tests.walls.matrix.shapes import EVERYONE, MANAGERS, READ, SIGNED_IN, WORKERS, at, route

CAMPAIGN = {"campaign_id": "campaign"}
RUSH = {"task_id": "rush"}
LATER = {"campaign_id": "later_phase"}
# Who may work in any team asks there; another team's campaign is not on offer.
ASKERS = SIGNED_IN.but(viewer=403)
ASKED = {
    "title": "加急主图",
    "purpose": "首页",
    "sizes": "800×800 主图",
    "due_at": "2099-06-01T10:00:00Z",
    "priority": "urgent",
}
NEW = ASKERS.sends(**ASKED, for_campaign=at("campaign"))

ROWS = [
    route("campaigns:today", GET=SIGNED_IN),
    route("campaigns:requests", GET=SIGNED_IN.asks(designer=at("owner"), for_campaign=at("campaign"))),
    route(
        "campaigns:create_request",
        GET=ASKERS,
        POST=NEW.but(outsider=409),
    ),
    route("campaigns:accept_request", RUSH, POST=MANAGERS),
    route("campaigns:decline_request", RUSH, POST=MANAGERS.sends(reason="来不及")),
    route("campaigns:overview", CAMPAIGN, GET=READ),
    route("campaigns:set_role_holder", CAMPAIGN, POST=MANAGERS.sends(role="cs", user=at("other"))),
    # No broker and no worker in tests: red, and nothing more is said.
    route("campaigns:healthz", is_open=True, GET=EVERYONE.answers(503)),
    route("campaigns:campaigns", GET=SIGNED_IN),
    route("campaigns:archive_campaign", CAMPAIGN, POST=MANAGERS),
    route("campaigns:restore_campaign", {"campaign_id": "archived"}, POST=MANAGERS),
    route("campaigns:log", CAMPAIGN, GET=READ),
    # A table to keep: what is logged is that it was taken.
    route("campaigns:export_log", CAMPAIGN, POST=MANAGERS.answers(200)),
    route("campaigns:advance_phase", CAMPAIGN, POST=MANAGERS.sends(to="execution", override_reason="先走")),
    route("campaigns:step_back", LATER, POST=MANAGERS.sends(to="prep", reason="早了")),
    route("campaigns:search", GET=SIGNED_IN.asks(q="主图", at=at("campaign"))),
    route("api:search", GET=SIGNED_IN.asks(q="主图")),
    route("api:today", GET=SIGNED_IN),
    route("api:requests", GET=SIGNED_IN),
    route("api:create_request", CAMPAIGN, POST=WORKERS.sends(**ASKED).answers(201)),
    route("api:overview", CAMPAIGN, GET=READ),
    route("api:set_role_holder", CAMPAIGN, GET=READ, POST=MANAGERS.sends(role="cs", user_id=at("other"))),
    route("api:archive_campaign", CAMPAIGN, POST=MANAGERS.sends(reason="重复")),
    route("api:restore_campaign", {"campaign_id": "archived"}, POST=MANAGERS.sends(reason="还要")),
    route("api:log", CAMPAIGN, GET=READ),
    route(
        "api:stores",
        GET=READ.asks(team_id=at("team")),
        POST=MANAGERS.sends(team_id=at("team"), name="二店", platform="jd"),
    ),
    route("api:step_back", LATER, POST=MANAGERS.sends(to="prep", reason="早了")),
    route("api:close_routine", {"campaign_id": "routine"}, POST=MANAGERS),
    route("api:campaign", CAMPAIGN, GET=READ),
    route("api:advance_phase", CAMPAIGN, POST=MANAGERS.sends(to="execution", override_reason="先走")),
    route("campaigns:close_routine", {"campaign_id": "routine"}, POST=MANAGERS),
]
