"""Whom, which campaign, how important, how long, and what stays in the title."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.board.rules.quick import LINE_LENGTH, QuickFacts, Reading, read, tag_of
from tests.campaigns.board.quick.readings import CALENDAR, DOUBLE11, WEDNESDAY, YUE, at, facts, only

TABLE: list[tuple[str, dict[str, Any]]] = [
    ("主图返工 @小美 周五18点 #双11 !重要", {"title": "主图返工", "owner": "林小美", "role": "cs", "priority": "I"}),
    ("主图返工@小美周五18点#双11!重要", {"title": "主图返工", "owner": "林小美", "role": "cs", "priority": "I"}),
    (
        "主图\u3000＠小美\u3000＃双１１\u3000！重要\u3000周五１８：００",
        {"title": "主图", "owner": "林小美", "role": "cs", "priority": "I"},
    ),
    ("主图 @我", {"title": "主图"}),
    ("主图 @me", {"title": "主图"}),
    ("主图 @无人", {"title": "主图", "owner": None}),
    ("主图 @待定", {"title": "主图", "owner": None}),
    ("主图 @林小美", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @xiaomei", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @XiaoMei", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @lxm", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @linxiaomei", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @xm", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @lin", {"title": "主图 @lin", "owner": None, "asks": ["owner"]}),
    ("主图 @小", {"title": "主图 @小", "owner": None, "asks": ["owner"]}),
    ("主图 @林", {"title": "主图 @林", "owner": None, "asks": ["owner"]}),
    ("主图 @sy", {"title": "主图", "owner": "孙悦", "role": "cs"}),
    ("主图 @chenjing", {"title": "主图"}),
    ("主图 @ann", {"title": "主图", "owner": "Ann Lee", "role": "ads"}),
    ("主图 @Ann Lee 明天", {"title": "主图", "owner": "Ann Lee", "role": "ads"}),
    ('主图 @"Ann Lee" 明天', {"title": "主图", "owner": "Ann Lee", "role": "ads"}),
    ("主图 @“林小美” 明天", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @林小美 @孙悦", {"title": "主图", "owner": "林小美", "helpers": ["孙悦"], "role": "cs"}),
    ("主图 @孙悦 @孙悦 @我", {"title": "主图", "owner": "孙悦", "helpers": ["陈静"], "role": "cs"}),
    ("主图 @无人 @小美", {"title": "主图", "owner": None, "helpers": ["林小美"]}),
    ("@小美 主图", {"title": "主图", "owner": "林小美", "role": "cs"}),
    ("主图 @孙悦返工", {"title": "主图 返工", "owner": "孙悦", "role": "cs"}),
    ("主图 @小梅", {"title": "主图 @小梅", "owner": None, "asks": ["owner"]}),
    ("主图 @小梅 @孙悦", {"title": "主图 @小梅", "owner": "孙悦", "role": "cs", "asks": ["owner"]}),
    ("联系 a@b.com", {"title": "联系 a@b.com"}),
    ("主图 @", {"title": "主图 @"}),
    ("主图 @ 小美", {"title": "主图 @ 小美"}),
    ("主图 #双11", {"title": "主图"}),
    ("主图 #双12", {"title": "主图", "campaign": 2}),
    ("主图 #2026双11", {"title": "主图"}),
    ('主图 #"2026 双11"', {"title": "主图"}),
    ("主图 #2026 双11", {"title": "主图"}),
    ("主图 #2026s11", {"title": "主图"}),
    ("主图 #s12fc", {"title": "主图", "campaign": 2}),
    ("主图 #fanchang", {"title": "主图", "campaign": 2}),
    ("主图 #双12返场", {"title": "主图", "campaign": 2}),
    ("主图 #双", {"title": "主图 #双", "campaign": None, "asks": ["campaign"]}),
    ("主图 #春节", {"title": "主图 #春节", "campaign": None, "asks": ["campaign"]}),
    ("主图 #双12 #双11", {"title": "主图 #双11", "campaign": 2, "asks": ["campaign"]}),
    ("C# 课程", {"title": "C# 课程"}),
    ("主图 \\#3 @小美", {"title": "主图 #3", "owner": "林小美", "role": "cs"}),
    ("#双12主图 @小美", {"title": "主图", "campaign": 2, "owner": "林小美", "role": "design"}),
    ("主图 !!", {"title": "主图", "priority": "IU"}),
    ("主图！！", {"title": "主图！！"}),
    ("主图!", {"title": "主图!"}),
    ("主图 !重要", {"title": "主图", "priority": "I"}),
    ("主图!紧急", {"title": "主图", "priority": "U"}),
    ("主图 !紧急重要", {"title": "主图", "priority": "IU"}),
    ("主图 !重要紧急", {"title": "主图", "priority": "IU"}),
    ("主图 !高", {"title": "主图", "priority": "IU"}),
    ("主图 !1", {"title": "主图", "priority": "IU"}),
    ("主图 !2", {"title": "主图", "priority": "I"}),
    ("主图 !3", {"title": "主图", "priority": "U"}),
    ("主图 !4", {"title": "主图"}),
    ("主图 !5", {"title": "主图 !5"}),
    ("主图 !必做", {"title": "主图", "priority": "M"}),
    ("主图 !必做 !紧急", {"title": "主图", "priority": "UM"}),
    ("主图 !urgent", {"title": "主图", "priority": "U"}),
    ("主图 !high", {"title": "主图", "priority": "IU"}),
    ("主图 !important", {"title": "主图", "priority": "I"}),
    ("快点! 主图", {"title": "快点! 主图"}),
    ("主图 ~2h", {"title": "主图", "hours": "2.0"}),
    ("主图 ～2小时", {"title": "主图", "hours": "2.0"}),
    ("主图 ~3", {"title": "主图", "hours": "3.0"}),
    ("主图 1.5h", {"title": "主图", "hours": "1.5"}),
    ("主图 2个小时", {"title": "主图", "hours": "2.0"}),
    ("主图 2个半小时", {"title": "主图", "hours": "2.5"}),
    ("主图 两小时", {"title": "主图", "hours": "2.0"}),
    ("主图 半小时", {"title": "主图", "hours": "0.5"}),
    ("主图 30分钟", {"title": "主图", "hours": "0.5"}),
    ("主图 90min", {"title": "主图", "hours": "1.5"}),
    ("主图2h", {"title": "主图", "hours": "2.0"}),
    ("24小时客服", {"title": "24小时客服"}),
    ("48小时发货提醒", {"title": "48小时发货提醒"}),
    ("1.5倍积分", {"title": "1.5倍积分"}),
    ('"@小美 周五" 明天', {"title": "@小美 周五"}),
    ("“周五见” 海报 明天", {"title": "“周五见” 海报"}),
    ("《明天会更好》 海报", {"title": "《明天会更好》 海报"}),
    ("「@小美」 海报", {"title": "「@小美」 海报"}),
    ("\\周五见 海报 周六", {"title": "周五见 海报"}),
    ("\\@小美 海报", {"title": "@小美 海报"}),
    ('12寸"屏"报价', {"title": "12寸屏报价"}),
    ("海报 a,b 周五，@小美", {"title": "海报 a,b", "owner": "林小美", "role": "cs"}),
    ("周五，主图", {"title": "主图"}),
    (
        "retouch @ann fri 18:00 #双12 !high ~2h",
        {"title": "retouch", "campaign": 2, "owner": "Ann Lee", "role": "ads", "priority": "IU", "hours": "2.0"},
    ),
    (
        "update size guide tomorrow noon @xiaomei",
        {
            "title": "update size guide",
            "owner": "林小美",
            "role": "cs",
        },
    ),
    ("@小美", {"title": "", "owner": "林小美", "role": "cs", "asks": ["title"]}),
    ("#双11 !!", {"title": "", "priority": "IU", "asks": ["title"]}),
]
# What the rows do not name.
USUAL = {"campaign": 1, "owner": "陈静", "helpers": [], "role": "ops", "priority": "", "hours": "0", "asks": []}


def told(reading: Reading) -> dict[str, Any]:
    """The reading in the words of the table."""
    marks = {"I": reading.important, "U": reading.urgent, "M": reading.must_have}
    return {
        "title": reading.title,
        "campaign": reading.campaign and reading.campaign.id,
        "owner": reading.owner and reading.owner.name,
        "helpers": [each.name for each in reading.helpers],
        "role": reading.role.value,
        "priority": "".join(letter for letter, is_set in marks.items() if is_set),
        "hours": str(reading.estimate_hours),
        "asks": [issue.part.value for issue in reading.blocking],
    }


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_how_a_line_is_read(text: str, expected: dict[str, Any]) -> None:
    assert told(only(text)) == {**USUAL, **expected}


@pytest.mark.parametrize("line", ["主图 @小 #双", "主图 @lin", "主图 #双 周五", "主图 #春节 @小梅"])
def test_an_answer_settles_the_question(line: str) -> None:
    reading = only(line)
    assert reading.blocking
    while reading.blocking:
        first = reading.blocking[0]
        for choice in first.choices:
            assert len(only(choice.line).blocking) == len(reading.blocking) - 1, choice
        reading = only(first.choices[0].line)
    assert reading.title.startswith("主图")


def test_two_of_one_name_are_told_apart_by_their_log_in_names() -> None:
    twin = replace(DOUBLE11.people[1], id=9, login="mei2")
    campaign = replace(DOUBLE11, people=(*DOUBLE11.people, twin))
    known = QuickFacts(1, at(WEDNESDAY), (campaign,), 1, CALENDAR)
    asked = read("主图 @林小美", known).blocking[0]
    assert [choice.line for choice in asked.choices] == ["主图 @xiaomei", "主图 @mei2"]
    owners = [read(choice.line, known).owner for choice in asked.choices]
    assert [owner and owner.id for owner in owners] == [2, 9]


def test_a_member_names_nobody_else_and_no_must_have() -> None:
    known = QuickFacts(YUE, at(WEDNESDAY), (replace(DOUBLE11, may_manage=False),), 1, CALENDAR)
    for line, part in (("主图 @小美", "owner"), ("主图 @我 @小美", "owner"), ("主图 !必做", "priority")):
        fault = read(line, known).blocking[0]
        assert (fault.part, fault.weight) == (part, "fault")
        assert line[fault.start : fault.end] in {"@小美", "!必做"}
    assert read("主图 @我", known).is_clear
    assert read("主图 @无人", known).is_clear


def test_without_any_campaign_that_is_said() -> None:
    reading = read("主图", QuickFacts(1, at(WEDNESDAY), ()))
    assert [issue.part for issue in reading.blocking] == ["campaign"]


PIECES = [
    *(
        "主图",
        "返工",
        "@小美",
        "@",
        "#双11",
        "#",
        "!重要",
        "!!",
        "!",
        "~2h",
        "周五",
        "18点",
        "明天下午",
        "6/12",
        "2月30日",
        "T-3",
    ),
    *(
        "\\",
        '"',
        "“",
        "”",
        "tomorrow",
        "fri",
        "6pm",
        "in 3 days",
        "，",
        " ",
        "\u3000",
        "\t",
        "\0",
        "零点",
        "百十",
        "半",
        "@@",
    ),
    *("##", "～", "🎉", "9999", "999个月后", "999天前", "E+999", "12月31日"),
]
LINES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@given(line=LINES, now=st.sampled_from([WEDNESDAY, "2026-12-31T23:59", "2028-02-29T00:00", "2027-03-31T12:00"]))
def test_reading_never_fails_and_is_the_same_twice(line: str, now: str) -> None:
    reading = read(line, facts(now))
    again = read(line, facts(now))
    assert reading == again
    assert tag_of([reading]) == tag_of([again])
    for issue in reading.issues:
        assert 0 <= issue.start <= issue.end <= len(reading.line)
    # Nothing is invented: the title's letters stand in the line, in their order.
    letters = iter(reading.line)
    assert all(letter in letters for letter in reading.title if letter != " ")


@given(words=st.lists(st.sampled_from(["主图", "返工", "banner", "详情页", "首焦", "a,b"]), min_size=1, max_size=6))
def test_plain_words_stay_and_marks_go(words: list[str]) -> None:
    text = " ".join(words)
    assert only(text).title == text
    assert only(f"{text} @小美 周五18点 #双11 !重要 ~2h").title == text


@given(text=st.text(alphabet="主图@#!~周五明天 18点：", min_size=1, max_size=30))
def test_what_is_quoted_is_not_read(text: str) -> None:
    reading = only(f'海报 "{text}"')
    assert (reading.owner and reading.owner.name, reading.due_at) == ("陈静", None)
    assert reading.title == " ".join(f"海报 {text}".split())


def test_a_line_without_end_is_refused_unread() -> None:
    assert not only("@" * (LINE_LENGTH + 1)).is_clear
    assert [issue.part for issue in only("图" * 121).blocking] == ["title"]
