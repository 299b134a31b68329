"""Wealth upgrade: customers with assets here review them with their relationship manager; the review is rewarded."""

from huoke.reach.campaigns import attr, sms
from huoke.reach.kits.model import Circle, Kit, Threshold, Words
from huoke.reach.kits.templates.review import ACT, DAYS, MEASURED, after_review

WEALTH_UPGRADE = Kit(
    key="wealth_upgrade",
    name=Words("财富客户升级", "Wealth upgrade"),
    summary=Words(
        "请理财余额达到一定水平的客户与客户经理做一次资产检视，检视完成后送一份健康或出行权益。",
        "Customers who hold wealth products review their plans with the relationship manager; the review is rewarded.",
    ),
    rewarded=Words(
        "奖励完成一次资产检视，不要求购买或增加任何产品。",
        "For a review that was held; nothing has to be bought or added.",
    ),
    measured=MEASURED,
    threshold=Threshold(
        label=Words("理财余额不少于", "Wealth products, at least"), unit=Words("元", "CNY"), default=200_000,
        choices=(50_000, 200_000, 500_000, 1_000_000),
    ),
    circles=(
        Circle(
            name=Words("财富客户", "Wealth customers"),
            expression=lambda _today, yuan: attr("wealth_balance", ">=", str(yuan)),
            basis=Words(
                "按已发生的持有情况筛选服务对象，用于提供资产检视服务；不告知客户门槛，不以购买、余额或增长为领取条件。",
                "Selection on what is already held, to offer a review; no threshold is told, nothing is to be bought.",
            ),
        ),
    ),
    act=ACT,
    offers=(
        after_review(
            "资产检视礼",
            "让财富客户与客户经理完成一次资产检视",
            ("和客户经理聊一聊", "完成一次资产检视后领取", "与客户经理完成资产检视后即可领取。"),
            (
                "Talk it over",
                "To be claimed after a review with your manager",
                "To be claimed after a review was held.",
            ),
            sms(
                "{name}您好，您的客户经理可为您做一次资产检视，完成后可领{benefit}，{expires}前有效：{link}",
                "Hello {name}, hold a review with your manager: a {benefit} is yours until {expires}: {link}",
            ),
        ),
    ),
    days=DAYS,
)  # fmt: skip
