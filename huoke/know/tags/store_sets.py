"""The SQL of a tag's sets in PostgreSQL: what is put, who came and went, who deleted it, and how fillings went."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.sets import CustomerSet, to_rows
from huoke.kernel.tx import Tx
from huoke.know.tags.model import Failure

CHUNK = 65_536
_NOBODY = BitMap().serialize()


async def hidden(tx: Tx, numbers: Iterable[int]) -> dict[int, CustomerSet]:
    """Who deleted each tag of themselves; tags that nobody deleted are left out."""
    rows = await tx.fetch(
        "SELECT number, array_agg(seq) AS seqs FROM tags.hidden WHERE number = ANY($1::int[]) GROUP BY number",
        sorted(set(numbers)),
    )
    return {row["number"]: CustomerSet.of(tx.tenant, row["seqs"], tx.now) for row in rows}


async def hidden_since(tx: Tx, numbers: Iterable[int], since: datetime) -> CustomerSet:
    """Who deleted one of these tags at an instant or after it."""
    rows = await tx.fetch(
        "SELECT DISTINCT seq FROM tags.hidden WHERE number = ANY($1::int[]) AND hidden_at >= $2",
        sorted(set(numbers)),
        since,
    )
    return CustomerSet.of(tx.tenant, [row["seq"] for row in rows], tx.now)


async def hide(tx: Tx, number: int, seq: int) -> bool:
    """Keep that a customer deleted a tag; False when they had before."""
    return bool(
        await tx.execute(
            "INSERT INTO tags.hidden (number, seq, hidden_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            number,
            seq,
            tx.now,
        )
    )


async def show_again(tx: Tx, number: int, seq: int) -> None:
    """Forget that a customer deleted a tag."""
    await tx.execute("DELETE FROM tags.hidden WHERE number = $1 AND seq = $2", number, seq)


async def hidden_by(tx: Tx, seq: int) -> list[int]:
    """The tags a customer deleted, by number."""
    rows = await tx.fetch("SELECT number FROM tags.hidden WHERE seq = $1 ORDER BY number", seq)
    return [row["number"] for row in rows]


async def put_of(tx: Tx, seq: int) -> list[Record]:
    """All that is put of a customer's chunk, by number and value; who is known at all is no value."""
    return await tx.fetch(
        "SELECT number, value, members FROM tags.chunk WHERE chunk = $1 AND value > 0 ORDER BY number, value",
        seq // CHUNK,
    )


async def chunks(tx: Tx, number: int) -> list[Record]:
    """The members of a put tag: value, chunk, members."""
    return await tx.fetch("SELECT value, chunk, members FROM tags.chunk WHERE number = $1 ORDER BY value", number)


async def chunks_of(tx: Tx, number: int, wanted: Sequence[int]) -> dict[tuple[int, int], BitMap]:
    """The members of a put tag in some chunks, locked: (value, chunk) → members."""
    rows = await tx.fetch(
        "SELECT value, chunk, members FROM tags.chunk WHERE number = $1 AND chunk = ANY($2::int[])"
        " ORDER BY value, chunk FOR UPDATE",
        number,
        list(wanted),
    )
    return {(row["value"], row["chunk"]): BitMap.deserialize(row["members"]) for row in rows}


async def put_chunks(tx: Tx, number: int, found: Mapping[tuple[int, int], BitMap]) -> None:
    """Write chunks of a put tag."""
    keys = sorted(found)
    await tx.execute(
        "INSERT INTO tags.chunk (number, value, chunk, members)"
        " SELECT $1, value, chunk, members FROM unnest($2::int[], $3::int[], $4::bytea[]) AS n (value, chunk, members)"
        " ON CONFLICT (tenant_id, number, value, chunk) DO UPDATE SET members = excluded.members",
        number,
        [value for value, _ in keys],
        [chunk for _, chunk in keys],
        [found[key].serialize() for key in keys],
    )


