"""What was asked for in cases: lists of it, and each with what the caller may do about it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import staff, units
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import NotFound
from huoke.kernel.sorting import Place, Rows, Sort, sort_of
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants
from huoke.reward.grants import State
from huoke.settle.care import store_ask
from huoke.settle.care.model import (
    AskFilter,
    CaseKind,
    Compensation,
    CompensationState,
    Extension,
    ExtensionState,
    Reading,
    ReadingState,
)
from huoke.settle.care.refusals import CompensationUnknown, ExtensionUnknown, ReadingUnknown
from huoke.settle.care.store_ask import Asked

ACT = "desk.act"
_SUBMITTED = "submitted"
_UNKNOWN: dict[Asked, type[NotFound]] = {
    Asked.COMPENSATION: CompensationUnknown,
    Asked.EXTENSION: ExtensionUnknown,
    Asked.READING: ReadingUnknown,
}


class InCase(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was asked for in one case, or about one benefit; first to last."""

    compensations: list[Compensation]
    extensions: list[Extension]
    readings: list[Reading]


def ask_sort(asked: Asked, wanted: str) -> Sort:
    """The order of a list of asks; `Invalid` for one there is not."""
    return sort_of(store_ask.SORTS[asked], wanted, row_id="a.id")


async def find_compensations(
    tx: Tx, principal: Principal, wanted: AskFilter, *, sort: Sort, place: Place | None = None, limit: int = 50
) -> Rows[Compensation]:
    """Compensations in the caller's units, sorted; counts by state."""
    rows, counts = await _find(tx, principal, Asked.COMPENSATION, wanted, sort, place, limit)
    found = await _compensations(tx, principal, rows)
    return Rows(rows=found, keys=[row["sort_key"] for row in rows], counts=counts)


async def find_extensions(
    tx: Tx, principal: Principal, wanted: AskFilter, *, sort: Sort, place: Place | None = None, limit: int = 50
) -> Rows[Extension]:
    """Extensions in the caller's units, sorted; counts by state."""
    rows, counts = await _find(tx, principal, Asked.EXTENSION, wanted, sort, place, limit)
    return Rows(rows=await _extensions(tx, principal, rows), keys=[row["sort_key"] for row in rows], counts=counts)


async def asks_in(tx: Tx, principal: Principal, case_id: UUID | None = None, *, grant_id: UUID | None = None) -> InCase:
    """What was asked for in a case or about a benefit."""
    return InCase(
        compensations=await _compensations(
            tx, principal, await store_ask.of(tx, Asked.COMPENSATION, case_id=case_id, grant_id=grant_id)
        ),
        extensions=await _extensions(
            tx, principal, await store_ask.of(tx, Asked.EXTENSION, case_id=case_id, grant_id=grant_id)
        ),
        readings=await _readings(
            tx, principal, await store_ask.of(tx, Asked.READING, case_id=case_id, grant_id=grant_id)
        ),
    )


async def get_compensation(tx: Tx, principal: Principal, compensation_id: UUID) -> Compensation:
    """One compensation; `CompensationUnknown` outside the caller's units as well."""
    return (await _compensations(tx, principal, await _one(tx, principal, Asked.COMPENSATION, compensation_id)))[0]


async def get_extension(tx: Tx, principal: Principal, extension_id: UUID) -> Extension:
    """One extension; `ExtensionUnknown` outside the caller's units as well."""
    return (await _extensions(tx, principal, await _one(tx, principal, Asked.EXTENSION, extension_id)))[0]


async def get_reading(tx: Tx, principal: Principal, reading_id: UUID) -> Reading:
    """One reading, without the code; `ReadingUnknown` outside the caller's units as well."""
    return (await _readings(tx, principal, await _one(tx, principal, Asked.READING, reading_id)))[0]


async def locked(tx: Tx, principal: Principal, asked: Asked, ask_id: UUID) -> Record:
    """An ask of the caller's units as stored, locked; not found otherwise."""
    row = await stored(tx, asked, ask_id)
    if not principal.covers(row["unit_id"]):
        raise _UNKNOWN[asked](f"There is no such {asked.name.lower()}.")
    return row


async def stored(tx: Tx, asked: Asked, ask_id: UUID) -> Record:
    """An ask as stored, locked; not found where there is none."""
    row = await store_ask.locked(tx, asked, ask_id)
    if row is None:
        raise _UNKNOWN[asked](f"There is no such {asked.name.lower()}.")
    return row


async def names_for(tx: Tx, staff_ids: Iterable[str]) -> tuple[list[str], list[str], list[int], list[str]]:
    """Staff ids with names, and the bank's units with names, for a list that sorts by them."""
    people = await staff.names(tx, set(staff_ids))
    tree = await units.tree(tx)
    return list(people), list(people.values()), [int(unit.id) for unit in tree], [unit.name for unit in tree]


