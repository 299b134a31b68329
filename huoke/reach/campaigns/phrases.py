"""Words and rules that templates of campaigns are written with: rules on facts, pages, short messages; pure."""

from datetime import date, timedelta
from typing import Any

from huoke.reach.campaigns.model import PageText, PageTexts
from huoke.reach.campaigns.plan import MessageChannel, MessagePlan, MessageTexts


def attr(name: str, op: str, value: Any) -> dict[str, Any]:
    """A rule on one attribute."""
    return {"kind": "attr", "name": name, "op": op, "value": value}


def every(*parts: dict[str, Any]) -> dict[str, Any]:
    """All of these rules."""
    return {"kind": "all", "of": list(parts)}


def ago(today: date, days: int) -> str:
    """The day so many days before, as rules write it."""
    return (today - timedelta(days=days)).isoformat()


def sms(zh: str, en: str) -> MessagePlan:
    """A short message in both languages; variables as `plan.VARIABLES`."""
    return MessagePlan(channel=MessageChannel.SMS, texts=MessageTexts(zh=zh, en=en))


def page_of(zh: tuple[str, str, str], en: tuple[str, str, str]) -> PageTexts:
    """A page of title, subtitle and rules in both languages."""
    return PageTexts(
        zh=PageText(title=zh[0], subtitle=zh[1], rules=zh[2]), en=PageText(title=en[0], subtitle=en[1], rules=en[2])
    )


ONE_EACH = (
    "每位客户限领一份，按身份证件计。领取后在有效期内到指定门店使用，过期自动失效。"
    "本权益不可转让、不可兑换现金，不以存款或购买金融产品为条件。"
)
ONE_EACH_EN = (
    "One per person, counted by id document. Use it at the stores named before it runs out."
    " It cannot be transferred or exchanged for cash, and asks for no deposit or financial product."
)
