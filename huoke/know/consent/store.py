"""The only SQL of consent: entries in, folded sets and entries since out."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.consent.model import TAKEN_BACK, Purpose, Statement, SuppressionStatement

CONSENT = "entry"
SUPPRESSION = "suppression"
WITHDRAWN = "withdrawn"
"""The consent ledger read the other way round: who said no. Only its folds stand under this name."""

_COUNT_BEFORE = "SELECT count(*) FROM consent.{ledger} WHERE xid = pg_current_xact_id()"


async def purposes(tx: Tx) -> list[Purpose]:
    """All purposes, by code."""
    rows = await tx.fetch(
        "SELECT code, label, label_en, data_kinds, text_version, text FROM consent.purpose ORDER BY code"
    )
    return [Purpose(**{**dict(row), "data_kinds": tuple(row["data_kinds"])}) for row in rows]


async def put_purposes(tx: Tx, defined: Sequence[Purpose]) -> None:
    """Write purposes by code, over what they were."""
    for purpose in defined:
        await tx.execute(
            "INSERT INTO consent.purpose (code, label, label_en, data_kinds, text_version, text, changed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, code) DO UPDATE"
            " SET label = $2, label_en = $3,"
            " data_kinds = $4, text_version = $5, text = $6, changed_at = $7",
            purpose.code,
            purpose.label,
            purpose.label_en,
            list(purpose.data_kinds),
            purpose.text_version,
            purpose.text,
            tx.now,
        )


async def append_consents(tx: Tx, statements: Sequence[Statement]) -> None:
    """Append statements to the consent ledger, one row per chunk of their members."""
    for statement in statements:
        await _append(
            tx,
            CONSENT,
            {"subject": statement.purpose, "basis": statement.basis.value, "text_version": statement.text_version,
             "channel": statement.channel, "source": statement.source},
            statement.members,
            statement.verdict.value,
            statement.at or tx.now,
        )  # fmt: skip


async def append_taken_back(tx: Tx, entry: Record, members: CustomerSet) -> None:
    """Append that what `entry` declared for `members` was never said."""
    extra = {name: entry[name] for name in ("subject", "basis", "text_version", "channel", "source")}
    await _append(tx, CONSENT, extra, members, TAKEN_BACK, tx.now)


async def append_suppressions(tx: Tx, statements: Sequence[SuppressionStatement]) -> None:
    """Append statements to the suppression lists, one row per chunk of their members."""
    for statement in statements:
        extra = {"subject": statement.reason.value, "source": statement.source}
        await _append(tx, SUPPRESSION, extra, statement.members, statement.verdict.value, tx.now)


async def _append(tx: Tx, ledger: str, extra: dict[str, str], members: CustomerSet, verdict: str, at: datetime) -> None:
    chunks = list(members.chunks())
    ones = [bitmap.min() if len(bitmap) == 1 else None for _, bitmap in chunks]
    first = await tx.fetch_value(_COUNT_BEFORE.format(ledger=ledger))
    names = ", ".join(extra)
    constants = ", ".join(f"${number}::text" for number in range(11, 11 + len(extra)))
    await tx.execute(
        f"INSERT INTO consent.{ledger} (id, chunk, seq, members, ordinal, verdict, at, recorded_at, actor, {names})"
        f" SELECT e.id, e.chunk, e.seq, e.members, $5 + e.ordinal, $6, $7, $8, $9, {constants}"
        " FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bytea[], $10::int[])"
        " AS e(id, chunk, seq, members, ordinal)",
        new_ids(len(chunks)),
        [chunk for chunk, _ in chunks],
        ones,
        [None if one is not None else bitmap.serialize() for one, (_, bitmap) in zip(ones, chunks, strict=True)],
        first,
        verdict,
        at,
        tx.now,
        f"{tx.actor.kind.value}:{tx.actor.id}",
        list(range(len(chunks))),
        *extra.values(),
    )


async def subjects(tx: Tx, ledger: str) -> list[str]:
    """The subjects a ledger has entries of."""
    rows = await tx.fetch(f"SELECT DISTINCT subject FROM consent.{ledger}")
    return [row["subject"] for row in rows]


async def fold_position(tx: Tx, ledger: str, subject: str) -> int | None:
    """The transaction id below which every entry is folded in; None where nothing is folded.

    A fold from another life of the cluster (a restored dump) lies ahead of it and does not count.
    """
    position: int | None = await tx.fetch_value(
        "SELECT xid FROM consent.fold WHERE ledger = $1 AND subject = $2"
        " AND xid <= pg_snapshot_xmin(pg_current_snapshot())",
        ledger,
        subject,
    )
    return position


async def fold_chunks(tx: Tx, ledger: str, subject: str) -> list[bytes]:
    """The folded set, one bitmap per chunk."""
    rows = await tx.fetch(
        "SELECT members FROM consent.fold_chunk WHERE ledger = $1 AND subject = $2 ORDER BY chunk", ledger, subject
    )
    return [row["members"] for row in rows]


async def entries_since(tx: Tx, ledger: str, subject: str, xid: int) -> list[Record]:
    """Entries (verdict, seq, members, xid) from a transaction id on, oldest first."""
    return await tx.fetch(
        f"SELECT verdict, seq, members, xid FROM consent.{ledger} AS e"
        " WHERE subject = $1 AND e.xid >= $2::xid8 ORDER BY recorded_at, e.xid, ordinal",
        subject,
        xid,
    )


async def put_fold(tx: Tx, ledger: str, subject: str, chunks: dict[int, bytes], xid: int) -> None:
    """Write the folded set of everything below `xid`."""
    await tx.execute(
        "INSERT INTO consent.fold (ledger, subject, xid, folded_at) VALUES ($1, $2, $3::xid8, $4)"
        " ON CONFLICT (tenant_id, ledger, subject) DO UPDATE SET xid = EXCLUDED.xid, folded_at = EXCLUDED.folded_at",
        ledger,
        subject,
        xid,
        tx.now,
    )
    await tx.execute(
        "DELETE FROM consent.fold_chunk WHERE ledger = $1 AND subject = $2 AND chunk <> ALL($3::int[])",
        ledger,
        subject,
        list(chunks),
    )
    await tx.execute(
        "INSERT INTO consent.fold_chunk (ledger, subject, chunk, members)"
        " SELECT $1, $2, c.chunk, c.members FROM unnest($3::int[], $4::bytea[]) AS c(chunk, members)"
        " ON CONFLICT (tenant_id, ledger, subject, chunk) DO UPDATE SET members = EXCLUDED.members",
        ledger,
        subject,
        list(chunks),
        list(chunks.values()),
    )


async def snapshot_floor(tx: Tx) -> int:
    """The transaction id below which every row that will ever be is visible."""
    floor: int = await tx.fetch_value("SELECT pg_snapshot_xmin(pg_current_snapshot())")
    return floor


async def entries_of(tx: Tx, ledger: str, seq: int) -> list[Record]:
    """Entries that may be about one customer, oldest first: its own, and those of sets in its chunk."""
    return await tx.fetch(
        f"SELECT * FROM consent.{ledger} WHERE seq = $1 OR (members IS NOT NULL AND chunk = $2)"
        " ORDER BY recorded_at, xid, ordinal",
        seq,
        seq >> 16,
    )


async def mentioned(tx: Tx, ledger: str, subject: str, seqs: Sequence[int]) -> list[Record]:
    """Entries (id, verdict, seq, members) of a subject that may be about any of `seqs`, oldest first."""
    return await tx.fetch(
        f"SELECT id, verdict, seq, members FROM consent.{ledger} WHERE subject = $1 AND (seq = ANY($2::int[])"
        " OR (members IS NOT NULL AND chunk = ANY($3::int[]))) ORDER BY recorded_at, xid, ordinal",
        subject,
        list(seqs),
        sorted({seq >> 16 for seq in seqs}),
    )


async def declared_by(tx: Tx, source: str, chunks: Sequence[int]) -> list[Record]:
    """Whole entries that a source declared as given for customers of `chunks`, oldest first."""
    return await tx.fetch(
        "SELECT * FROM consent.entry WHERE source = $1 AND verdict = 'given' AND chunk = ANY($2::int[])"
        " ORDER BY recorded_at, xid, ordinal",
        source,
        list(chunks),
    )
