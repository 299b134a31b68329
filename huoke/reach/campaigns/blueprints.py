"""Six common campaigns, ready to be drafted. None has a deposit or a product as its condition (rules B1, B4)."""

from datetime import date, timedelta
from typing import Any

from huoke.reach.campaigns.model import CampaignMode, Draft, PageText, PageTexts
from huoke.reach.campaigns.plan import EntryPlan, MessageChannel, MessagePlan, MessageTexts, ReleasePlan
from huoke.reach.campaigns.template_model import Blueprint


def _attr(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"kind": "attr", "name": name, "op": op, "value": value}


def _all(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "of": list(parts)}


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def _message(zh: str, en: str) -> MessagePlan:
    return MessagePlan(channel=MessageChannel.SMS, texts=MessageTexts(zh=zh, en=en))


def _texts(zh: tuple[str, str, str], en: tuple[str, str, str]) -> PageTexts:
    return PageTexts(
        zh=PageText(title=zh[0], subtitle=zh[1], rules=zh[2]), en=PageText(title=en[0], subtitle=en[1], rules=en[2])
    )


_ONE_EACH = (
    "每位客户限领一份，按身份证件计。领取后在有效期内到指定门店使用，过期自动失效。"
    "本权益不可转让、不可兑换现金，不以存款或购买金融产品为条件。"
)
_ONE_EACH_EN = (
    "One per person, counted by id document. Use it at the stores named before it runs out."
    " It cannot be transferred or exchanged for cash, and asks for no deposit or financial product."
)
_STEPS = [ReleasePlan(percent=5), ReleasePlan(percent=30, after_hours=24), ReleasePlan(percent=100, after_hours=24)]
_POSTER = [EntryPlan(name="网点海报"), EntryPlan(name="App 首页")]

