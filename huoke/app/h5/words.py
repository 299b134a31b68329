"""The words of the phone pages in Chinese and English: the same keys in both (a test compares them).

Voice: verb first; the fact, then the next step; numbers with unit and time; no exclamation marks.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from huoke.kernel.clock import CHINA

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")

ZH: Mapping[str, str] = {
    "lang": "zh-CN",
    "switch": "English",
    "benefits": "我的权益",
    "tab.available": "可用",
    "tab.used": "已使用",
    "tab.expired": "已过期",
    "points": "积分",
    "points.unit": "分",
    "points.next": "{amount} 分 {date} 到期",
    "points.none": "没有即将到期的积分",
    "saved": "本月已省",
    "yuan": "元",
    "as_of": "截至 {time}",
    "empty.available": "还没有可用的权益",
    "empty.available.next": "领到的权益会出现在这里。",
    "empty.used": "还没有用过的权益",
    "empty.used.next": "核销后的权益会出现在这里。",
    "empty.expired": "没有过期的权益",
    "empty.expired.next": "过期的权益会保留在这里，不能再使用。",
    "most_recent": "显示最近 {count} 张",
    "until": "有效至 {date}",
    "claim_until": "{date} 前领取",
    "days_left": "{days} 天后到期",
    "today_left": "今天到期",
    "delivery.phone": "充值到哪个号码",
    "delivery.postal": "寄到哪里",
    "delivery.name": "收件人",
    "delivery.mobile": "手机号",
    "delivery.mobile.hint": "11 位手机号",
    "delivery.region": "区县代码",
    "delivery.region.hint": "6 位行政区划代码，例如 330203",
    "delivery.address": "详细地址",
    "delivery.care": "只用于本次配送，加密保存，送达后可要求删除。",
    "on_the_way.title": "已提交，正在办理",
    "on_the_way.text": "供应商确认后会更新在这里；如未成功，名额会退回。",
    "delivered.title": "已送达",
    "delivered.text": "供应商已确认完成。",
    "card_code.code": "卡号",
    "card_code.pin": "密码",
    "card_code.until": "有效至 {date}",
    "card_code.care": "请勿转给他人；显示后即视为已使用。",
    "state.fulfilling": "办理中",
    "state.reserved": "待领取",
    "state.fulfilled": "可使用",
    "state.used": "已核销",
    "state.credited": "已到账",
    "state.expired": "已过期",
    "state.revoked": "已撤销",
    "state.returned": "已退回",
    "state.failed": "未发放",
    "use": "去使用",
    "claim": "领取",
    "see": "查看",
    "receipt": "凭证",
    "worth": "面值 {amount} 元",
    "worth.points": "{amount} 积分",
    "landing.benefit": "本期权益",
    "landing.stock": "剩 {count} 份",
    "landing.stock_as_of": "库存截至 {time}",
    "landing.rules": "活动规则",
    "landing.all_rules": "查看全部规则",
    "landing.claim": "立即领取",
    "landing.claiming": "正在领取",
    "rule.window": "活动时间",
    "rule.limit": "领取次数",
    "rule.limit.value": "每位客户 {count} 份（按身份证件计）",
    "rule.valid": "有效期",
    "rule.valid.days": "领取后 {days} 天内有效",
    "rule.where": "使用范围",
    "rule.quantity": "发放方式",
    "rule.quantity.pull": "数量有限，领完为止；页面所示即实时库存",
    "rule.quantity.push": "已为受邀客户预留，不需要抢",
    "rule.transfer": "转让",
    "rule.transfer.value": "仅限本人使用，不可转让，不可兑换现金",
    "rule.organiser": "主办方",
    "rules": "活动规则",
    "more_rules": "补充说明",
    "sign_in.title": "请从 {bank} App 打开",
    "sign_in.text": "为了保护您的权益，需要由银行 App 带您进来。打开 App，再次点开这个活动。",
    "signed_out.title": "请从 {bank} App 打开",
    "signed_out.text": "已得的权益都在。从 {bank} App 再次打开，就能看到。",
    "spent.title": "这个链接已经用过",
    "spent.text": "链接只能用一次，一分钟内有效。回到 {bank} App 再点一次。",
    "not_eligible.title": "这个活动暂未对您开放",
    "not_eligible.text": "每期活动面向不同的客户。您已得的权益不受影响。",
    "not_started.title": "活动还没有开始",
    "not_started.text": "{time} 开始。到时再来看看。",
    "ended.title": "活动已结束",
    "ended.text": "{time} 截止。已得的权益仍可使用到各自的有效期。",
    "paused.title": "活动暂停，稍后恢复",
    "paused.text": "我们在核对一处情况。您已得的权益都已保留。",
    "sold_out.title": "这期权益发完了",
    "sold_out.text": "全部 {count} 份已领完（{time}）。您已得的权益不受影响。",
    "claimed.title": "已领取",
    "claimed.text": "已放入“我的权益”。",
    "claimed.use": "去使用",
    "claimed.keep": "您已得的权益不受影响。",
    "to_benefits": "查看我的权益",
    "to_rules": "看活动规则",
    "code.title": "出示核销码",
    "code.left": "秒后自动换码",
    "code.renew": "立即换码",
    "code.where": "使用范围",
    "code.care": "店员扫码后即核销。请勿截图或转给他人，截图 60 秒后失效。",
    "code.stale": "核销码已失效，正在换码",
    "redeemed.title": "已核销，请享用",
    "redeemed.saved": "本月已省 {amount} 元",
    "redeemed.time": "时间",
    "redeemed.number": "权益编号",
    "redeemed.what": "权益",
    "credited.title": "{amount} 积分已到账",
    "credited.text": "可在“我的权益”查看余额。",
    "expired.title": "这张权益已过期",
    "expired.text": "{date} 到期，不能再使用。",
    "gone.title": "这张权益不能再使用",
    "gone.text": "状态：{state}。如有疑问，请联系 {bank}。",
    "reserved.title": "为您预留了一份权益",
    "reserved.text": "{date} 前领取，领取后可以使用。",
    "back_to_benefits": "回到我的权益",
    "not_found.title": "没有找到这一页",
    "not_found.text": "链接可能抄错了，或者活动已经下线。",
    "error.title": "暂时没有打开",
    "error.text": "刚才的操作若已成功，会出现在“我的权益”里。过一会儿再试。",
    "error.number": "编号 {number}",
    "offline.title": "网络没有连上",
    "offline.text": "机会不会因此减少。刚才若已领取成功，会出现在“我的权益”里。",
    "retry": "重试",
    "limit.title": "操作太频繁",
    "limit.text": "请过一分钟再试。",
    "form.title": "页面放得太久了",
    "form.text": "为了安全，请重新打开这一页再领取。",
    "reload": "重新打开",
}

EN: Mapping[str, str] = {
    "lang": "en",
    "switch": "中文",
    "benefits": "My benefits",
    "tab.available": "Available",
    "tab.used": "Used",
    "tab.expired": "Expired",
    "points": "Points",
    "points.unit": "pts",
    "points.next": "{amount} expire {date}",
    "points.none": "None expire soon",
    "saved": "Saved this month",
    "yuan": "CNY",
    "as_of": "As of {time}",
    "empty.available": "Nothing to use yet",
    "empty.available.next": "What you claim appears here.",
    "empty.used": "Nothing used yet",
    "empty.used.next": "What you redeem appears here.",
    "empty.expired": "Nothing expired",
    "empty.expired.next": "Expired benefits are kept here and cannot be used.",
    "most_recent": "The latest {count}",
    "until": "Valid until {date}",
    "claim_until": "Claim by {date}",
    "days_left": "{days} days left",
    "today_left": "Last day",
    "delivery.phone": "Which number to top up",
    "delivery.postal": "Where to send it",
    "delivery.name": "Recipient",
    "delivery.mobile": "Mobile number",
    "delivery.mobile.hint": "11 digits",
    "delivery.region": "District code",
    "delivery.region.hint": "6 digits of the administrative division, such as 330203",
    "delivery.address": "Address",
    "delivery.care": "Used for this delivery only and kept encrypted; you may have it erased afterwards.",
    "on_the_way.title": "Sent, and on its way",
    "on_the_way.text": "It shows here once the supplier confirms; if it fails, your place is given back.",
    "delivered.title": "Delivered",
    "delivered.text": "The supplier has confirmed it.",
    "card_code.code": "Code",
    "card_code.pin": "Password",
    "card_code.until": "Valid until {date}",
    "card_code.care": "Do not pass it on; once shown it counts as used.",
    "state.fulfilling": "On its way",
    "state.reserved": "To claim",
    "state.fulfilled": "Ready",
    "state.used": "Redeemed",
    "state.credited": "Credited",
    "state.expired": "Expired",
    "state.revoked": "Revoked",
    "state.returned": "Returned",
    "state.failed": "Not granted",
    "use": "Use",
    "claim": "Claim",
    "see": "View",
    "receipt": "Receipt",
    "worth": "Worth CNY {amount}",
    "worth.points": "{amount} points",
    "landing.benefit": "This benefit",
    "landing.stock": "{count} left",
    "landing.stock_as_of": "Stock as of {time}",
    "landing.rules": "Rules",
    "landing.all_rules": "Read all rules",
    "landing.claim": "Claim now",
    "landing.claiming": "Claiming",
    "rule.window": "When",
    "rule.limit": "How many",
    "rule.limit.value": "{count} per person (counted by id document)",
    "rule.valid": "Valid",
    "rule.valid.days": "{days} days from claiming",
    "rule.where": "Where",
    "rule.quantity": "Stock",
    "rule.quantity.pull": "Limited; ends when stock is gone. The number shown is the real stock",
    "rule.quantity.push": "Kept for invited customers; no need to hurry",
    "rule.transfer": "Transfer",
    "rule.transfer.value": "For yourself only; not transferable, not exchangeable for cash",
    "rule.organiser": "Organiser",
    "rules": "Rules",
    "more_rules": "More",
    "sign_in.title": "Open this from the {bank} app",
    "sign_in.text": "To protect your benefits, the bank's app brings you in. Open the app and tap this campaign again.",
    "signed_out.title": "Open this from the {bank} app",
    "signed_out.text": "Your benefits are safe. Open them again from the {bank} app.",
    "spent.title": "This link was used already",
    "spent.text": "A link works once, within a minute. Go back to the {bank} app and tap again.",
    "not_eligible.title": "This campaign is not open to you for now",
    "not_eligible.text": "Each campaign is for different customers. What you already have is not affected.",
    "not_started.title": "Not started yet",
    "not_started.text": "It starts {time}. Come back then.",
    "ended.title": "This campaign has ended",
    "ended.text": "It closed {time}. What you claimed stays valid until its own date.",
    "paused.title": "Paused, back soon",
    "paused.text": "We are checking something. What you already have is kept.",
    "sold_out.title": "All claimed",
    "sold_out.text": "All {count} have been claimed ({time}). What you already have is not affected.",
    "claimed.title": "Claimed",
    "claimed.text": "It is in My benefits.",
    "claimed.use": "Use now",
    "claimed.keep": "What you already have is not affected.",
    "to_benefits": "See my benefits",
    "to_rules": "Read the rules",
    "code.title": "Show this code",
    "code.left": "s until the next code",
    "code.renew": "New code now",
    "code.where": "Where to use it",
    "code.care": "It is redeemed once staff scan it. Keep it to yourself: a screenshot stops working after 60 seconds.",
    "code.stale": "This code has run out; getting the next",
    "redeemed.title": "Redeemed. Enjoy",
    "redeemed.saved": "CNY {amount} saved this month",
    "redeemed.time": "Time",
    "redeemed.number": "Benefit no.",
    "redeemed.what": "Benefit",
    "credited.title": "{amount} points credited",
    "credited.text": "See your balance in My benefits.",
    "expired.title": "This benefit has expired",
    "expired.text": "It ran out on {date} and cannot be used.",
    "gone.title": "This benefit cannot be used",
    "gone.text": "State: {state}. Questions? Contact {bank}.",
    "reserved.title": "A benefit is kept for you",
    "reserved.text": "Claim it by {date}; then it is yours to use.",
    "back_to_benefits": "Back to my benefits",
    "not_found.title": "There is no such page",
    "not_found.text": "The link may be mistyped, or the campaign is over.",
    "error.title": "This did not open",
    "error.text": "If your last step went through, it shows in My benefits. Try again in a moment.",
    "error.number": "No. {number}",
    "offline.title": "No connection",
    "offline.text": "Your chance is not lost. If your claim went through, it shows in My benefits.",
    "retry": "Try again",
    "limit.title": "Too many tries",
    "limit.text": "Wait a minute, then try again.",
    "form.title": "This page was open too long",
    "form.text": "To be safe, open it again before you claim.",
    "reload": "Open again",
}

_WORDS: Mapping[Language, Mapping[str, str]] = {"zh": ZH, "en": EN}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = _WORDS[language]

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence of a key, its values filled in."""
        return self._words[key].format(**values)

    def either(self, zh: str, en: str) -> str:
        """What the bank wrote in this language, else in the other."""
        return (en or zh) if self.language == "en" else (zh or en)

    def day(self, instant: datetime) -> str:
        """2026-12-18, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%Y-%m-%d")

    def minute(self, instant: datetime) -> str:
        """2026-12-18 09:30, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

    def clock(self, instant: datetime) -> str:
        """09:30, in the bank's time zone."""
        return instant.astimezone(CHINA).strftime("%H:%M")

    def short_day(self, instant: datetime) -> str:
        """11月16日 or 16 Nov."""
        day = instant.astimezone(CHINA)
        return f"{day.day} {_MONTHS[day.month - 1]}" if self.language == "en" else f"{day.month}月{day.day}日"


def choose(asked: str | None, remembered: str | None, accepted: str) -> Language:
    """The language of a page: asked for in the address, remembered, else the browser's first of the two."""
    for wish in (asked, remembered):
        for language in LANGUAGES:
            if wish == language:
                return language
    for part in accepted.lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"
