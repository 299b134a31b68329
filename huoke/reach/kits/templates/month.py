"""A month of play: a grid that is open every day, and a message to who has the app but comes rarely."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, Draft, attr, every, page_of, sms
from huoke.reach.kits.model import Circle, Game, Kit, Offer, Threshold, Words
from huoke.reward import plays
from huoke.reward.plays import Page, PlayKind

GAME_MONTH = Kit(
    key="game_month",
    name=Words("月活游戏月", "MAU game month"),
    summary=Words(
        "整月开放的九宫格，天天可玩；对很少来的手机银行客户另送一份回访权益。",
        "A nine-grid open all month, and a benefit for customers with the app who rarely come.",
    ),
    rewarded=Words("免费参与，概率公示，不要求消费。", "Free to play, odds published, nothing has to be paid."),
    measured=Words("当月活跃客户的比例", "Share of customers active in the month"),
    threshold=Threshold(
        label=Words("近三十天登录不超过", "Sign-ins in thirty days, at most"), unit=Words("次", "times"), default=2,
        least=0, most=30,
    ),
    benefits_min=2,
    circles=(
        Circle(
            name=Words("少来的手机银行客户", "Have the app, come rarely"),
            expression=lambda _today, rarely: every(attr("has_app", "=", True), attr("logins_30d", "<=", rarely)),
        ),
    ),
    offers=(
        Offer(
            draft=Draft(
                name="游戏月回访礼",
                goal="提高手机银行月活",
                metric="active_month",
                metric_days=30,
                valid_days=14,
                page_texts=page_of(
                    ("这个月，天天有得玩", "先领一份见面权益", ONE_EACH),
                    ("Something to play every day", "Claim a benefit to begin with", ONE_EACH_EN),
                ),
                message=sms(
                    "{name}您好，本月游戏月为您备了{benefit}，{expires}前领取：{link}",
                    "Hello {name}, this month's {benefit} is yours until {expires}: {link}",
                ),
            ),
        ),
    ),
    game=Game(
        odds_ppm=(150_000, 80_000, 40_000, 20_000),
        draft=plays.Draft(
            name="游戏月九宫格",
            kind=PlayKind.GRID,
            daily_chances=2,
            draws_a_day=2,
            zh=Page(title="游戏月九宫格", subtitle="每天两次，奖品与概率全公示"),
            en=Page(title="Nine-grid of the month", subtitle="Twice a day; prizes and odds are open to all"),
        ),
    ),
)  # fmt: skip
