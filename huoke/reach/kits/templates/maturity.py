"""Maturity care: before something falls due the relationship manager calls; the talk is rewarded, not what follows."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, CampaignMode, Draft, ago, attr, every, page_of, sms
from huoke.reach.kits.model import Act, Circle, Kit, Offer, Threshold, Words
from huoke.reach.kits.templates.wealth import REVIEWED

MATURITY_CARE = Kit(
    key="maturity_care",
    name=Words("到期关怀", "Maturity care"),
    summary=Words(
        "产品即将到期的客户，由客户经理提前联系做一次检视；检视完成送一份日常权益，续不续存都一样。",
        "Before a product falls due the manager offers a review; the benefit is the same whatever is decided.",
    ),
    rewarded=Words(
        "奖励完成一次检视，与是否续存、续买无关。", "For a review that was held, whatever is decided afterwards."
    ),
    measured=Words("六十天内完成资产检视的比例", "Share who hold a review within sixty days"),
    threshold=Threshold(
        label=Words("到期前", "Falls due within"), unit=Words("天内", "days"), default=30, least=7, most=90
    ),
    circles=(
        Circle(
            name=Words("即将到期客户", "About to fall due"),
            expression=lambda today, days: every(
                attr("matures_on", ">=", ago(today, 0)), attr("matures_on", "<=", ago(today, -days))
            ),
            basis=Words(
                "按已签约产品的到期日筛选服务对象，用于到期提醒与检视；不以续存、续买或余额为领取条件。",
                "Selection on dates already agreed, to remind and review; nothing has to be renewed or kept.",
            ),
        ),
    ),
    act=Act(name=Words("六十天内完成资产检视", "Held a review within sixty days"), expression=REVIEWED),
    offers=(
        Offer(
            acted=True,
            draft=Draft(
                name="到期检视礼",
                goal="产品到期前与客户完成一次检视",
                mode=CampaignMode.PULL,
                metric="review",
                metric_days=60,
                valid_days=30,
                page_texts=page_of(
                    ("到期前，聊一聊", "完成检视后领取，续不续都一样", f"与客户经理完成检视后即可领取。{ONE_EACH}"),
                    (
                        "Before it falls due",
                        "Claim after a review, whatever you decide",
                        f"To be claimed after a review was held. {ONE_EACH_EN}",
                    ),
                ),
                message=sms(
                    "{name}您好，您有产品即将到期，客户经理可为您做一次检视，完成后可领{benefit}：{link}",
                    "Hello {name}, something of yours falls due soon. After a review a {benefit} is yours: {link}",
                ),
            ),
        ),
    ),
    days=60,
)
