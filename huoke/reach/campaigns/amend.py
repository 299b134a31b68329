"""Amending a live campaign: asked for, shown as before and after, approved by another, made true in one transaction."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.kernel.ids import new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store, store_amend, store_release
from huoke.reach.campaigns.amend_model import (
    Amendment,
    AmendmentBody,
    AmendmentState,
    NewAmendment,
    added,
    amendment_problems,
)
from huoke.reach.campaigns.diff import AUDIENCE, COPY, MONEY
from huoke.reach.campaigns.draft import locked, record, seen
from huoke.reach.campaigns.events import CampaignAmended
from huoke.reach.campaigns.facts import standing
from huoke.reach.campaigns.lines import units_of
from huoke.reach.campaigns.model import LIVE, Draft
from huoke.reach.campaigns.refusals import AmendmentOpen, AmendmentUnfit, AmendmentUnknown, WrongState
from huoke.reach.campaigns.store import Stored
from huoke.reach.campaigns.verdict import check, verdict_of
from huoke.reward import catalogue, grants, ledger

KIND = "campaign_change"
_TEXTS = (("title", "标题", "Title"), ("subtitle", "副标题", "Subtitle"), ("rules", "活动规则", "Rules"))
_LANGUAGES = (("zh", "中文", "Chinese"), ("en", "英文", "English"))


async def amend(tx: Tx, principal: Principal, campaign_id: UUID, new: NewAmendment) -> UUID:
    """Ask for a change of a live campaign and return the approval's id; it takes effect when others have approved.

    Its reverse is another amendment, except that what customers were promised is never taken back. Raises
    `CampaignUnknown`, `WrongState` unless it is live, `AmendmentUnfit`, `AmendmentOpen`, `approvals.CheckFailed`.
    """
    campaign = await locked(tx, campaign_id, principal)
    reason = audit.require_reason(new.reason)
    if campaign.state not in LIVE:
        raise WrongState(f"The campaign is {campaign.state}; only a live one is amended.", state=campaign.state.value)
    body = AmendmentBody(**{name: getattr(new, name) for name in AmendmentBody.__struct_fields__})
    if problems := [*amendment_problems(campaign, body, tx.now)]:
        raise AmendmentUnfit(
            problems[0].detail, pointer=problems[0].pointer, problems=[msgspec.to_builtins(p) for p in problems]
        )
    if await store_amend.open_of(tx, campaign_id) is not None:
        raise AmendmentOpen("The campaign has a change that is not decided yet.")
    amendment_id = new_id()
    await store_amend.insert(tx, amendment_id, campaign_id, body, reason)
    change = approvals.NewChange(
        kind=KIND,
        subject_id=str(amendment_id),
        title=campaign.name,
        diff=tuple(_changes(campaign, body, await _sku_names(tx, campaign))),
        unit_id=campaign.unit_id,
    )
    change_id = await approvals.submit(tx, change)
    await store_amend.set_change(tx, amendment_id, change_id)
    await record(tx, "campaigns.amend", campaign_id, campaign.unit_id, reason=reason, after=msgspec.to_builtins(body))
    return change_id


async def amendments(tx: Tx, principal: Principal, campaign_id: UUID) -> list[Amendment]:
    """Every change of a campaign that was asked for, latest first; `CampaignUnknown`."""
    await seen(tx, campaign_id, principal)
    return await store_amend.of_campaign(tx, campaign_id)


class AmendmentApproval:
    """Serves approvals of kind `campaign_change`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Stock and money before and after, and what it may cost at most then."""
        campaign, amendment = await _pair(tx, subject_id)
        before, after = campaign.draft, _amended(campaign.draft, amendment.body)
        most = [await _most_fen(tx, campaign, draft) for draft in (before, after)]
        rows = (
            _row("stock", "发放总量", "Stock", "count", units_of(before), units_of(after)),
            _row("most_fen", "最高成本", "Cost at most", "fen", *most),
        )
        return Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether it is still in the customers' favour, and whether money and stock are there."""
        campaign, amendment = await _pair(tx, subject_id)
        return [_favour(campaign, amendment, tx), *await _means(tx, campaign, amendment.body)]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Move the end, add stock and money, change the words; `approvals.Stale` when the campaign moved meanwhile."""
        amendment = await _get(tx, subject_id)
        campaign = await locked(tx, amendment.campaign_id)
        body = amendment.body
        diff = tuple(_changes(campaign, body, await _sku_names(tx, campaign)))
        stale = approvals.diff_hash(diff) != diff_hash
        if stale or campaign.state not in LIVE or amendment.state is not AmendmentState.SUBMITTED:
            raise approvals.Stale("The campaign moved meanwhile; ask for the change again.")
        await _supply(tx, campaign, body)
        if body.closes_at is not None:
            assert campaign.offer_id is not None, "a live campaign has an offer"
            for offer in await grants.find_offers(tx, "campaign", campaign.id):
                await grants.extend_offer(tx, offer.id, body.closes_at)
        await store_amend.put_draft(tx, campaign.id, _amended(campaign.draft, body))
        await store_amend.close(tx, amendment.id, AmendmentState.APPLIED)
        await record(tx, "campaigns.amended", campaign.id, campaign.unit_id, after=msgspec.to_builtins(body))
        again = await _again(tx, campaign, body)
        tx.emit(CampaignAmended(campaign_id=campaign.id, amendment_id=amendment.id, runs=again))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A change that was not approved leaves the campaign as it is."""
        await store_amend.close(tx, UUID(subject_id), AmendmentState(state.value))


