"""What is wrong with the form of a kit, field by field."""

from collections.abc import Iterator

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach.kits.model import NAME_LENGTH_MAX, Expression, Gap, Kit, Terms
from huoke.reach.kits.visiting import visit_gaps
from huoke.reward import catalogue, grants, ledger


async def problems_of(tx: Tx, principal: Principal, kit: Kit, terms: Terms) -> list[Gap]:
    """Everything that keeps a kit from being set up; empty when nothing does."""
    return [
        *_fields(kit, terms, await missing_facts(tx, kit)),
        *_thresholds(kit, terms.threshold),
        *_window(tx, terms),
        *visit_gaps(principal, kit, terms),
        *await _benefits(tx, principal, terms),
        *await _budget(tx, principal, terms),
    ]


async def missing_facts(tx: Tx, kit: Kit) -> list[str]:
    """The attributes a kit's rules ask for and this bank does not have."""
    known = {attribute.name for attribute in await customers.list_attributes(tx)}
    today, threshold = tx.now.date(), kit.threshold.default if kit.threshold else 0
    return sorted({name for circle in kit.circles for name in _names(circle.expression(today, threshold))} - known)


async def most_fen(tx: Tx, terms: Terms) -> int:
    """What a kit's benefits cost when all of them are given, in fen."""
    skus = await catalogue.skus(tx, [one.sku_id for one in terms.benefits])
    return sum(skus[one.sku_id].cost_fen * one.stock for one in terms.benefits if one.sku_id in skus)


def _fields(kit: Kit, terms: Terms, missing: list[str]) -> Iterator[Gap]:
    if not 1 <= len(terms.name.strip()) <= NAME_LENGTH_MAX:
        yield Gap(pointer="/name", code="name", detail=f"A name has 1 to {NAME_LENGTH_MAX} signs.")
    if missing:
        detail = f"The bank has no {', '.join(missing)} of its customers; bring it with an import."
        yield Gap(pointer="/key", code="facts_missing", detail=detail, data={"missing": missing})
    if len(terms.benefits) < kit.benefits_min:
        detail = f"This kit needs {kit.benefits_min} benefits at least."
        yield Gap(pointer="/benefits", code="too_few", detail=detail, data={"least": kit.benefits_min})
    if len({one.sku_id for one in terms.benefits}) < len(terms.benefits):
        yield Gap(pointer="/benefits", code="twice", detail="A benefit is chosen once.")
    if any(circle.basis for circle in kit.circles) and not terms.basis_confirmed:
        detail = "The kit looks at deposits or assets: read its basis and confirm it (rule B1)."
        yield Gap(pointer="/basis_confirmed", code="basis", detail=detail)


def _thresholds(kit: Kit, wanted: int | None) -> Iterator[Gap]:
    threshold = kit.threshold
    if wanted is None:
        return
    if threshold is None:
        yield Gap(pointer="/threshold", code="threshold", detail="This kit has no threshold.")
    elif threshold.choices and wanted not in threshold.choices:
        choices = list(threshold.choices)
        detail = f"The threshold is one of {', '.join(f'{one:,}' for one in choices)}."
        yield Gap(pointer="/threshold", code="threshold", detail=detail, data={"choices": choices})
    elif not threshold.choices and not threshold.least <= wanted <= threshold.most:
        detail = f"The threshold lies between {threshold.least:,} and {threshold.most:,}."
        data = {"least": threshold.least, "most": threshold.most}
        yield Gap(pointer="/threshold", code="threshold", detail=detail, data=data)


def _window(tx: Tx, terms: Terms) -> Iterator[Gap]:
    if terms.opens_at >= terms.closes_at:
        yield Gap(pointer="/closes_at", code="window", detail="A kit opens before it closes.")
    elif terms.closes_at <= tx.now:
        yield Gap(pointer="/closes_at", code="past", detail="The window is over already.")


async def _benefits(tx: Tx, principal: Principal, terms: Terms) -> list[Gap]:
    pools = {pool.id: pool for pool in await grants.find_pools(tx, units=principal.units)}
    skus = await catalogue.skus(tx, [one.sku_id for one in terms.benefits])
    gaps = []
    for place, one in enumerate(terms.benefits):
        pool = pools.get(one.pool_id)
        if one.sku_id not in skus:
            detail = "The benefit is not published."
            gaps.append(Gap(pointer=f"/benefits/{place}/sku_id", code="benefit_unknown", detail=detail))
        elif pool is None or pool.sku_id != one.sku_id:
            detail = "The benefit has no such pool within your units."
            gaps.append(Gap(pointer=f"/benefits/{place}/pool_id", code="pool_unknown", detail=detail))
        elif pool.available < one.stock:
            detail = f"The pool has {pool.available:,} left."
            data = {"available": pool.available}
            gaps.append(Gap(pointer=f"/benefits/{place}/stock", code="stock", detail=detail, data=data))
    return gaps


async def _budget(tx: Tx, principal: Principal, terms: Terms) -> list[Gap]:
    budgets = {budget.id: budget for budget in await ledger.find_budgets(tx, units=principal.units)}
    budget, most = budgets.get(terms.budget_id), await most_fen(tx, terms)
    if budget is None:
        return [Gap(pointer="/budget_id", code="budget_unknown", detail="There is no such budget within your units.")]
    if budget.available_fen < terms.budget_fen:
        detail = "The budget has less left than the kit may spend."
        data = {"available_fen": budget.available_fen}
        return [Gap(pointer="/budget_fen", code="budget_short", detail=detail, data=data)]
    if most > terms.budget_fen:
        detail = "The benefits cost more than the kit may spend, were all of them given."
        return [Gap(pointer="/budget_fen", code="budget_small", detail=detail, data={"most_fen": most})]
    return []


def _names(node: Expression) -> Iterator[str]:
    if node["kind"] == "attr":
        yield node["name"]
    for part in node.get("of", []):
        yield from _names(part)
