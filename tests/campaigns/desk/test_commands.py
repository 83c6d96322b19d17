"""Commands are found in every language, and offered to those who may."""

import pytest

from campaigns.desk.rules.commands import COMMANDS, Place, Reader, offers
from campaigns.desk.rules.search import read

HERE = Place(1, "双11 2026", "shuang11 2026 s11 2026", may_work=True)
OTHER = Place(2, "618 2027", "618 2027 618 2027", may_work=False)
LABELS = [str(command.label) for command in COMMANDS]
MANAGER = Reader(may_work=True, may_manage=True, language="zh-hans", here=HERE)
VIEWER = Reader(may_work=False, may_manage=False, language="zh-hans")


def names(reader: Reader, typed: str) -> list[str]:
    found = offers(reader, read(typed).words, LABELS, [HERE, OTHER])
    return [f"{offer.command.label}{f' @{offer.place.id}' if offer.place else ''}" for offer in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("看板", "Board @1"),
        ("kanban", "Board @1"),
        ("kb", "Board @1"),
        ("board", "Board @1"),
        ("看板 618", "Board @2"),
        ("kb 618", "Board @2"),
        ("s11 board", "Board @1"),
        ("new task", "New task @1"),
        ("新任务", "New task @1"),
        ("新活动", "New campaign"),
        ("深色", "Dark theme"),
        ("dark", "Dark theme"),
        ("english", "Speak English"),
        ("退出", "Log out"),
        ("jr", "Today"),
    ],
)
def test_a_command_is_found_by_chinese_pinyin_and_english(typed: str, first: str) -> None:
    assert names(MANAGER, typed)[0] == first


@pytest.mark.parametrize("typed", ["主图", "vv", "kbx", "%", "618 2027"])
def test_other_words_find_no_command(typed: str) -> None:
    assert names(MANAGER, typed) == []


def test_without_words_all_are_offered_those_of_the_campaign_first() -> None:
    found = names(MANAGER, "")
    assert found[:2] == ["Overview @1", "Board @1"]
    assert "Log out" in found


def test_only_what_the_reader_may_do_is_offered() -> None:
    assert {"New campaign", "New task @1"} <= set(names(MANAGER, ""))
    assert not {"New campaign", "New task", "Board"} & set(names(VIEWER, ""))
    assert names(VIEWER, "new") == []
    # They name a campaign that takes no changes from this reader.
    assert names(MANAGER, "new task 618") == []


def test_the_language_that_is_spoken_is_not_offered() -> None:
    assert "Speak Chinese" not in names(MANAGER, "")
    assert "Speak English" in names(MANAGER, "")


@pytest.mark.parametrize(("typed", "is_sure"), [("kb", True), ("看板", True), ("kan", False), ("new task", True)])
def test_a_command_goes_first_when_it_is_named_outright(typed: str, is_sure: bool) -> None:
    assert offers(MANAGER, read(typed).words, LABELS, [])[0].is_sure is is_sure
