"""Families of tags for scale: every behaviour of interest in every window, from every threshold on.

A bank of ten million customers with thousands of tags is a bank with families of them: nobody writes them one by one.
"""

from collections.abc import Iterator
from itertools import islice, product

from huoke.know.language import Op, Where
from huoke.know.tags.model import Definition, Kind, Statistic, TagValue, Taken

WINDOWS_DAYS = (1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 365)
TIMES = (1, 2, 3, 5, 8, 10, 15, 20, 30)
YUAN = (100, 500, 1_000, 5_000, 20_000, 100_000)
_CHANNELS = {"app": ("手机银行", "the app"), "qr": ("扫码", "QR code"), "card": ("刷卡", "card")}
_CATEGORIES = {
    "餐饮": "dining", "超市": "groceries", "出行": "travel", "网购": "online shopping", "娱乐": "leisure",
    "医疗": "medical", "教育": "education", "加油": "fuel",
}  # fmt: skip
_PAGES = {
    "首页": "home", "账户": "accounts", "转账": "transfers", "理财": "wealth products", "权益": "benefits",
    "信用卡": "credit cards", "贷款": "loans", "基金": "funds", "生活缴费": "bills", "设置": "settings",
}  # fmt: skip
_MOVES = {
    "转入": "money in", "转出": "money out", "取现": "cash", "还款": "repayment", "缴费": "bills",
    "理财申购": "wealth purchase",
}  # fmt: skip
_SIGN_INS = {"app": "the app", "mini": "the mini program", "web": "the web"}
_DEVICES = {"android": "Android", "ios": "iOS"}

_Subject = tuple[str, str, str, str, tuple[Where, ...], bool]
"""(short name, event, label, English label, conditions, whether there is an amount)"""


def families(count: int) -> list[Definition]:
    """The first `count` tags of all families, at most some eight thousand; the same every time."""
    return list(islice(_all(), count))


def _all() -> Iterator[Definition]:
    subjects = list(_subjects())
    for times, window in product(TIMES, WINDOWS_DAYS):
        for subject in subjects:
            yield _times(subject, window, times)
    for yuan, window in product(YUAN, WINDOWS_DAYS):
        for subject in subjects:
            if subject[5]:
                yield _amount(subject, window, yuan)


def _subjects() -> Iterator[_Subject]:
    yield "login", "app.login", "登录", "signed in", (), False
    for number, (value, en) in enumerate(_SIGN_INS.items()):
        yield f"login_c{number}", "app.login", f"{value} 登录", f"signed in by {en}", _is("channel", value), False
    for number, (value, en) in enumerate(_DEVICES.items()):
        yield f"login_d{number}", "app.login", f"{en} 登录", f"signed in from {en}", _is("device", value), False
    for number, (value, en) in enumerate(_PAGES.items()):
        yield f"page_{number}", "page.viewed", f"浏览{value}", f"looked at {en}", _is("name", value), False
    yield "benefit", "benefit.viewed", "浏览权益", "looked at benefits", (), False
    yield "pay", "payment.made", "支付", "paid", (), True
    for place, (channel, (zh, en)) in enumerate(_CHANNELS.items()):
        yield f"pay_c{place}", "payment.made", f"{zh}支付", f"paid by {en}", _is("channel", channel), True
    for number, (category, kind) in enumerate(_CATEGORIES.items()):
        held = _is("category", category)
        yield f"pay_k{number}", "payment.made", f"{category}支付", f"paid for {kind}", held, True
        for place, (channel, (zh, en)) in enumerate(_CHANNELS.items()):
            both = (*held, *_is("channel", channel))
            yield (
                f"pay_k{number}_c{place}",
                "payment.made",
                f"{zh}{category}支付",
                f"paid for {kind} by {en}",
                both,
                True,
            )
    for number, (value, en) in enumerate(_MOVES.items()):
        yield f"move_{number}", "transaction.posted", f"账户{value}", f"account: {en}", _is("type", value), True


def _times(subject: _Subject, window: int, times: int) -> Definition:
    short, event, zh, en, where, _ = subject
    return _one(
        f"f_{short}_n{times}_{window}d",
        f"近{window}天{zh}满{times}次",
        f"{en[0].upper()}{en[1:]}: {times}+ times in {window} days",
        f"近{window}天内{zh}不少于{times}次的客户",
        f"Customers of whom this happened {times} times or more in {window} days: {en}",
        f"families/{event.replace('.', '_')}",
        Statistic(event=event, window_days=window, where=where),
        times,
    )


def _amount(subject: _Subject, window: int, yuan: int) -> Definition:
    short, event, zh, en, where, _ = subject
    return _one(
        f"f_{short}_a{yuan}_{window}d",
        f"近{window}天{zh}满{yuan:,}元",
        f"{en[0].upper()}{en[1:]}: CNY {yuan:,}+ in {window} days",
        f"近{window}天内{zh}合计不低于{yuan:,}元的客户",
        f"Customers of whom this came to CNY {yuan:,} or more in {window} days: {en}",
        f"families/{event.replace('.', '_')}",
        Statistic(event=event, take=Taken.SUM, property="amount_fen", window_days=window, where=where),
        yuan * 100,
    )


def _one(
    name: str, label: str, label_en: str, meaning: str, meaning_en: str, category: str, one: Statistic, low: int
) -> Definition:
    return Definition(
        name=name,
        label=label,
        label_en=label_en,
        meaning=meaning,
        meaning_en=meaning_en,
        category=category,
        kind=Kind.STATISTIC,
        values=(TagValue(name="yes", label="是", label_en="Yes", low=low),),
        statistic=one,
    )


def _is(name: str, value: str) -> tuple[Where, ...]:
    return (Where(property=name, op=Op.EQUAL, value=value),)
