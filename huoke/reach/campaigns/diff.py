"""A campaign as a checker reads it: field by field, in groups, and what it would do."""

from collections.abc import Iterator
from typing import Any

import msgspec

from huoke.govern.approvals import FieldChange, Simulation, SimulationRow
from huoke.reach.campaigns.lines import lines_of, share_stock, units_of
from huoke.reach.campaigns.model import CampaignMode, Cost, Draft, Waterfall
from huoke.reach.campaigns.plan import MessageChannel
from huoke.reach.campaigns.store import Stored
from huoke.reward.catalogue import Variant

MONEY, AUDIENCE, COPY = "money", "audience", "copy"

_FIELDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("budget_fen", "预算上限", "Budget", MONEY, "fen"),
    ("person_limit", "每人限领", "Limit per person", MONEY, "count"),
    ("valid_days", "领取后有效期（天）", "Days valid after the claim", MONEY, "count"),
    ("opens_at", "开始时间", "Opens", AUDIENCE, "instant"),
    ("closes_at", "结束时间", "Closes", AUDIENCE, "instant"),
    ("mode", "发放方式", "Mode", AUDIENCE, "text"),
    ("published", "公开活动", "Public", AUDIENCE, "text"),
    ("control_percent", "对照组（%）", "Control group (%)", AUDIENCE, "count"),
    ("metric", "衡量指标", "Metric", AUDIENCE, "text"),
    ("metric_days", "衡量期（天）", "Measured over (days)", AUDIENCE, "count"),
    ("name", "活动名称", "Name", COPY, "text"),
    ("goal", "目标", "Goal", COPY, "text"),
)
_TEXTS = (("title", "标题", "Title"), ("subtitle", "副标题", "Subtitle"), ("rules", "活动规则", "Rules"))
_CHANNELS = {
    MessageChannel.NONE: "不发消息 / none",
    MessageChannel.SMS: "短信 / SMS",
    MessageChannel.LIST_EXPORT: "名单下发 / list",
}
_LANGUAGES = (("zh", "中文", "Chinese"), ("en", "英文", "English"))


class NamedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit by name, and the unit cost that is approved with it."""

    sku: str = ""
    unit_cost_fen: int = 0
    pool: str = ""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The names behind the ids of a draft, for people to read; the ids themselves are what is approved."""

    bundle: str = ""
    bundle_version: int = 0
    variants: list[Variant] = []
    choose: int = 0
    given: int = 0
    lines: list[NamedLine] = []
    budget: str = ""
    audience: str = ""
    condition: str = ""
    units: dict[int, str] = {}


def diff_of(campaign: Stored, names: Named) -> tuple[FieldChange, ...]:
    """Every field that approval makes true, new ones against nothing; its hash is what both people agree on."""
    return tuple(change for change in _changes(campaign, names) if change.after not in (None, ""))


def simulation_of(waterfall: Waterfall, cost: Cost, draft: Draft) -> Simulation:
    """Reach and cost of a campaign: certain values, for nothing is estimated."""
    rows = (
        _row("audience", "目标客群", "Audience", "customers", waterfall.audience),
        _row("no_consent", "未同意营销", "Without consent", "customers", waterfall.no_consent),
        _row("suppressed", "抑制名单", "Suppressed", "customers", waterfall.suppressed),
        _row("control", "对照组", "Control group", "customers", waterfall.control),
        _row("reachable", "可触达客户", "Reached", "customers", waterfall.reachable),
        _row("persons", "可触达自然人", "Natural persons reached", "persons", waterfall.persons),
        _row("stock", "发放总量", "Stock", "count", units_of(draft)),
        _row("most_fen", "最高成本", "Cost at most", "fen", cost.most_fen),
    )
    return Simulation(rows=rows[6:] if draft.published else rows)


def _changes(campaign: Stored, names: Named) -> Iterator[FieldChange]:
    draft = campaign.draft
    for field, zh, en, group, unit in _FIELDS:
        yield _change(field, zh, en, _plain(getattr(draft, field)), group, unit)
    yield _change("stock", "发放总量", "Stock", units_of(draft), MONEY, "count")
    yield from _bundle_changes(draft, names) if draft.bundle_id else _sku_changes(draft, names)
    yield _change("budget_id", "支出预算", "Paying budget", _id(draft.budget_id), MONEY, impact=names.budget)
    yield from _share_changes(draft, names)
    yield _change("audience_id", "客群快照", "Audience", _id(campaign.audience_id), AUDIENCE, impact=names.audience)
    yield _change("audience_size", "快照户数", "Customers in it", campaign.audience_size, AUDIENCE, "count")
    yield _change(
        "condition_segment_id",
        "领取条件",
        "Condition",
        _id(draft.condition_segment_id),
        AUDIENCE,
        impact=names.condition,
    )
    for language, zh, en in _LANGUAGES:
        for field, text_zh, text_en in _TEXTS:
            text = getattr(getattr(draft.page_texts, language), field)
            yield _change(f"page_texts/{language}/{field}", f"{text_zh}（{zh}）", f"{text_en} ({en})", text, COPY)
    yield from _plan_changes(draft)


