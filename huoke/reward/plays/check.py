"""How the rules come out for a play: each check names its rule in COMPLIANCE.md."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.govern.approvals import Check, CheckVerdict
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import events, language, segments
from huoke.reward import catalogue, grants, ledger
from huoke.reward.catalogue import Handover, Sku, SkuKind, TaxCode
from huoke.reward.plays.channels import PlayChannel, induces_following, induces_sharing
from huoke.reward.plays.draft import gaps
from huoke.reward.plays.entry import most_of_an_entry
from huoke.reward.plays.model import BOARDS, Draft, Play, PrizeDraft
from huoke.reward.plays.regional import regions
from huoke.reward.plays.ways_check import require_compiled

TOP_PRIZE_FEN = tenants.declare(
    "plays.top_prize_fen", int, 5_000_000, minimum=0, maximum=5_000_000, unit="fen", rule="L1"
)
"""The most a single prize of chance, or all wins of one entry, may be worth; the law says 50,000 yuan, a bank less."""
_TAX_FREE = frozenset({SkuKind.POINTS})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a play's lines name, as it is now: SKUs by id, pools by id, the budget's money, the condition."""

    skus: dict[UUID, Sku]
    pools: dict[UUID, grants.Pool]
    available_fen: int | None
    condition: segments.Segment | None
    top_fen: int


async def standing(tx: Tx, draft: Draft) -> Standing:
    """Read what a draft names."""
    sku_ids = {prize.sku_id for prize in draft.prizes if prize.sku_id}
    pool_ids = {prize.pool_id for prize in draft.prizes if prize.pool_id}
    budgets = await ledger.get_budgets(tx, [draft.budget_id]) if draft.budget_id else []
    return Standing(
        skus=await catalogue.skus(tx, sku_ids),
        pools={pool.id: pool for pool in await grants.get_pools(tx, sorted(pool_ids))} if pool_ids else {},
        available_fen=budgets[0].available_fen if budgets else None,
        condition=await segments.get(tx, draft.segment_id) if draft.segment_id else None,
        top_fen=await tenants.setting(tx, TOP_PRIZE_FEN),
    )


def value_of(sku: Sku) -> int:
    """A prize's market price in fen: its face value, or what it costs where that is more (rule L1)."""
    return max(sku.face_value_fen, sku.cost_fen)


async def rules(tx: Tx, play: Play) -> list[Check]:
    """Every check of a play."""
    draft, facts = play.draft, await standing(tx, play.draft)
    prizes = [(prize, facts.skus.get(prize.sku_id)) for prize in draft.prizes if prize.sku_id is not None]
    return [
        _complete(draft),
        _goods(draft, prizes, facts),
        _top(draft, facts),
        _published(draft),
        _validity(prizes),
        _tax(prizes),
        _condition(facts),
        *await regions(tx, facts.condition, [sku for _, sku in prizes if sku]),
        *await _missions(tx, draft),
        await _sharing(tx, draft, facts),
        _platforms(draft),
        _note(
            "R1",
            "person",
            "机会、次数与奖品上限都按自然人计算",
            "Chances, draws and prize limits count the natural person",
        ),
        _note(
            "S2",
            "suppressed",
            "受限客户与员工及亲属不能参与，每次抽奖时核对",
            "Suppressed customers, staff and relatives are out, checked at every draw",
        ),
        _note(
            "L6",
            "provable",
            "发布时公开承诺码，结束后公开种子，每次抽奖可重放",
            "The commitment is published now, the seed after the end; every draw can be replayed",
        ),
        _money(draft, prizes, facts),
    ]


Named = Sequence[tuple[PrizeDraft, Sku | None]]


def _complete(draft: Draft) -> Check:
    problems = list(gaps(draft))
    zh = "奖品、概率与时间完整，概率合计 1,000,000 ppm" if not problems else f"有 {len(problems)} 处不完整"
    en = "Prizes, odds and window are whole" if not problems else "; ".join(one.detail for one in problems)
    return _check("play", "complete", zh, en, fail=bool(problems), problems=[one.code for one in problems])


