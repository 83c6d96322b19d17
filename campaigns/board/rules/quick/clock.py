"""Times of day as people write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.board.rules.quick.numbers import NUMBER, number

DEFAULT = time(18)
_NIGHTS = ("晚上", "晚间", "夜里", "深夜", "晚", "今晚", "evening", "night")
_PERIODS = {
    **dict.fromkeys(("凌晨",), time(6)),
    **dict.fromkeys(("清晨", "早上", "早晨", "早", "morning"), time(9)),
    **dict.fromkeys(("上午", "中午", "午间", "noon"), time(12)),
    **dict.fromkeys(("下午", "午后", "傍晚", "afternoon"), time(18)),
    **dict.fromkeys(_NIGHTS, time(21)),
}
_AFTERNOONS = {"下午", "午后", "傍晚", "afternoon", *_NIGHTS}
_PERIOD = re.compile(
    r"凌晨|清晨|早上|早晨|上午|中午|午间|下午|午后|傍晚|晚上|晚间|夜里|深夜|[早晚](?!\w)|[早晚](?=[\d一二两三四五六七八九十])"
    r"|(?:in the )?(?<![a-z])(?:morning|afternoon|evening|night|noon)(?![a-z])"
)
_COLON = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{2})(?![\d:])\s?([ap]m(?![a-z]))?")
_POINT = re.compile(rf"({NUMBER})(?:点|时(?!间))(?:钟|整|(半)|([一三])刻|({NUMBER})分?)?")
_AM_PM = re.compile(r"(?<![\w.])(\d{1,2})\s?([ap]m)(?![a-z])")
# Words that stand right behind a time without a space: 18点前, 六点交.
_BEHIND = re.compile(r"\s|$|[,;、。@#!~()]|前|之前|以前|截|交|上|开|到|\0")
# The most used frame of a short video, not the morning.
_RATIO = {(9, 16), (16, 9), (16, 10)}


@dataclass(frozen=True)
class Clock:
    """A time of day as written; `is_loose` when it counts only beside a day."""

    start: int
    end: int
    period: str = ""
    hour: int | None = None
    minute: int = 0
    # Written with 点: six means the evening, in an office.
    is_point: bool = False
    is_loose: bool = False

    @property
    def is_possible(self) -> bool:
        """False for 25 o'clock."""
        return self.hour is None or (self.hour < 24 and self.minute < 60) or (self.hour == 24 and self.minute == 0)


def clocks(plain: str) -> Iterator[Clock]:
    """Every time of day, from left to right."""
    at = 0
    while at < len(plain):
        clock = _clock_at(plain, at)
        if clock:
            yield clock
        at = clock.end if clock else at + 1


def _clock_at(plain: str, at: int) -> Clock | None:
    period = _PERIOD.match(plain, at)
    word = period[0].removeprefix("in the ") if period else ""
    begin = period.end() if period else at
    if period and plain[begin : begin + 1] == " ":
        begin += 1
    if found := _COLON.match(plain, begin):
        hour, minute = int(found[1]), int(found[2])
        is_ratio = not period and not found[3] and (hour, minute) in _RATIO
        return Clock(at, found.end(), _half(found[3]) or word, hour, minute, is_loose=is_ratio)
    if (found := _POINT.match(plain, begin)) and (period or not _continues_number(plain, begin)):
        clock = _point(found, at, word)
        if clock:
            is_bound = bool(period or found[2] or found[3] or found[4] or _BEHIND.match(plain, found.end()))
            return clock if is_bound else Clock(**{**clock.__dict__, "is_loose": True})
    if found := _AM_PM.match(plain, begin):
        return Clock(at, found.end(), _half(found[2]), int(found[1]))
    if period:
        is_free = (at == 0 or plain[at - 1].isspace()) and (len(plain) == period.end() or plain[period.end()].isspace())
        return Clock(at, period.end(), word, is_loose=not is_free or word.isascii())
    return None


def _continues_number(plain: str, begin: int) -> bool:
    before = plain[begin - 1 : begin] if begin else ""
    return bool(before) and (before in ".几" or before.isdigit() or (before.isascii() and before.isalpha()))


def _half(word: str | None) -> str:
    return {"am": "早上", "pm": "下午"}.get(word or "", "")


def _point(found: re.Match[str], at: int, period: str) -> Clock | None:
    hour = number(found[1])
    minute = 30 if found[2] else {"一": 15, "三": 45}.get(found[3] or "", 0)
    if found[4]:
        minute = number(found[4]) or 0
    if hour is None:
        return None
    return Clock(at, found.end(), period, hour, minute, is_point=True)


def moment_on(day: date, clock: Clock | None, zone: ZoneInfo) -> datetime:
    """The moment of this time of day on this day; without a time it is the end of the office day."""
    if clock is None:
        return datetime.combine(day, DEFAULT, zone)
    if clock.hour is None:
        return datetime.combine(day, _PERIODS[clock.period], zone)
    hour, later = _hour(clock)
    if hour == 24:
        hour, later = 0, 1
    return datetime.combine(day + timedelta(days=later), time(hour, clock.minute), zone)


def _hour(clock: Clock) -> tuple[int, int]:
    """The hour and how many days later it is: midnight in the evening is tomorrow's."""
    hour = clock.hour or 0
    if clock.period in _NIGHTS and (hour in {0, 12} or hour < 4):
        return hour % 12, 1
    if clock.period in {"中午", "午间", "noon"} and hour < 4:
        return hour + 12, 0
    if clock.period in _AFTERNOONS and hour < 12:
        return hour + 12, 0
    if clock.period in {"早上", "凌晨", "清晨", "早晨", "morning"} and hour == 12:
        return 0, 0
    if clock.is_point and not clock.period and 1 <= hour <= 7:
        return hour + 12, 0
    return hour, 0
