"""Campaigns for the walks, made and decided through the API as their people would by hand."""

from datetime import timedelta
from typing import Any

from huoke.kernel.clock import CHINA, SystemClock
from tests.e2e.console import Console

RULES = {
    "zh": "每位客户限领一份，按身份证件计。领取后十四天内到指定门店使用，过期自动失效，不可转让、不可兑换现金。",
    "en": "One per person, counted by id document. Use it within 14 days; it cannot be transferred or exchanged.",
}
TITLES = {"zh": ("好久不见", "一杯咖啡，等您回来"), "en": ("Good to see you again", "A coffee is kept for you")}
MESSAGE = {
    "channel": "sms",
    "texts": {
        "zh": "{name}您好，为您准备了{benefit}，{expires}前领取有效：{link}",
        "en": "Hello {name}, a {benefit} is kept for you until {expires}: {link}",
    },
}


async def largest_segment(console: Console) -> dict[str, Any]:
    """The segment that selects most customers: the newest may be another walk's, and empty."""
    segments = (await console.api("GET", "/v1/segments?limit=50"))["items"]
    return max((one for one in segments if one["serves"] == "selection"), key=lambda one: one["size"] or 0)


async def submitted(operator: Console, name: str) -> dict[str, Any]:
    """A campaign over the largest segment that selects, sent to approval; as the API shows it."""
    segment = await largest_segment(operator)
    sku = next(
        one
        for one in (await operator.api("GET", "/v1/skus?status=published&limit=200"))["items"]
        if one["kind"] == "voucher" and one["code"] == "COFFEE-M"
    )
    [budget, *_] = (await operator.api("GET", "/v1/budgets"))["items"]
    now = SystemClock().now().astimezone(CHINA)
    draft = {
        "name": name,
        "goal": "让客户在三十天内重新登录手机银行",
        "segment_id": segment["id"],
        "sku_id": sku["id"],
        "stock": 300,
        "budget_id": budget["id"],
        "budget_fen": 300 * sku["terms"]["cost_fen"],
        "opens_at": (now - timedelta(minutes=1)).isoformat(),
        "closes_at": (now + timedelta(days=20)).isoformat(),
        "control_percent": 10,
        "metric": "app_login",
        "page_texts": {
            language: {"title": title, "subtitle": subtitle, "rules": RULES[language]}
            for language, (title, subtitle) in TITLES.items()
        },
        "message": MESSAGE,
    }
    [made] = await operator.api("POST", "/v1/campaigns", [draft])
    return await operator.api("POST", f"/v1/campaigns/{made['id']}/submission")


async def decide(checker: Console, change_id: str, verdict: str, comment: str = "") -> dict[str, Any]:
    """One stage of an approval."""
    change = await checker.api("GET", f"/v1/approvals/{change_id}")
    body = {"verdict": verdict, "comment": comment, "diff_hash": change["diff_hash"]}
    return await checker.api("POST", f"/v1/approvals/{change_id}/decisions", body)
