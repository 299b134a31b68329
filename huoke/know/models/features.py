"""Features: what a model looks at, each a measure of one customer's events before a cut-off.

`sql` is an aggregate over the customer's events, in which `ago` is how many days before the cut-off an event happened.
Every measure says itself that it looks only back (`ago > 0`): nothing around it hides one that does not, which is how
`leak.py` finds it.
"""

from collections.abc import Iterable

import msgspec

NAN = float("nan")
REACH_DAYS = 180
"""The longest window: nothing older is looked at."""
RECENT_DAYS = 90

LOGIN, PAY, TRANSFER, BILL, VISIT = "app.login", "payment.made", "transfer.made", "bill.paid", "branch.visited"
SEEN, BOUGHT, BENEFIT, OPENED = "product.viewed", "product.bought", "benefit.viewed", "message.opened"
CAMPAIGN, PAGE, CALL, MATURED, CARD = "campaign.viewed", "page.viewed", "call.made", "product.matured", "card.activated"
OWN = (LOGIN, PAY, TRANSFER, BILL, VISIT, BOUGHT, CARD)
"""What customers do of their own accord: doing any of it is being active."""

_TITLES = {
    LOGIN: ("登录", "sign-ins"), PAY: ("支付", "payments"), TRANSFER: ("转账", "transfers"),
    BILL: ("缴费", "bills paid"), VISIT: ("到访网点", "branch visits"), SEEN: ("浏览产品", "product views"),
    BOUGHT: ("购买产品", "product purchases"), BENEFIT: ("浏览权益", "benefit views"),
    OPENED: ("打开消息", "messages opened"), CAMPAIGN: ("浏览活动", "campaign views"),
    PAGE: ("浏览页面", "page views"), CALL: ("通话", "calls"), MATURED: ("产品到期", "products matured"),
}  # fmt: skip
_OWN_TITLE = ("主动行为", "own actions")


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the matrix. `blank` is what stands there for a customer without events (NaN: unknown), `days` how
    far back it looks: a past that is shorter would have it measure the past's length.

    `standing`: an attribute as it is now, not as it was at the cut-off. It is only sound where what is foretold
    cannot change it (a year of birth); whoever trains names it, and whoever approves reads so.
    """

    name: str
    label: str
    label_en: str
    unit: str
    sql: str
    days: int = RECENT_DAYS
    blank: float = 0.0
    standing: bool = False


def names_of(names: Iterable[str]) -> str:
    """A condition that an event has one of these names."""
    return "name IN ({})".format(", ".join(f"'{name}'" for name in names))


def _is(name: str | None) -> str:
    return names_of(OWN) if name is None else f"name = '{name}'"


def _within(name: str | None, days: int) -> str:
    return f"{_is(name)} AND ago > 0 AND ago <= {days}"


def _short(name: str | None) -> str:
    return "own" if name is None else name.replace(".", "_")


def _titles(name: str | None) -> tuple[str, str]:
    return _OWN_TITLE if name is None else _TITLES[name]


def _counts(name: str | None, *windows: int) -> list[Feature]:
    zh, en = _titles(name)
    return [
        Feature(name=f"{_short(name)}_count_{days}", label=f"近 {days} 天{zh}次数", label_en=f"{en}, {days} days",
                unit="count", sql=f"countIf({_within(name, days)})", days=days)
        for days in windows
    ]  # fmt: skip


def _days(name: str | None, *windows: int) -> list[Feature]:
    zh, en = _titles(name)
    return [
        Feature(name=f"{_short(name)}_days_{days}", label=f"近 {days} 天有{zh}的天数",
                label_en=f"days with {en}, of {days}", unit="days",
                sql=f"uniqExactIf(toDate(at, 'Asia/Shanghai'), {_within(name, days)})", days=days)
        for days in windows
    ]  # fmt: skip


def _amounts(name: str, *windows: int) -> list[Feature]:
    zh, en = _titles(name)
    return [
        Feature(name=f"{_short(name)}_amount_{days}", label=f"近 {days} 天{zh}金额",
                label_en=f"amount of {en}, {days} days", unit="fen", sql=f"sumIf(amount_fen, {_within(name, days)})",
                days=days)
        for days in windows
    ]  # fmt: skip


def _last(*names: str | None) -> list[Feature]:
    return [
        Feature(name=f"{_short(name)}_last", label=f"距上次{_titles(name)[0]}的天数",
                label_en=f"days since the last of {_titles(name)[1]}", unit="days", blank=NAN,
                sql=f"minOrNullIf(ago, {_within(name, RECENT_DAYS)})")
        for name in names
    ]  # fmt: skip


def _trend(name: str | None) -> Feature:
    """The latest 30 days against an average 30 of the latest 90: 1 is as ever."""
    zh, en = _titles(name)
    whole = f"countIf({_within(name, 90)})"
    return Feature(
        name=f"{_short(name)}_trend", label=f"{zh}次数走势", label_en=f"trend of {en}", unit="number", blank=NAN,
        sql=f"if({whole} = 0, NULL, 3 * countIf({_within(name, 30)}) / {whole})",
    )  # fmt: skip


def _variety(name: str | None, key: str, label: str, label_en: str) -> Feature:
    value = "name" if key == "name" else f"properties['{key}']"
    return Feature(
        name=f"{_short(name)}_{key}_variety", label=f"近 90 天{label}", label_en=f"{label_en}, 90 days", unit="count",
        sql=f"uniqExactIf({value}, {_within(name, 90)} AND {value} <> '')",
    )  # fmt: skip


def _share(name: str, label: str, label_en: str, when: str) -> Feature:
    """Of the customer's own actions of 90 days, how many happened at such a time."""
    return Feature(
        name=name, label=label, label_en=label_en, unit="share", blank=NAN,
        sql=f"if(countIf({_within(None, 90)}) = 0, NULL,"
        f" countIf({_within(None, 90)} AND {when}) / countIf({_within(None, 90)}))",
    )  # fmt: skip


