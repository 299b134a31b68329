"""Payroll customers: those whose salary has begun to arrive here come to know the app."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, Draft, ago, attr, every, page_of, sms
from huoke.reach.kits.model import Circle, Kit, Offer, Threshold, Words

PAYROLL = Kit(
    key="payroll",
    name=Words("代发客户启航", "Payroll customers"),
    summary=Words(
        "工资刚开始到账的客户，先送一份日常权益，再请他们登录手机银行。",
        "Customers whose salary has begun to arrive: an everyday benefit, and an invitation into the app.",
    ),
    rewarded=Words("领取即得，不要求存款或购买。", "Given for the asking; no deposit and no purchase is asked for."),
    measured=Words("三十天内登录手机银行的比例", "Share who sign in to the app within thirty days"),
    threshold=Threshold(
        label=Words("开户不超过", "Customer for at most"), unit=Words("天", "days"), default=180, least=7, most=730
    ),
    circles=(
        Circle(
            name=Words("新代发客户", "New payroll customers"),
            expression=lambda today, days: every(
                attr("paid_here", "=", True), attr("joined_on", ">=", ago(today, days))
            ),
        ),
    ),
    offers=(
        Offer(
            draft=Draft(
                name="代发见面礼",
                goal="让新代发客户在三十天内用上手机银行",
                metric="app_login",
                metric_days=30,
                valid_days=14,
                page_texts=page_of(
                    ("见面礼，请收下", "工资到账的第一个月，从一份小权益开始", ONE_EACH),
                    ("A small welcome", "Begin your first month with something nice", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，为您准备了一份{benefit}，{expires}前领取有效：{link}",
                    "Hello {name}, a {benefit} is kept for you until {expires}: {link}",
                ),
            ),
        ),
    ),
)
