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
from huoke.know.tags.asked import Former, Marked, Marking
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

    Whose value is another afterwards is told with the value before, so that it can be put back. `TagUnknown`,
    `TagNotThere` also for a tag that a model puts.
    """
    row = await _put_by_people(tx, tag_id)
    code = None if marking.value is None else _codes(row, {marking.value: None})[marking.value]
    numbers = [number for entry in marking.customer_nos if (number := entry.strip())]
    distinct = list(dict.fromkeys(numbers))
    own = await customers.within(tx, await customers.find_by_no(tx, distinct), scope)
    members = CustomerSet.of(tx.tenant, own.values(), tx.now)
    before = await _patch(tx, row["number"], members, code)
    await _say(tx, row, tx.now, marking.source, {marking.value or "": len(members)})
    names = {code: value for value, code in row["codes"].items()}
    changed: dict[str | None, list[str]] = {}
    for number, seq in own.items():
        if (held := before.get(seq)) != code:
            changed.setdefault(None if held is None else names[held], []).append(number)
    strangers = [number for number in distinct if number not in own]
    return Marked(
        marked=len(members),
        repeated=len(numbers) - len(distinct),
        unmatched=len(strangers),
        unmatched_sample=[one[:64] for one in strangers[:UNMATCHED_SHOWN]],
        changed=[Former(value=value, customer_nos=nos) for value, nos in changed.items()],
    )


async def _put_by_people(tx: Tx, tag_id: UUID) -> Any:
    found = await store.by_id(tx, tag_id)
    if found is None:
        raise TagUnknown("There is no such tag.")
    if Kind(found["kind"]) not in PUT_BY_PEOPLE:
        raise TagNotThere(f"'{found['name']}' is a {found['kind']}: people do not put it.", name=found["name"])
    return await _row(tx, found["name"])


async def _patch(tx: Tx, number: int, members: CustomerSet, code: int | None) -> dict[int, int]:
    """Write the new sets; returns which value, by code, each of those who had one had before, by seq."""
    coming = dict(members.chunks())
    found = await store_sets.chunks_of(tx, number, list(coming))
    before: dict[int, int] = {}
    for value, chunk in list(found):
        if value != KNOWN:
            before |= dict.fromkeys(found[value, chunk] & coming[chunk], value)
        if value not in (KNOWN, code):
            found[value, chunk] -= coming[chunk]
        elif value == KNOWN:
            found[value, chunk] |= coming[chunk]
    if code is not None:
        for chunk, bitmap in coming.items():
            found[code, chunk] = found.get((code, chunk), BitMap()) | bitmap
    await store_sets.put_chunks(tx, number, found)
    return before


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


def _codes(row: Any, sets: Mapping[str, object]) -> dict[str, int]:
    if unknown := sets.keys() - row["codes"].keys():
        raise TagUnknown(f"'{row['name']}' has no value '{min(unknown)[:60]}'.", pointer="/value", name=row["name"])
    return {value: row["codes"][value] for value in sets}
