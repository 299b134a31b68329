"""What a platform's list of uses does to ours: ends what nobody heard of, and, decided by two people, turns one round.

No money moves: a coupon was paid for when it was delivered.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.settle.fulfilment import store_coupon
from huoke.settle.fulfilment.coupon_model import SETTLED, CouponUnknown, CouponUse, UseState
from huoke.settle.fulfilment.coupon_use import tell_used

NOT_LISTED = "not_used"


async def uses_of_day(tx: Tx, supplier_id: UUID, on: date) -> list[CouponUse]:
    """The uses a platform's list of a day must hold: asked for from a quarter of an hour before the day (China) to a
    quarter of an hour before its end. Nearer to midnight the platform may count them in either day.
    """
    start = datetime.combine(on, time(), CHINA) - SETTLED
    return await store_coupon.between(tx, supplier_id, start, start + timedelta(days=1))


async def uses_by_number(tx: Tx, supplier_id: UUID, numbers: Sequence[str]) -> list[CouponUse]:
    """Uses at a platform by its request numbers, whatever their day."""
    return await store_coupon.by_number(tx, supplier_id, numbers)


async def end_uses(tx: Tx, supplier_id: UUID, used: Sequence[str], absent: Sequence[str]) -> int:
    """End uses that have no end, by number: those listed were used, those absent were not. Returns how many ended."""
    locked = await store_coupon.by_number(tx, supplier_id, [*used, *absent])
    listed = set(used)
    ended = [use for use in locked if use.ended_at is None]
    for use in ended:
        await _end(tx, use, UseState.USED if use.number in listed else UseState.REFUSED, NOT_LISTED)
    return len(ended)


async def correct_use(tx: Tx, supplier_id: UUID, number: str, *, used: bool) -> None:
    """Turn a use that ended to what its platform says, as two people decided. `CouponUnknown` where there is none."""
    found = await store_coupon.by_number(tx, supplier_id, [number])
    if not found:
        raise CouponUnknown("There is no such use.")
    state = UseState.USED if used else UseState.REFUSED
    if found[0].state is not state:
        await _end(tx, found[0], state, "corrected")


async def _end(tx: Tx, use: CouponUse, state: UseState, code: str) -> None:
    is_used = state is UseState.USED
    after = msgspec.structs.replace(use, state=state, code="" if is_used else code, due_at=None, ended_at=tx.now)
    await store_coupon.put(tx, after)
    if is_used:
        await tell_used(tx, after)