_PAID = _within(PAY, 90)
FEATURES: tuple[Feature, ...] = (
    *_counts(None, 7, 14, 30, 60, 90, 180),
    *_counts(LOGIN, 7, 14, 30, 60, 90, 180),
    *_counts(PAY, 7, 30, 90, 180),
    *_counts(TRANSFER, 30, 90),
    *_counts(BILL, 30, 90),
    *_counts(SEEN, 30, 90),
    *_counts(BENEFIT, 30, 90),
    *_counts(CAMPAIGN, 30, 90),
    *_counts(OPENED, 30, 90),
    *_counts(VISIT, 90),
    *_counts(PAGE, 30, 90),
    *_counts(CALL, 90),
    *_counts(BOUGHT, 180),
    *_counts(MATURED, 90),
    *_days(None, 7, 30, 90, 180),
    *_days(LOGIN, 30),
    *_days(PAY, 30, 90),
    *_amounts(PAY, 30, 90, 180),
    *_amounts(TRANSFER, 90),
    *_amounts(BILL, 90),
    Feature(name="payment_made_average_90", label="近 90 天笔均支付金额", label_en="average payment, 90 days",
            unit="fen", blank=NAN, sql=f"avgOrNullIf(amount_fen, {_PAID})"),
    Feature(name="payment_made_largest_90", label="近 90 天最大一笔支付", label_en="largest payment, 90 days",
            unit="fen", sql=f"maxIf(amount_fen, {_PAID})"),
    *_last(None, LOGIN, PAY, TRANSFER, VISIT, BENEFIT),
    Feature(name="own_first", label="距首次主动行为的天数（最多 180 天）",
            label_en="days since the first of own actions (180 at most)", unit="days", blank=NAN,
            sql=f"maxOrNullIf(ago, {_within(None, REACH_DAYS)})", days=REACH_DAYS),
    _trend(None),
    _trend(LOGIN),
    _trend(PAY),
    _variety(None, "name", "主动行为种类", "kinds of own actions"),
    _variety(None, "channel", "使用渠道数", "channels used"),
    _variety(PAY, "category", "支付类别数", "categories paid in"),
    _variety(PAY, "merchant", "支付商户数", "merchants paid"),
    _share("night_share", "夜间（22–6 点）行为占比", "share of actions at night (22–6)",
           "(toHour(at, 'Asia/Shanghai') >= 22 OR toHour(at, 'Asia/Shanghai') < 6)"),
    _share("weekend_share", "周末行为占比", "share of actions at weekends",
           "toDayOfWeek(at, 0, 'Asia/Shanghai') >= 6"),
)  # fmt: skip
"""All of them, in the order of the matrix. None looks at an event that tells of deposits (rule B1)."""

EVENTS = (*OWN, SEEN, BENEFIT, OPENED, CAMPAIGN, PAGE, CALL, MATURED)
"""Names of the events that features look at."""