async def _most_fen(tx: Tx, campaign: Stored, draft: Draft) -> int:
    """What a draft of a live campaign may cost at most with the customers it reaches."""
    facts = await standing(tx, msgspec.structs.replace(campaign, draft=draft))
    progress = (await store.progress(tx, [campaign.id]))[campaign.id]
    return facts.cost(draft, progress.total).most_fen


async def _again(tx: Tx, campaign: Stored, body: AmendmentBody) -> bool:
    """Begin the run anew where somebody found no stock or money and there is more now; says whether."""
    if not (added(campaign.draft, body) or body.add_budget_fen):
        return False
    progress = (await store.progress(tx, [campaign.id]))[campaign.id]
    if not progress.sold_out + progress.budget_exhausted:
        return False
    await store_release.begin_anew(tx, campaign.id)
    return True


async def _supply(tx: Tx, campaign: Stored, body: AmendmentBody) -> None:
    """Add stock and money where the campaign got them from; new stock comes into being as it did before."""
    assert campaign.budget_id is not None, "a live campaign has a budget"
    more = added(campaign.draft, body)
    roots = [row["pool_id"] for row in await store.pools_of(tx, [campaign.id]) if row["unit_id"] == grants.EVERY_UNIT]
    for pool in sorted(await grants.get_pools(tx, roots), key=lambda pool: str(pool.parent_id or "")):
        units = more.get(pool.sku_id, 0)
        if units and pool.parent_id is None:
            await grants.add_stock(tx, pool.id, units)
        elif units and pool.parent_id is not None:
            await grants.allocate_stock(tx, pool.parent_id, pool.id, units)
    if body.add_budget_fen:
        [budget] = await ledger.get_budgets(tx, [campaign.budget_id])
        assert budget.parent_id is not None, "a campaign's budget is a part of another"
        await ledger.allocate(tx, budget.parent_id, budget.id, body.add_budget_fen)


def _favour(campaign: Stored, amendment: Amendment, tx: Tx) -> Check:
    problems = [*amendment_problems(campaign, amendment.body, tx.now)]
    live = campaign.state in LIVE
    zh = "只对客户有利：延长、增加或改善文案" if not problems and live else "活动已变动，请重新提交"
    en = "In the customers' favour: longer, more, or better words" if not problems and live else "The campaign moved"
    return check("L3", "amendment", verdict_of(fail=bool(problems) or not live), zh, en)


