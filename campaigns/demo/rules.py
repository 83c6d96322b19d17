"""What the demonstration consists of: people, dates around today, and made-up orders in a real export's format."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.board.rules import Priority
from staff.people.rules import Level, Role

TEAM = "青禾家居旗舰店"
PASSWORD = "qinghe-618"  # noqa: S105  # nosec B105 # shown on purpose
SEED = 1111


@dataclass(frozen=True)
class DemoPerson:
    """One of the nine."""

    login: str
    name: str
    level: Level
    roles: tuple[Role, ...]


PEOPLE = (
    DemoPerson("chenjing", "陈静", Level.MANAGER, (Role.LEAD,)),
    DemoPerson("lixiang", "李想", Level.MANAGER, (Role.OPS, Role.ADS)),
    DemoPerson("wanglu", "王璐", Level.MEMBER, (Role.OPS, Role.PURCHASE)),
    DemoPerson("xiaomei", "林小美", Level.MEMBER, (Role.DESIGN,)),
    DemoPerson("zhaojie", "赵杰", Level.MEMBER, (Role.DESIGN,)),
    DemoPerson("zhoumin", "周敏", Level.MEMBER, (Role.CS,)),
    DemoPerson("sunyue", "孙悦", Level.MEMBER, (Role.CS, Role.LIVE)),
    DemoPerson("wutong", "吴桐", Level.MEMBER, (Role.CS,)),
    DemoPerson("zhengqiang", "郑强", Level.MEMBER, (Role.WAREHOUSE,)),
)
# The person per role in every campaign of the demonstration.
HOLDERS = {
    Role.LEAD: "chenjing",
    Role.OPS: "wanglu",
    Role.DESIGN: "xiaomei",
    Role.CS: "zhoumin",
    Role.WAREHOUSE: "zhengqiang",
    Role.ADS: "lixiang",
    Role.PURCHASE: "wanglu",
    Role.LIVE: "sunyue",
}


@dataclass(frozen=True)
class DemoRequest:
    """A design request: who asked for what, how long ago, and for which day from now."""

    campaign: str
    requester: str
    days_ago: int
    due_days: int
    hours: int
    priority: Priority
    title: str
    purpose: str
    sizes: str
    # Who got it; while nobody has, a member's rush waits to be accepted.
    designer: str = ""
    is_rush: bool = True


REQUESTS = (
    DemoRequest(
        campaign="ahead",
        requester="wanglu",
        days_ago=6,
        due_days=30,
        hours=12,
        priority=Priority.IMPORTANT,
        title="618 主会场首焦",
        purpose="主会场首屏",
        sizes="1920×600 PC 首焦\n750×390 手淘首焦",
        designer="zhaojie",
        is_rush=False,
    ),
    DemoRequest(
        campaign="running",
        requester="sunyue",
        days_ago=0,
        due_days=3,
        hours=3,
        priority=Priority.BOTH,
        title="差评回复配图",
        purpose="差评回复与详情页答疑",
        sizes="800×800 尺码对照图",
    ),
    DemoRequest(
        campaign="running",
        requester="wanglu",
        days_ago=1,
        due_days=6,
        hours=5,
        priority=Priority.URGENT,
        title="直播间贴片",
        purpose="直播间活动贴片",
        sizes="1080×1920 竖版贴片\n1080×608 横版贴片",
    ),
    DemoRequest(
        campaign="running",
        requester="wanglu",
        days_ago=4,
        due_days=8,
        hours=8,
        priority=Priority.BOTH,
        title="返场主图",
        purpose="返场主推款主图",
        sizes="800×800 主图 A\n800×800 主图 B\n800×800 白底图",
        designer="xiaomei",
    ),
    DemoRequest(
        campaign="running",
        requester="chenjing",
        days_ago=2,
        due_days=5,
        hours=2,
        priority=Priority.NORMAL,
        title="店铺公告条",
        purpose="首页公告",
        sizes="1920×90 公告条",
    ),
)


@dataclass(frozen=True)
class DemoDates:
    """When the three campaigns run, seen from today."""

    next_618: tuple[datetime, datetime]
    running: tuple[datetime, datetime]
    last_double11: tuple[datetime, datetime]


def demo_dates(today: date, zone: ZoneInfo) -> DemoDates:
    """618 still ahead by at least 30 days, a campaign in its fifth day, and last year's Double 11."""

    def moment(day: date, at: time) -> datetime:
        return datetime.combine(day, at, zone)

    year = today.year if date(today.year, 5, 20) - today >= timedelta(days=30) else today.year + 1
    closing = time(23, 59)
    return DemoDates(
        next_618=(moment(date(year, 5, 20), time(20)), moment(date(year, 6, 20), closing)),
        running=(moment(today - timedelta(days=4), time(20)), moment(today + timedelta(days=16), closing)),
        last_double11=(
            moment(date(today.year - 1, 10, 20), time(20)),
            moment(date(today.year - 1, 11, 14), closing),
        ),
    )


