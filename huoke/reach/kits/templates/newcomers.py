"""The first ninety days: a gift on arrival, then a play that makes coming by a habit."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, Draft, ago, attr, page_of, sms
from huoke.reach.kits.model import Circle, Game, Kit, Offer, Threshold, Words
from huoke.reward import plays
from huoke.reward.plays import Page, PlayKind

FIRST_90_DAYS = Kit(
    key="first_90_days",
    name=Words("新客九十天", "First ninety days"),
    summary=Words(
        "开户不久的客户，先送一份欢迎权益，再用刮刮卡陪他们养成每周来看看的习惯。",
        "New customers: a welcome benefit first, then scratch cards that make coming by a habit.",
    ),
    rewarded=Words("欢迎礼领取即得，刮刮卡免费参与。", "The welcome is given for the asking; cards are free."),
    measured=Words("六十天内登录手机银行的比例", "Share who sign in to the app within sixty days"),
    threshold=Threshold(
        label=Words("开户不超过", "Customer for at most"), unit=Words("天", "days"), default=90, least=7, most=180
    ),
    circles=(
        Circle(
            name=Words("新客户", "New customers"),
            expression=lambda today, days: attr("joined_on", ">=", ago(today, days)),
        ),
    ),
    offers=(
        Offer(
            draft=Draft(
                name="新客欢迎礼",
                goal="让新客户在九十天内形成使用习惯",
                metric="app_login",
                metric_days=60,
                valid_days=21,
                page_texts=page_of(
                    ("欢迎您来", "开户九十天内的小礼物", ONE_EACH),
                    ("Welcome", "A small gift for your first ninety days", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，欢迎您。{benefit}已为您备好，{expires}前领取：{link}",
                    "Hello {name}, welcome. Your {benefit} waits until {expires}: {link}",
                ),
            ),
        ),
    ),
    game=Game(
        odds_ppm=(250_000, 100_000, 50_000),
        draft=plays.Draft(
            name="新客刮刮卡",
            kind=PlayKind.SCRATCH,
            daily_chances=1,
            draws_a_day=1,
            zh=Page(title="新客刮刮卡", subtitle="开户九十天内，每天一张"),
            en=Page(title="Cards for newcomers", subtitle="One a day in your first ninety days"),
        ),
    ),
    days=90,
)
