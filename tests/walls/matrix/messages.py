"""Notices and the ledger."""

from tests.walls.matrix.shapes import MANAGERS, ONLY_OWN, READ, SIGNED_IN, at, route

CAMPAIGN = {"campaign_id": "campaign"}
NOTICE = {"notice_id": "notice"}

ROWS = [
    route("campaigns:notices", GET=SIGNED_IN),
    route("campaigns:bell", GET=SIGNED_IN),
    route("campaigns:read_all", POST=SIGNED_IN.writes_nothing()),
    route("campaigns:open_notice", NOTICE, POST=ONLY_OWN),
    route("campaigns:read_notice", NOTICE, POST=ONLY_OWN),
    route("campaigns:ledger", CAMPAIGN, GET=READ),
    route("campaigns:retry_delivery", {**CAMPAIGN, "delivery_id": "dead"}, POST=MANAGERS),
    route("api:notices", GET=SIGNED_IN),
    route("api:bell", GET=SIGNED_IN),
    route("api:read_all", POST=SIGNED_IN.writes_nothing()),
    route("api:read_notice", NOTICE, POST=ONLY_OWN),
    route("api:ledger", CAMPAIGN, GET=READ),
    route("api:retry_delivery", {**CAMPAIGN, "delivery_id": "dead"}, POST=MANAGERS),
]
MORE = [
    route("campaigns:ledger", CAMPAIGN, GET=READ.asks(person=at("owner"), task=at("task"))),
    route("api:ledger", CAMPAIGN, GET=READ.asks(person_id=at("owner"), task_id=at("task"))),
]
