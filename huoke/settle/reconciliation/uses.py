"""Our side of a platform's list of used coupons: what it ends, what it is compared with."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, Database, Tx
from huoke.settle import fulfilment
from huoke.settle.fulfilment import CouponUse, UseState
from huoke.settle.reconciliation import store
from huoke.settle.reconciliation.model import Line, Side, compare_uses


async def resolve(
    database: Database, tenant: TenantId, actor: Actor, supplier_id: UUID, on: date, lines: Mapping[str, Line]
) -> int:
    """End uses that nobody heard of as the list says: those it holds were used, those it lacks were not. How many."""
    async with database.begin(tenant, actor) as tx:
        uses, due = await _uses(tx, supplier_id, on, list(lines))
        open_ = [use for use in uses if use.ended_at is None]
        used = [use.number for use in open_ if _is_listed(use, lines)]
        absent = [use.number for use in open_ if use.number in due and use.number not in lines]
        return await fulfilment.end_uses(tx, supplier_id, used, absent)


async def look(tx: Tx, supplier_id: UUID, on: date, lines: Mapping[str, Line]) -> Side:
    """Our uses of a day beside a list."""
    uses, due = await _uses(tx, supplier_id, on, list(lines))
    coupons = await fulfilment.orders_by_number(tx, supplier_id, list({line.supplier_no for line in lines.values()}))
    return compare_uses(uses, due, {order.number: order for order in coupons}, lines)


async def count_used(tx: Tx, supplier_id: UUID, on: date, numbers: Sequence[str]) -> int:
    """How many coupons we say were used, of a list's and of those it must hold."""
    uses, due = await _uses(tx, supplier_id, on, numbers)
    return sum(1 for use in uses if use.state is UseState.USED and (use.number in due or use.number in numbers))


async def _uses(tx: Tx, supplier_id: UUID, on: date, numbers: Sequence[str]) -> tuple[list[CouponUse], set[str]]:
    """Uses of the day and those that stand in its list; and the numbers no other list holds, so that this one must."""
    of_day = await fulfilment.uses_of_day(tx, supplier_id, on)
    known = {use.number: use for use in of_day}
    more = await fulfilment.uses_by_number(tx, supplier_id, [one for one in numbers if one not in known])
    elsewhere = await store.listed(tx, supplier_id, on, list(known.keys() - set(numbers)))
    return [*of_day, *more], known.keys() - elsewhere


def _is_listed(use: CouponUse, lines: Mapping[str, Line]) -> bool:
    return use.number in lines and lines[use.number].supplier_no == use.coupon_code
