"""Questions about day files and differences."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.settle.reconciliation import store
from huoke.settle.reconciliation.model import (
    About,
    DayFileRow,
    DayFileUnknown,
    Difference,
    DifferenceKind,
    DifferenceState,
)


async def find_files(
    tx: Tx, *, supplier_id: UUID | None = None, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[DayFileRow]:
    """Day files, the latest brought first."""
    return await _files(tx, await store.find_files(tx, supplier_id=supplier_id, before=before, limit=limit))


async def get_file(tx: Tx, file_id: UUID) -> DayFileRow:
    """One day file; `DayFileUnknown`."""
    found = await _files(tx, await store.find_files(tx, supplier_id=None, file_id=file_id))
    if not found:
        raise DayFileUnknown("There is no such day file.")
    return found[0]


async def find_differences(
    tx: Tx,
    principal: Principal,
    *,
    day_file_id: UUID | None = None,
    supplier_id: UUID | None = None,
    kind: DifferenceKind | None = None,
    states: Sequence[DifferenceState] | None = None,
    q: str = "",
    after: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> list[Difference]:
    """Differences, the latest business day first; `q` is a whole order number."""
    rows = await store.find_differences(
        tx,
        day_file_id=day_file_id,
        supplier_id=supplier_id,
        kind=kind.value if kind else None,
        states=None if states is None else [state.value for state in states],
        q=q.strip().upper(),
        after=after,
        limit=limit,
    )
    names = await supply.names(tx, {row["supplier_id"] for row in rows})
    people = await _people(tx, rows, "proposed_by", "closed_by")
    return [_difference(row, names, people, principal) for row in rows]


async def count_differences(
    tx: Tx,
    *,
    day_file_id: UUID | None = None,
    supplier_id: UUID | None = None,
    kind: DifferenceKind | None = None,
    q: str = "",
) -> dict[str, int]:
    """How many differences stand in each state."""
    return await store.count_differences(
        tx, day_file_id=day_file_id, supplier_id=supplier_id, kind=kind.value if kind else None, q=q.strip().upper()
    )


async def _files(tx: Tx, rows: Sequence[Record]) -> list[DayFileRow]:
    names = await supply.names(tx, {row["supplier_id"] for row in rows})
    people = await _people(tx, rows, "brought_by")
    found = []
    for row in rows:
        name, name_en = names.get(row["supplier_id"], ("", ""))
        values = {**dict(row), "brought_by": people.get(row["brought_by"], row["brought_by"])}
        values["about"] = About(row["about"])
        found.append(DayFileRow(**values, supplier=name, supplier_en=name_en))
    return found


async def _people(tx: Tx, rows: Sequence[Record], *columns: str) -> dict[str, str]:
    return await staff.names(tx, {row[column] for row in rows for column in columns if row[column]})


def _difference(
    row: Record, names: dict[UUID, tuple[str, str]], people: dict[str, str], principal: Principal
) -> Difference:
    name, name_en = names.get(row["supplier_id"], ("", ""))
    values = dict(row)
    for column in ("proposed_by", "closed_by"):
        values[column] = people.get(row[column] or "", row[column] or "")
    return Difference(
        **{
            **values,
            "about": About(row["about"]),
            "kind": DifferenceKind(row["kind"]),
            "state": DifferenceState(row["state"]),
            "supplier": name,
            "supplier_en": name_en,
            "moves_fen": row["theirs_fen"] - row["ours_fen"],
            "can": _can(row, principal),
        }
    )


def _can(row: Record, principal: Principal) -> list[str]:
    if not principal.may("supply.write") or row["state"] == DifferenceState.CLOSED:
        return []
    if row["state"] == DifferenceState.OPEN:
        return ["keep_ours"] if row["theirs"] == "processing" else ["accept_theirs", "keep_ours"]
    return ["take_back"] if row["proposed_by"] == principal.actor.id else ["confirm", "take_back"]
