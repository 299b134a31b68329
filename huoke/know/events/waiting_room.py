"""Rows of a load whose customers the bank does not have yet: kept until it has, then part of their load after all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa

from huoke.govern import privacy
from huoke.kernel import archives
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.know.events import columns, fill, store, store_timeline, store_waiting
from huoke.know.events.examine import Part, Work, among, late
from huoke.know.events.load import FED, keep
from huoke.know.events.model import stranger_of
from huoke.know.events.standard import IDENTIFIED

ROWS_AT_ONCE = 10_000
COVER = "event"
"""What waits is sealed as, under the bank's key."""


async def admit(work: Work, parts: Sequence[Part]) -> int:
    """Keep rows of nobody yet under their load; returns how many were new."""
    assert not parts or work.load_id is not None, "only rows of a load wait"
    admitted = 0
    for part in parts:
        for start in range(0, part.table.num_rows, ROWS_AT_ONCE):
            rows = part.where(_between(part.table.num_rows, start, start + ROWS_AT_ONCE))
            async with work.database.begin(work.tenant) as tx:
                private = _dicts(rows.private, rows.table.num_rows)
                texts = [msgspec.json.encode(one).decode() if one else None for one in private]
                sealed = (await privacy.keys(tx)).encrypt(COVER, [0] * len(texts), texts)
                admitted += await store_waiting.keep(tx, _said(rows), sealed, work.source_id, work.load_id)
                lately = rows.ids.filter(pa.array(late(work, rows.table))).to_pylist()
                await store.remember(tx, lately)
    return admitted


async def let_go(database: Database, clickhouse: ClickHouse, tenant: TenantId) -> int:
    """Give customers the bank has by now what waits for them of loads; returns how many events."""
    moved, after = 0, ""
    while True:
        async with database.begin(tenant) as tx:
            visitors = await store_waiting.visitors(tx, after, 1_000)
            found = await customers.find_by_no(tx, [one[2:] for one in visitors])
        if not visitors:
            return moved
        after = visitors[-1]
        owners = {stranger_of(number): int(seq) for number, seq in found.items()}
        while owners and (part := await _let_go(database, clickhouse, tenant, owners)):
            moved += part


async def _let_go(database: Database, clickhouse: ClickHouse, tenant: TenantId, owners: dict[str, int]) -> int:
    """Move the next rows of one load: into an archive of the load first, then out of the room.

    What stands in ClickHouse already was moved before a crash. Where the load was withdrawn meanwhile, its rows are
    gone from the room, and what was just kept goes too.
    """
    async with database.begin(tenant) as tx:
        rows = await store_waiting.next_of_a_load(tx, sorted(owners), ROWS_AT_ONCE)
        if not rows:
            return 0
        seqs = [owners[row["visitor"]] for row in rows]
        texts = (await privacy.keys(tx)).decrypt(COVER, [0] * len(rows), [row["sealed"] for row in rows])
        sealed = (await privacy.customer_keys(tx, seqs, make=True)).seal(seqs, texts)
        mapped = await fill.declared(tx)
    load_id: UUID = rows[0]["load_id"]
    formed = _formed(rows, seqs, sealed, load_id)
    ends = rows[0]["at"], rows[-1]["at"]
    held = await store_timeline.ids_between(clickhouse, tenant, *ends)
    raw = np.frombuffer(b"".join(row["id"].bytes for row in rows), np.uint8).reshape(len(rows), 16)
    fresh = formed.filter(pa.array(~among(raw, held))).combine_chunks()
    if fresh.num_rows:
        await keep(database, clickhouse, tenant, fresh, "file", load_id)
    await fill.apply_columns(database, tenant, mapped, _traits(mapped, rows, texts, formed))
    async with database.begin(tenant) as tx:
        gone = await store_waiting.remove(tx, [row["id"] for row in rows])
    if gone < len(rows):
        await archives.withdraw(database, clickhouse, tenant, load_id, FED)
    return len(rows)


def _formed(
    rows: Sequence[dict[str, Any]], seqs: Sequence[int], sealed: Sequence[bytes | None], load_id: UUID
) -> pa.Table:
    table = pa.table(
        {
            "seq": pa.array(seqs, pa.uint32()),
            "name": pa.array([row["name"] for row in rows], pa.string()),
            "at": pa.array([row["at"] for row in rows], columns.INSTANT),
            "kind": pa.array([row["kind"] for row in rows], pa.string()),
            "amount_fen": pa.array([row["amount_fen"] for row in rows], pa.int64()),
            "entry_code": pa.array([row["entry_code"] for row in rows], pa.string()),
        }
    )
    formed = columns.to_form(
        table,
        {},
        pa.array([one.hex() if one else "" for one in sealed], pa.string()),
        source_id=rows[0]["source_id"],
        ids=pa.array([str(row["id"]) for row in rows], pa.string()),
        load_id=load_id,
    )
    said = pa.array([list(row["properties"].items()) for row in rows], columns.TEXTS)
    return formed.set_column(columns.FORM.index("properties"), "properties", said)


def _traits(
    mapped: fill.Traits, rows: Sequence[dict[str, Any]], texts: Sequence[str | None], formed: pa.Table
) -> fill.Columns:
    known = [
        {**row["properties"], **(msgspec.json.decode(text) if text else {})} if row["name"] == IDENTIFIED else {}
        for row, text in zip(rows, texts, strict=True)
    ]
    said = {
        name: mapped.literals(name, pa.array([one.get(name) for one in known], pa.string())) for name in mapped.mapped
    }
    return fill.Columns(formed.column("seq"), formed.column("at"), formed.column("id"), said)


def _said(part: Part) -> list[dict[str, Any]]:
    """The rows of a part as they are kept."""
    shown = _dicts(part.shown, part.table.num_rows)
    rows = part.table.select(
        [name for name in ("user_id", "at", "amount_fen", "entry_code", "kind") if name in part.table.column_names]
    ).to_pylist()
    return [
        {**row, "id": one, "name": part.name, "visitor": stranger_of(row["user_id"].strip()), "properties": said}
        for row, one, said in zip(rows, part.ids.to_pylist(), shown, strict=True)
    ]


def _dicts(texts: dict[str, pa.Array], rows: int) -> list[dict[str, str]]:
    if not texts:
        return [{} for _ in range(rows)]
    said = zip(*(column.to_pylist() for column in texts.values()), strict=True)
    return [{name: value for name, value in zip(texts, row, strict=True) if value is not None} for row in said]


def _between(rows: int, start: int, end: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    places = np.arange(rows)
    return (places >= start) & (places < end)
