"""Figures and runs."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.campaigns.metrics.files import csv_bytes, order
from tests.walls.matrix.shapes import MANAGERS, READ, WORKERS, route
from tests.walls.world import World

CAMPAIGN = {"campaign_id": "campaign"}


def orders(world: World) -> SimpleUploadedFile:
    """An export with one order."""
    return SimpleUploadedFile("orders.csv", csv_bytes([order(1)]))


ROWS = [
    route("campaigns:numbers", CAMPAIGN, GET=READ),
    route("campaigns:import_orders", CAMPAIGN, POST=WORKERS.sends(file=orders)),
    route("campaigns:undo_import", {**CAMPAIGN, "batch_id": "batch"}, POST=MANAGERS),
    route("campaigns:set_target", CAMPAIGN, POST=WORKERS.sends(paid_amount="300000", version=1)),
    route("campaigns:set_visitors", CAMPAIGN, POST=WORKERS.sends(**{"day-2026-11-11": "500", "was-2026-11-11": ""})),
    route("campaigns:paste_visitors", CAMPAIGN, POST=WORKERS.sends(pasted="2026-11-11 500")),
    route("staff:run", {"run_id": "run"}, GET=READ),
    route("staff:cancel_run", {"run_id": "run"}, POST=WORKERS),
    route("api:numbers", CAMPAIGN, GET=READ),
    route("api:import_orders", CAMPAIGN, GET=READ, POST=WORKERS.sends(file=orders)),
    route("api:import", {**CAMPAIGN, "batch_id": "batch"}, GET=READ),
    route("api:undo_import", {**CAMPAIGN, "batch_id": "batch"}, POST=MANAGERS),
    route("api:set_target", CAMPAIGN, GET=READ, PUT=WORKERS.sends(paid_amount="300000")),
    route("api:set_visitors", CAMPAIGN, GET=READ, PATCH=WORKERS.sends(days=[{"on": "2026-11-11", "visitors": 500}])),
    route("api:run", {"run_id": "run"}, GET=READ),
    route("api:cancel_run", {"run_id": "run"}, POST=WORKERS),
]