def _goods(draft: Draft, prizes: Named, facts: Standing) -> Check:
    wrong = [
        prize.title
        for prize, sku in prizes
        if sku is None
        or (sku.handover is Handover.ORDER and draft.kind not in BOARDS)
        or (pool := facts.pools.get(prize.pool_id or UUID(int=0))) is None
        or pool.sku_id != prize.sku_id
    ]
    names = "、".join(wrong)
    zh = (
        f"这些奖品不能发：{names}（须为已发布的权益，库存池与之相符；按事奖励的不能寄送）"
        if wrong
        else "奖品都是已发布的权益，库存池相符"
    )
    en = (
        f"Cannot be given: {names}; a prize is published, its pool holds it, and what is earned by doing is not sent"
        if wrong
        else "Every prize is published and its pool holds it"
    )
    return _check("play", "goods", zh, en, fail=bool(wrong))


def _top(draft: Draft, facts: Standing) -> Check:
    """The dearest prize, and what all wins of one entry can add up to (rule L1)."""
    found = {line: facts.skus.get(one.sku_id) for line, one in enumerate(draft.prizes) if one.sku_id}
    values = {line: value_of(sku) for line, sku in found.items() if sku}
    top, entry, limit = max(values.values(), default=0), most_of_an_entry(draft, values), facts.top_fen
    zh = f"最高单项奖品 {format_yuan(top)} 元，一次参与累计最多 {format_yuan(entry)} 元，上限 {format_yuan(limit)} 元"
    en = (
        f"The top prize is worth {format_yuan(top)} yuan, all wins of one entry {format_yuan(entry)};"
        f" the most is {format_yuan(limit)}"
    )
    if top <= limit < entry:
        zh += "；请减少一次发放的机会，或设每人上限"
        en += "; give fewer chances at once, or limit a prize by person"
    wrong = max(top, entry) > limit
    return _check("L1", "top_prize", zh, en, fail=wrong, top_fen=top, entry_fen=entry, limit_fen=limit)


def _published(draft: Draft) -> Check:
    whole = bool(draft.zh.rules.strip()) and draft.opens_at is not None and draft.closes_at is not None
    zh = "开始前公布奖品、概率、时间与规则，发布后冻结" if whole else "没有公布规则或时间"
    en = (
        "Prizes, odds, window and rules are published before the start, then frozen"
        if whole
        else "Rules or window are missing"
    )
    return _check("L3", "published", zh, en, fail=not whole)


def _validity(prizes: Named) -> Check:
    without = [prize.title for prize, sku in prizes if sku and not sku.acceptance.strip()]
    zh = f"缺少使用范围：{'、'.join(without)}" if without else "每项奖品都有有效期与使用范围"
    en = (
        f"Where they can be used is missing: {', '.join(without)}"
        if without
        else "Every prize says until when and where it can be used"
    )
    return _check("L4", "validity", zh, en, warn=bool(without))


def _tax(prizes: Named) -> Check:
    """A random gift is occasional income, points and discount coupons are not."""
    fitting = {TaxCode.OCCASIONAL_INCOME, TaxCode.DISCOUNT_COUPON}
    wrong = [prize.title for prize, sku in prizes if sku and sku.kind not in _TAX_FREE and sku.tax_code not in fitting]
    zh = f"随机赠品应按偶然所得：{'、'.join(wrong)}" if wrong else "每项奖品都有税收代码"
    en = f"A random gift is occasional income: {', '.join(wrong)}" if wrong else "Every prize has a tax code"
    return _check("T1", "tax_code", zh, en, fail=bool(wrong))


def _condition(facts: Standing) -> Check:
    condition = facts.condition
    if condition is None:
        return _note("B1", "condition", "参与不附带存款或理财条件", "Playing has no condition")
    wrong = condition.serves is not language.Serves.CONDITION
    zh = f"“{condition.name}”是筛选用客群，不能作参与条件" if wrong else f"参与条件“{condition.name}”不含存款与理财"
    en = (
        f"'{condition.name}' selects; it is no condition"
        if wrong
        else f"The condition '{condition.name}' asks for no deposit"
    )
    return _check("B1", "condition", zh, en, fail=wrong)


