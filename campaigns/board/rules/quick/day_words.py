"""Days as people write them: tomorrow, Friday, 12 June, the end of the month, three days before the opening."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from campaigns.board.rules.quick.days import (
    FRIDAY,
    Find,
    away,
    end_of,
    from_anchor,
    in_week,
    monthly,
    near,
    on_date,
    part_of_month,
    yearly,
)
from campaigns.board.rules.quick.numbers import NUMBER, number
from campaigns.campaign.rules import Anchor


@dataclass(frozen=True)
class DayMark:
    """A day where it stands in the line."""

    start: int
    end: int
    find: Find


_WEEKDAYS = {letter: index for index, letter in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_WEEKDAYS |= {str(index + 1): index for index in range(7)}
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NEAR = {
    **dict.fromkeys(("今天", "今日", "今儿", "today"), (0, "")),
    **dict.fromkeys(("明天", "明日", "明儿", "tomorrow", "tmr", "tmrw"), (1, "")),
    **dict.fromkeys(("后天", "后日", "day after tomorrow", "the day after tomorrow"), (2, "")),
    "大后天": (3, ""),
    "今早": (0, "早上"),
    **dict.fromkeys(("今晚", "tonight"), (0, "晚上")),
    **dict.fromkeys(("明早", "明晨"), (1, "早上")),
    "明晚": (1, "晚上"),
}
_UNITS = {
    **dict.fromkeys(("天", "日", "d", "day"), "day"),
    **dict.fromkeys(("周", "星期", "礼拜", "week"), "week"),
    **dict.fromkeys(("月", "month"), "month"),
    **dict.fromkeys(("工作日", "working day", "business day", "workday"), "workday"),
    **dict.fromkeys(("小时", "钟头", "h", "hour"), "hour"),
    **dict.fromkeys(("分钟", "minute", "min"), "minute"),
}
_UNIT = "天|日|周|星期|礼拜|月|工作日|小时|钟头|分钟"
# Written with a dot these are the names of sales; 6/18 and 6月18日 are days.
_SALES = {"3.8", "5.20", "6.18", "8.8", "8.18", "9.9", "10.10", "11.11", "12.12"}
_AMOUNTS = {
    word: value
    for value, words in enumerate(("", "a an one", "two", "three", "four", "five", "six", "seven", "eight"))
    for word in words.split()
}
_AMOUNT = rf"\d{{1,3}}|{'|'.join(_AMOUNTS)}"
# What may stand right behind a day that is easily a part of other words: 12号交, 6/12前.
_END = r"(?=\s|$|[,;、。@#!~(]|前|之前|以前|截|交|晚|早|上午|中午|下午|凌晨|傍晚|周|星期|\0)"
_ANCHOR_WORDS = {
    Anchor.PRESALE_START: "预售(?:开始)?",
    Anchor.WAVE2_START: "(?:第二波|二波)(?:开始|开售)?",
    Anchor.END: "(?:活动|大促)?结束",
    Anchor.START: "(?:活动|大促|正式)?(?:开售|开卖|开始|开门红)",
}
_ENGLISH_ANCHORS = {
    **dict.fromkeys(("start", "opening", "launch", "s", "t"), Anchor.START),
    **dict.fromkeys(("end", "e"), Anchor.END),
    "presale": Anchor.PRESALE_START,
}


def days(plain: str) -> Iterator[DayMark]:
    """Every day in the line, from left to right; the longest expression at a place is the one."""
    at = 0
    while at < len(plain):
        best = max(_marks_at(plain, at), key=lambda mark: mark.end, default=None)
        if best:
            yield best
        at = best.end if best else at + 1


def _marks_at(plain: str, at: int) -> Iterator[DayMark]:
    for pattern, make in _PATTERNS:
        match = pattern.match(plain, at)
        find = make(match) if match else None
        if match and find:
            yield DayMark(match.start(), match.end(), find)


def _near(match: re.Match[str]) -> Find:
    return near(*_NEAR[match[1]])


def _weekday(match: re.Match[str]) -> Find:
    return in_week(_WEEKDAYS[match[2]], match[1].count("下") if match[1] else None)


def _english_weekday(match: re.Match[str]) -> Find:
    return in_week(_ENGLISH_DAYS.index(match[2][:3]), {"next": 1, "this": 0}.get(match[1] or ""))


def _end_of_week(match: re.Match[str]) -> Find:
    return in_week(FRIDAY, match[1].count("下"))


def _full(match: re.Match[str]) -> Find:
    return on_date(int(match[1]), int(match[2]), int(match[3]))


def _chinese_date(match: re.Match[str]) -> Find | None:
    month, day = number(match[2]), number(match[3])
    return None if month is None or day is None else yearly(month, day, 1 if match[1] == "明年" else 0)


def _short_date(match: re.Match[str]) -> Find | None:
    if match[0] in _SALES:
        return None
    month, day = int(match[1]), int(match[2])
    return yearly(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _day_month(match: re.Match[str]) -> Find:
    return _english_date(int(match[1]), match[2], match[3])


def _month_day(match: re.Match[str]) -> Find:
    return _english_date(int(match[2]), match[1], match[3])


def _english_date(day: int, name: str, year: str | None) -> Find:
    month = _MONTHS.index(name[:3]) + 1
    return on_date(int(year), month, day) if year else yearly(month, day)


def _of_month(match: re.Match[str]) -> Find | None:
    day = number(match[2])
    return monthly(day, 1 if match[1] else 0) if day is not None and 1 <= day <= 31 else None


def _part_of_month(match: re.Match[str]) -> Find:
    return part_of_month(match[2], match[1].count("下"))


def _end_of_month(match: re.Match[str]) -> Find | None:
    month = number(match[1])
    return end_of(month) if month is not None and 1 <= month <= 12 else None


def _end_of_year(match: re.Match[str]) -> Find:
    return end_of(12, 1 if match[1] else 0)


def _offset(match: re.Match[str]) -> Find | None:
    amount = 0.5 if match[1] in {"半", "half a", "half an"} else _amount(match[1])
    return None if amount is None else away(amount, _UNITS[match[2]])


def _amount(text: str) -> int | None:
    return _AMOUNTS.get(text) or number(text)


def _code(match: re.Match[str]) -> Find:
    anchor = Anchor.END if match[1] == "e" else Anchor.START
    amount = int(match[3]) * (-1 if match[2] == "-" else 1)
    return from_anchor(anchor, amount, _UNITS.get(match[4], "day"))


def _anchor_words(anchor: Anchor) -> Callable[[re.Match[str]], Find | None]:
    def make(match: re.Match[str]) -> Find | None:
        if match["day"]:
            return from_anchor(anchor, 0, "day")
        amount = number(match["amount"])
        if amount is None:
            return None
        return from_anchor(anchor, amount if "后" in match["side"] else -amount, _UNITS[match["unit"]])

    return make


def _english_anchor(match: re.Match[str]) -> Find:
    amount = (_amount(match[1]) or 0) * (1 if match[3] == "after" else -1)
    return from_anchor(_ENGLISH_ANCHORS[match[4]], amount, _UNITS[match[2]])


_Make = Callable[[re.Match[str]], Find | None]


def _chinese() -> Iterator[tuple[str, _Make]]:
    yield r"(大后天|[今明后]天|[今明]儿|[今明][早晚]|明晨)", _near
    yield rf"([今明后]日){_END}", _near
    # Not 每周五, 两周一次, 十周年.
    week = "(?:周|星期|礼拜)"
    yield (
        rf"(?<![每隔双单两几年\d一二三四五六七八九十])((?:下{{1,2}}个?)|[本这]个?)?{week}([一二三四五六日天末]|[1-7](?![\d.]))",
        _weekday,
    )
    yield r"([本这下])个?周内", _end_of_week
    yield r"(?<![\d.])(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _full
    yield r"(?<!\d)(20\d\d)年(\d{1,2})月(\d{1,2})[日号]?(?!\d)", _full
    yield rf"(?<!\d)(今年|明年)?({NUMBER})月({NUMBER})(?:[日号]|(?!\d|个|份))", _chinese_date
    yield rf"(?<![\w./-])(\d{{1,2}})[-/.](\d{{1,2}})[日号]?{_END}", _short_date
    yield rf"(?<=[\u4e00-\u9fff])(\d{{1,2}})/(\d{{1,2}}){_END}", _short_date
    yield rf"(?<![\d第月])(下个?月)?({NUMBER})[号日]{_END}", _of_month
    yield r"((?:本|这个?|下个?)?)月(底|末|初|中)(?!旬)", _part_of_month
    yield rf"({NUMBER})月[底末]", _end_of_month
    yield r"(明)?年[底末](?!大促)", _end_of_year
    yield rf"(?<![\d.])({NUMBER}|半)个?({_UNIT})(?:后|之后|以后)", _offset
    yield rf"(?<![\d.])({NUMBER}|半)个?({_UNIT})(?:内|之内|以内){_END}", _offset
    yield r"(?<![\w./-])([tse]) ?([+-]) ?(\d{1,3})(天|日|小时|h|d)?(?![\w.])", _code
    for anchor, words in _ANCHOR_WORDS.items():
        distance = rf"(?P<side>[之以]?[前后])\s?(?P<amount>{NUMBER})\s?个?(?P<unit>天|日|小时|周|星期|工作日)"
        yield rf"{words}(?:(?P<day>当[天日])|{distance})", _anchor_words(anchor)


def _english() -> Iterator[tuple[str, _Make]]:
    yield r"(?<![a-z])(today|tonight|tomorrow|tmrw?|(?:the )?day after tomorrow)(?![a-z])", _near
    names = "(?:mon|tues|wednes|thurs|fri|satur|sun)day|tues?|wed|thur?s?|fri"
    yield rf"(?<![a-z])(?:on )?(?:(next|this) )?({names})(?![a-z])", _english_weekday
    # These are words of their own: "sun cream", "sat down".
    yield r"(?<![a-z])(?:on )?(next|this) (sat|sun|mon)(?![a-z])", _english_weekday
    alone = r"(?=\s*$|\s*[,@#!~]|\s+\d{1,2}(?::\d\d|\s?[ap]m))"
    yield rf"(?<![a-z])(?:on )?()(sat|sun|mon){alone}", _english_weekday
    yield r"(?<![a-z])(?:(?:the )?end of (?:the )?month|eom)(?![a-z])", lambda _: part_of_month("底")
    yield rf"(?<![a-z\d])(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}(?![a-z])(?:,? (20\d\d))?(?!\d)", _day_month
    yield rf"(?<![a-z]){_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:a-z])(?:,? (20\d\d))?(?!\d)", _month_day
    unit = "working day|business day|workday|day|week|month|hour|minute|min"
    yield rf"(?<![a-z])(?:with)?in (half an?|{_AMOUNT}) ({unit})s?(?![a-z])", _offset
    far = rf"(?<![a-z\d])({_AMOUNT}) ({unit})s? (before|after)"
    yield rf"{far} (?:the )?(start|opening|launch|presale|end|[tse])(?![a-z])", _english_anchor


_PATTERNS = [(re.compile(pattern), make) for words in (_chinese, _english) for pattern, make in words()]
