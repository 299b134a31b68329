"""Dormant cards: card holders who have not come for long get a small reason to pay with the card again."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, Draft, ago, attr, every, page_of, sms
from huoke.reach.kits.model import Circle, Kit, Offer, Threshold, Words

DORMANT_CARD = Kit(
    key="dormant_card",
    name=Words("睡眠卡唤醒", "Dormant card wake-up"),
    summary=Words(
        "有卡、近三十天没有登录的老客户，送一份出行或餐饮权益，请他们回来刷卡支付。",
        "Card holders of some time who have not signed in for thirty days: a benefit that brings them back to paying.",
    ),
    rewarded=Words("领取即得，到店使用。", "Given for the asking, used at a store."),
    measured=Words("三十天内有支付的比例", "Share who pay within thirty days"),
    threshold=Threshold(
        label=Words("开户不少于", "Customer for at least"), unit=Words("天", "days"), default=180, least=30, most=3650
    ),
    circles=(
        Circle(
            name=Words("睡眠卡客户", "Dormant card holders"),
            expression=lambda today, days: every(
                attr("has_card", "=", True), attr("logins_30d", "=", 0), attr("joined_on", "<=", ago(today, days))
            ),
        ),
    ),
    offers=(
        Offer(
            draft=Draft(
                name="睡眠卡唤醒",
                goal="让沉睡客户在三十天内重新用卡支付",
                metric="payment",
                metric_days=30,
                valid_days=14,
                page_texts=page_of(
                    ("好久不见", "给您留了一份权益", ONE_EACH),
                    ("Good to see you again", "A benefit is kept for you", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，{bank}为您保留了{benefit}，{expires}前有效：{link}",
                    "Hello {name}, {bank} keeps a {benefit} for you until {expires}: {link}",
                ),
            ),
        ),
    ),
)
