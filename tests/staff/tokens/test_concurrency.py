"""Two tokens at the same moment: never one too many."""

import pytest

from planner.core.errors import DomainError
from staff.tokens.models import ApiToken
from staff.tokens.rules import MOST_LIVE
from tests.campaigns.board.test_concurrency import at_once
from tests.cast import Cast, make_cast
from tests.staff.tokens.conftest import WORD, make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    return make_cast()


def test_the_twentieth_token_is_made_once(crew: Cast) -> None:
    crew.cs.set_password(WORD)
    crew.cs.save(update_fields=["password"])
    for _ in range(MOST_LIVE - 1):
        make(crew.cs)
    answers = at_once(*[lambda: make(crew.cs)] * 3)
    assert sorted(answers) == ["ok", "too_many_tokens", "too_many_tokens"]
    assert ApiToken.objects.filter(user=crew.cs).count() == MOST_LIVE
    with pytest.raises(DomainError):
        make(crew.cs)
