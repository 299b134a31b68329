"""The tiers of a bank: one person asks for them, another decides, seeing what they would do to the whole base."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger
from huoke.reward.tiers import store_scheme, tables
from huoke.reward.tiers.model import (
    Rhythm,
    Scheme,
    SchemeChanged,
    SchemeOpen,
    SchemeUnfit,
    Tier,
    check_scheme,
)
from huoke.reward.tiers.whatif import WhatIf, what_if


class NewScheme(msgspec.Struct, frozen=True, kw_only=True):
    """A scheme somebody wants, and why."""

    scheme: Scheme
    reason: str


class SchemeRequest(Request, frozen=True, kw_only=True):
    """A scheme as listed."""

    scheme: Scheme


class SchemeRequests(Requests[Scheme]):
    """The scheme of a bank, in the table that says what holds."""

    kind = "tier_scheme"
    table = tables.scheme
    shape = Scheme
    named = "调整会员等级方案 · Change the scheme of tiers"
    group = "tiers"
    action = "tiers.scheme"
    subject_kind = "tier_scheme"
    open = SchemeOpen
    unfit = SchemeUnfit
    pointer = "/scheme"

    async def require_fit(self, tx: Tx, wanted: Scheme) -> None:
        """`SchemeUnfit`, what the catalogue refuses, `ledger.UnknownBudget`, `grants.UnknownPool`."""
        check_scheme(wanted)
        held = await store_scheme.levels_held(tx)
        if gone := sorted(held.keys() - {*wanted.keys, ""}):
            raise SchemeUnfit(
                f"{held[gone[0]]} customers are on the tier '{gone[0]}'; keep it, under another name if need be.",
                pointer="/scheme/tiers",
                tier=gone[0],
                customers=held[gone[0]],
            )
        for place, tier in enumerate(wanted.tiers):
            for one in tier.benefits:
                sku = await catalogue.sku(tx, one.sku_id)
                await ledger.get_budgets(tx, [one.budget_id])
                [pool] = await grants.get_pools(tx, [one.pool_id])
                if pool.sku_id != sku.id:
                    raise SchemeUnfit("The pool holds another benefit.", pointer=f"/scheme/tiers/{place}/benefits")

    def diff(self, held: Scheme | None, wanted: Scheme) -> list[FieldChange]:
        """Period, protection, tiers: what goes and what comes."""
        before = [] if held is None else _rules(held)
        return [
            *_changed("rules", "周期与保级", "Period and protection", before, _rules(wanted)),
            *_changed(
                "tiers",
                "等级",
                "Levels",
                [] if held is None else [_line(tier) for tier in held.tiers],
                [_line(tier) for tier in wanted.tiers],
            ),
        ]

    def event(self, request_id: UUID) -> SchemeChanged:
        """Everybody is looked at anew."""
        return SchemeChanged(scheme_id=request_id)


SCHEMES = SchemeRequests()


async def request_scheme(tx: Tx, new: NewScheme) -> UUID:
    """Ask for another scheme; another person decides. Returns the request's id.

    `SchemeUnfit` also for the scheme that holds already; `SchemeOpen`, `audit.ReasonMissing`.
    """
    return await SCHEMES.ask(tx, new.scheme, new.reason)


async def requests(tx: Tx, *, limit: int = 100) -> list[SchemeRequest]:
    """Schemes that were asked for, latest first, by name of who asked."""
    return [SchemeRequest(scheme=wanted, **fields) for wanted, fields in await SCHEMES.listed(tx, limit)]


async def preview(tx: Tx, scheme: Scheme) -> WhatIf:
    """What another scheme would do to the whole base; raises what asking for it would."""
    await SCHEMES.require_fit(tx, scheme)
    return await what_if(tx, await SCHEMES.in_force(tx), scheme)


class SchemeApproval(Approval[Scheme]):
    """Serves approvals of kind `tier_scheme`."""

    kind = SCHEMES.kind
    requests = SCHEMES

    async def effects(self, tx: Tx, wanted: Scheme) -> Simulation:
        """Customers by tier before and after, and what tier benefits cost."""
        held = await SCHEMES.in_force(tx)
        seen = await what_if(tx, held, wanted)
        names = {tier.key: tier for scheme in (held, wanted) if scheme for tier in scheme.tiers}
        rows = [
            SimulationRow(
                key=one.tier, label=names[one.tier].name, label_en=names[one.tier].name_en, unit="customers",
                before=one.before, after=one.after,
            )
            for one in seen.tiers
        ]  # fmt: skip
        for key, label, label_en, before, after in (
            ("reached", "升级权益一次性成本", "Benefits on reaching, once", 0, seen.cost.reached_fen),
            ("monthly", "每月等级权益成本", "Monthly benefits", seen.cost.monthly_before_fen, seen.cost.monthly_fen),
        ):
            rows.append(SimulationRow(key=key, label=label, label_en=label_en, unit="fen", before=before, after=after))
        return Simulation(rows=tuple(rows))

    async def checks(self, tx: Tx, wanted: Scheme) -> list[Check]:
        """Growth is of nobody's deposits (rules B1, B4); money and stock last for the first month."""
        seen = await what_if(tx, await SCHEMES.in_force(tx), wanted)
        return [
            Check(
                rule="B1",
                verdict=CheckVerdict.PASS,
                detail="成长值只来自客户行为，不含存款与理财持有，系统不接受其他来源",
                detail_en="Growth comes from what customers do; deposits and holdings are refused as a source",
            ),
            *[await _covered(tx, wanted, budget_id, fen) for budget_id, fen in sorted(seen.cost.by_budget.items())],
        ]


async def _covered(tx: Tx, wanted: Scheme, budget_id: UUID, needed_fen: int) -> Check:
    [budget] = await ledger.get_budgets(tx, [budget_id])
    enough = budget.available_fen >= needed_fen
    return Check(
        rule="tiers.money",
        verdict=CheckVerdict.PASS if enough else CheckVerdict.FAIL,
        detail=f"预算“{budget.name}”首月需 {needed_fen / 100:,.2f} 元，可用 {budget.available_fen / 100:,.2f} 元",
        detail_en=(
            f"Budget '{budget.name}': the first month takes {needed_fen / 100:,.2f} yuan of"
            f" {budget.available_fen / 100:,.2f} available"
        ),
        data={"needed_fen": needed_fen, "available_fen": budget.available_fen, "tiers": len(wanted.tiers)},
    )


def _rules(scheme: Scheme) -> list[str]:
    way = "gradual" if scheme.gradual else "at once"
    return [f"{scheme.period.value}, {scheme.protection_days} d, {way}"]


def _line(tier: Tier) -> str:
    reached = sum(one.rhythm is Rhythm.REACHED for one in tier.benefits)
    monthly = len(tier.benefits) - reached
    return f"{tier.name} ({tier.name_en}) ≥ {tier.threshold:,} · {reached} + {monthly}/m"


def _changed(path: str, label: str, label_en: str, before: Sequence[str], after: Sequence[str]) -> list[FieldChange]:
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if not gone and not come:
        return []
    return [
        FieldChange(
            path=path, label=label, label_en=label_en, before="；".join(gone) or None, after="；".join(come) or None,
            group="tiers",
        )
    ]  # fmt: skip
