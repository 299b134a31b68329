"""How every rule comes out for a draft that is whole: pure, and worded for whoever decides."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from huoke.govern.approvals import Check, CheckVerdict
from huoke.kernel.clock import CHINA
from huoke.kernel.money import format_yuan
from huoke.reach.campaigns.lines import lines_of, units_of
from huoke.reach.campaigns.model import CampaignMode, Cost, Draft, Waterfall
from huoke.reach.campaigns.verdict import check, verdict_of
from huoke.reward.catalogue import Regional
from huoke.reward.variants import VariantCounts


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need to know of how the audience was chosen: deposit facts used (by label) and the basis."""

    name: str = ""
    deposit_facts: tuple[str, ...] = ()
    basis: str | None = None
    serves_condition: bool = False
    condition: str = ""
    condition_fits: bool = True
    condition_deposit_facts: tuple[str, ...] = ()


class Regions(msgspec.Struct, frozen=True, kw_only=True):
    """What is of use in some regions only; `short` are left with fewer benefits of use than they may choose."""

    benefits: list[Regional] = []
    short: int = 0


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need to know of the benefits and what is left of them.

    `sku_valid_until` is when the first of them ends, and which that is. `pools` are units available, line by line, None
    for new stock. `choose` is how many of a bundle one person takes, 0 for a single benefit. `variants` says how many
    fall in which, or `variants_refused` why nobody can say; `rest_has`: those in none are offered something too.
    `given`: by line, whether a push gives it to anybody at once; `all_given`: everybody is given something so.
    """

    sku_published: bool
    sku_name: str
    sku_valid_until: datetime | None
    first_ending: str
    tax_code: str
    withholding_ppm: int
    pools: list[int | None]
    bundle_fits: bool = True
    choose: int = 0
    variants: VariantCounts | None = None
    variants_refused: str = ""
    rest_has: bool = True
    given: list[bool] = []
    all_given: bool = False
    regions: Regions = Regions()


def rules(
    draft: Draft,
    waterfall: Waterfall,
    cost: Cost,
    selection: Selection,
    supply: Supply,
    now: datetime,
) -> list[Check]:
    """Every rule about audience, money and page, in the order a checker reads them; `plan_rules` has the others."""
    return [
        _reach(draft, waterfall),
        _consent(draft, waterfall),
        _suppressed(waterfall),
        _control(draft, waterfall),
        _selection(selection),
        _condition(selection),
        _person_limit(draft, waterfall),
        _most(draft, cost),
        _budget(draft, cost),
        _stock(draft, waterfall, supply),
        *([_bundle(draft, supply)] if draft.bundle_id else []),
        *_variants(draft, supply),
        _window(draft, now),
        _validity(draft, supply),
        *_regions(draft, supply),
        _tax(supply),
        _page(draft),
    ]


def _reach(draft: Draft, waterfall: Waterfall) -> Check:
    if draft.published:
        return check("REACH", "reach_public", CheckVerdict.PASS, "公开活动，面向全体客户", "Open to every customer")
    count = waterfall.reachable
    return check(
        "REACH",
        "reach",
        verdict_of(fail=count == 0),
        f"客群 {waterfall.audience:,} 户，可触达 {count:,} 户",
        f"{count:,} of {waterfall.audience:,} customers are reached",
        audience=waterfall.audience,
        reachable=count,
    )


def _consent(draft: Draft, waterfall: Waterfall) -> Check:
    if draft.published:
        zh, en = "公开活动，不做定向营销", "Public offer: nobody is singled out"
    else:
        zh = f"未同意营销的 {waterfall.no_consent:,} 户已剔除"
        en = f"{waterfall.no_consent:,} customers without marketing consent are left out"
    return check("M1", "consent", CheckVerdict.PASS, zh, en, no_consent=waterfall.no_consent)


def _suppressed(waterfall: Waterfall) -> Check:
    return check(
        "S2",
        "suppressed",
        CheckVerdict.PASS,
        f"抑制名单 {waterfall.suppressed:,} 户已剔除",
        f"{waterfall.suppressed:,} suppressed customers are left out",
        suppressed=waterfall.suppressed,
    )


def _control(draft: Draft, waterfall: Waterfall) -> Check:
    data = {"percent": draft.control_percent, "control": waterfall.control}
    if draft.published:
        return check(
            "E1",
            "control_public",
            verdict_of(fail=draft.control_percent > 0),
            "公开权益不设对照组，不拒绝任何人",
            "A published offer has no control group and refuses nobody",
            **data,
        )
    if not draft.control_percent:
        return check(
            "E1",
            "control_none",
            CheckVerdict.WARN,
            "未设对照组，效果无法衡量",
            "No control group: the effect stays unknown",
        )
    return check(
        "E1",
        "control",
        CheckVerdict.PASS,
        f"对照组 {draft.control_percent}%（{waterfall.control:,} 户），权益未公开",
        f"Control group of {draft.control_percent} % ({waterfall.control:,} customers) of an unpublished offer",
        **data,
    )


def _selection(selection: Selection) -> Check:
    facts = "、".join(selection.deposit_facts)
    if not selection.deposit_facts:
        return check("B1", "selection", CheckVerdict.PASS, "筛选不含存款类事实", "Selection uses no deposit facts")
    if not selection.basis:
        return check(
            "B1",
            "selection_no_basis",
            CheckVerdict.FAIL,
            f"筛选使用存款类事实（{facts}），没有登记依据",
            f"Selection uses deposit facts ({facts}) without a registered basis",
            facts=list(selection.deposit_facts),
        )
    return check(
        "B1",
        "selection_basis",
        CheckVerdict.WARN,
        f"筛选使用存款类事实（{facts}），登记依据：{selection.basis}",
        f"Selection uses deposit facts ({facts}) on the registered basis '{selection.basis}'",
        facts=list(selection.deposit_facts),
        basis=selection.basis,
    )


def _condition(selection: Selection) -> Check:
    facts = "、".join(selection.condition_deposit_facts)
    if facts:
        return check(
            "B1",
            "condition_deposit",
            CheckVerdict.FAIL,
            f"领取条件不得含存款类事实（{facts}）",
            f"A claim condition must not use deposit facts ({facts}); there is no override",
            facts=list(selection.condition_deposit_facts),
        )
    if selection.serves_condition or not selection.condition_fits:
        return check(
            "B1",
            "segment_misused",
            CheckVerdict.FAIL,
            "筛选用的客群与领取条件不能互换",
            "A segment that selects is no condition, and a condition selects nobody",
        )
    zh = f"领取条件“{selection.condition}”不含存款与理财" if selection.condition else "领取不附带存款或理财条件"
    en = (
        f"The condition '{selection.condition}' asks for no deposit"
        if selection.condition
        else "Claiming has no condition"
    )
    return check("B1", "condition", CheckVerdict.PASS, zh, en, condition=selection.condition)


def _person_limit(draft: Draft, waterfall: Waterfall) -> Check:
    return check(
        "R1",
        "person_limit",
        CheckVerdict.PASS,
        f"按自然人限领 {draft.person_limit} 份，可触达 {waterfall.persons:,} 人",
        f"At most {draft.person_limit} per natural person; {waterfall.persons:,} persons are reached",
        person_limit=draft.person_limit,
        persons=waterfall.persons,
    )


def _most(draft: Draft, cost: Cost) -> Check:
    over = cost.most_fen > cost.budget_fen
    units = units_of(draft)
    zh = f"最高成本 {format_yuan(cost.most_fen)} 元，预算 {format_yuan(cost.budget_fen)} 元"
    en = f"Costs at most {format_yuan(cost.most_fen)} yuan; the budget is {format_yuan(cost.budget_fen)}"
    if over and cost.unit_cost_fen and draft.bundle_id is None:
        affordable = cost.budget_fen // cost.unit_cost_fen
        zh += f"，预算只够 {affordable:,} 份"
        en += f", which pays for {affordable:,} of {units:,}"
    return check("COST", "most_cost", verdict_of(warn=over), zh, en, most_fen=cost.most_fen, budget_fen=cost.budget_fen)


def _budget(draft: Draft, cost: Cost) -> Check:
    if not draft.budget_fen and not cost.unit_cost_fen:
        zh, en = "权益不花费预算", "What is given costs nothing"
        return check("BUDGET", "budget_none", CheckVerdict.PASS, zh, en)
    available = cost.available_fen
    short = available is None or available < draft.budget_fen
    has = "—" if available is None else format_yuan(available)
    return check(
        "BUDGET",
        "budget_available",
        verdict_of(fail=short),
        f"支出预算可用 {has} 元，需 {format_yuan(draft.budget_fen)} 元",
        f"The paying budget has {has} yuan available; {format_yuan(draft.budget_fen)} are needed",
        available_fen=available,
        needed_fen=draft.budget_fen,
    )


def _stock(draft: Draft, waterfall: Waterfall, supply: Supply) -> Check:
    for line, available in zip(lines_of(draft), supply.pools, strict=True):
        if available is not None and available < line.stock:
            return check(
                "STOCK",
                "stock_short",
                CheckVerdict.FAIL,
                f"库存池可用 {available:,} 份，需 {line.stock:,} 份",
                f"The pool has {available:,} available; {line.stock:,} are needed",
                available=available,
                needed=line.stock,
            )
    units = units_of(draft)
    few = draft.mode is CampaignMode.PUSH and _least_given(draft, supply) < waterfall.reachable
    return check(
        "STOCK",
        "stock_few" if few else "stock",
        verdict_of(warn=few),
        f"发放总量 {units:,} 份，可触达 {waterfall.reachable:,} 户",
        f"Stock of {units:,} for {waterfall.reachable:,} customers reached",
        stock=units,
        reachable=waterfall.reachable,
    )


def _least_given(draft: Draft, supply: Supply) -> int:
    """The units that bound how many can be given everything; with variants no line is for all, so all of them count."""
    given = [line.stock for line, at_once in zip(draft.lines, supply.given, strict=False) if at_once]
    return units_of(draft) if draft.bundle_id is None or supply.variants or not given else min(given)


def _bundle(draft: Draft, supply: Supply) -> Check:
    many = len(draft.lines)
    if not supply.bundle_fits:
        zh, en = "权益包已变更或停用，请重新选择", "The bundle has changed or is out of use; choose it again"
        return check("SKU", "bundle_moved", CheckVerdict.FAIL, zh, en)
    if draft.mode is CampaignMode.PUSH:
        return _given(supply, many)
    return check(
        "SKU",
        "bundle",
        CheckVerdict.PASS,
        f"权益包 {many} 种，每人可选 {supply.choose} 种，合计计算限领",
        f"One chooses {supply.choose} of {many} benefits, counted together",
        choose=supply.choose,
        many=many,
    )


def _given(supply: Supply, many: int) -> Check:
    """What a push gives at once, beside what is left to choose."""
    count = sum(supply.given)
    if not supply.all_given:
        zh, en = (
            "权益包里没有对每位客户直接发放的权益，请改为“客户领取”或在权益包里设置",
            "The bundle gives not everybody something at once: make it pull, or say in the bundle what is given",
        )
        return check("SKU", "bundle_push", CheckVerdict.FAIL, zh, en)
    return check(
        "SKU",
        "bundle_given",
        CheckVerdict.PASS,
        f"权益包 {many} 种，{count} 种直接发放，每人合计 {supply.choose} 种；要么整份发放，要么不发",
        f"{count} of {many} benefits are given at once, {supply.choose} per person in all; the whole or nothing",
        given=count,
        many=many,
        choose=supply.choose,
    )


def _variants(draft: Draft, supply: Supply) -> Iterator[Check]:
    """Who is offered what, before anybody decides; what selects on deposit facts has its own line (rule B1)."""
    if supply.variants_refused:
        zh, en = (
            f"权益包的分版无法确定：{supply.variants_refused}",
            f"The variants cannot be: {supply.variants_refused}",
        )
        yield check("SKU", "variants_unfit", CheckVerdict.FAIL, zh, en)
    if draft.published and not supply.rest_has:
        zh, en = (
            "公开活动人人有份：请为其余客户设置权益",
            "A public offer has something for everybody: give the rest some",
        )
        yield check("E1", "variants_rest", CheckVerdict.FAIL, zh, en)
    counts = supply.variants
    if counts is None:
        return
    zh = "、".join(f"「{one.name}」{one.customers:,} 户" for one in counts.variants)
    en = ", ".join(f"'{one.name_en or one.name}' {one.customers:,}" for one in counts.variants)
    zh_rest, en_rest = ("默认版", "get the default") if supply.rest_has else ("无权益", "get nothing")
    empty = any(not one.customers for one in counts.variants)
    yield check(
        "SKU",
        "variants_empty" if empty else "variants",
        verdict_of(warn=empty or (counts.rest > 0 and not supply.rest_has)),
        f"权益包分版：{zh}；其余 {counts.rest:,} 户{zh_rest}",
        f"Variants of the bundle: {en}; the other {counts.rest:,} {en_rest}",
        variants=[{"name": one.name, "customers": one.customers} for one in counts.variants],
        rest=counts.rest,
    )


def _window(draft: Draft, now: datetime) -> Check:
    opens, closes = draft.opens_at, draft.closes_at
    if opens is None or closes is None or closes <= opens or closes <= now:
        zh, en = "活动时间已过或不完整", "The window is over or incomplete"
        return check("WINDOW", "window_over", CheckVerdict.FAIL, zh, en)
    begin, end = (f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}" for instant in (opens, closes))
    return check(
        "WINDOW",
        "window",
        CheckVerdict.PASS,
        f"活动时间 {begin} 至 {end}",
        f"Open from {begin} to {end}",
        opens_at=opens.isoformat(),
        closes_at=closes.isoformat(),
    )


def _validity(draft: Draft, supply: Supply) -> Check:
    if not supply.sku_published:
        return check("SKU", "sku_unpublished", CheckVerdict.FAIL, "权益未发布", "The benefit is not published")
    until = supply.sku_valid_until
    late = until is not None and draft.closes_at is not None and draft.closes_at > until
    return check(
        "SKU",
        "sku_ends_early" if late else "sku",
        verdict_of(fail=late),
        f"{supply.first_ending} 在活动期内到期" if late else f"{supply.sku_name} 在活动期内有效",
        f"{supply.first_ending} ends before the campaign does" if late else f"{supply.sku_name}: good throughout",
    )


def _regions(draft: Draft, supply: Supply) -> Iterator[Check]:
    """What is of use in some regions only, how many live elsewhere, and what those meet."""
    found = supply.regions
    if not found.benefits:
        return
    elsewhere, unknown = max(one.elsewhere for one in found.benefits), max(one.unknown for one in found.benefits)
    told, told_en = "住在别处的客户在领取前看到提示", "who lives elsewhere is told before claiming"
    if draft.bundle_id is not None:
        told = f"住在别处的客户，其余够选时不提供；{found.short:,} 户不够选，提示后可选"
        told_en = "who lives elsewhere is not offered them while enough else is left to choose"
        told_en += f"; {found.short:,} have not enough else and are told"
    zh, en = "；".join(one.told() for one in found.benefits), "; ".join(one.told_en() for one in found.benefits)
    yield check(
        "SKU",
        "regions",
        verdict_of(warn=elsewhere > 0 or unknown > 0),
        f"只在部分地区可用：{zh}{f'；{told}' if elsewhere else ''}",
        f"Used in some regions only: {en}{f'; {told_en}' if elsewhere else ''}",
        regional=[msgspec.to_builtins(one) for one in found.benefits],
        short=found.short,
    )


def _tax(supply: Supply) -> Check:
    taxed = supply.withholding_ppm > 0
    return check(
        "T1",
        "tax_withheld" if taxed else "tax_none",
        verdict_of(warn=taxed),
        f"须代扣个人所得税 {supply.withholding_ppm // 10_000}%" if taxed else "不代扣个人所得税",
        f"{supply.withholding_ppm // 10_000} % income tax is withheld" if taxed else "No income tax is withheld",
        tax_code=supply.tax_code,
    )


def _page(draft: Draft) -> Check:
    whole = all(text.title.strip() and text.rules.strip() for text in (draft.page_texts.zh, draft.page_texts.en))
    return check(
        "L4",
        "page" if whole else "page_missing",
        verdict_of(fail=not whole),
        "页面写明规则、范围、有效期与限额" if whole else "页面标题或规则缺失",
        "The page states rules, scope, validity and limits" if whole else "The page lacks a title or rules",
    )
