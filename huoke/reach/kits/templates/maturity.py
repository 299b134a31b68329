"""Maturity care: before something falls due the relationship manager calls; the talk is rewarded, not what follows."""

from huoke.reach.campaigns import ago, attr, every, sms
from huoke.reach.kits.model import Circle, Kit, Threshold, Words
from huoke.reach.kits.templates.review import ACT, DAYS, MEASURED, after_review

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
    measured=MEASURED,
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
    act=ACT,
    offers=(
        after_review(
            "到期检视礼",
            "产品到期前与客户完成一次检视",
            ("到期前，聊一聊", "完成检视后领取，续不续都一样", "与客户经理完成检视后即可领取。"),
            (
                "Before it falls due",
                "Claim after a review, whatever you decide",
                "To be claimed after a review was held.",
            ),
            sms(
                "{name}您好，您有产品即将到期，客户经理可为您做一次检视，完成后可领{benefit}：{link}",
                "Hello {name}, something of yours falls due soon. After a review a {benefit} is yours: {link}",
            ),
        ),
    ),
    days=DAYS,
)
