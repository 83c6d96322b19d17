"""People with a password, and tokens of theirs."""

from datetime import datetime, timedelta

import pytest

from staff.people.models import User
from staff.people.queries import actor_for
from staff.tokens.actions import NewToken, create_token
from tests.cast import Cast
from tests.factories import NOW

WORD = "qinghe-2026"


@pytest.fixture
def known(cast: Cast) -> Cast:
    """The cast with passwords."""
    for user in (cast.manager, cast.designer, cast.cs, cast.viewer, cast.outsider):
        user.set_password(WORD)
        user.save(update_fields=["password"])
    return cast


def make(user: User, *, may_write: bool = True, days: int = 30, now: datetime = NOW, name: str = "BI") -> NewToken:
    """A token of this person, made at `now`."""
    return create_token(
        actor=actor_for(User.objects.get(pk=user.pk)),
        name=name,
        may_write=may_write,
        expires_at=now + timedelta(days=days),
        password=WORD,
        now=now,
    )
