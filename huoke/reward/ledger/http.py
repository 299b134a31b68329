"""Routes of budgets, and of a customer's points."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.kernel.http import Page, Principal, Result, each_once
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import ledger
from huoke.reward.ledger import Budget, NewBudget, PointsHeld

TAGS = ["ledger"]


class BudgetView(msgspec.Struct, frozen=True, kw_only=True):
    """A budget as the console shows one, in fen: available + reserved + committed = limit."""

    id: UUID
    parent_id: UUID | None
    unit_id: int
    name: str
    limit_fen: int
    available_fen: int
    reserved_fen: int
    committed_fen: int
    opened_at: datetime
    can: list[str]


class BudgetOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A budget to open; with a parent its limit comes out of the parent's available money."""

    request_no: str
    name: str
    unit_id: int
    limit_fen: int
    parent_id: UUID | None = None


class BudgetShift(msgspec.Struct, frozen=True, kw_only=True):
    """Money to move between a budget and one of its children; `expected_fen` is the child's limit as you saw it."""

    request_no: str
    child_id: UUID
    amount_fen: int
    expected_fen: int | None = None


class BudgetFunding(msgspec.Struct, frozen=True, kw_only=True):
    """Money of the bank to add to a budget without a parent."""

    request_no: str
    amount_fen: int


@get(
    "/v1/budgets",
    operation_id="list_budgets",
    tags=TAGS,
    summary="Budgets in scope, roots first",
    opt={"permission": "budget.read"},
)
async def list_budgets(tx: Tx, principal: Principal) -> Page[BudgetView]:
    found = await ledger.find_budgets(tx, units=principal.units)
    return Page(items=[_view(budget, principal) for budget in found], total=len(found))


@post(
    "/v1/budgets",
    operation_id="open_budgets",
    tags=TAGS,
    summary="Open budgets",
    opt={"permission": "budget.write"},
)
async def open_budgets(tx: Tx, principal: Principal, data: list[BudgetOrder]) -> list[Result]:
    async def write(tx: Tx, item: BudgetOrder) -> UUID:
        principal.require_unit(item.unit_id)
        if item.parent_id is not None:
            await _in_scope(tx, principal, item.parent_id)
        new = NewBudget(name=item.name, unit_id=item.unit_id, limit_fen=item.limit_fen, parent_id=item.parent_id)
        return await ledger.open_budget(tx, new)

    return await each_once(tx, "ledger.open_budget", data, write)


@post(
    "/v1/budgets/{budget_id:uuid}/fundings",
    operation_id="fund_budget",
    tags=TAGS,
    summary="Add money of the bank to a budget without a parent",
    opt={"permission": "budget.write"},
)
async def fund_budget(tx: Tx, principal: Principal, budget_id: UUID, data: list[BudgetFunding]) -> list[Result]:
    async def write(tx: Tx, item: BudgetFunding) -> UUID:
        await _in_scope(tx, principal, budget_id)
        await ledger.fund(tx, budget_id, item.amount_fen)
        return budget_id

    return await each_once(tx, f"ledger.fund:{budget_id}", data, write)


@post(
    "/v1/budgets/{budget_id:uuid}/allocations",
    operation_id="allocate_budget",
    tags=TAGS,
    summary="Move available money from a budget to its children",
    opt={"permission": "budget.write"},
)
async def allocate_budget(tx: Tx, principal: Principal, budget_id: UUID, data: list[BudgetShift]) -> list[Result]:
    async def write(tx: Tx, item: BudgetShift) -> UUID:
        await _in_scope(tx, principal, budget_id, item.child_id)
        await ledger.allocate(tx, budget_id, item.child_id, item.amount_fen, expected_limit_fen=item.expected_fen)
        return item.child_id

    return await each_once(tx, f"ledger.allocate:{budget_id}", data, write)


@post(
    "/v1/budgets/{budget_id:uuid}/give-backs",
    operation_id="give_back_budget",
    tags=TAGS,
    summary="Move available money from children back to their budget",
    opt={"permission": "budget.write"},
)
async def give_back_budget(tx: Tx, principal: Principal, budget_id: UUID, data: list[BudgetShift]) -> list[Result]:
    async def write(tx: Tx, item: BudgetShift) -> UUID:
        await _in_scope(tx, principal, budget_id, item.child_id)
        await ledger.give_back(tx, item.child_id, budget_id, item.amount_fen, expected_limit_fen=item.expected_fen)
        return item.child_id

    return await each_once(tx, f"ledger.give_back:{budget_id}", data, write)


@get(
    "/v1/customers/{seq:int}/points",
    operation_id="list_customer_points",
    tags=["customers"],
    summary="A customer's points by currency, with the lots that end first",
    opt={"permission": "customer.read"},
)
async def list_points(tx: Tx, principal: Principal, seq: int) -> Page[PointsHeld]:
    """What came under joined numbers counts too."""
    _, unit_id, *_ = await customers.state(tx, Seq(seq))
    if not principal.covers(unit_id):
        raise customers.CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    found = await ledger.points_of(tx, await customers.numbers_of(tx, Seq(seq)))
    return Page(items=found, total=len(found))


async def _in_scope(tx: Tx, principal: Principal, *ids: UUID) -> None:
    for budget in await ledger.get_budgets(tx, ids):
        principal.require_unit(budget.unit_id)


def _view(budget: Budget, principal: Principal) -> BudgetView:
    verbs = ["allocate", "fund"] if budget.parent_id is None else ["allocate", "give_back"]
    can = verbs if principal.may("budget.write") else []
    return BudgetView(**msgspec.structs.asdict(budget), can=can)


routes = [list_budgets, open_budgets, fund_budget, allocate_budget, give_back_budget, list_points]
