"""Tiered operation: who comes often chooses out of a bundle, who comes rarely gets one thing to come back for."""

from huoke.reach.campaigns import (
    ONE_EACH,
    ONE_EACH_EN,
    CampaignMode,
    Draft,
    attr,
    every,
    page_of,
    sms,
)
from huoke.reach.kits.model import Circle, Kit, Offer, Threshold, Words

TIERED_OPERATION = Kit(
    key="tiered_operation",
    name=Words("分层经营", "Tiered operation"),
    summary=Words(
        "按使用习惯分两层：常来的客户从权益包里自选，少来的客户收到一份回访权益。",
        "Two layers by habit: who comes often chooses out of a bundle, who comes rarely gets a reason to come back.",
    ),
    rewarded=Words("按近三十天登录次数分层，不看余额。", "Layers by sign-ins of thirty days; no balance is looked at."),
    measured=Words("当月活跃客户的比例", "Share of customers active in the month"),
    threshold=Threshold(
        label=Words("近三十天登录不少于", "Sign-ins in thirty days, at least"), unit=Words("次", "times"), default=8,
        least=2, most=60,
    ),
    benefits_min=2,
    circles=(
        Circle(
            name=Words("常来客户", "Come often"),
            expression=lambda _today, often: attr("logins_30d", ">=", often),
        ),
        Circle(
            name=Words("少来客户", "Come rarely"),
            expression=lambda _today, often: every(
                attr("has_app", "=", True), attr("logins_30d", ">=", 1), attr("logins_30d", "<=", often - 1)
            ),
        ),
    ),
    offers=(
        Offer(
            circle=0,
            choose=1,
            draft=Draft(
                name="常客自选礼",
                goal="让常来的客户继续常来",
                mode=CampaignMode.PULL,
                metric="active_month",
                metric_days=30,
                valid_days=30,
                page_texts=page_of(
                    ("选一份喜欢的", "谢谢您常来，这里有几份可选", ONE_EACH),
                    ("Choose the one you like", "Thank you for coming by so often", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，谢谢您常来。{expires}前从权益包里选一份：{link}",
                    "Hello {name}, thank you for coming by. Choose a benefit until {expires}: {link}",
                ),
            ),
        ),
        Offer(
            circle=1,
            benefit=0,
            draft=Draft(
                name="少来客户回访礼",
                goal="让少来的客户当月再来一次",
                metric="active_month",
                metric_days=30,
                valid_days=14,
                page_texts=page_of(
                    ("这个月，回来看看", "一份权益给您留着", ONE_EACH),
                    ("Come by this month", "A benefit is kept for you", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，为您留了一份{benefit}，{expires}前领取：{link}",
                    "Hello {name}, a {benefit} is kept for you until {expires}: {link}",
                ),
            ),
        ),
    ),
)  # fmt: skip
