"""The axes of a bank. Each is a tag, and so in every segment; another version needs a second person (rule D5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import language, tags
from huoke.know.grid import tables
from huoke.know.grid.model import (
    AXES,
    AxisName,
    AxisOpen,
    AxisUnfit,
    AxisWord,
    Band,
    BandWord,
    NewAxis,
    check_axis,
)
from huoke.know.grid.usual import USUAL
from huoke.know.language import Analytics
from huoke.know.tags import Counting, Definition, Kind, TagValue

CATEGORY = "grid"


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """An axis as it holds. `deposit_path` leads to the deposit fact it looks at, if any (rule B1)."""

    axis: AxisName
    label: str
    label_en: str
    bands: tuple[Band, ...]
    tag: str
    deposit_path: tuple[str, ...]
    attributes: list[language.AttributeUse]
    data_at: datetime | None


class AxisRequest(Request, frozen=True, kw_only=True):
    """A version of an axis somebody asked for."""

    wanted: NewAxis


class AskedAxis(msgspec.Struct, frozen=True, kw_only=True):
    """An axis somebody wants, and why."""

    axis: NewAxis
    reason: str


class BandCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers stand in a band; an empty name is unknown, None before the axis was ever filled."""

    band: str
    before: int | None
    after: int


class BandMove(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers would go from one band to another; an empty name is unknown."""

    was: str
    band: str
    customers: int


class AxisPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an axis would change: customers by band, and who goes where."""

    customers: int
    bands: list[BandCount]
    moves: list[BandMove]
    deposit_path: tuple[str, ...]


async def in_force(tx: Tx) -> list[Axis]:
    """The axes a bank has, in order."""
    found = await tags.counting(tx, [axis.tag for axis in AXES])
    return [_axis(axis, found[axis.tag]) for axis in AXES if axis.tag in found]


async def looked_at(tx: Tx, names: Iterable[str]) -> set[str]:
    """Those of some tags that say nothing the axes do not say: they look at the same attributes alone."""
    own = {use.name for axis in await in_force(tx) for use in axis.attributes}
    found = await tags.counting(tx, names)
    return {name for name, one in found.items() if one.attributes and {use.name for use in one.attributes} <= own}


async def words_in_use(tx: Tx, *, filled: bool = False) -> tuple[AxisWord, ...] | None:
    """The three axes as a month remembers them; None while one is missing, or was never `filled`."""
    found = await in_force(tx)
    if len(found) < len(AXES) or (filled and any(one.data_at is None for one in found)):
        return None
    return tuple(
        AxisWord(
            name=one.axis,
            label=one.label,
            label_en=one.label_en,
            deposit=bool(one.deposit_path),
            bands=tuple(BandWord(name=band.name, label=band.label, label_en=band.label_en) for band in one.bands),
        )
        for one in found
    )


async def preview(tx: Tx, analytics: Analytics, new: NewAxis) -> AxisPreview:
    """Whom an axis would move, counted live; `AxisUnfit` and the refusals of tags."""
    await REQUESTS.require_fit(tx, new)
    definition = _definition(new)
    counted = await tags.preview(tx, analytics, definition)
    assert counted.universe is not None, "an axis is tried by somebody who sees the whole bank"
    after = await tags.sketch(tx, analytics, definition)
    held = (await tags.counting(tx, [new.axis.tag])).get(new.axis.tag)
    filled = held is not None and held.data_at is not None
    before = await tags.members_by_value(tx, analytics.clickhouse, new.axis.tag) if filled else {}
    moves = _moves(before, after) if filled else []
    known = sum(map(len, after.values()))
    return AxisPreview(
        customers=counted.universe,
        bands=[
            *(
                BandCount(band=name, before=len(before.get(name, ())) if filled else None, after=len(members))
                for name, members in after.items()
            ),
            *(BandCount(band=name, before=len(old), after=0) for name, old in before.items() if name not in after),
            BandCount(
                band="",
                before=max(counted.universe - sum(map(len, before.values())), 0) if filled else None,
                after=max(counted.universe - known, 0),
            ),
        ],
        moves=moves,
        deposit_path=counted.deposit_path,
    )


class AxisRequests(Requests[NewAxis]):
    """Versions of axes; what holds is the tag of each."""

    kind = "grid_axis"
    table = tables.request
    shape = NewAxis
    group = "grid_axis"
    action = "grid.axis"
    subject_kind = "grid_axis"
    open = AxisOpen
    unfit = AxisUnfit
    pointer = "/axis"
    replaces = False

    async def title(self, tx: Tx, wanted: NewAxis) -> str:
        """By the name the axis is to have."""
        del tx
        return f"宫格划分「{wanted.label}」 · Grid axis: {wanted.label_en}"

    async def require_fit(self, tx: Tx, wanted: NewAxis) -> None:
        """`AxisUnfit`."""
        others = {axis: len(USUAL[axis].bands) for axis in AXES}
        check_axis(wanted, others | {one.axis: len(one.bands) for one in await in_force(tx)})

    async def held(self, tx: Tx, wanted: NewAxis) -> NewAxis | None:
        """The axis as its tag has it."""
        one = next((one for one in await in_force(tx) if one.axis is wanted.axis), None)
        return None if one is None else NewAxis(axis=one.axis, label=one.label, label_en=one.label_en, bands=one.bands)

    def diff(self, held: NewAxis | None, wanted: NewAxis) -> list[FieldChange]:
        """The names, each band's rule, the order."""
        before: dict[str, Any] = {band.name: msgspec.to_builtins(band) for band in held.bands} if held else {}
        after: dict[str, Any] = {band.name: msgspec.to_builtins(band) for band in wanted.bands}
        changes = [
            ("label", "名称", "Name", held and held.label, wanted.label),
            ("label_en", "英文名称", "English name", held and held.label_en, wanted.label_en),
            ("order", "分档与次序", "Bands in order", _order(held) if held else None, _order(wanted)),
            *(
                (f"bands.{name}", f"分档 {_label(before, after, name, 'label')}",
                 f"Band {_label(before, after, name, 'label_en')}", before.get(name), after.get(name))
                for name in {**before, **after}
            ),
        ]  # fmt: skip
        return [
            FieldChange(path=path, label=label, label_en=label_en, before=was, after=now, group=self.group)
            for path, label, label_en, was, now in changes
            if was != now
        ]

    async def enact(self, tx: Tx, wanted: NewAxis) -> None:
        """The tag holds it; filled again, it places everybody."""
        await tags.enact(tx, [_definition(wanted)])

    def asked(self, wanted: NewAxis) -> dict[str, Any]:
        """One request of an axis is open at a time."""
        return {"axis": wanted.axis.value, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: NewAxis) -> str:
        """The axis."""
        return wanted.axis.value


REQUESTS = AxisRequests()


async def request_axis(tx: Tx, asked: AskedAxis) -> UUID:
    """Ask for another version of an axis; another person decides. Returns the request's id.

    `AxisUnfit` also for what holds already; `AxisOpen`, `audit.ReasonMissing`, refusals of tags and approvals.
    """
    return await REQUESTS.ask(tx, asked.axis, asked.reason)


async def requests(tx: Tx, *, limit: int = 50) -> list[AxisRequest]:
    """Versions that were asked for, latest first, by name of who asked."""
    return [AxisRequest(wanted=wanted, **fields) for wanted, fields in await REQUESTS.listed(tx, limit)]


class AxisApproval(Approval[NewAxis]):
    """Serves approvals of kind `grid_axis`; who would move is counted with `analytics`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics

    async def effects(self, tx: Tx, wanted: NewAxis) -> Simulation:
        """Customers by band, before and after."""
        seen = await preview(tx, self._analytics, wanted)
        labels = {band.name: (band.label, band.label_en) for band in wanted.bands} | {"": ("未知", "Unknown")}
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=one.band or "unknown", label=labels.get(one.band, (one.band, one.band))[0],
                    label_en=labels.get(one.band, (one.band, one.band))[1], unit="customers", before=one.before,
                    after=one.after,
                )
                for one in seen.bands
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: NewAxis) -> list[Check]:
        """Whether it looks at deposits (rule B1): it may then select, and never be a condition."""
        path = (await tags.preview(tx, self._analytics, _definition(wanted))).deposit_path
        shown = " ← ".join(path)
        return [
            Check(
                rule="B1",
                verdict=CheckVerdict.WARN if path else CheckVerdict.PASS,
                detail=f"取自存款信息（{shown}）：可用于挑选客户，不可作为领取条件" if path else "不取自存款信息",
                detail_en=(
                    f"Taken from deposit facts ({shown}): for selecting only, never a condition"
                    if path
                    else "Not taken from deposit facts"
                ),
                data={"path": list(path)},
            )
        ]


def _moves(before: Mapping[str, CustomerSet], after: Mapping[str, CustomerSet]) -> list[BandMove]:
    """Who goes where, most first; who was or becomes unknown by what is left over."""
    found = []
    for was, old in before.items():
        stays = {band: len(old & new) for band, new in after.items()}
        found += [(was, band, count) for band, count in stays.items() if band != was]
        found.append((was, "", len(old) - sum(stays.values())))
    for band, new in after.items():
        found.append(("", band, len(new) - sum(len(old & new) for old in before.values())))
    moved = [BandMove(was=was, band=band, customers=count) for was, band, count in found if count]
    return sorted(moved, key=lambda one: (-one.customers, one.was, one.band))


def _definition(new: NewAxis) -> Definition:
    """The tag that keeps an axis."""
    looks_at_tags = any(
        isinstance(node, language.Tag)
        for place, band in enumerate(new.bands)
        for _, node in language.walk(language.parse(band.expression, pointer=f"/bands/{place}/expression"))
    )
    return Definition(
        name=new.axis.tag,
        label=f"宫格·{new.label}",
        label_en=f"Grid: {new.label_en}",
        meaning=f"客户在宫格「{new.label}」上的位置",
        meaning_en=f"Where the customer stands on the grid's axis {new.label_en}",
        category=CATEGORY,
        kind=Kind.DERIVED if looks_at_tags else Kind.RULE,
        values=tuple(
            TagValue(name=band.name, label=band.label, label_en=band.label_en, expression=band.expression)
            for band in new.bands
        ),
    )


def _axis(axis: AxisName, found: Counting) -> Axis:
    one = found.definition
    return Axis(
        axis=axis,
        label=one.label.removeprefix("宫格·"),
        label_en=one.label_en.removeprefix("Grid: "),
        bands=tuple(
            Band(name=value.name, label=value.label, label_en=value.label_en, expression=value.expression or {})
            for value in one.values
        ),
        tag=axis.tag,
        deposit_path=found.deposit_path,
        attributes=found.attributes,
        data_at=found.data_at,
    )


def _label(before: Mapping[str, Any], after: Mapping[str, Any], name: str, field: str) -> str:
    return str((after.get(name) or before[name])[field])


def _order(axis: NewAxis) -> str:
    return " → ".join(band.label for band in axis.bands)
