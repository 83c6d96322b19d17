"""Whoever changes something on a page is offered the way back, or it stands here why there is none."""

import json
import re

import pytest

from tests.walls.cells import Stage, address_of, judge, sent_by
from tests.walls.matrix import ROWS
from tests.walls.matrix.shapes import ACTORS, OK, Row

pytestmark = pytest.mark.django_db

_DOOR = "who gets in and how: asked for with a password or a secret, and changed again by the same"
_SENT = "somebody has been written to: that is not unsaid, the thing itself can be withdrawn where it is listed"
_PEOPLE = "a manager's decision about a person, made in a form that shows the old one and sets it again"
_LOOKED = "shows what would be: nothing is written"
_READ = "a notice that was read stays in the list"
_CHOSEN = "this browser's or one's own choice, made again where it was made"
_HANDED = "what was handed out cannot be taken back, and nothing here was changed by it"
NO_WAY_BACK: dict[str, str] = {
    **dict.fromkeys(("staff:setup", "staff:forgot", "staff:reset", "staff:invite", "staff:password"), _DOOR),
    **dict.fromkeys(("staff:own_address", "staff:confirm_address", "staff:log_out_everywhere"), _DOOR),
    **dict.fromkeys(("staff:factor", "staff:confirm_factor", "staff:remove_factor", "staff:take_factor_away"), _DOOR),
    **dict.fromkeys(("staff:unlock_person", "staff:tokens", "staff:revoke_token"), _DOOR),
    **dict.fromkeys(("staff:invite_person", "staff:reissue_invitation", "staff:revoke_invitation"), _SENT),
    **dict.fromkeys(("staff:make_reset_link", "campaigns:retry_delivery"), _SENT),
    **dict.fromkeys(("staff:add_person", "staff:change_place", "staff:deactivate_person"), _PEOPLE),
    "staff:reactivate_person": _PEOPLE,
    **dict.fromkeys(("campaigns:export_log", "staff:export_team_log"), _HANDED),
    "campaigns:undo_change": "itself an undo",
    "campaigns:undo_bulk_edit": "itself an undo",
    "campaigns:undo_import": "itself an undo",
    "campaigns:import_orders": "runs in the background; taken back as a whole on the page of figures",
    "staff:cancel_run": "asks a run to stop; it is started again where it was started",
    **dict.fromkeys(("campaigns:open_notice", "campaigns:read_notice", "campaigns:read_all"), _READ),
    **dict.fromkeys(("campaigns:preview_quick_add", "campaigns:preview_bulk_edit"), _LOOKED),
    **dict.fromkeys(("staff:login", "staff:login_code", "staff:logout"), _DOOR),
    **dict.fromkeys(("staff:language", "staff:theme"), _CHOSEN),
    "campaigns:compile_review": "computed from what is there; the notes beside it are kept",
    "campaigns:load_sop": "a version of a template is never changed: the one before stays in use where it is used",
    "campaigns:create": "a campaign with its plan and everybody told; it is archived where it was not meant",
    "staff:guide": "a short guide that was closed; the page of help shows it",
}
# Without script these are looked at first, and saved with the second press: here they are sent by a script.
BY_SCRIPT = {"campaigns:quick_add"}
UNDO = re.compile(r'action="(/changes/\d+/undo/)"')
CHANGING = [row for row in ROWS if not row.is_api and row.shape_of("POST")]


def offers(stage: Stage, row: Row) -> list[str]:
    """The addresses that take back what the first of the actors who may has just done."""
    shape = row.shape_of("POST")
    assert shape is not None
    actor = next((name for name in ACTORS if shape.statuses[name] == OK), ACTORS[0])
    sent = sent_by(row, "POST", shape, stage.world)
    if row.name in BY_SCRIPT:
        answer = stage.ask(actor, "POST", address_of(row, stage.world), headers={"HX-Request": "true"}, **sent)
        return UNDO.findall(answer.response.content.decode())
    answer = stage.ask(actor, "POST", address_of(row, stage.world), **sent)
    queued = getattr(answer.response.wsgi_request, "_messages", None)  # type: ignore[attr-defined]
    messages = queued._queued_messages if queued is not None else []
    return [undo for message in messages if (undo := json.loads(message.extra_tags)[0])]


@pytest.mark.parametrize("row", CHANGING, ids=[row.name for row in CHANGING])
def test_a_change_offers_its_way_back(stage: Stage, row: Row) -> None:
    if row.name in NO_WAY_BACK:
        assert offers(stage, row) == [], f"{row.name} can be taken back: its reason is out of date"
    else:
        assert len(offers(stage, row)) == 1


def test_every_reason_is_about_a_page() -> None:
    names = {row.name for row in CHANGING}
    judge([f"{name} is no page that changes something" for name in NO_WAY_BACK if name not in names])
