"""The SQL of messages put aside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.know.events.fit import Unfit
from huoke.know.events.model import Arrived
from huoke.know.events.quarantine_model import Reason

BODY = "event_body"
"""What a body of nobody we know is sealed as, under the bank's key."""
_LISTED = "id, name, reason, detail, property, seq, body, source_id, recorded_at"


async def put(tx: Tx, aside: Sequence[tuple[Arrived, Unfit]], seqs: Sequence[int | None]) -> None:
    """Put messages aside, sealed; one that lies there already stays as it is."""
    bodies = await _seal(tx, [msgspec.json.encode(one.message).decode() for one, _ in aside], seqs)
    await tx.execute(
        "INSERT INTO events.quarantine (id, name, reason, detail, property, seq, body, source_id, recorded_at)"
        " SELECT q.id, q.name, q.reason, q.detail, q.property, q.seq, q.body, q.source_id, q.at"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bytea[], $8::uuid[],"
        " $9::timestamptz[]) AS q(id, name, reason, detail, property, seq, body, source_id, at)"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,"
        " property = excluded.property",
        *zip(
            *{
                one.id: (
                    one.id,
                    one.message.event or one.message.type,
                    unfit.reason.value,
                    unfit.detail,
                    unfit.property,
                    seq,
                    body,
                    one.source_id,
                    one.received_at,
                )
                for (one, unfit), seq, body in zip(aside, seqs, bodies, strict=True)
            }.values(),
            strict=True,
        ),
    )


_MATCHES = "($1 = '' OR name = $1) AND ($2::text IS NULL OR reason = $2) AND ($3::text IS NULL OR property = $3)"


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages: of a name, for a reason, about a property; empty and None leave it open."""

    name: str = ""
    reason: Reason | None = None
    about: str | None = None

    @property
    def arguments(self) -> tuple[str, str | None, str | None]:
        """The first three arguments of every statement here."""
        return self.name, self.reason.value if self.reason else None, self.about


async def find(
    tx: Tx, wanted: Matching, *, source_id: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[dict[str, Any], str | None]]:
    """Messages put aside, latest first, each with its body in clear (None once its customer is forgotten)."""
    rows = await tx.fetch(
        f"SELECT {_LISTED} FROM events.quarantine WHERE {_MATCHES} AND ($4::uuid IS NULL OR source_id = $4)"
        " AND ($5::timestamptz IS NULL OR (recorded_at, id) < ($5, $6::uuid))"
        " ORDER BY recorded_at DESC, id DESC LIMIT $7",
        *wanted.arguments,
        source_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    bodies = await _open(tx, [row["body"] for row in rows], [row["seq"] for row in rows])
    return [(dict(row), body) for row, body in zip(rows, bodies, strict=True)]


async def counts(tx: Tx, name: str, source_id: UUID | None) -> dict[str, int]:
    """How many lie aside for each reason."""
    rows = await tx.fetch(
        "SELECT reason, count(*) AS n FROM events.quarantine WHERE ($1 = '' OR name = $1)"
        " AND ($2::uuid IS NULL OR source_id = $2) GROUP BY reason ORDER BY n DESC, reason",
        name,
        source_id,
    )
    return {row["reason"]: row["n"] for row in rows}


async def causes(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """By name, reason and property: how many, from whom, since when and until when; the most first."""
    rows = await tx.fetch(
        "SELECT name, reason, property, (array_agg(detail ORDER BY recorded_at DESC))[1] AS detail,"
        " array_agg(DISTINCT source_id) AS source_ids, count(*) AS messages, min(recorded_at) AS first_at,"
        " max(recorded_at) AS last_at FROM events.quarantine GROUP BY name, reason, property"
        " ORDER BY messages DESC, name, reason, property LIMIT $1",
        limit,
    )
    return [dict(row) for row in rows]


async def take_out(
    tx: Tx, wanted: Matching, ids: Sequence[UUID], after: UUID | None, limit: int
) -> list[tuple[dict[str, Any], str | None]]:
    """Remove the next messages by id (those of `ids` where there are any), to try them again."""
    rows = await tx.fetch(
        "DELETE FROM events.quarantine WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM events.quarantine"
        f" WHERE {_MATCHES} AND ($4::uuid[] = '{{}}' OR id = ANY($4)) AND ($5::uuid IS NULL OR id > $5)"
        f" ORDER BY id LIMIT $6 FOR UPDATE SKIP LOCKED) RETURNING {_LISTED}",
        *wanted.arguments,
        list(ids),
        after,
        limit,
    )
    bodies = await _open(tx, [row["body"] for row in rows], [row["seq"] for row in rows])
    return [(dict(row), body) for row, body in zip(rows, bodies, strict=True)]


async def discard(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Throw messages away; those that were there."""
    rows = await tx.fetch("DELETE FROM events.quarantine WHERE id = ANY($1::uuid[]) RETURNING id", list(ids))
    return {row["id"] for row in rows}


async def clear(tx: Tx, wanted: Matching, limit: int) -> int:
    """Throw away all that match, at most `limit`; how many."""
    return await tx.execute(
        "DELETE FROM events.quarantine WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM events.quarantine"
        f" WHERE {_MATCHES} LIMIT $4 FOR UPDATE SKIP LOCKED)",
        *wanted.arguments,
        limit,
    )


async def expire(tx: Tx, before: datetime, limit: int) -> int:
    """Drop what nobody mended in time, at most `limit`."""
    return await tx.execute(
        "DELETE FROM events.quarantine WHERE id IN (SELECT id FROM events.quarantine WHERE recorded_at < $1 LIMIT $2)",
        before,
        limit,
    )


async def _seal(tx: Tx, texts: Sequence[str], seqs: Sequence[int | None]) -> list[bytes | None]:
    known = [seq for seq in seqs if seq is not None]
    own = await privacy.customer_keys(tx, known, make=True) if known else None
    bank = await privacy.keys(tx)
    return [
        own.seal([seq], [text])[0] if own is not None and seq is not None else bank.encrypt(BODY, [0], [text])[0]
        for text, seq in zip(texts, seqs, strict=True)
    ]


async def _open(tx: Tx, bodies: Sequence[bytes | None], seqs: Sequence[int | None]) -> list[str | None]:
    known = [seq for seq in seqs if seq is not None]
    own = await privacy.customer_keys(tx, known) if known else None
    bank = await privacy.keys(tx)
    return [
        own.open([seq], [body])[0] if own is not None and seq is not None else bank.decrypt(BODY, [0], [body])[0]
        for body, seq in zip(bodies, seqs, strict=True)
    ]
