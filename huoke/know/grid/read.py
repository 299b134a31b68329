"""Questions about the grid: the map of a month beside another, one cell, where one customer stood."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.govern.people import units
from huoke.kernel import telling
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.grid import cells, flows, store
from huoke.know.grid.answers import (
    BandFlow,
    CellFigures,
    CellFlow,
    CellPage,
    GridMap,
    MonthWord,
    Stay,
    UnknownBand,
    Unknowns,
)
from huoke.know.grid.flows import Flow
from huoke.know.grid.model import (
    ABSENT,
    BASE,
    AxisName,
    AxisWord,
    BandWord,
    Measures,
    Month,
    MonthUnknown,
    code_of,
    is_known,
    places_of,
    read_code,
    translation,
)

CHUNKS_AT_ONCE = 16
FLOWS_SHOWN = 3
_Move = tuple[AxisName, int | None, int | None]


async def months(tx: Tx) -> list[Month]:
    """Every month, latest first."""
    return [_month(row) for row in await store.months(tx)]


async def scope_of(tx: Tx, principal: Principal, unit_id: UnitId | None) -> frozenset[UnitId] | None:
    """The units a question is about: those below `unit_id`, or all the caller may see; `OutOfScope`."""
    if unit_id is None:
        return principal.units
    principal.require_unit(unit_id)
    below = await units.descendants(tx, [unit_id])
    return below if principal.units is None else below & principal.units


async def grid_map(
    tx: Tx, *, month: date | None, against: date | None, scope: Iterable[UnitId] | None, small: bool
) -> GridMap:
    """The map of a month (the latest by default) against another (the one before by default).

    With `small` cells below `telling.TOLD_MIN` customers are told as they are. `MonthUnknown`.
    """
    listed = await months(tx)
    words = [MonthWord(month=one.month, day=one.day) for one in listed]
    if not listed:
        nobody = Unknowns(customers=0, change=None, axes=[])
        return GridMap(months=[], month=None, against=None, axes=[], customers=0, cells=[], unknown=nobody)
    now, was = _chosen(listed, month, against)
    found = await _figures(tx, now, scope)
    before = await _translated(tx, was, now, scope) if was else None
    return GridMap(
        months=words,
        month=MonthWord(month=now.month, day=now.day),
        against=MonthWord(month=was.month, day=was.day) if was else None,
        axes=list(now.axes),
        customers=sum(one.customers for one in found.values()),
        cells=[_cell(cell, found.get(cell, Measures()), before, small=small) for cell in _all_cells(now.axes)],
        unknown=_unknowns(now.axes, found, before),
    )


async def cell_page(
    tx: Tx, code: str, *, month: date | None, against: date | None, scope: Iterable[UnitId] | None, small: bool
) -> CellPage:
    """One cell of a month against another; `CellUnknown`, `MonthUnknown`."""
    listed = await months(tx)
    if not listed:
        raise MonthUnknown("Nobody was placed yet.")
    now, was = _chosen(listed, month, against)
    cell = read_code(code, now.axes)
    found = await _figures(tx, now, scope)
    mine, everybody = found.get(cell, Measures()), sum(one.customers for one in found.values())
    before = (await _translated(tx, was, now, scope)).get(cell, Measures()) if was else None
    moved = await flows.moved(tx, was, now, scope) if was else []
    told = small or not telling.few(mine.customers)
    known = told and before is not None and (small or not telling.few(before.customers))
    came, came_from = _told(_into(moved, cell), told=told, small=small)
    went, went_to = _told(_out_of(moved, cell), told=told, small=small)
    return CellPage(
        cell=code_of(cell),
        bands=[band or UNKNOWN for band in _bands(now.axes, cell)],
        deposit=any(axis.deposit for axis, band in zip(now.axes, _bands(now.axes, cell), strict=True) if band),
        customers=mine.customers if told else None,
        share=mine.customers / everybody if told and everybody else None,
        change=mine.customers - before.customers if known and before is not None else None,
        active=_active(mine) if told else None,
        active_change=_less(_active(mine), _active(before)) if known else None,
        aum_fen=_aum(mine) if told else None,
        aum_change=_grown(_aum(mine), _aum(before)) if known else None,
        products=_products(mine) if told else None,
        products_change=_less(_products(mine), _products(before)) if known else None,
        temperature=_temperature(mine) if told else None,
        stages={"hot": mine.hot, "warm": mine.warm, "cool": mine.cool, "cold": mine.cold} if told else {},
        cost_fen=mine.cost_fen if told else None,
        came=came,
        went=went,
        came_from=came_from,
        went_to=went_to,
        expression=_expression(now.axes, cell),
    )


async def band_flows(
    tx: Tx, *, month: date | None, against: date | None, scope: Iterable[UnitId] | None, small: bool
) -> list[BandFlow]:
    """Who moved from band to band of each axis between two months, most first; `MonthUnknown`.

    Without `small` moves below `telling.TOLD_MIN` are not told, nor what would give one away.
    """
    listed = await months(tx)
    if not listed:
        return []
    now, was = _chosen(listed, month, against)
    counts: dict[_Move, int] = {}
    for flow in await flows.moved(tx, was, now, scope) if was else []:
        for number, axis in enumerate(now.axes):
            before = None if flow.was is None else places_of(flow.was)[number]
            after = None if flow.cell is None else places_of(flow.cell)[number]
            if before != after:
                counts[axis.name, before, after] = counts.get((axis.name, before, after), 0) + flow.customers
    shown = dict(counts) if small else telling.told_parts(counts, _sums(counts))
    ordered = sorted(counts, key=lambda move: -counts[move])
    return [
        BandFlow(axis=axis, was=was, place=place, customers=shown[axis, was, place]) for axis, was, place in ordered
    ]


def _sums(moves: Iterable[_Move]) -> list[list[_Move]]:
    """The moves of each axis that leave one band, and those that come to one: what a band gained is told by the map."""
    groups: dict[tuple[AxisName, str, int | None], list[_Move]] = {}
    for move in moves:
        axis, was, place = move
        groups.setdefault((axis, "was", was), []).append(move)
        groups.setdefault((axis, "place", place), []).append(move)
    return list(groups.values())


async def of(tx: Tx, seq: Seq) -> list[Stay]:
    """Where one customer stood, month by month, earliest first; months without them left out."""
    found = []
    for row in await store.cells_of_chunk(tx, seq >> cells.CHUNK_BITS):
        cell = int(cells.unpack_cells(row["cells"])[seq & (cells.CHUNK - 1)])
        if cell != ABSENT:
            axes = msgspec.convert(row["axes"], tuple[AxisWord, ...])
            found.append(Stay(month=row["month"], day=row["day"], cell=code_of(cell), bands=_bands(axes, cell)))
    return found


async def members(tx: Tx, month: Month, wanted: Sequence[int] | None, scope: Iterable[UnitId] | None) -> CustomerSet:
    """Who stood in some cells, or anywhere for None, in a month."""
    found = BitMap()
    for numbers in await flows.batches(tx, [month.placement_id]):
        rows = await store.chunks(tx, month.placement_id, numbers[0], CHUNKS_AT_ONCE)
        found |= await flows.in_thread(flows.members_of, rows, wanted, None if scope is None else sorted(scope))
    return CustomerSet(tx.tenant, found, month.placed_at)


async def chosen(tx: Tx, month: date | None) -> Month:
    """A month, the latest by default; `MonthUnknown`."""
    listed = await months(tx)
    if not listed:
        raise MonthUnknown("Nobody was placed yet.")
    return _chosen(listed, month, None)[0]


UNKNOWN = BandWord(name="", label="未知", label_en="Unknown")


def _bands(axes: Sequence[AxisWord], cell: int) -> list[BandWord | None]:
    return [axis.bands[place - 1] if place else None for axis, place in zip(axes, places_of(cell), strict=True)]


def _month(row: Record) -> Month:
    axes = msgspec.convert(row["axes"], tuple[AxisWord, ...])
    return Month(
        month=row["month"], day=row["day"], placement_id=row["placement_id"], axes=axes, customers=row["customers"],
        placed_at=row["placed_at"],
    )  # fmt: skip


def _chosen(listed: Sequence[Month], month: date | None, against: date | None) -> tuple[Month, Month | None]:
    by_month = {one.month: one for one in listed}
    for wanted, pointer in ((month, "/month"), (against, "/against")):
        if wanted is not None and wanted not in by_month:
            raise MonthUnknown(f"Nobody was placed in {wanted:%Y-%m}.", pointer=pointer)
    now = by_month[month] if month else listed[0]
    earlier = next((one for one in listed if one.month < now.month), None)
    return now, by_month[against] if against else earlier


async def _figures(tx: Tx, month: Month, scope: Iterable[UnitId] | None) -> dict[int, Measures]:
    rows = await store.figures(tx, month.placement_id, scope)
    return {row["cell"]: Measures(**{name: row[name] for name in store.MEASURED}) for row in rows}


async def _translated(tx: Tx, was: Month, now: Month, scope: Iterable[UnitId] | None) -> dict[int, Measures]:
    """The figures of another month, in the cells of this one."""
    into = translation(was.axes, now.axes)
    found: dict[int, Measures] = {}
    for cell, one in (await _figures(tx, was, scope)).items():
        found[into[cell]] = _together(found.get(into[cell]), one)
    return found


def _together(one: Measures | None, other: Measures) -> Measures:
    if one is None:
        return other
    return Measures(**{name: getattr(one, name) + getattr(other, name) for name in store.MEASURED})


def _all_cells(axes: Sequence[AxisWord]) -> list[int]:
    """Every cell of the map."""
    found = [0]
    for axis in axes:
        found = [cell * BASE + place for cell in found for place in range(1, len(axis.bands) + 1)]
    return found


def _cell(cell: int, one: Measures, before: dict[int, Measures] | None, *, small: bool) -> CellFigures:
    told = small or not telling.few(one.customers)
    was = None if before is None else before.get(cell, Measures()).customers
    known = told and was is not None and (small or not telling.few(was))
    return CellFigures(
        cell=code_of(cell),
        places=list(places_of(cell)),
        customers=one.customers if told else None,
        change=one.customers - was if known and was is not None else None,
        aum_fen=one.aum_fen if told and one.valued else None,
        active=_active(one) if told else None,
        temperature=_temperature(one) if told else None,
        cost_fen=one.cost_fen if told else None,
    )


def _unknowns(axes: Sequence[AxisWord], found: dict[int, Measures], before: dict[int, Measures] | None) -> Unknowns:
    def count(of: dict[int, Measures]) -> int:
        return sum(one.customers for cell, one in of.items() if not is_known(cell))

    return Unknowns(
        customers=count(found),
        change=None if before is None else count(found) - count(before),
        axes=[
            UnknownBand(
                axis=axis.name,
                customers=sum(one.customers for cell, one in found.items() if not places_of(cell)[number]),
            )
            for number, axis in enumerate(axes)
        ],
    )


def _active(one: Measures | None) -> float | None:
    return one.active / one.customers if one and one.customers else None


def _aum(one: Measures | None) -> int | None:
    return round(one.aum_fen / one.valued) if one and one.valued else None


def _products(one: Measures | None) -> float | None:
    """Zero products of everybody are no knowledge of products."""
    return one.products / one.customers if one and one.customers and one.products else None


def _temperature(one: Measures | None) -> float | None:
    return round(one.warmth / one.warmed, 1) if one and one.warmed else None


def _less(now: float | None, was: float | None) -> float | None:
    return None if now is None or was is None else now - was


def _grown(now: int | None, was: int | None) -> float | None:
    return None if now is None or not was else now / was - 1


def _into(moved: Sequence[Flow], cell: int) -> list[CellFlow]:
    return [_flow(one.was, one.customers) for one in moved if one.cell == cell]


def _out_of(moved: Sequence[Flow], cell: int) -> list[CellFlow]:
    return [_flow(one.cell, one.customers) for one in moved if one.was == cell]


def _told(found: list[CellFlow], *, told: bool, small: bool) -> tuple[int | None, list[CellFlow]]:
    """How many came or went in all, and the largest flows that may be told."""
    whole = sum(one.customers for one in found)
    if not told or (not small and telling.few(whole)):
        return None, []
    places = {place: one.customers for place, one in enumerate(found)}
    shown = places if small else telling.told_parts(places, [places])
    return whole, [found[place] for place in places if shown[place]][:FLOWS_SHOWN]


def _flow(cell: int | None, count: int) -> CellFlow:
    return CellFlow(
        cell=None if cell is None else code_of(cell), known=cell is not None and is_known(cell), customers=count
    )


def _expression(axes: Sequence[AxisWord], cell: int) -> dict[str, object]:
    """What selects the customers of a cell, in the language of segments."""
    return {
        "kind": "all",
        "of": [
            {"kind": "tag", "name": axis.name.tag, "op": "in", "value": [axis.bands[place - 1].name]}
            if place
            else {"kind": "tag", "name": axis.name.tag, "op": "is_unknown"}
            for axis, place in zip(axes, places_of(cell), strict=True)
        ],
    }