BLUEPRINTS: tuple[Blueprint, ...] = (
    Blueprint(
        key="payroll_welcome",
        name="代发客户见面礼",
        name_en="Payroll welcome",
        summary="工资代发到本行的新客户，送一份日常权益，认识手机银行。",
        summary_en="An everyday benefit for customers whose salary begins to arrive here.",
        kind="voucher",
        expression=lambda today: _all(_attr("paid_here", "=", True), _attr("joined_on", ">=", _ago(today, 180))),
        draft=Draft(
            name="代发客户见面礼",
            goal="让新代发客户在三十天内用上手机银行",
            metric="app_login",
            metric_days=30,
            valid_days=14,
            page_texts=_texts(
                ("见面礼，请收下", "工资到账的第一个月，从一杯咖啡开始", _ONE_EACH),
                ("A small welcome", "Begin your first month with something nice", _ONE_EACH_EN),
            ),
            message=_message(
                "{name}您好，为您准备了一份{benefit}，{expires}前领取有效：{link}",
                "Hello {name}, a {benefit} is kept for you until {expires}: {link}",
            ),
            releases=_STEPS,
        ),
    ),
    Blueprint(
        key="dormant_card",
        name="睡眠卡唤醒",
        name_en="Wake a dormant card",
        summary="有卡但近三十天没有登录的客户，用一份小额权益请他们回来。",
        summary_en="A small benefit for card holders who have not signed in for thirty days.",
        kind="voucher",
        expression=lambda _today: _all(_attr("has_card", "=", True), _attr("logins_30d", "=", 0)),
        draft=Draft(
            name="睡眠卡唤醒",
            goal="让沉睡客户在三十天内重新用卡支付",
            metric="payment",
            metric_days=30,
            valid_days=10,
            page_texts=_texts(
                ("好久不见", "给您留了一份出行权益", _ONE_EACH),
                ("Good to see you again", "A benefit is kept for you", _ONE_EACH_EN),
            ),
            message=_message(
                "{name}您好，{bank}为您保留了{benefit}，{expires}前有效：{link}",
                "Hello {name}, {bank} keeps a {benefit} for you until {expires}: {link}",
            ),
            releases=_STEPS,
        ),
    ),
    Blueprint(
        key="first_90_days",
        name="新客九十天",
        name_en="First ninety days",
        summary="开户九十天内的客户，按月送一份权益，陪他们度过最容易离开的时候。",
        summary_en="Something for customers in their first ninety days, when most of those who leave do so.",
        kind="voucher",
        expression=lambda today: _attr("joined_on", ">=", _ago(today, 90)),
        draft=Draft(
            name="新客九十天",
            goal="让新客户在九十天内形成使用习惯",
            metric="app_login",
            metric_days=60,
            valid_days=21,
            page_texts=_texts(
                ("欢迎您来", "开户九十天内的小礼物", _ONE_EACH),
                ("Welcome", "A small gift for your first ninety days", _ONE_EACH_EN),
            ),
            message=_message(
                "{name}您好，欢迎您。{benefit}已放入我的权益，{expires}前领取：{link}",
                "Hello {name}, welcome. Your {benefit} waits until {expires}: {link}",
            ),
        ),
    ),
    Blueprint(
        key="tenure_care",
        name="老客户关怀",
        name_en="Care for those who stayed",
        summary="开户满三年的客户，一份感谢。不看余额，不附任何产品条件。",
        summary_en="Thanks to customers of three years and more. No balance is looked at, no product is asked for.",
        kind="voucher",
        expression=lambda today: _attr("joined_on", "<=", _ago(today, 3 * 365)),
        draft=Draft(
            name="老客户关怀",
            goal="感谢长期客户，减少流失",
            mode=CampaignMode.PULL,
            metric="active_month",
            metric_days=30,
            valid_days=30,
            page_texts=_texts(
                ("谢谢您一直都在", "为三年以上的客户准备", _ONE_EACH),
                ("Thank you for staying", "For customers of three years and more", _ONE_EACH_EN),
            ),
            message=_message(
                "{name}您好，谢谢您一直都在。请领取{benefit}，{expires}前有效：{link}",
                "Hello {name}, thank you for staying. Your {benefit}, until {expires}: {link}",
            ),
            entry_points=[EntryPlan(name="网点海报"), EntryPlan(name="客户经理名片")],
        ),
    ),
    Blueprint(
        key="local_life",
        name="本地生活立减",
        name_en="Local life coupon",
        summary="常用手机银行的客户，缴费、出行、吃饭时用得上的立减券，自己来领。",
        summary_en="A coupon for bills, rides and meals; customers who use the app come and take it.",
        kind="voucher",
        expression=lambda _today: _all(_attr("has_app", "=", True), _attr("logins_30d", ">=", 1)),
        draft=Draft(
            name="本地生活立减",
            goal="让客户在生活场景里用本行支付",
            mode=CampaignMode.PULL,
            metric="payment",
            metric_days=30,
            valid_days=14,
            page_texts=_texts(
                ("出门有礼", "缴费、出行、吃饭都能用", _ONE_EACH),
                ("Going out?", "For bills, rides and meals", _ONE_EACH_EN),
            ),
            entry_points=_POSTER,
        ),
    ),
    Blueprint(
        key="active_month",
        name="活跃月",
        name_en="Active month",
        summary="本月登录不多的手机银行客户，回来看看就有一份权益。",
        summary_en="For customers who have the app and open it rarely: something to come back for.",
        kind="voucher",
        expression=lambda _today: _all(_attr("has_app", "=", True), _attr("logins_30d", "<=", 2)),
        draft=Draft(
            name="活跃月",
            goal="提高手机银行月活",
            metric="active_month",
            metric_days=30,
            valid_days=10,
            page_texts=_texts(
                ("这个月，回来看看", "一份权益在等您", _ONE_EACH),
                ("Come by this month", "Something waits for you", _ONE_EACH_EN),
            ),
            message=_message(
                "{name}您好，本月为您准备了{benefit}，{expires}前领取：{link}",
                "Hello {name}, this month's {benefit} is yours until {expires}: {link}",
            ),
            releases=_STEPS,
        ),
    ),
)
