"""Placing customers in the background: whenever an axis was filled again, every night, and when somebody asks."""

from datetime import datetime, time
from typing import Any, ClassVar

import msgspec

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.events import Event
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know import tags
from huoke.know.grid.axes import words_in_use
from huoke.know.grid.model import AXES
from huoke.know.grid.place import place

PLACED_FROM = time(3, 30)
"""Tags and temperatures of the day before stand by then."""
TITLE = "宫格更新 · Place customers in the grid"


class PlacementAsked(Event, frozen=True, kw_only=True):
    """Somebody wants everybody placed now."""

    name: ClassVar[str] = "grid.placement_asked"


class _Refreshed(msgspec.Struct, frozen=True):
    numbers: tuple[int, ...]


@subscriber("grid.follow_axes", events={"tags.refreshed"})
async def follow_axes(tx: Tx, event: LoggedEvent) -> None:
    """An axis was filled again: so is the grid."""
    mine = {one.number for one in (await tags.counting(tx, [axis.tag for axis in AXES])).values()}
    if mine & set(event.decode(_Refreshed).numbers):
        await _enqueue(tx, str(event.id))


@subscriber("grid.follow_temperature", events={"temperature.read"})
async def follow_temperature(tx: Tx, event: LoggedEvent) -> None:
    """Temperatures were read: the cells' are told anew."""
    if await words_in_use(tx, filled=True) is not None:
        await _enqueue(tx, str(event.id))


@subscriber("grid.on_demand", events={"grid.placement_asked"})
async def on_demand(tx: Tx, event: LoggedEvent) -> None:
    """Somebody wants to see today."""
    await _enqueue(tx, str(event.id))


@every("grid.schedule", seconds=300)
async def schedule(sweep: Sweep) -> None:
    """Enqueue a night's placement once, where a bank has axes."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        if local < datetime.combine(local.date(), PLACED_FROM, CHINA):
            return
        if await words_in_use(tx, filled=True) is not None:
            await _enqueue(tx, f"grid/{local.date()}")


@job("grid.place", at_once_max=1)
async def place_customers(context: JobContext, payload: dict[str, Any]) -> None:
    """Place everybody."""
    del payload
    await place(context.database, context.part(ClickHouse), context.tenant, progress=context.progress)


def ask_placement(tx: Tx) -> None:
    """Have everybody placed as of now, in the background."""
    tx.emit(PlacementAsked())


async def _enqueue(tx: Tx, key: str) -> None:
    await jobs.enqueue(tx, "grid.place", {}, title=TITLE, unique_key=key)
