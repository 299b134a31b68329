"""Whose invitations these are: totals of a programme by unit and member of staff, rolled up the organisation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import Unit, staff, units
from huoke.kernel.ids import UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.referral import store_read
from huoke.reward.referral.read import seen

COUNTED = ("referrers", "accepted", "qualified", "rewarded", "cost_fen", "value_fen")


class Attributed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the tree: a unit with everything below it, or one inviter's kind within a unit.

    `under` is the place of the unit it belongs to, None at the top. A unit has its name; staff go by `staff`, customers
    of a unit together by neither, units outside the caller's by `elsewhere`. Money in fen.
    """

    under: int | None
    depth: int
    unit_id: int | None = None
    name: str = ""
    name_en: str = ""
    staff: str = ""
    elsewhere: bool = False
    referrers: int
    accepted: int
    qualified: int
    rewarded: int
    cost_fen: int
    value_fen: int


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of a programme, every line after the unit it belongs to."""

    lines: list[Attributed]


Row = Mapping[str, Any]


async def attribution(tx: Tx, principal: Principal, programme_id: UUID) -> Attribution:
    """Who invited, by unit and member of staff, with what it cost and came to; `ProgrammeUnknown`, `OutOfScope`.

    What came of units outside the caller's is one line: a total without names.
    """
    await seen(tx, principal, programme_id)
    rows = [dict(row) for row in await store_read.attributed(tx, programme_id)]
    names = await staff.names(tx, {str(row["staff_id"]) for row in rows if row["staff_id"]})
    told = [{**row, "staff": names.get(str(row["staff_id"]), "") if row["staff_id"] else ""} for row in rows]
    return Attribution(lines=rolled_up(told, await units.tree(tx), principal.units))


def rolled_up(rows: Sequence[Row], tree: Sequence[Unit], allowed: Collection[UnitId] | None) -> list[Attributed]:
    """Rows of (unit, staff or customers, counts) as a tree; units that nobody invited in are left out."""
    inside = [row for row in rows if allowed is None or row["unit_id"] in allowed]
    outside = [row for row in rows if not (allowed is None or row["unit_id"] in allowed)]
    paths = {int(unit.id): [int(one) for one in unit.path] for unit in tree}
    shown = [unit for unit in tree if allowed is None or unit.id in allowed]
    lines: list[Attributed] = []
    _grow(lines, shown, inside, paths, None, _tops(shown))
    if outside:
        lines.append(Attributed(under=None, depth=0, elsewhere=True, **_sum(outside)))
    return lines


def _grow(
    lines: list[Attributed],
    shown: Sequence[Unit],
    rows: Sequence[Row],
    paths: Mapping[int, Sequence[int]],
    under: int | None,
    level: Sequence[Unit],
) -> None:
    depth = 0 if under is None else lines[under].depth + 1
    for unit in level:
        below = [row for row in rows if int(unit.id) in paths.get(row["unit_id"], ())]
        if not below:
            continue
        place = len(lines)
        lines.append(
            Attributed(under=under, depth=depth, unit_id=int(unit.id), name=unit.name, name_en=unit.name_en,
                       **_sum(below))
        )  # fmt: skip
        lines += _own(below, int(unit.id), place, depth + 1)
        _grow(lines, shown, below, paths, place, [one for one in shown if one.parent_id == unit.id])


def _own(rows: Sequence[Row], unit_id: int, under: int, depth: int) -> Iterator[Attributed]:
    """Each member of staff of a unit, who brought most first, then its customers together."""
    own = [row for row in rows if row["unit_id"] == unit_id]
    people = sorted((row for row in own if row["staff"]), key=lambda row: (-row["rewarded"], row["staff"]))
    for row in people:
        yield Attributed(under=under, depth=depth, unit_id=unit_id, staff=row["staff"], **_sum([row]))
    if customers := [row for row in own if not row["staff"]]:
        yield Attributed(under=under, depth=depth, unit_id=unit_id, **_sum(customers))


def _tops(shown: Sequence[Unit]) -> list[Unit]:
    known = {unit.id for unit in shown}
    return [unit for unit in shown if unit.parent_id not in known]


def _sum(rows: Sequence[Row]) -> dict[str, Any]:
    return {name: sum(row[name] for row in rows) for name in COUNTED}
