"""Wealth upgrade: customers with assets here review them with their relationship manager; the review is rewarded."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, CampaignMode, Draft, attr, page_of, sms
from huoke.reach.kits.model import Act, Circle, Kit, Offer, Threshold, Words

REVIEWED = {"kind": "event", "name": "review.held", "measure": "count", "op": ">=", "value": 1, "window_days": 60}
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
    measured=Words("六十天内完成资产检视的比例", "Share who hold a review within sixty days"),
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
    act=Act(name=Words("六十天内完成资产检视", "Held a review within sixty days"), expression=REVIEWED),
    offers=(
        Offer(
            acted=True,
            draft=Draft(
                name="资产检视礼",
                goal="让财富客户与客户经理完成一次资产检视",
                mode=CampaignMode.PULL,
                metric="review",
                metric_days=60,
                valid_days=30,
                page_texts=page_of(
                    ("和客户经理聊一聊", "完成一次资产检视后领取", f"与客户经理完成资产检视后即可领取。{ONE_EACH}"),
                    (
                        "Talk it over",
                        "To be claimed after a review with your manager",
                        f"To be claimed after a review was held. {ONE_EACH_EN}",
                    ),
                ),
                message=sms(
                    "{name}您好，您的客户经理可为您做一次资产检视，完成后可领{benefit}，{expires}前有效：{link}",
                    "Hello {name}, hold a review with your manager: a {benefit} is yours until {expires}: {link}",
                ),
            ),
        ),
    ),
    days=60,
)  # fmt: skip
