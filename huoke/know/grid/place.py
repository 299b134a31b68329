"""Placing everybody: the cell of each customer at the end of a day, kept for the month, with what was measured."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.govern import tenants
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import customers, tags, temperature
from huoke.know.grid import cells, measure, sql_measures, store
from huoke.know.grid.axes import words_in_use
from huoke.know.grid.measure import Measuring, Sums
from huoke.know.grid.model import BASE, AxisName, AxisWord, GridPlaced, MonthOver
from huoke.know.language import day_of

GROUP = 1 << 20
ROWS_MAX = 10_000
NIGHT = timedelta(hours=4)
"""Until so late the day before counts: a month is over once the night after its last day is."""
STRAY_MS = 86_400_000
"""A placement that counts for nothing a day after it began was cut off."""
Progress = Callable[[int, int], Awaitable[object]]
"""Told how many groups of how many are placed."""
Bands = Mapping[AxisName, Mapping[str, CustomerSet]]
"""Who stands in each band of each axis, by name."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What a placement did."""

    month: date
    day: date
    customers: int
    unknown: int


async def place(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, *, progress: Progress | None = None
) -> Placed | None:
    """Place everybody as of now, over what the running month had; None before the axes are filled."""
    async with database.begin(tenant) as tx:
        axes = await words_in_use(tx, filled=True)
        if axes is None:
            return None
        bands = {axis.name: await tags.members_by_value(tx, clickhouse, axis.name.tag) for axis in axes}
        day = day_of(tx.now - NIGHT)
    await _sweep(database, tenant)
    return await _Placement(database, clickhouse, tenant, axes, day, of_today=True).run(bands, progress)


async def bring_month(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, day: date, bands: Bands
) -> Placed | None:
    """Keep a month before the first one, from the bank's own records; None before there are axes.

    `day` is its last. Activity and cost are measured as they were then; assets and temperature stay unknown.
    `MonthOver` for a month that is kept already, or that is not over.
    """
    month = day.replace(day=1)
    async with database.begin(tenant) as tx:
        axes = await words_in_use(tx)
        if month >= day_of(tx.now - NIGHT).replace(day=1) or await store.lock_month(tx, month) is not None:
            raise MonthOver(f"{month:%Y-%m} is kept already, or is not over.", pointer="/day")
    if axes is None:
        return None
    return await _Placement(database, clickhouse, tenant, axes, day, of_today=False).run(bands, None)


class _Placement:
    """One placement on its way."""

    def __init__(
        self,
        database: Database,
        clickhouse: ClickHouse,
        tenant: TenantId,
        axes: tuple[AxisWord, ...],
        day: date,
        *,
        of_today: bool,
    ) -> None:
        self._database = database
        self._clickhouse = clickhouse
        self._tenant = tenant
        self._axes = axes
        self._day = day
        self._of_today = of_today
        self._id = new_id()
        self._sums = Sums()
        self._customers = self._unknown = 0

    async def run(self, bands: Bands, progress: Progress | None) -> Placed:
        """Group after group, then say that it counts."""
        began = time.perf_counter()
        measuring = await self._measuring()
        end = await sql_measures.seq_end(self._clickhouse, self._tenant)
        groups = range(0, end, GROUP)
        for number, first in enumerate(groups):
            await self._group(measuring, bands, first, min(first + GROUP, end))
            if progress is not None:
                await progress(number + 1, len(groups))
        rows = self._sums.rows()
        for start in range(0, len(rows), ROWS_MAX):
            async with self._database.begin(self._tenant) as tx:
                await store.add_figures(tx, self._id, rows[start : start + ROWS_MAX])
        month = self._day.replace(day=1)
        async with self._database.begin(self._tenant) as tx:
            before = await store.lock_month(tx, month)
            took_ms = int((time.perf_counter() - began) * 1000)
            await store.put_month(
                tx, month, self._day, self._id, msgspec.to_builtins(self._axes), self._customers, took_ms
            )
            tx.emit(GridPlaced(month=month, customers=self._customers))
        if before is not None:
            await _forget(self._database, self._tenant, before["placement_id"])
        return Placed(month=month, day=self._day, customers=self._customers, unknown=self._unknown)

    async def _measuring(self) -> Measuring:
        async with self._database.begin(self._tenant) as tx:
            aum, products = await tenants.setting(tx, measure.AUM), await tenants.setting(tx, measure.PRODUCTS)
            attributes = {one.name: one for one in await customers.list_attributes(tx)}
            read_on = await temperature.latest_day(tx) if self._of_today else None
        read = await sql_measures.expressions(self._clickhouse, self._tenant, attributes, aum, products)
        return Measuring(
            clickhouse=self._clickhouse, tenant=self._tenant, read=read, day=self._day, read_on=read_on,
            of_today=self._of_today,
        )  # fmt: skip

    async def _group(self, measuring: Measuring, bands: Bands, first: int, end: int) -> None:
        people = await sql_measures.people(self._clickhouse, self._tenant, measuring.read, first, end)
        if not len(people.seq):
            return
        found = placed(self._axes, bands, people.seq, first, end)
        self._sums.add(found, people.unit, await measuring.of(people, first, end))
        self._customers += len(found)
        self._unknown += int(np.count_nonzero(unknown(found)))
        async with self._database.begin(self._tenant) as tx:
            await store.add_chunks(tx, self._id, list(cells.packed(people.seq, found, people.unit)))


def placed(
    axes: tuple[AxisWord, ...], bands: Bands, seqs: NDArray[np.uint32], first: int, end: int
) -> NDArray[np.uint16]:
    """The cell of each of `seqs`, which lie in [first, end); the first band that has somebody counts."""
    here = BitMap(range(first, end))
    cell = np.zeros(len(seqs), np.uint16)
    for axis in axes:
        place = np.zeros(end - first, np.uint16)
        for number in range(len(axis.bands), 0, -1):
            members = bands[axis.name].get(axis.bands[number - 1].name)
            if members is not None:
                place[np.array((members.bitmap & here).to_array(), np.int64) - first] = number
        cell = cell * BASE + place[seqs.astype(np.int64) - first]
    return cell


def unknown(found: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Of which cells a band is unknown."""
    none: NDArray[np.bool_] = (found % BASE == 0) | (found // BASE % BASE == 0) | (found // BASE // BASE == 0)
    return none


async def _sweep(database: Database, tenant: TenantId) -> None:
    """Forget placements that were cut off."""
    async with database.begin(tenant) as tx:
        stray = [one for one in await store.stray_placements(tx) if _is_old(tx, one)]
    for placement_id in stray:
        await _forget(database, tenant, placement_id)


def _is_old(tx: Tx, placement_id: Any) -> bool:
    return int(placement_id.int >> 80) < tx.now.timestamp() * 1000 - STRAY_MS


async def _forget(database: Database, tenant: TenantId, placement_id: UUID) -> None:
    while True:
        async with database.begin(tenant) as tx:
            if await store.forget_figures(tx, placement_id, ROWS_MAX) < ROWS_MAX:
                await store.forget_chunks(tx, placement_id)
                return
