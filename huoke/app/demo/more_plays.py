"""Further plays of the first demo bank: a money quiz, steps, cards of four seasons, a rain at noon and at night."""

from datetime import datetime, timedelta

import msgspec

from huoke.app.demo.fill import Filled
from huoke.know.language import Op, Where
from huoke.reward.plays import (
    PPM,
    Cards,
    Giving,
    Goal,
    Measure,
    Mission,
    NewPlay,
    Option,
    Page,
    PlayKind,
    PrizeDraft,
    Question,
    Quiz,
    Rain,
    Reward,
    Span,
    Ways,
)

DAYS = 30
_NOTHING = PrizeDraft(title="谢谢参与", title_en="Not this time")
_QUESTIONS = (
    (
        ("收到自称银行的短信，要求点链接“解冻账户”，应当怎么做？", "A text says it is the bank: tap to unfreeze. You…"),
        (
            ("点开链接", "Tap the link"),
            ("拨打银行官方客服核实", "Call the bank's own number"),
            ("转发给朋友", "Forward it"),
        ),
        1,
        ("银行不会用短信链接要求您输入密码或验证码。", "The bank never asks for passwords or codes by a link."),
    ),
    (
        ("短信验证码可以告诉谁？", "Whom may you tell a one-time code?"),
        (("银行客服", "The bank's staff"), ("家人", "Family"), ("任何人都不可以", "Nobody")),
        2,
        ("验证码等同于密码，银行工作人员也不会索要。", "A code is a password; staff never ask for it."),
    ),
    (
        ("发现银行卡丢失，第一步做什么？", "Your card is lost. First you…"),
        (("立即挂失", "Block it at once"), ("等几天看看", "Wait some days"), ("补办新手机卡", "Get a new SIM")),
        0,
        ("在手机银行或拨打客服都可以立即挂失。", "Block it in the app or by phone, day and night."),
    ),
    (
        ("年化利率 12%，借 1,000 元一个月，利息约多少？", "12% a year on 1,000 yuan for a month costs about…"),
        (("10 元", "10 yuan"), ("120 元", "120 yuan"), ("1 元", "1 yuan")),
        0,
        ("1,000 × 12% ÷ 12 = 10 元。", "1,000 × 12% ÷ 12 = 10 yuan."),
    ),
)


def other_plays(bank: Filled, prizes: list[PrizeDraft], now: datetime) -> list[NewPlay]:
    """A quiz, steps, cards and a rain over prizes of the bank's own pools."""
    first, second, third = prizes
    rainy = [msgspec.structs.replace(one, odds_ppm=200_000, fallback=2, per_day=100) for one in (first, second)]
    seasons = (("春", "Spring"), ("夏", "Summer"), ("秋", "Autumn"), ("冬", "Winter"))
    cards = [PrizeDraft(title=zh, title_en=en, odds_ppm=240_000) for zh, en in seasons]
    wild = PrizeDraft(title="万能", title_en="Wild", odds_ppm=PPM - 4 * 240_000)
    return [
        _play(bank, now, PlayKind.QUIZ, ("金融知识答题", "Money quiz"), [third], Ways(quiz=_quiz())),
        _play(bank, now, PlayKind.STEPS, ("每日步数挑战", "Daily steps"), [third], Ways(missions=[_steps()])),
        _play(
            bank,
            now,
            PlayKind.CARDS,
            ("四季集卡", "Cards of four seasons"),
            [third, *cards, wild],
            Ways(cards=Cards(lines=[1, 2, 3, 4], wild=5, gives=Reward(line=0), sets=1, giving=Giving())),
            daily_chances=3,
        ),
        _play(
            bank,
            now,
            PlayKind.RAIN,
            ("红包雨", "Red-packet rain"),
            [*rainy, msgspec.structs.replace(_NOTHING, odds_ppm=PPM - 400_000)],
            Ways(rain=Rain(times=["12:00", "20:00"], seconds=300)),
        ),
    ]


def _play(
    bank: Filled,
    now: datetime,
    kind: PlayKind,
    name: tuple[str, str],
    prizes: list[PrizeDraft],
    ways: Ways,
    daily_chances: int = 0,
) -> NewPlay:
    rules = (
        "1. 奖品、概率与剩余数量以公示表为准，发完即止。\n2. 按自然人计算；员工及其近亲属不参与。\n3. 转发不产生奖励。"
    )
    rules_en = (
        "1. Prizes, odds and what is left are those of the table.\n2. By natural person; no staff.\n3. Not for sharing."
    )
    zh, en = name
    return NewPlay(
        name=zh,
        kind=kind,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=DAYS),
        budget_id=bank.budget_id,
        daily_chances=daily_chances,
        prizes=prizes,
        ways=ways,
        zh=Page(title=zh, rules=rules),
        en=Page(title=en, rules=rules_en),
    )


def _quiz() -> Quiz:
    questions = [
        Question(zh=zh, en=en, options=[Option(zh=a, en=b) for a, b in options], answer=right, why=why, why_en=why_en)
        for (zh, en), options, right, (why, why_en) in _QUESTIONS
    ]
    return Quiz(questions=questions, ask=3, seconds=120, needed=2, gives=Reward(line=0))


def _steps() -> Mission:
    return Mission(
        title="今天的步数",
        title_en="Steps today",
        text="由手机健康数据上报，每天 0 点重新计",
        text_en="Told by your phone, anew each day",
        event="steps.recorded",
        measure=Measure.MOST,
        property="steps",
        span=Span.DAY,
        where=(
            Where(property="source", op=Op.IN, value=["wechat", "health"]),
            Where(property="steps", op=Op.AT_MOST, value=60_000),
        ),
        goals=[Goal(target=10_000, gives=Reward(line=0))],
    )
