"""The metrics of a retail bank."""

from collections.abc import Mapping
from typing import Any

from huoke.know.metrics.model import Aggregate, Metric, Source, Unit

AMOUNT = "amount_fen"
DEPOSITS = ("deposit", "time_deposit", "savings", "存款", "定期存款", "大额存单")
"""Kinds of products whose opening must not be rewarded (rule B1), left out of what a campaign is measured by."""


def _share(name: str, zh: str, en: str, definition: str, definition_en: str, *events: str, **more: Any) -> Metric:
    return _metric(name, zh, en, definition, definition_en, Unit.SHARE, Aggregate.ANY, *events, **more)


def _metric(
    name: str,
    zh: str,
    en: str,
    definition: str,
    definition_en: str,
    unit: Unit,
    aggregate: Aggregate,
    *events: str,
    **more: Any,
) -> Metric:
    return Metric(
        id=name,
        name=zh,
        name_en=en,
        definition=definition,
        definition_en=definition_en,
        unit=unit,
        aggregate=aggregate,
        events=events,
        **more,
    )


_WITHOUT_DEPOSITS = {"without_property": "kind", "without": DEPOSITS}

BUILT_IN: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        _share(
            "app_login",
            "手机银行活跃",
            "Signed in",
            "窗口内至少登录一次手机银行",
            "Signed in to the app at least once",
            "app.login",
        ),
        _metric(
            "app_logins",
            "登录次数",
            "Sign-ins",
            "窗口内登录手机银行的次数",
            "How often the customer signed in to the app",
            Unit.COUNT,
            Aggregate.COUNT,
            "app.login",
        ),
        _metric(
            "app_days",
            "登录天数",
            "Days signed in",
            "窗口内有登录的天数",
            "On how many days the customer signed in",
            Unit.COUNT,
            Aggregate.DAYS,
            "app.login",
        ),
        _share(
            "active_month",
            "客户活跃",
            "Active",
            "窗口内登录或支付至少一次",
            "Signed in or paid at least once",
            "app.login",
            "payment.made",
        ),
        _share("payment", "支付活跃", "Paid", "窗口内至少支付一笔", "Paid at least once", "payment.made"),
        _metric(
            "payment_count",
            "支付笔数",
            "Payments",
            "窗口内支付的笔数",
            "How often the customer paid",
            Unit.COUNT,
            Aggregate.COUNT,
            "payment.made",
        ),
        _metric(
            "payment_amount",
            "支付金额",
            "Amount paid",
            "窗口内支付的金额合计",
            "How much the customer paid",
            Unit.FEN,
            Aggregate.SUM,
            "payment.made",
            property=AMOUNT,
        ),
        _share(
            "branch_visit",
            "到访网点",
            "Visited an outlet",
            "窗口内至少到访网点一次",
            "Visited an outlet at least once",
            "branch.visited",
        ),
        _share(
            "review",
            "完成资产检视",
            "Held a review",
            "窗口内与客户经理完成至少一次检视",
            "Held a review with the relationship manager at least once",
            "review.held",
        ),
        _share("bill_paid", "生活缴费", "Paid a bill", "窗口内至少缴费一次", "Paid a bill at least once", "bill.paid"),
        _share(
            "product_bought",
            "购买产品",
            "Bought a product",
            "窗口内至少购买一种产品（不含存款）",
            "Bought a product other than a deposit",
            "product.bought",
            **_WITHOUT_DEPOSITS,
        ),
        _metric(
            "product_amount",
            "产品购买金额",
            "Amount of products",
            "窗口内购买产品的金额合计（不含存款）",
            "How much was put into products other than deposits",
            Unit.FEN,
            Aggregate.SUM,
            "product.bought",
            property=AMOUNT,
            **_WITHOUT_DEPOSITS,
        ),
        _share(
            "card_activated", "开卡激活", "Activated a card", "窗口内激活一张卡", "Activated a card", "card.activated"
        ),
        _share(
            "branch_visited",
            "到访网点",
            "Visited an outlet",
            "窗口内至少到访网点一次",
            "Visited an outlet at least once",
            "branch.visited",
        ),
        _share(
            "benefit_redeemed",
            "核销权益",
            "Redeemed a benefit",
            "窗口内核销任一活动的权益",
            "Redeemed a benefit of any campaign",
            source=Source.REDEMPTION,
        ),
        _share(
            "salary_received",
            "代发到账",
            "Salary received",
            "窗口内有工资到账",
            "Received a salary",
            "salary.received",
            deposit_derived=True,
        ),
    )
}
