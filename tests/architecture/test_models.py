"""Foreign keys point the way imports point, actions write their own rows, migrations are complete."""

import pytest
from django.core.management import call_command
from django.db import connection

from staff.people.models import Team
from tests.architecture.house import height, own_models, slice_of
from tests.architecture.writers import ForeignRows
from tests.factories import NOW, TeamFactory


def test_foreign_keys_point_down() -> None:
    ours = {slice_of(model) for model in own_models()}
    found = []
    for model in own_models():
        for relation in [*model._meta.fields, *model._meta.many_to_many]:
            target = slice_of(relation.related_model) if relation.related_model else ""
            if target in ours and height(target) > height(slice_of(model)):
                found.append(f"{relation} points up to {target}")
    assert found == []


def _as_action_of(place: str, code: str, **names: object) -> None:
    """Runs code as if it stood in an actions file of that slice."""
    exec(compile(code, f"/house/{place}/actions.py", "exec"), names)  # noqa: S102  the only way to stand elsewhere


def test_an_action_that_writes_another_slices_rows_is_caught(db: None) -> None:
    team = TeamFactory()
    write = "Team.objects.filter(pk=team.pk).update(name='x')"
    _as_action_of("staff/people", write, Team=Team, team=team)
    with pytest.raises(ForeignRows, match=r"campaigns\.board writes name of staff\.people"):
        _as_action_of("campaigns/board", write, Team=Team, team=team)


def test_phases_may_move_the_pointer_and_nothing_else(db: None) -> None:
    move = 'cursor.execute(f\'UPDATE "campaigns_campaign" SET "{column}" = %s WHERE 1 = 0\', [value])'
    with connection.cursor() as cursor:
        _as_action_of("campaigns/phases", move, cursor=cursor, column="phase", value="review")
        with pytest.raises(ForeignRows):
            _as_action_of("campaigns/phases", move, cursor=cursor, column="starts_at", value=NOW)


def test_migrations_say_what_the_models_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
