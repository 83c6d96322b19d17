"""Phases move by managers only, past their gates or over them with a written reason, and each move is logged."""

from datetime import timedelta
from typing import Any

import pytest

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign, CampaignEvent
from campaigns.campaign.rules import Phase
from campaigns.phases.actions import advance_phase, close_routine, step_back
from planner.core.errors import Missing, NotAllowed, Refused
from tests.cast import Cast
from tests.factories import NOW, CampaignFactory, TaskFactory

DONE = {"status": "done", "done_at": NOW}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="618 2027")


def stand(campaign: Campaign) -> tuple[str, int, int]:
    """Phase, version and number of log lines."""
    campaign.refresh_from_db()
    return campaign.phase, campaign.version, CampaignEvent.objects.count()


def advance(cast: Cast, campaign: Campaign, to: Phase, who: str = "manager", **values: Any) -> None:
    advance_phase(actor=cast.actor(who), campaign_id=campaign.pk, to=to, now=NOW, **values)


def test_a_finished_phase_is_left_and_the_move_is_logged(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="P11", must_have=True, **DONE)
    TaskFactory(campaign=campaign, must_have=False)
    advance(cast, campaign, Phase.EXECUTION)
    assert stand(campaign) == ("execution", 2, 1)
    event = CampaignEvent.objects.get()
    assert (event.verb, event.actor, event.before) == ("advance_phase", cast.manager, {"phase": "prep"})
    assert event.after == {"phase": "execution", "version": 2}
    assert campaign.board_version == 1


def test_what_blocks_is_named_and_nothing_moves(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="P11", title="定品冻结", must_have=True, owner=cast.designer)
    gate = TaskFactory(campaign=campaign, code="P37", title="报名通过", is_gate=True, done_by=cast.cs, **DONE)
    with pytest.raises(Refused, match="phase_blocked") as refused:
        advance(cast, campaign, Phase.EXECUTION)
    assert [str(reason) for reason in refused.value.reasons] == [
        "P11 定品冻结 is not done: 小美 has it.",
        "P37 报名通过 is done, but no second person has confirmed it.",
    ]
    assert stand(campaign) == ("prep", 1, 0)
    Task.objects.filter(code="P11").update(**DONE)
    Task.objects.filter(pk=gate.pk).update(confirmed_by=cast.manager, confirmed_at=NOW)
    advance(cast, campaign, Phase.EXECUTION)
    assert stand(campaign) == ("execution", 2, 1)


def test_a_written_reason_overrides_and_the_log_keeps_it_with_the_open_tasks(cast: Cast, campaign: Campaign) -> None:
    TaskFactory(campaign=campaign, code="P11", title="定品冻结", must_have=True)
    advance(cast, campaign, Phase.EXECUTION, override_reason="  平台提前开售  ")
    event = CampaignEvent.objects.get()
    assert (event.verb, event.reason) == ("override_phase", "平台提前开售")
    assert event.after == {"phase": "execution", "version": 2, "blockers": ["P11 定品冻结"]}
    assert stand(campaign)[0] == "execution"


def test_a_reason_without_need_is_no_override(cast: Cast, campaign: Campaign) -> None:
    advance(cast, campaign, Phase.EXECUTION, override_reason="万事俱备")
    assert CampaignEvent.objects.get().verb == "advance_phase"


def test_a_double_click_moves_once(cast: Cast, campaign: Campaign) -> None:
    advance(cast, campaign, Phase.EXECUTION)
    with pytest.raises(Refused, match="phase_moved"):
        advance(cast, campaign, Phase.EXECUTION)
    assert stand(campaign) == ("execution", 2, 1)


def test_the_review_opens_while_wrap_up_runs_on_but_closing_waits_for_it(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="wrap_up")
    for code in ("W01", "W06"):
        TaskFactory(campaign=campaign, code=code, phase="wrap_up", must_have=True, **DONE)
    TaskFactory(campaign=campaign, code="W07", title="未发货清零", phase="wrap_up", must_have=True)
    advance(cast, campaign, Phase.REVIEW)
    with pytest.raises(Refused, match="W07 未发货清零"):
        advance(cast, campaign, Phase.CLOSED)
    Task.objects.filter(code="W07").update(**DONE)
    advance(cast, campaign, Phase.CLOSED)
    assert stand(campaign)[0] == "closed"


def test_a_closed_campaign_goes_no_further(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="closed")
    with pytest.raises(Refused, match="campaign_closed"):
        advance(cast, campaign, Phase.CLOSED)


@pytest.mark.parametrize(
    ("who", "refusal"), [("designer", NotAllowed), ("cs", NotAllowed), ("viewer", NotAllowed), ("outsider", Missing)]
)
def test_nobody_else_moves_phases(cast: Cast, campaign: Campaign, who: str, refusal: type[Exception]) -> None:
    routine = CampaignFactory(team=cast.team, kind="routine")
    with pytest.raises(refusal):
        advance(cast, campaign, Phase.EXECUTION, who, override_reason="急")
    with pytest.raises(refusal):
        close_routine(actor=cast.actor(who), campaign_id=routine.pk, now=NOW)
    Campaign.objects.filter(pk=campaign.pk).update(phase="execution")
    with pytest.raises(refusal):
        step_back(actor=cast.actor(who), campaign_id=campaign.pk, to=Phase.PREP, reason="急", now=NOW)
    assert stand(campaign) == ("execution", 1, 0)


def test_a_step_back_needs_a_reason_and_is_logged(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="execution")
    with pytest.raises(Refused, match="reason_missing"):
        step_back(actor=cast.actor("manager"), campaign_id=campaign.pk, to=Phase.PREP, reason=" ", now=NOW)
    step_back(actor=cast.actor("manager"), campaign_id=campaign.pk, to=Phase.PREP, reason="平台改期", now=NOW)
    event = CampaignEvent.objects.get()
    assert (event.verb, event.reason, event.before["phase"], event.after["phase"]) == (
        "step_back", "平台改期", "execution", "prep",
    )  # fmt: skip


def test_a_closed_campaign_is_reopened_into_its_review(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(phase="closed")
    step_back(
        actor=cast.actor("manager"),
        campaign_id=campaign.pk,
        to=Phase.REVIEW,
        reason="漏了退款",
        now=NOW + timedelta(days=1),
    )
    assert stand(campaign)[0] == "review"


def test_routine_work_is_closed_and_reopened_without_phases(cast: Cast) -> None:
    routine = CampaignFactory(team=cast.team, kind="routine")
    TaskFactory(campaign=routine, must_have=True)
    with pytest.raises(Refused, match="no_phases"):
        advance(cast, routine, Phase.EXECUTION, override_reason="急")
    close_routine(actor=cast.actor("manager"), campaign_id=routine.pk, now=NOW)
    assert stand(routine)[0] == "closed"
    with pytest.raises(Refused, match="campaign_closed"):
        close_routine(actor=cast.actor("manager"), campaign_id=routine.pk, now=NOW)
    step_back(actor=cast.actor("manager"), campaign_id=routine.pk, to=Phase.PREP, reason="还要用", now=NOW)
    assert stand(routine)[0] == "prep"
    assert list(CampaignEvent.objects.order_by("id").values_list("verb", flat=True)) == ["close_routine", "step_back"]


def test_a_promotion_is_not_closed_by_the_side_door(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(Refused, match="not_routine"):
        close_routine(actor=cast.actor("manager"), campaign_id=campaign.pk, now=NOW)
