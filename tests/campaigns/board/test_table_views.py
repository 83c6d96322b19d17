"""The table and the change of many tasks, as each of the cast, with and without script."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.board.models import BulkEdit, Task
from campaigns.campaign.models import Campaign
from tests.cast import Cast
from tests.factories import CampaignFactory, TaskFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    for person in (cast.manager, cast.designer, cast.cs, cast.viewer, cast.outsider):
        person.language = "en"
        person.save(update_fields=["language"])
    return CampaignFactory(team=cast.team, name="618 2027")


@pytest.fixture
def tasks(cast: Cast, campaign: Campaign) -> list[Task]:
    due_at = timezone.now() + timedelta(days=2)
    owners = [cast.designer, cast.cs, None]
    return [
        TaskFactory(campaign=campaign, code=f"P{index}", title=f"任务{index}", owner=owner, due_at=due_at)
        for index, owner in enumerate(owners, start=1)
    ]


def as_(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def chosen(tasks: list[Task]) -> list[str]:
    return [f"{task.pk}:{task.version}" for task in tasks]


def hidden(response: HttpResponse, form: str) -> dict[str, list[str]]:
    """What the form of the answer would send, by the end of its address."""
    found = re.search(rf'<form[^>]*action="[^"]*{form}"(.*?)</form>', text(response), re.DOTALL)
    assert found, f"there is no form to {form}"
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", found[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        assert value
        fields.setdefault(name[1], []).append(value[1].replace("&amp;", "&"))
    return fields


def test_each_sees_the_table_that_is_theirs(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    page = url("tasks", campaign.pk)
    for who, boxes, may_plan in (("manager", 3, True), ("designer", 3, False), ("viewer", 0, False)):
        shown = text(as_(cast, who).get(page))
        assert all(task.title in shown for task in tasks)
        assert shown.count('name="task"') == boxes
        assert ('name="due_shift_days"' in shown) is may_plan
        assert ('name="owner"' in shown) is bool(boxes)
    assert as_(cast, "outsider").get(page).status_code == 404
    assert Client().get(page).status_code == 302


@pytest.mark.parametrize("name", ["preview_bulk_edit", "apply_bulk_edit"])
def test_who_may_change_many(cast: Cast, campaign: Campaign, tasks: list[Task], name: str) -> None:
    sent = {"task": chosen(tasks), "urgent": "yes"}
    expected = {"outsider": 404, "viewer": 403, "designer": 200 if name == "preview_bulk_edit" else 403}
    for who, status in expected.items():
        assert as_(cast, who).post(url(name, campaign.pk), sent).status_code == status
    assert as_(cast, "manager").get(url(name, campaign.pk)).status_code == 405
    assert not BulkEdit.objects.exists()


def test_select_preview_apply_undo_by_plain_forms(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    client = as_(cast, "manager")
    sent: dict[str, Any] = {"task": chosen(tasks), "owner": str(cast.cs.pk), "due_shift_days": "-3", "back": "role=ops"}
    preview = client.post(url("preview_bulk_edit", campaign.pk), sent)
    assert preview.status_code == 200
    assert "3 become late" in text(preview)
    assert not BulkEdit.objects.exists()
    fields = hidden(preview, "bulk/apply/")
    assert fields.pop("csrfmiddlewaretoken")
    applied = client.post(url("apply_bulk_edit", campaign.pk), fields)
    edit = BulkEdit.objects.get()
    assert (applied.status_code, applied["Location"]) == (
        302,
        f"{url('tasks', campaign.pk)}?role=ops&edit={edit.pk}",
    )
    assert set(Task.objects.values_list("owner_id", flat=True)) == {cast.cs.pk}
    table = client.get(applied["Location"])
    assert "3 tasks were changed" in text(table)
    undone = client.post(url("undo_bulk_edit", edit.pk), hidden(table, f"{edit.pk}/undo/"))
    assert undone.status_code == 302
    assert "Taken back" in text(client.get(undone["Location"]))
    assert list(Task.objects.order_by("pk").values_list("owner_id", flat=True)) == [cast.designer.pk, cast.cs.pk, None]
    assert client.post(url("undo_bulk_edit", edit.pk)).status_code == 409


def test_with_htmx_the_parts_take_the_tables_place(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    client = as_(cast, "manager")
    for response in (
        client.get(url("tasks", campaign.pk), headers=HTMX),
        client.post(url("preview_bulk_edit", campaign.pk), {"task": chosen(tasks), "important": "yes"}, headers=HTMX),
    ):
        assert re.match(r'<\w+\s+id="tasks"', text(response))
    applied = client.post(
        url("apply_bulk_edit", campaign.pk), {"task": chosen(tasks), "important": "yes"}, headers=HTMX
    )
    assert "?edit=" in applied["HX-Redirect"]
    back = client.get(url("tasks", campaign.pk), headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in text(back)


def test_refused_tasks_can_be_left_out(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    Task.objects.filter(pk=tasks[0].pk).update(status="done", done_at=timezone.now())
    client = as_(cast, "manager")
    preview = client.post(url("preview_bulk_edit", campaign.pk), {"task": chosen(tasks), "phase": "review"})
    assert "1 cannot be changed" in text(preview)
    assert "bulk/apply/" not in text(preview)
    fields = hidden(preview, "tasks/bulk/")
    assert [value.partition(":")[0] for value in fields["task"]] == [str(task.pk) for task in tasks[1:]]
    assert "bulk/apply/" in text(client.post(url("preview_bulk_edit", campaign.pk), fields))


def test_a_stale_apply_shows_both_values_and_changes_nothing(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    client = as_(cast, "manager")
    client.post(url("assign_task", tasks[0].pk), {"owner_id": cast.manager.pk})
    response = client.post(
        url("apply_bulk_edit", campaign.pk), {"task": chosen(tasks), "owner": cast.cs.pk}, headers=HTMX
    )
    assert response.status_code == 409
    assert all(name in text(response) for name in ("P1 任务1", "陈主管", "阿敏"))
    assert Task.objects.get(pk=tasks[2].pk).owner_id is None


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"task": []},
        {"urgent": "maybe"},
        {"urgent": "__class__"},
        {"status": "blocked"},
        {"status": "doing"},
        {"phase": "closed"},
        {"owner": "1 OR 1=1"},
        {"due_shift_days": "1e9"},
        {"due_shift_days": str(10**30)},
        {"task": ["1"], "urgent": "yes"},
        {"task": ["1:1'"], "urgent": "yes"},
        {"task": [f"{pk}:1" for pk in range(1, 600)], "urgent": "yes"},
        # Names that are no field of the form reach nothing.
        {"password": "x", "__class__": "x", "delete": "1", "version": "9"},
    ],
)
def test_what_cannot_be_meant_is_refused_and_writes_nothing(
    cast: Cast, campaign: Campaign, tasks: list[Task], sent: dict[str, Any]
) -> None:
    """B7, and B9 in its way: what is sent by hand gets no further than the form."""
    client = as_(cast, "manager")
    before = list(Task.objects.order_by("pk").values())
    sent = {"task": chosen(tasks), **sent}
    for name in ("preview_bulk_edit", "apply_bulk_edit"):
        assert client.post(url(name, campaign.pk), sent).status_code in {400, 409}
    assert list(Task.objects.order_by("pk").values()) == before


def test_a_members_form_has_no_managers_fields(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    sent = {"task": chosen(tasks[:1]), "urgent": "yes", "phase": "review", "must_have": "yes", "due_shift_days": "3"}
    assert as_(cast, "designer").post(url("apply_bulk_edit", campaign.pk), sent).status_code == 302
    fresh = Task.objects.get(pk=tasks[0].pk)
    assert (fresh.urgent, fresh.phase, fresh.must_have, fresh.due_at) == (True, "prep", False, tasks[0].due_at)
    sent = {"task": chosen([fresh]), "status": "cancelled", "reason": "x"}
    assert as_(cast, "designer").post(url("apply_bulk_edit", campaign.pk), sent).status_code == 409


def test_one_foreign_id_among_own_is_nothing_at_all(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    foreign = TaskFactory(campaign=CampaignFactory(team=cast.other_team))
    client = as_(cast, "manager")
    for name in ("preview_bulk_edit", "apply_bulk_edit"):
        sent = {"task": chosen([*tasks, foreign]), "urgent": "yes"}
        assert client.post(url(name, campaign.pk), sent).status_code == 404
    assert not Task.objects.filter(urgent=True).exists()


def test_filters_and_orders_that_cannot_be_meant_are_left_out(
    cast: Cast, campaign: Campaign, tasks: list[Task]
) -> None:
    wrong = "?person=x'1&role=king&status=gone&order=owner__password&late=&edit=x&text=" + "图" * 90
    response = as_(cast, "viewer").get(url("tasks", campaign.pk) + wrong)
    assert response.status_code == 200
    assert "任务3" in text(response)


def test_everything_can_be_chosen_without_script(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    shown = text(as_(cast, "manager").get(url("tasks", campaign.pk) + "?all=1"))
    assert len(re.findall(r'name="task"[^>]*checked', shown)) == 3


def test_the_back_address_stays_here(cast: Cast, campaign: Campaign, tasks: list[Task]) -> None:
    sent = {"task": chosen(tasks), "urgent": "yes", "back": "https://evil.test/?role=ops&order=-due"}
    response = as_(cast, "manager").post(url("apply_bulk_edit", campaign.pk), sent)
    assert response["Location"].startswith(f"{url('tasks', campaign.pk)}?order=-due&edit=")


def test_an_empty_table_says_so(cast: Cast, campaign: Campaign) -> None:
    client = as_(cast, "manager")
    assert "There is no work here yet" in text(client.get(url("tasks", campaign.pk)))
    assert "No task fits" in text(client.get(url("tasks", campaign.pk) + "?late=1"))
