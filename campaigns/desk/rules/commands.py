"""What can be asked for by name: ways to a page, and a few things to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaigns.desk.rules.search import Named, Tier, rank
from planner.core.words import Said, say


class Need(StrEnum):
    """Who is offered a command."""

    NOTHING = ""
    # A campaign that takes changes from the reader: the one that is meant, or any.
    WORK = "work"
    MANAGE = "manage"


@dataclass(frozen=True)
class Command:
    """One thing to ask for; `words` finds it in every language: pinyin, initials, Chinese, English."""

    label: Said
    words: str
    icon: str
    route: str
    of_campaign: bool = False
    needs: Need = Need.NOTHING
    # What its form sends; without it the command is a link.
    field: str = ""
    value: str = ""
    is_form: bool = False
    # The line in which tasks are written: opened where the reader is.
    is_quick: bool = False


def _tab(label: Said, route: str, icon: str, words: str, needs: Need = Need.NOTHING) -> Command:
    return Command(label, words, icon, f"campaigns:{route}", of_campaign=True, needs=needs)


def _page(label: Said, route: str, icon: str, words: str, needs: Need = Need.NOTHING) -> Command:
    return Command(label, words, icon, route, needs=needs)


def _form(label: Said, route: str, icon: str, words: str, field: str = "", value: str = "") -> Command:
    return Command(label, words, icon, f"staff:{route}", field=field, value=value, is_form=True)


COMMANDS = (
    _tab(say("Overview"), "overview", "gauge", "gailan gl zonglan zl 概览 总览 overview"),
    _tab(say("Board"), "board", "columns-3", "kanban kb 看板 board"),
    _tab(say("Table"), "tasks", "table", "biaoge bg renwu rw 表格 任务 table tasks list"),
    _tab(say("New task"), "create_task", "plus", "xinjian xj renwu rw 新建 新任务 任务 new task create add", Need.WORK),
    _tab(say("Numbers"), "numbers", "chart-line", "shuju sj shuzi sz 数据 数字 numbers figures"),
    _tab(say("Review"), "review", "notebook-pen", "fupan fp 复盘 review"),
    _tab(say("Reminders"), "ledger", "bell-ring", "tixing tx taizhang tz 提醒 台账 reminders ledger"),
    _tab(say("Log"), "log", "history", "rizhi rz 日志 log history"),
    Command(
        say("Quick add"),
        "kuaisutianjia kstj xinjian xj yijuhua yjh 快速添加 新建 一句话 quick add new task",
        "square-pen",
        "campaigns:quick_add",
        needs=Need.WORK,
        is_quick=True,
    ),
    _page(say("Today"), "campaigns:today", "sun", "jinri jr jintian jt 今日 今天 today home"),
    _page(say("Campaigns"), "campaigns:campaigns", "flag", "huodong hd 活动 campaigns"),
    _page(
        say("New campaign"),
        "campaigns:create",
        "plus",
        "xinjian xj huodong hd 新建 新活动 活动 new campaign create",
        Need.MANAGE,
    ),
    _page(
        say("Design requests"),
        "campaigns:requests",
        "palette",
        "sheji sj xuqiu xq meigong mg 设计 需求 requests design",
    ),
    _page(
        say("New request"),
        "campaigns:create_request",
        "plus",
        "tixuqiu txq xuqiu xq xinjian xj 提需求 新建 需求 new request create",
        Need.WORK,
    ),
    _page(say("Notices"), "campaigns:notices", "bell", "tongzhi tz xiaoxi xx 通知 消息 notices messages"),
    _page(
        say("SOP templates"), "campaigns:sop", "list-checks", "moban mb liucheng lc 模板 流程 sop templates procedures"
    ),
    _page(say("People"), "campaigns:people", "users", "chengyuan cy renyuan ry 成员 人员 people team members"),
    _page(say("My account"), "staff:account", "settings", "zhanghao zh mima mm 账号 我的账号 密码 my account password"),
    _form(
        say("Speak Chinese"),
        "language",
        "languages",
        "zhongwen zw yuyan yy 中文 语言 chinese language",
        "language",
        "zh-hans",
    ),
    _form(
        say("Speak English"),
        "language",
        "languages",
        "yingwen yw yuyan yy 英文 英语 语言 english language",
        "language",
        "en",
    ),
    _form(
        say("Light or dark as the device"),
        "theme",
        "monitor",
        "gensuixitong gsxt zhuti 跟随系统 主题 theme auto system device",
        "theme",
        "auto",
    ),
    _form(
        say("Light theme"),
        "theme",
        "sun-medium",
        "qianse qs liangse ls baitian bt zhuti 浅色 亮色 白天 主题 theme light bright",
        "theme",
        "light",
    ),
    _form(
        say("Dark theme"),
        "theme",
        "moon",
        "shense ss anse as heiye hy zhuti 深色 暗色 黑夜 主题 theme dark night",
        "theme",
        "dark",
    ),
    _form(say("Log out"), "logout", "log-out", "tuichu tc denglu dl 退出 退出登录 log out sign exit"),
)


@dataclass(frozen=True)
class Place:
    """A campaign in which commands may be asked for."""

    id: int
    name: str
    pinyin: str
    # True when the reader may work in it and it takes changes.
    may_work: bool


@dataclass(frozen=True)
class Offer:
    """A command for this reader, in this campaign where it is one of a campaign's."""

    command: Command
    place: Place | None = None
    # True when every word is one of the command's own, whole.
    is_sure: bool = False


@dataclass(frozen=True)
class Reader:
    """Who asks: what they may do somewhere, the language of their pages, and where they are."""

    may_work: bool
    may_manage: bool
    language: str
    here: Place | None = None


def offers(reader: Reader, words: Sequence[str], labels: Sequence[str], places: Iterable[Place]) -> list[Offer]:
    """The commands that the words find, best first; without words all, those of the present campaign first.

    `labels` are the commands' names as the reader sees them. Words that name another campaign ask for it there.
    """
    places = tuple(places)
    found = [
        (how_well, Offer(command, place, is_sure=bool(words) and how_well == Tier.EXACT))
        for command, label in zip(COMMANDS, labels, strict=True)
        for place, how_well in _wheres(command, label.lower(), reader.here, words, places)
        if _may(reader, command, place)
    ]
    return [offer for _, offer in sorted(found, key=lambda pair: pair[0])]


def _may(reader: Reader, command: Command, place: Place | None) -> bool:
    if command.value == reader.language:
        return False
    works = place.may_work if place else reader.may_work
    return {Need.NOTHING: True, Need.WORK: works, Need.MANAGE: reader.may_manage}[command.needs]


def _tier(word: str, label: str, command: Command) -> Tier | None:
    own = command.words.split()
    if word == label or word in own:
        return Tier.EXACT
    if label.startswith(word) or any(each.startswith(word) for each in own):
        return Tier.PREFIX
    return Tier.INSIDE if word in label else None


def _wheres(
    command: Command, label: str, here: Place | None, words: Sequence[str], places: Sequence[Place]
) -> Iterator[tuple[Place | None, int]]:
    """Each campaign in which the words ask for this command, None for one of no campaign, and how well they match."""
    tiers = {word: found for word in words if (found := _tier(word, label, command)) is not None}
    rest = [word for word in words if word not in tiers]
    if not rest and (here or not command.of_campaign):
        yield (here if command.of_campaign else None), sum(tiers.values())
    if command.of_campaign and tiers and rest:
        for place in places:
            how_well = rank(rest, Named(place.name, place.pinyin))
            if how_well is not None:
                yield place, sum(tiers.values()) + how_well
