"""Counting, names, addresses and the wall around rescue, without a database."""

from datetime import timedelta

import pytest

from planner.core.errors import DomainError, Refused
from staff.accounts.rules import (
    LIMITS,
    Limit,
    Tries,
    check_rescue,
    login_key,
    minutes_left,
    one_more,
    read_address,
    retry_delay,
    tidy_code,
)
from staff.people.rules import Actor, Level, Seat
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
LIMIT = Limit(3, 10 * MINUTE, 5 * MINUTE)


def test_tries_are_counted_up_to_the_limit_and_the_last_one_locks() -> None:
    tries = None
    for count in (1, 2, 3):
        tries = one_more(tries, LIMIT, NOW)
        assert tries
        assert tries.count == count
    assert tries == Tries(3, NOW, NOW + 5 * MINUTE)


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_guess_while_locked_is_not_counted_and_prolongs_nothing(after: int) -> None:
    assert one_more(Tries(3, NOW, NOW + 5 * MINUTE), LIMIT, NOW + after * MINUTE) is None


def test_after_the_lock_and_after_the_window_it_starts_anew() -> None:
    assert one_more(Tries(3, NOW, NOW + 5 * MINUTE), LIMIT, NOW + 5 * MINUTE) == Tries(1, NOW + 5 * MINUTE)
    assert one_more(Tries(2, NOW), LIMIT, NOW + 10 * MINUTE) == Tries(1, NOW + 10 * MINUTE)
    assert one_more(Tries(2, NOW), LIMIT, NOW + 9 * MINUTE) == Tries(3, NOW, NOW + 14 * MINUTE)


def test_a_limit_without_a_pause_holds_until_its_window_ends() -> None:
    assert one_more(Tries(1, NOW), Limit(2, 10 * MINUTE), NOW + MINUTE) == Tries(2, NOW, NOW + 10 * MINUTE)


def test_guessing_has_a_limit_of_its_own_for_a_known_browser() -> None:
    assert LIMITS["login"].most <= 5
    assert LIMITS["login"].pause == timedelta(minutes=15)
    assert (LIMITS["invite_sender"].most, LIMITS["invite_address"].most, LIMITS["invite_team"].most) == (20, 3, 50)


@pytest.mark.parametrize("typed", ["kim", "KIM", " kim ", "ｋｉｍ", "kım", "KIM"])
def test_every_way_to_write_a_name_is_one_key(typed: str) -> None:
    assert login_key(typed) == login_key("kim")


@pytest.mark.parametrize("typed", ["kin", "kim2", ""])
def test_other_names_are_other_keys(typed: str) -> None:
    assert login_key(typed) != login_key("kim")


@pytest.mark.parametrize(
    ("typed", "email", "phone"),
    [
        (" Mei@Example.Test ", "mei@example.test", ""),
        ("ｍei@example.test", "mei@example.test", ""),
        ("138 0013-8000", "", "13800138000"),
        ("+86 (138) 0013 8000", "", "+8613800138000"),
    ],
)
def test_an_address_is_written_in_one_way(typed: str, email: str, phone: str) -> None:
    address = read_address(typed)
    assert (address.email, address.phone) == (email, phone)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mei",
        "mei@",
        "@x.test",
        "a@b",
        "1234",
        "12x45678",
        "a@x.test\nBcc: b@x.test",
        "a b@x.test",
        "a@x.test,b@x.test",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="invalid"):
        read_address(typed)


@pytest.mark.parametrize(
    ("seats", "member_of", "code"),
    [
        ([(1, Level.MANAGER)], {1}, "ok"),
        ([(1, Level.MANAGER), (2, Level.MANAGER)], {1, 2}, "ok"),
        ([(1, Level.MANAGER)], {1, 2}, "other_team"),
        ([(1, Level.MANAGER), (2, Level.MEMBER)], {1, 2}, "other_team"),
        ([(1, Level.MANAGER)], {2}, "missing"),
        ([(1, Level.MANAGER)], set(), "missing"),
        ([(1, Level.MEMBER)], {1}, "not_allowed"),
        ([(2, Level.MANAGER)], {1}, "missing"),
    ],
)
def test_a_manager_opens_an_account_only_when_all_its_teams_are_theirs(
    seats: list[tuple[int, Level]], member_of: set[int], code: str
) -> None:
    actor = Actor(user_id=7, name="陈", seats=tuple(Seat(team, level) for team, level in seats))
    try:
        check_rescue(actor, 1, member_of)
    except DomainError as error:
        assert error.code == code
    else:
        assert code == "ok"


def test_waiting_is_said_in_whole_minutes() -> None:
    assert [minutes_left(NOW + timedelta(seconds=s), NOW) for s in (1, 60, 61, 900)] == [1, 1, 2, 15]


def test_a_mail_is_tried_again_later_and_later() -> None:
    delays = [retry_delay(attempt) for attempt in range(1, 9)]
    assert delays == sorted(delays)
    assert (delays[0], delays[-1]) == (timedelta(seconds=30), timedelta(minutes=30))


def test_codes_are_read_with_blanks_and_dashes() -> None:
    assert tidy_code(" 123 456 ") == "123456"
    assert tidy_code("ABCD-efgh-2345") == "abcdefgh2345"
