"""Tags that are put: by people, by a file, by a model. Their rows in PostgreSQL are the truth, ClickHouse follows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pyroaring import BitMap

from huoke.govern import audit
from huoke.kernel.ids import UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import KNOWN
from huoke.know.tags import store, store_sets
from huoke.know.tags.asked import Marked, Marking
from huoke.know.tags.model import FILLED_HERE, PUT_BY_PEOPLE, Kind, RefreshAsked, TagState
from huoke.know.tags.refusals import TagNotThere, TagUnknown

UNMATCHED_SHOWN = 50


async def put(
    tx: Tx,
    name: str,
    sets: Mapping[str, CustomerSet],
    *,
    as_of: datetime,
    source: str,
    known: CustomerSet | None = None,
) -> None:
    """Say who has each value of a tag that is put, for all customers at once; who is in no set has none any more.

    `known` are those it can say anything of: by default everybody, of a model those in a set. Values that are not
    given are emptied. Raises `TagUnknown`, `TagNotThere` for a tag that is worked out or not active.
    """
    row = await _row(tx, name)
    codes = _codes(row, sets)
    chunks: dict[tuple[int, int], BitMap] = {
        (record["value"], record["chunk"]): BitMap() for record in await store_sets.chunks(tx, row["number"])
    }
    given = {codes[value]: members for value, members in sets.items()}
    if known is not None:
        given[KNOWN] = known
    for code, members in given.items():
        chunks |= {(code, chunk): bitmap for chunk, bitmap in members.chunks()}
    await store_sets.put_chunks(tx, row["number"], chunks)
    await _say(tx, row, as_of, source, {value: len(members) for value, members in sets.items()})


async def mark(tx: Tx, name: str, value: str, members: CustomerSet, *, source: str) -> None:
    """Give customers a value of a tag that is put, in place of the one they had; refusals of `put`."""
    row = await _row(tx, name)
    code = _codes(row, {value: members})[value]
    await _patch(tx, row["number"], members, code)
    await _say(tx, row, tx.now, source, {value: len(members)})


async def unmark(tx: Tx, name: str, members: CustomerSet, *, source: str) -> None:
    """Take the value of a tag that is put from customers, whichever it is; refusals of `put`."""
    row = await _row(tx, name)
    await _patch(tx, row["number"], members, None)
    await _say(tx, row, tx.now, source, {"": len(members)})


async def mark_listed(tx: Tx, tag_id: UUID, marking: Marking, *, scope: Collection[UnitId] | None = None) -> Marked:
    """Mark, or unmark, the customers of a list who are in the caller's units; each counts once.

    `TagUnknown`, `TagNotThere` also for a tag that a model puts.
    """
    found = await store.by_id(tx, tag_id)
    if found is None:
        raise TagUnknown("There is no such tag.")
    if Kind(found["kind"]) not in PUT_BY_PEOPLE:
        raise TagNotThere(f"'{found['name']}' is a {found['kind']}: people do not put it.", name=found["name"])
    numbers = list(dict.fromkeys(number for entry in marking.customer_nos if (number := entry.strip())))
    known = await customers.find_by_no(tx, numbers)
    facts = await customers.facts(tx, sorted(known.values()))
    own = {
        seq for seq, unit in zip(facts.seqs.tolist(), facts.unit_ids.tolist(), strict=True)
        if scope is None or unit in scope
    }  # fmt: skip
    members = CustomerSet.of(tx.tenant, own, tx.now)
    if marking.value is None:
        await unmark(tx, found["name"], members, source=marking.source)
    else:
        await mark(tx, found["name"], marking.value, members, source=marking.source)
    strangers = [number for number in numbers if known.get(number) not in own]
    return Marked(
        marked=len(own), unmatched=len(strangers), unmatched_sample=[one[:64] for one in strangers[:UNMATCHED_SHOWN]]
    )


async def _patch(tx: Tx, number: int, members: CustomerSet, code: int | None) -> None:
    coming = dict(members.chunks())
    found = await store_sets.chunks_of(tx, number, list(coming))
    for value, chunk in list(found):
        if value not in (KNOWN, code):
            found[value, chunk] -= coming[chunk]
        elif value == KNOWN:
            found[value, chunk] |= coming[chunk]
    if code is not None:
        for chunk, bitmap in coming.items():
            found[code, chunk] = found.get((code, chunk), BitMap()) | bitmap
    await store_sets.put_chunks(tx, number, found)


async def _say(tx: Tx, row: Any, as_of: datetime, source: str, counts: Mapping[str, int]) -> None:
    await store.note_put(tx, row["number"], as_of, source)
    entry = audit.AuditEntry(
        action="tags.put", subject_kind="tag", subject_id=row["name"], after={"source": source, "counts": dict(counts)}
    )
    await audit.record(tx, entry)
    tx.emit(RefreshAsked(numbers=(row["number"],)))


async def _row(tx: Tx, name: str) -> Any:
    row = (await store.by_names(tx, [name])).get(name)
    if row is None:
        raise TagUnknown(f"There is no tag '{name[:80]}'.", name=name[:80])
    if Kind(row["kind"]) in FILLED_HERE or row["state"] != TagState.ACTIVE:
        raise TagNotThere(f"'{name}' is a {row['kind']} and {row['state']}: nobody puts it.", name=name)
    return row


def _codes(row: Any, sets: Mapping[str, CustomerSet]) -> dict[str, int]:
    if unknown := sets.keys() - row["codes"].keys():
        raise TagUnknown(f"'{row['name']}' has no value '{min(unknown)[:60]}'.", pointer="/value", name=row["name"])
    return {value: row["codes"][value] for value in sets}
