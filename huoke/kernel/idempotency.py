"""Request numbers: the same number with the same body is a retry, with another body a conflict.

One unpartitioned table, written in the business transaction, so that a number is known exactly when its work is done.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from asyncpg import Record
from sqlalchemy import Column, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.refusals import Conflict
from huoke.kernel.schema import APP_APPEND, module_table
from huoke.kernel.tx import Tx

request = module_table(
    "kernel",
    "request",
    Column("operation", Text, primary_key=True),
    Column("request_no", Text, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("ref", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    comment="Request numbers already done, with what they did",
)


class RequestKey(msgspec.Struct, frozen=True):
    """A caller's own number for one write, and the hash of what it asked."""

    request_no: str
    body_hash: bytes


class RequestReused(Conflict):
    """The number was used before for another body."""

    code = "request.reused"


class Earlier(msgspec.Struct, frozen=True):
    """What this number did the first time."""

    ref: Any


def body_hash(body: Any) -> bytes:
    """SHA-256 of a body's canonical JSON (keys sorted), first 16 bytes."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).digest()[:16]


async def remember(tx: Tx, operation: str, keys: Sequence[RequestKey]) -> list[Earlier | RequestReused | None]:
    """Say for each key, in order: None when it is new, what it did when it is a retry, a refusal when it was reused."""
    rows = await tx.fetch(
        "SELECT request_no, body_hash, ref FROM kernel.request WHERE operation = $1 AND request_no = ANY($2::text[])",
        operation,
        [key.request_no for key in keys],
    )
    known = {row["request_no"]: row for row in rows}
    return [_verdict(key, known.get(key.request_no)) for key in keys]


def _verdict(key: RequestKey, row: Record | None) -> Earlier | RequestReused | None:
    if row is None:
        return None
    if row["body_hash"] == key.body_hash:
        return Earlier(row["ref"])
    return RequestReused(
        f"Request number '{key.request_no}' was already used for another body; take a new number.",
        pointer="/request_no",
        request_no=key.request_no,
    )


async def settle(tx: Tx, operation: str, done: Mapping[RequestKey, Any]) -> None:
    """Write what each number did, in the same transaction; a number written by a concurrent transaction raises.

    Two transactions with the same new number: the second waits for the first and then fails on the primary key, so its
    work is undone; the caller (or the batcher) runs again and finds the number known.
    """
    await tx.post(
        "INSERT INTO kernel.request (operation, request_no, body_hash, ref, at)"
        " SELECT $1, r.request_no, r.body_hash, r.ref::jsonb, $5"
        " FROM unnest($2::text[], $3::bytea[], $4::text[]) AS r(request_no, body_hash, ref)",
        operation,
        [key.request_no for key in done],
        [key.body_hash for key in done],
        [msgspec.json.encode(ref).decode() for ref in done.values()],
        tx.now,
    )
