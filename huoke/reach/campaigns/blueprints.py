"""Six common campaigns, ready to be drafted. None has a deposit or a product as its condition (rules B1, B4)."""

from huoke.reach.campaigns.model import CampaignMode, Draft
from huoke.reach.campaigns.phrases import ONE_EACH, ONE_EACH_EN, ago, attr, every, page_of, sms
from huoke.reach.campaigns.plan import EntryPlan, ReleasePlan
from huoke.reach.campaigns.template_model import Blueprint

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
        expression=lambda today: every(attr("paid_here", "=", True), attr("joined_on", ">=", ago(today, 180))),
        draft=Draft(
            name="代发客户见面礼",
            goal="让新代发客户在三十天内用上手机银行",
            metric="app_login",
            metric_days=30,
            valid_days=14,
            page_texts=page_of(
                ("见面礼，请收下", "工资到账的第一个月，从一杯咖啡开始", ONE_EACH),
                ("A small welcome", "Begin your first month with something nice", ONE_EACH_EN),
            ),
            message=sms(
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
        expression=lambda _today: every(attr("has_card", "=", True), attr("logins_30d", "=", 0)),
        draft=Draft(
            name="睡眠卡唤醒",
            goal="让沉睡客户在三十天内重新用卡支付",
            metric="payment",
            metric_days=30,
            valid_days=10,
            page_texts=page_of(
                ("好久不见", "给您留了一份出行权益", ONE_EACH),
                ("Good to see you again", "A benefit is kept for you", ONE_EACH_EN),
            ),
            message=sms(
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
        expression=lambda today: attr("joined_on", ">=", ago(today, 90)),
        draft=Draft(
            name="新客九十天",
            goal="让新客户在九十天内形成使用习惯",
            metric="app_login",
            metric_days=60,
            valid_days=21,
            page_texts=page_of(
                ("欢迎您来", "开户九十天内的小礼物", ONE_EACH),
                ("Welcome", "A small gift for your first ninety days", ONE_EACH_EN),
            ),
            message=sms(
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
        expression=lambda today: attr("joined_on", "<=", ago(today, 3 * 365)),
        draft=Draft(
            name="老客户关怀",
            goal="感谢长期客户，减少流失",
            mode=CampaignMode.PULL,
            metric="active_month",
            metric_days=30,
            valid_days=30,
            page_texts=page_of(
                ("谢谢您一直都在", "为三年以上的客户准备", ONE_EACH),
                ("Thank you for staying", "For customers of three years and more", ONE_EACH_EN),
            ),
            message=sms(
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
        expression=lambda _today: every(attr("has_app", "=", True), attr("logins_30d", ">=", 1)),
        draft=Draft(
            name="本地生活立减",
            goal="让客户在生活场景里用本行支付",
            mode=CampaignMode.PULL,
            metric="payment",
            metric_days=30,
            valid_days=14,
            page_texts=page_of(
                ("出门有礼", "缴费、出行、吃饭都能用", ONE_EACH),
                ("Going out?", "For bills, rides and meals", ONE_EACH_EN),
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
        expression=lambda _today: every(attr("has_app", "=", True), attr("logins_30d", "<=", 2)),
        draft=Draft(
            name="活跃月",
            goal="提高手机银行月活",
            metric="active_month",
            metric_days=30,
            valid_days=10,
            page_texts=page_of(
                ("这个月，回来看看", "一份权益在等您", ONE_EACH),
                ("Come by this month", "Something waits for you", ONE_EACH_EN),
            ),
            message=sms(
                "{name}您好，本月为您准备了{benefit}，{expires}前领取：{link}",
                "Hello {name}, this month's {benefit} is yours until {expires}: {link}",
            ),
            releases=_STEPS,
        ),
    ),
)