def _sku_changes(draft: Draft, names: Named) -> Iterator[FieldChange]:
    for named in names.lines:
        yield _change("sku_id", "权益", "Benefit", _id(draft.sku_id), MONEY, impact=named.sku)
        yield _change("unit_cost_fen", "单份成本", "Unit cost", named.unit_cost_fen, MONEY, "fen")
        yield _change("pool_id", "库存池", "Pool", _id(draft.pool_id), MONEY, impact=named.pool)


def _bundle_changes(draft: Draft, names: Named) -> Iterator[FieldChange]:
    yield _change("bundle_id", "权益包", "Bundle", _id(draft.bundle_id), MONEY, impact=names.bundle)
    yield _change("bundle_version", "权益包版本", "Version of the bundle", names.bundle_version, MONEY, "count")
    yield _change("choose", "每人可选（种）", "Chosen per person", names.choose, MONEY, "count")
    if draft.mode is CampaignMode.PUSH:
        yield _change("given", "其中直接发放（种）", "Of them given at once", names.given, MONEY, "count")
    for place, variant in enumerate(names.variants):
        zh, en = f"分版 {place + 1}：{variant.name}", f"Variant {place + 1}: {variant.name_en or variant.name}"
        yield _change(f"variants/{place}", zh, en, f"{variant.choose}/{len(variant.sku_ids)}", MONEY)
    for line, named in zip(draft.lines, names.lines, strict=True):
        path, sku = f"lines/{line.sku_id}", named.sku
        yield _change(f"{path}/stock", f"{sku} 份数", f"{sku}: stock", line.stock, MONEY, "count")
        yield _change(
            f"{path}/unit_cost_fen", f"{sku} 单份成本", f"{sku}: unit cost", named.unit_cost_fen, MONEY, "fen"
        )
        pool_id = _id(line.pool_id)
        yield _change(f"{path}/pool_id", f"{sku} 库存池", f"{sku}: pool", pool_id, MONEY, impact=named.pool)


def _share_changes(draft: Draft, names: Named) -> Iterator[FieldChange]:
    for share in sorted(draft.shares, key=lambda share: share.unit_id):
        unit = names.units.get(share.unit_id, str(share.unit_id))
        path = f"shares/{share.unit_id}"
        yield _change(f"{path}/amount_fen", f"{unit} 预算", f"{unit}: budget", share.amount_fen, MONEY, "fen")
        for line, named in zip(lines_of(draft), names.lines, strict=True):
            which = f"{path}/stocks/{line.sku_id}" if draft.bundle_id else f"{path}/stock"
            of = f"（{named.sku}）" if draft.bundle_id else ""
            stock = share_stock(draft, share, line)
            yield _change(which, f"{unit} 份数{of}", f"{unit}: stock{of}", stock, MONEY, "count")


def _plan_changes(draft: Draft) -> Iterator[FieldChange]:
    """Message, ways in, pilot and releases."""
    if draft.message is not None:
        yield _change("message/channel", "触达方式", "Message", _CHANNELS[draft.message.channel], COPY)
        if draft.message.channel is not MessageChannel.NONE:
            for language, zh, en in _LANGUAGES:
                text = getattr(draft.message.texts, language)
                yield _change(f"message/texts/{language}", f"消息（{zh}）", f"Message ({en})", text, COPY)
            send_at = _plain(draft.message.send_at)
            yield _change("message/send_at", "发送时间", "Sent at", send_at, AUDIENCE, "instant")
    entries = "、".join(entry.name for entry in draft.entry_points)
    yield _change("entry_points", "入口", "Ways in", entries, COPY)
    pilot = draft.pilot
    upload_id, name = (_id(pilot.upload_id), pilot.name) if pilot else (None, "")
    yield _change("pilot", "白名单试点", "Pilot list", upload_id, AUDIENCE, impact=name)
    yield _change("releases", "分步放量", "Releases", _steps(draft), AUDIENCE)


def _steps(draft: Draft) -> str:
    """5 % → 30 % (24 h) → 100 %: each step, with the hours after which it opens by itself."""
    waits = ["" if step.after_hours is None else f" ({step.after_hours} h)" for step in draft.releases]
    return " → ".join(f"{step.percent} %{wait}" for step, wait in zip(draft.releases, waits, strict=True))


def _change(path: str, zh: str, en: str, after: Any, group: str, unit: str = "text", impact: str = "") -> FieldChange:
    return FieldChange(
        path=path, label=zh, label_en=en, before=None, after=after, group=group, unit=unit, impact=impact
    )


def _row(key: str, zh: str, en: str, unit: str, value: int) -> SimulationRow:
    return SimulationRow(key=key, label=zh, label_en=en, unit=unit, before=None, after=value)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _id(value: Any) -> str | None:
    return None if value is None else str(value)