def span(since_on: date | None, until_on: date | None) -> tuple[datetime | None, datetime | None]:
    """The instants between which days lie, both included, in the bank's time."""
    since = datetime.combine(since_on, time(), CHINA) if since_on else None
    # The last day a date can name has no day after it; every instant there is lies before.
    until = datetime.combine(until_on + timedelta(days=1), time(), CHINA) if until_on and until_on < date.max else None
    return since, until


async def _find(
    tx: Tx, principal: Principal, asked: Asked, wanted: AskFilter, sort: Sort, place: Place | None, limit: int
) -> tuple[list[Record], dict[str, int]]:
    words = wanted.q.strip()
    named = [row.seq for row in (await customers.find(tx, q=words, scope=principal.units))[0]] if words else []
    filters = [
        None if principal.units is None else sorted(principal.units),
        wanted.kind.value if wanted.kind else None,
        wanted.by,
        *span(wanted.since_on, wanted.until_on),
        words,
        named,
    ]
    names = await names_for(tx, await store_ask.makers(tx, asked))
    rows = await store_ask.find(
        tx, asked, filters, names=names, state=wanted.state, sort=sort, place=place, limit=limit
    )
    return rows, await store_ask.count(tx, asked, filters)


async def _one(tx: Tx, principal: Principal, asked: Asked, ask_id: UUID) -> list[Record]:
    rows = await store_ask.of(tx, asked, ask_id=ask_id)
    if not rows or not principal.covers(rows[0]["unit_id"]):
        raise _UNKNOWN[asked](f"There is no such {asked.name.lower()}.")
    return rows


async def _compensations(tx: Tx, principal: Principal, rows: Sequence[Record]) -> list[Compensation]:
    held = await _grants(tx, rows)

    def can(row: Record) -> list[str]:
        grant = held.get(row["grant_id"])
        unused = grant is not None and State.REVOKED in grants.NEXT[grant.state]
        if row["state"] == CompensationState.GRANTED and unused and principal.may(ACT):
            return ["take_back"]
        if row["state"] == CompensationState.RETURNING and row["back_by"] == principal.actor.id:
            return ["withdraw"]
        return _withdrawable(principal, row)

    return [
        Compensation(
            **common,
            service_offer_id=row["service_offer_id"],
            benefit=row["benefit"],
            amount_fen=row["amount_fen"],
            state=CompensationState(row["state"]),
            back_reason=row["back_reason"],
            can=can(row),
        )
        for row, common in zip(rows, await _common(tx, rows), strict=True)
    ]


async def _extensions(tx: Tx, principal: Principal, rows: Sequence[Record]) -> list[Extension]:
    held = await _grants(tx, rows)
    return [
        Extension(
            **common,
            benefit=held[row["grant_id"]].title,
            before_at=row["before_at"],
            until_at=row["until_at"],
            state=ExtensionState(row["state"]),
            can=_withdrawable(principal, row),
        )
        for row, common in zip(rows, await _common(tx, rows), strict=True)
    ]


async def _readings(tx: Tx, principal: Principal, rows: Sequence[Record]) -> list[Reading]:
    held = await _grants(tx, rows)

    def can(row: Record) -> list[str]:
        mine = row["created_by"] == principal.actor.id and principal.may(ACT)
        if row["state"] == ReadingState.OPEN and mine and row["open_until"] > tx.now:
            return ["read"]
        return _withdrawable(principal, row)

    return [
        Reading(
            **common,
            benefit=held[row["grant_id"]].title,
            state=ReadingState(row["state"]),
            open_until=row["open_until"],
            can=can(row),
        )
        for row, common in zip(rows, await _common(tx, rows), strict=True)
    ]


def _withdrawable(principal: Principal, row: Record) -> list[str]:
    """Whoever asked takes it back as long as nobody decided."""
    mine = row["state"] == _SUBMITTED and row["created_by"] == principal.actor.id
    return ["withdraw"] if mine and principal.may(ACT) else []


async def _grants(tx: Tx, rows: Sequence[Record]) -> dict[UUID, grants.GrantItem]:
    ids = [row["grant_id"] for row in rows if row["grant_id"] is not None]
    return {item.id: item for item in await grants.find_grants(tx, grant_ids=ids, limit=len(ids))} if ids else {}


async def _common(tx: Tx, rows: Sequence[Record]) -> list[dict[str, Any]]:
    """What every ask tells."""
    known = {row.seq: row for row in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    people = await staff.names(tx, {row["created_by"] for row in rows})
    places: dict[int, str] = {int(unit.id): unit.name for unit in await units.tree(tx)} if rows else {}
    return [
        {
            **{name: row[name] for name in _PLAIN},
            "case_kind": CaseKind(row["case_kind"]),
            "customer_no": known[row["seq"]].customer_no if row["seq"] in known else "",
            "name": known[row["seq"]].name if row["seq"] in known else None,
            "unit": places.get(row["unit_id"], ""),
            "by": people.get(row["created_by"], row["created_by"]),
        }
        for row in rows
    ]


_PLAIN = (
    "id", "case_id", "case_number", "grant_id", "seq", "unit_id", "reason", "change_id", "created_at", "closed_at",
)  # fmt: skip