# Share of a day's orders by hour 0–23: evenings lead, as in the trade's default curve.
HOUR_WEIGHTS = (
    2.0, 1.0, 0.6, 0.4, 0.3, 0.4, 0.8, 1.8, 3.2, 4.8, 6.0, 5.8,
    5.6, 5.2, 4.8, 5.0, 5.0, 4.6, 4.4, 5.8, 8.2, 9.4, 8.6, 6.3,
)  # fmt: skip
PRODUCTS = (
    (Decimal("39.90"), 30),
    (Decimal("89.00"), 26),
    (Decimal("159.00"), 22),
    (Decimal("269.00"), 14),
    (Decimal("499.00"), 8),
)
PROVINCES = ("浙江省杭州市", "广东省广州市", "江苏省苏州市", "四川省成都市", "湖北省武汉市", "山东省青岛市")
COLUMNS = (
    "订单编号", "买家会员名", "总金额", "买家实际支付金额", "退款金额", "订单状态",
    "收货人姓名", "收货地址", "联系手机", "订单创建时间", "订单付款时间",
)  # fmt: skip


def _heat(day: date, first: date, last: date) -> float:
    """How busy a day is: the opening, the eleventh and the closing stand out."""
    if day == first:
        return 3.2
    if day.day == 11 and day.month == 11:
        return 3.6
    if day in {first + timedelta(days=1), last}:
        return 1.9
    return 1.0 + 0.25 * (day.weekday() >= 5)


def demo_visitors(starts_at: datetime, ends_at: datetime) -> dict[date, int]:
    """Visitors per day from the opening to the last day; the same on every machine."""
    dice = random.Random(SEED)  # nosec B311 # no secret
    first, last = starts_at.date(), ends_at.date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day: int(2600 * _heat(day, first, last) * (0.9 + 0.2 * dice.random())) for day in days}


def demo_order_file(starts_at: datetime, ends_at: datetime) -> bytes:
    """A GB18030 order export as the back office writes it, with invented buyers; the same on every machine."""
    dice = random.Random(SEED + 1)  # nosec B311 # no secret
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    number = 4_018_200_000_000_000_000
    for day, visitors in demo_visitors(starts_at, ends_at).items():
        opening = day == starts_at.date()
        for _ in range(int(visitors * (0.046 + 0.01 * dice.random()))):
            number += dice.randrange(1_000, 90_000)
            hour = dice.choices(range(20, 24), (5, 3, 2, 2))[0] if opening else dice.choices(range(24), HOUR_WEIGHTS)[0]
            ordered = datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)))
            total = sum(
                (
                    price
                    for price in dice.choices(
                        [p for p, _ in PRODUCTS], [w for _, w in PRODUCTS], k=dice.choice((1, 1, 1, 2))
                    )
                ),
                Decimal(0),
            )
            paid = dice.random() < 0.87
            fate = dice.random()
            refund = (
                total
                if fate < 0.13
                else (total * Decimal("0.3")).quantize(Decimal("0.1"))
                if fate < 0.16
                else Decimal(0)
            )
            refund = refund if paid else Decimal(0)
            paid_at = ordered + timedelta(seconds=dice.randrange(8, 900))
            if paid_at.date() > ends_at.date():
                paid_at = ordered
            status = "等待买家付款" if not paid else "交易关闭" if refund == total else "交易成功"
            table.writerow(
                (
                    f'="{number}"',
                    f"tb{dice.randrange(10**8):08d}",
                    f"{total:.2f}",
                    f"{total - refund if paid else 0:.2f}",
                    f"{refund:.2f}",
                    status,
                    "测试买家",
                    f"{dice.choice(PROVINCES)}示例路 {dice.randrange(1, 400)} 号",
                    f"'100{dice.randrange(10**8):08d}",
                    f"{ordered:%Y-%m-%d %H:%M:%S}",
                    f"{paid_at:%Y-%m-%d %H:%M:%S}" if paid else "",
                )
            )
    return out.getvalue().encode("gb18030")