async def _means(tx: Tx, campaign: Stored, body: AmendmentBody) -> list[Check]:
    facts = await standing(tx, campaign)
    lines: list[Check] = []
    if body.add_budget_fen:
        left = facts.available_fen
        short = left is None or left < body.add_budget_fen
        has = "—" if left is None else format_yuan(left)
        zh = f"支出预算可用 {has} 元，需追加 {format_yuan(body.add_budget_fen)} 元"
        en = f"The paying budget has {has} yuan; {format_yuan(body.add_budget_fen)} are added"
        lines.append(check("BUDGET", "amendment_budget", verdict_of(fail=short), zh, en, available_fen=left))
    more = added(campaign.draft, body)
    for line, available in zip(facts.goods.lines, facts.supply.pools, strict=True):
        units = more.get(line.sku_id, 0)
        if available is not None and units:
            zh = f"库存池可用 {available:,} 份，需追加 {units:,} 份"
            en = f"The pool has {available:,}; {units:,} are added"
            lines.append(check("STOCK", "amendment_stock", verdict_of(fail=available < units), zh, en))
    if more:
        most = await _most_fen(tx, campaign, _amended(campaign.draft, body))
        budget = campaign.draft.budget_fen + body.add_budget_fen
        zh = f"最高成本 {format_yuan(most)} 元，预算 {format_yuan(budget)} 元"
        en = f"Costs at most {format_yuan(most)} yuan; the budget is {format_yuan(budget)}"
        lines.append(check("COST", "amendment_cost", verdict_of(warn=most > budget), zh, en))
    if body.page_texts is not None:
        zh, en = "页面文案有改动，须消保审查", "The page's words change; consumer review reads them"
        lines.append(check("B3", "amendment_copy", CheckVerdict.WARN, zh, en))
    return lines


def _changes(campaign: Stored, body: AmendmentBody, names: Mapping[UUID, str]) -> Iterator[FieldChange]:
    draft, after = campaign.draft, _amended(campaign.draft, body)
    plain = [
        ("closes_at", "结束时间", "Closes", AUDIENCE, "instant", draft.closes_at, after.closes_at),
        ("stock", "发放总量", "Stock", MONEY, "count", units_of(draft), units_of(after)),
        ("budget_fen", "预算上限", "Budget", MONEY, "fen", draft.budget_fen, after.budget_fen),
    ]
    for was_line, line in zip(draft.lines, after.lines, strict=True):
        name, path = names.get(line.sku_id, ""), f"lines/{line.sku_id}/stock"
        plain.append((path, f"{name} 份数", f"{name}: stock", MONEY, "count", was_line.stock, line.stock))
    for field, zh, en, group, unit, before_value, after_value in plain:
        if before_value != after_value:
            yield FieldChange(
                path=field,
                label=zh,
                label_en=en,
                before=msgspec.to_builtins(before_value),
                after=msgspec.to_builtins(after_value),
                group=group,
                unit=unit,
            )
    for language, zh_language, en_language in _LANGUAGES:
        for field, zh, en in _TEXTS:
            was, is_now = (getattr(getattr(each.page_texts, language), field) for each in (draft, after))
            if was != is_now:
                yield FieldChange(
                    path=f"page_texts/{language}/{field}",
                    label=f"{zh}（{zh_language}）",
                    label_en=f"{en} ({en_language})",
                    before=was,
                    after=is_now,
                    group=COPY,
                )


async def _sku_names(tx: Tx, campaign: Stored) -> dict[UUID, str]:
    skus = await catalogue.skus(tx, [line.sku_id for line in campaign.draft.lines])
    return {sku_id: sku.name for sku_id, sku in skus.items()}


def _amended(draft: Draft, body: AmendmentBody) -> Draft:
    return msgspec.structs.replace(
        draft,
        closes_at=body.closes_at or draft.closes_at,
        stock=draft.stock + body.add_stock,
        lines=[
            msgspec.structs.replace(line, stock=line.stock + body.add_stocks.get(line.sku_id, 0))
            for line in draft.lines
        ],
        budget_fen=draft.budget_fen + body.add_budget_fen,
        page_texts=body.page_texts or draft.page_texts,
    )


async def _get(tx: Tx, subject_id: str) -> Amendment:
    found = await store_amend.get(tx, UUID(subject_id))
    if found is None:
        raise AmendmentUnknown(f"There is no change {subject_id}.")
    return found


async def _pair(tx: Tx, subject_id: str) -> tuple[Stored, Amendment]:
    amendment = await _get(tx, subject_id)
    campaign = await store.get(tx, amendment.campaign_id)
    assert campaign is not None, "a change is of a campaign"
    return campaign, amendment


def _row(key: str, zh: str, en: str, unit: str, before: int, after: int) -> SimulationRow:
    return SimulationRow(key=key, label=zh, label_en=en, unit=unit, before=before, after=after)
