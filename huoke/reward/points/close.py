"""Closing a day: what every type began with, what moved, what it ended with, and that nothing is missing."""

from collections.abc import Sequence
from datetime import date, timedelta

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import RollForward
from huoke.reward.points import store
from huoke.reward.points.model import DayOpen, DaysClosed

CATCH_UP_MAX = 31
"""Days closed in one go after a pause; the opening of the first is then summed from the first transfer on."""


async def roll(tx: Tx, day: date) -> list[RollForward]:
    """A day rolled forward now, whether it was closed or not; `DayOpen` for one that has not begun."""
    if day > bank_day(tx):
        raise DayOpen("This day has not begun yet.", pointer="/day")
    before = await store.closings(tx, day - timedelta(days=1), day - timedelta(days=1))
    openings = {one.currency: one.closing for one in before} if before else None
    return await ledger.roll_forward(tx, day, openings)


async def close_day(tx: Tx, day: date) -> list[RollForward]:
    """Close a day that is over and keep its figures; closed again it shows what holds now. `DayOpen` before its end."""
    if day >= bank_day(tx):
        raise DayOpen("A day is closed when it is over.", pointer="/day")
    rolled = await roll(tx, day)
    await store.put_closings(tx, rolled)
    tx.emit(DaysClosed(day=day, difference=sum(one.difference for one in rolled)))
    return rolled


async def close_days(tx: Tx, until: date) -> int:
    """Close the days not closed yet up to one that is over; returns how many."""
    last = await store.last_closed(tx)
    first = until if last is None else max(last + timedelta(days=1), until - timedelta(days=CATCH_UP_MAX - 1))
    days = [first + timedelta(days=more) for more in range((until - first).days + 1)]
    for day in days:
        await close_day(tx, day)
    return len(days)


async def closings(tx: Tx, since: date, until: date) -> Sequence[RollForward]:
    """Days that were closed, latest first."""
    return await store.closings(tx, since, until)


def bank_day(tx: Tx) -> date:
    """Today, as the bank counts days."""
    return tx.now.astimezone(CHINA).date()