async def _missions(tx: Tx, draft: Draft) -> list[Check]:
    """Whether missions still compile as conditions: what they look at may have been classified anew since."""
    if not draft.ways.missions:
        return []
    try:
        await require_compiled(tx, draft)
    except Refusal as refusal:
        rule = str(refusal.data.get("rule", "B1"))
        return [_check(rule, "missions", f"任务不能作条件：{refusal}", str(refusal), fail=True)]
    return [
        _note("B1", "missions", "任务不以存款为条件", "No mission asks for a deposit"),
        _note(
            "B4",
            "missions",
            "任务不以购买理财、基金、保险为条件",
            "No mission asks to buy wealth products, funds or insurance",
        ),
    ]


async def _sharing(tx: Tx, draft: Draft, facts: Standing) -> Check:
    """Whether a mission or the condition to play asks for sharing, by what events are called today (rule M3)."""
    schemas = {one.name: one for one in await events.schemas(tx)}
    names = {mission.event for mission in draft.ways.missions}
    if facts.condition is not None:
        expression = language.parse(facts.condition.expression)
        uses = language.uses_of(expression, await segments.vocabulary(tx, expression))
        names |= {use.name for use in uses if use.event}
    shared = [schemas[name].title for name in sorted(names & schemas.keys()) if events.tells_of_sharing(schemas[name])]
    if shared:
        told = "、".join(shared)
        return _check("M3", "no_sharing", f"不能奖励分享：{told}", f"Nobody is rewarded for sharing: {told}", fail=True)
    return _note(
        "M3",
        "no_sharing",
        "机会与奖励只来自每日、首次与实际完成的事，不奖励分享",
        "Chances and rewards come by day, welcome and what is really done, never by sharing",
    )


def _platforms(draft: Draft) -> Check:
    """Whether the words keep the rules of the platforms they are shown on: nothing for sharing, on WeChat nothing for
    following (rule M3).
    """
    common = " ".join(f"{one.title} {one.subtitle} {one.rules}" for one in (draft.zh, draft.en))
    own = " ".join(f"{one.zh} {one.en}" for one in draft.channels)
    wechat = " ".join(f"{one.zh} {one.en}" for one in draft.channels if one.channel is PlayChannel.WECHAT)
    sharing = induces_sharing(f"{common}\n{own}")
    following = induces_following(f"{common}\n{wechat}") if draft.shown_on(PlayChannel.WECHAT) else ""
    found = sharing or following
    zh = f"页面写了诱导分享或关注：“{found}”，平台禁止" if found else "页面没有诱导分享或关注"
    en = (
        f"The page induces sharing or following, which platforms ban: '{found}'"
        if found
        else "Nothing on the page induces sharing or following"
    )
    return _check("M3", "platforms", zh, en, fail=bool(found))


def cost_most_fen(prizes: Named, pools: Mapping[UUID, grants.Pool]) -> int:
    """What all units on the table cost together, each pool counted once, in fen."""
    costs = {prize.pool_id: sku.cost_fen for prize, sku in prizes if sku and prize.pool_id}
    return sum(cost * pools[pool_id].available for pool_id, cost in costs.items() if pool_id in pools)


def _money(draft: Draft, prizes: Named, facts: Standing) -> Check:
    most, have = cost_most_fen(prizes, facts.pools), facts.available_fen or 0
    empty = [
        prize.title for prize, _ in prizes if prize.pool_id in facts.pools and not facts.pools[prize.pool_id].available
    ]
    zh = f"全部奖品成本 {format_yuan(most)} 元，预算可用 {format_yuan(have)} 元" + (
        f"；无库存：{'、'.join(empty)}" if empty else ""
    )
    en = f"All prizes cost {format_yuan(most)} yuan; the budget has {format_yuan(have)}" + (
        f"; no stock: {', '.join(empty)}" if empty else ""
    )
    return _check(
        "play", "money", zh, en, warn=most > have or bool(empty), fail=draft.budget_id is not None and have <= 0 < most
    )


def _check(rule: str, code: str, zh: str, en: str, *, fail: bool = False, warn: bool = False, **data: object) -> Check:
    verdict = CheckVerdict.FAIL if fail else CheckVerdict.WARN if warn else CheckVerdict.PASS
    return Check(rule=rule, verdict=verdict, detail=zh, detail_en=en, data={"code": code, **data})


def _note(rule: str, code: str, zh: str, en: str) -> Check:
    return _check(rule, code, zh, en)
