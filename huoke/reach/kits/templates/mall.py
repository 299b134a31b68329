"""Opening of the points mall: everybody with the app is told, and a wheel gives the first points to spend there."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, Draft, attr, page_of, sms
from huoke.reach.kits.model import Circle, Game, Kit, Offer, Words
from huoke.reward import plays
from huoke.reward.plays import Page, PlayKind

MALL_OPENING = Kit(
    key="mall_opening",
    name=Words("积分商城开业", "Points mall opening"),
    summary=Words(
        "给手机银行客户送一份开业礼，再用开业转盘送出第一笔积分与小权益。",
        "An opening gift for customers with the app, and a wheel whose prizes are the first points and small benefits.",
    ),
    rewarded=Words("开业礼领取即得，转盘免费参与。", "The gift is given for the asking; the wheel is free."),
    measured=Words("三十天内登录手机银行的比例", "Share who sign in to the app within thirty days"),
    benefits_min=2,
    circles=(
        Circle(
            name=Words("手机银行客户", "Customers with the app"),
            expression=lambda _today, _: attr("has_app", "=", True),
        ),
    ),
    offers=(
        Offer(
            draft=Draft(
                name="商城开业礼",
                goal="让客户第一次走进积分商城",
                metric="app_login",
                metric_days=30,
                valid_days=30,
                page_texts=page_of(
                    ("积分商城开业了", "开业礼一份，用积分换更多", ONE_EACH),
                    ("The points mall is open", "A gift to begin with", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，积分商城开业，{benefit}已为您备好，{expires}前领取：{link}",
                    "Hello {name}, the points mall is open: your {benefit} waits until {expires}: {link}",
                ),
            ),
        ),
    ),
    game=Game(
        odds_ppm=(300_000, 150_000, 100_000, 50_000),
        draft=plays.Draft(
            name="开业转盘",
            kind=PlayKind.WHEEL,
            daily_chances=1,
            welcome_chances=1,
            draws_a_day=2,
            zh=Page(title="开业转盘", subtitle="每天来一次，奖品与概率全公示"),
            en=Page(title="Opening wheel", subtitle="Once a day; prizes and odds are open to all"),
        ),
    ),
)