async def add_deltas(tx: Tx, number: int, value: int, day: date, entered: CustomerSet, gone: CustomerSet) -> None:
    """Write who came and went on a day, over what the day had before: who came and went again did neither."""
    came, went = to_rows(entered), to_rows(gone)
    touched = sorted(came.keys() | went.keys())
    known = {
        row["chunk"]: row
        for row in await tx.fetch(
            "SELECT chunk, entered, gone FROM tags.delta WHERE number = $1 AND value = $2 AND day = $3"
            " AND chunk = ANY($4::int[])",
            number,
            value,
            day,
            touched,
        )
    }
    rows = [
        (chunk, *_joined(known.get(chunk), came.get(chunk, _NOBODY), went.get(chunk, _NOBODY))) for chunk in touched
    ]
    await tx.execute(
        "INSERT INTO tags.delta (number, value, day, chunk, entered, gone, at)"
        " SELECT $1, $2, $3, chunk, entered, gone, $4 FROM unnest($5::int[], $6::bytea[], $7::bytea[])"
        " AS n (chunk, entered, gone)"
        " ON CONFLICT (tenant_id, number, value, chunk, day) DO UPDATE SET entered = excluded.entered,"
        " gone = excluded.gone, at = excluded.at",
        number,
        value,
        day,
        tx.now,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


async def deltas_of(tx: Tx, codes: Mapping[int, int], seq: int) -> list[Record]:
    """What the history of tags says of one value each (number → code) in one customer's chunk, latest day first."""
    return await tx.fetch(
        "SELECT d.number, d.day, d.entered FROM unnest($1::int[], $2::int[]) AS w (number, value)"
        " JOIN tags.delta AS d ON d.number = w.number AND d.value = w.value WHERE d.chunk = $3 ORDER BY d.day DESC",
        list(codes),
        list(codes.values()),
        seq // CHUNK,
    )


async def deltas_after(tx: Tx, number: int, day: date) -> list[Record]:
    """Who came and went after a day, latest first."""
    return await tx.fetch(
        "SELECT value, day, entered, gone FROM tags.delta WHERE number = $1 AND day > $2 ORDER BY day DESC", number, day
    )


async def first_days(tx: Tx, numbers: Iterable[int]) -> dict[int, date]:
    """The first day of each tag's history, of those that have one."""
    rows = await tx.fetch(
        "SELECT number, min(day) AS day FROM tags.delta WHERE number = ANY($1::int[]) GROUP BY number", list(numbers)
    )
    return {row["number"]: row["day"] for row in rows}


async def note_filled(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Keep how tags were filled: number, data_version, data_of, data_at, position, counts, known, universe, cost_ms."""
    await tx.execute(
        "UPDATE tags.tag AS t SET data_version = n.data_version, data_of = n.data_of, data_at = n.data_at, position ="
        " n.position, counts = n.counts, known = n.known, universe = n.universe, cost_ms = n.cost_ms, failure = NULL"
        " FROM unnest($1::int[], $2::bigint[], $3::int[], $4::timestamptz[], $5::jsonb[], $6::jsonb[], $7::int[],"
        " $8::int[], $9::int[]) AS n (number, data_version, data_of, data_at, position, counts, known, universe,"
        " cost_ms) WHERE t.number = n.number",
        *(
            [row[name] for row in rows]
            for name in (
                "number", "data_version", "data_of", "data_at", "position", "counts", "known", "universe", "cost_ms",
            )
        ),
    )  # fmt: skip


async def note_failed(tx: Tx, failures: Mapping[int, Failure]) -> None:
    """Keep why tags could not be filled."""
    await tx.execute(
        "UPDATE tags.tag AS t SET failure = n.failure FROM unnest($1::int[], $2::jsonb[]) AS n (number, failure)"
        " WHERE t.number = n.number",
        list(failures),
        [msgspec.to_builtins(one) for one in failures.values()],
    )


async def put_figures(tx: Tx, day: date, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what a day's filling gave: number, known, universe, counts, drift."""
    await tx.execute(
        "INSERT INTO tags.figure (number, day, known, universe, counts, drift)"
        " SELECT number, $1, known, universe, counts, drift FROM unnest($2::int[], $3::int[], $4::int[], $5::jsonb[],"
        " $6::float[]) AS n (number, known, universe, counts, drift)"
        " ON CONFLICT (tenant_id, number, day) DO UPDATE SET known = excluded.known, universe = excluded.universe,"
        " counts = excluded.counts, drift = excluded.drift",
        day,
        *([row[name] for row in rows] for name in ("number", "known", "universe", "counts", "drift")),
    )


async def figures_before(tx: Tx, numbers: Sequence[int], day: date) -> dict[int, Record]:
    """The last figure of each tag before a day."""
    rows = await tx.fetch(
        "SELECT DISTINCT ON (number) number, counts, known FROM tags.figure WHERE number = ANY($1::int[]) AND day < $2"
        " ORDER BY number, day DESC",
        list(numbers),
        day,
    )
    return {row["number"]: row for row in rows}


async def figures(tx: Tx, number: int, days: int) -> list[Record]:
    """The last figures of a tag, latest first."""
    return await tx.fetch(
        "SELECT day, known, universe, counts, drift FROM tags.figure WHERE number = $1 ORDER BY day DESC LIMIT $2",
        number,
        days,
    )


async def add_run(tx: Tx, run_id: UUID, fields: Mapping[str, Any]) -> None:
    """Keep a refresh: job_id, began_at, numbers, filled, touched, whole, failures."""
    await tx.execute(
        "INSERT INTO tags.run (id, job_id, began_at, ended_at, numbers, filled, touched, whole, failures)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        run_id,
        fields["job_id"],
        fields["began_at"],
        tx.now,
        fields["numbers"],
        fields["filled"],
        fields["touched"],
        fields["whole"],
        msgspec.to_builtins(fields["failures"]),
    )


async def runs(tx: Tx, number: int | None, before: datetime | None, limit: int) -> list[Record]:
    """Refreshes, of one tag or of all, latest first."""
    return await tx.fetch(
        "SELECT id, job_id, began_at, ended_at, cardinality(numbers) AS wanted, filled, touched, whole, failures"
        " FROM tags.run WHERE ($1::int IS NULL OR $1 = ANY(numbers)) AND ($2::timestamptz IS NULL OR began_at < $2)"
        " ORDER BY began_at DESC LIMIT $3",
        number,
        before,
        limit,
    )


async def forget_data(tx: Tx) -> None:
    """Say of every tag that its sets are gone; the next refresh works them out for everybody."""
    await tx.execute("UPDATE tags.tag SET position = NULL, data_at = NULL WHERE data_version > 0")


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Take customers out of all that is put, kept or deleted of them."""
    gone = BitMap(seqs)
    numbers = sorted({seq // CHUNK for seq in seqs})
    for row in await tx.fetch(
        "SELECT number, value, chunk, members FROM tags.chunk WHERE chunk = ANY($1::int[]) FOR UPDATE", numbers
    ):
        members = BitMap.deserialize(row["members"])
        if members.intersect(gone):
            await tx.execute(
                "UPDATE tags.chunk SET members = $4 WHERE number = $1 AND value = $2 AND chunk = $3",
                row["number"],
                row["value"],
                row["chunk"],
                (members - gone).serialize(),
            )
    for row in await tx.fetch("SELECT * FROM tags.delta WHERE chunk = ANY($1::int[]) FOR UPDATE", numbers):
        came, went = BitMap.deserialize(row["entered"]), BitMap.deserialize(row["gone"])
        if came.intersect(gone) or went.intersect(gone):
            await tx.execute(
                "UPDATE tags.delta SET entered = $5, gone = $6 WHERE number = $1 AND value = $2 AND chunk = $3"
                " AND day = $4",
                row["number"],
                row["value"],
                row["chunk"],
                row["day"],
                (came - gone).serialize(),
                (went - gone).serialize(),
            )
    await tx.execute("DELETE FROM tags.hidden WHERE seq = ANY($1::bigint[])", list(seqs))


async def left_of(tx: Tx, seqs: Sequence[int]) -> list[str]:
    """Where any of these customers still stands."""
    sought = BitMap(seqs)
    numbers = sorted({seq // CHUNK for seq in seqs})
    rows = await tx.fetch(
        "SELECT 'tags.chunk' AS place, number, members FROM tags.chunk WHERE chunk = ANY($1::int[])"
        " UNION ALL SELECT 'tags.delta', number, entered FROM tags.delta WHERE chunk = ANY($1::int[])"
        " UNION ALL SELECT 'tags.delta', number, gone FROM tags.delta WHERE chunk = ANY($1::int[])",
        numbers,
    )
    found = {(row["place"], row["number"]) for row in rows if BitMap.deserialize(row["members"]).intersect(sought)}
    return [f"{place} of tag {number}" for place, number in sorted(found)]


def _joined(known: Record | None, came: bytes, went: bytes) -> tuple[bytes, bytes]:
    if known is None:
        return came, went
    entered, gone = BitMap.deserialize(known["entered"]), BitMap.deserialize(known["gone"])
    now_in, now_out = BitMap.deserialize(came), BitMap.deserialize(went)
    return ((entered - now_out) | (now_in - gone)).serialize(), ((gone - now_in) | (now_out - entered)).serialize()
