"""Lines over the API: look first, then make exactly that."""

import pytest

from campaigns.board.models import Task
from campaigns.campaign.models import Campaign
from tests.callers import Caller
from tests.cast import Cast
from tests.factories import CampaignFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return CampaignFactory(team=cast.team, name="双11 大促")


def test_what_was_looked_at_is_made(cast: Cast, campaign: Campaign) -> None:
    call = Caller(cast.manager)
    lines = "主图返工 @小美 @阿敏 周日18点 !重要\n海报 ~2h"
    shown = call.post("preview_quick_add", body={"lines": lines, "campaign_id": campaign.pk}).json()
    assert shown["is_clear"] is True
    first = shown["lines"][0]
    assert (first["title"], first["owner_id"], first["helper_ids"]) == ("主图返工", cast.designer.pk, [cast.cs.pk])
    assert (first["campaign_id"], first["role"], first["important"]) == (campaign.pk, "design", True)
    assert [issue["weight"] for issue in first["issues"]] == ["note"]
    assert not Task.objects.exists()
    sent = {"lines": lines, "campaign_id": campaign.pk, "as_of": shown["as_of"], "seen": shown["seen"]}
    made = call.post("quick_add", body=sent)
    assert made.status_code == 201
    assert made.json()["task_ids"] == list(Task.objects.order_by("id").values_list("id", flat=True))
    assert made.json()["lines"] == shown["lines"]


def test_a_question_refuses_with_the_place_and_the_answers(cast: Cast, campaign: Campaign) -> None:
    call = Caller(cast.manager)
    cast.cs.display_name = "小妹"
    cast.cs.save()
    shown = call.post("preview_quick_add", body={"lines": "主图 @小"}).json()
    issue = shown["lines"][0]["issues"][0]
    assert (shown["is_clear"], issue["part"], issue["weight"]) == (False, "owner", "question")
    assert (issue["start"], issue["end"]) == (3, 5)
    assert [choice["line"] for choice in issue["choices"]] == ["主图 @小妹", "主图 @小美"]
    refused = call.post("quick_add", body={"lines": "主图 @小"})
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["lines.1.owner"]
    assert not Task.objects.exists()


def test_another_reading_than_the_one_seen_is_refused(cast: Cast, campaign: Campaign) -> None:
    refused = Caller(cast.manager).post("quick_add", body={"lines": "主图 明天", "seen": "0" * 20})
    assert (refused.status_code, refused.json()["code"]) == (409, "read_anew")
