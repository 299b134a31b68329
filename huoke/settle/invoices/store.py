"""The SQL of invoices."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.invoices.model import LineRef, LineState, NewInvoice, Paper, VatBasis, VatKind

LINE = (
    "statement_id", "place", "slot", "number", "supplier_id", "until_on", "title", "campaign", "quantity",
    "amount_fen", "vat_kind", "basis", "why", "made_by", "kind_by", "state",
)  # fmt: skip
_TYPES = (
    "uuid", "int", "text", "text", "uuid", "date", "text", "text", "int",
    "bigint", "text", "text", "text", "text", "text", "text",
)  # fmt: skip
_INVOICE = ("id", "code", "number", "issued_on", "amount_fen", "rate_ppm", "tax_fen", "received_by", "received_at",
            "reversed_at", "reason")  # fmt: skip
_WAITS = "NOT l.closed AND l.state IN ('open', 'requested', 'reversed')"
_REFS = "unnest($1::uuid[], $2::int[], $3::text[]) AS r (statement_id, place, slot)"
_FILTER = (
    " ($1::uuid IS NULL OR l.statement_id = $1) AND ($2::uuid IS NULL OR l.supplier_id = $2)"
    " AND ($3::text IS NULL OR l.vat_kind = $3) AND ($4::date IS NULL OR l.until_on >= $4)"
    " AND ($5::date IS NULL OR l.until_on <= $5)"
    " AND ($6 = '' OR strpos(l.number, $6) > 0 OR strpos(l.title, $6) > 0 OR strpos(coalesce(i.number, ''), $6) > 0)"
)
_FROM = " FROM invoices.line AS l LEFT JOIN invoices.invoice AS i ON i.id = l.invoice_id WHERE"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines; days are the last of their statement."""

    statement_id: UUID | None = None
    supplier_id: UUID | None = None
    vat_kind: VatKind | None = None
    since_on: date | None = None
    until_on: date | None = None
    q: str = ""


def _refs(refs: Sequence[LineRef]) -> tuple[list[object], ...]:
    return [ref.statement_id for ref in refs], [ref.place for ref in refs], [ref.slot.value for ref in refs]


async def add(tx: Tx, rows: Sequence[tuple[object, ...]]) -> int:
    """Write lines, columns as `LINE`; those there already stay. Returns how many are new."""
    arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES, 1))
    found = await tx.fetch(
        f"INSERT INTO invoices.line ({', '.join(LINE)}) SELECT * FROM unnest({arrays})"
        " ON CONFLICT (tenant_id, statement_id, place, slot) DO NOTHING RETURNING place",
        *[list(column) for column in zip(*rows, strict=True)],
    )
    return len(found)


async def has(tx: Tx, statement_id: UUID) -> bool:
    """Whether a statement's lines are there."""
    return bool(await tx.fetch_value("SELECT EXISTS (SELECT FROM invoices.line WHERE statement_id = $1)", statement_id))


async def close(tx: Tx, statement_id: UUID) -> None:
    """A statement was reversed: nothing more is expected; what was received stays until it is reversed itself."""
    await tx.execute(
        "UPDATE invoices.line SET closed = true, state = CASE WHEN state IN ('open', 'requested') THEN 'reversed'"
        " ELSE state END WHERE statement_id = $1",
        statement_id,
    )


async def locked(tx: Tx, refs: Sequence[LineRef]) -> list[Record]:
    """Lines by reference, locked in one order until the transaction ends."""
    return await tx.fetch(
        f"SELECT l.* FROM invoices.line AS l JOIN {_REFS} USING (statement_id, place, slot)"
        " ORDER BY l.statement_id, l.place, l.slot FOR NO KEY UPDATE OF l",
        *_refs(refs),
    )


async def locked_place(tx: Tx, statement_id: UUID, place: int) -> list[Record]:
    """Every slot of one line, locked until the transaction ends."""
    return await tx.fetch(
        "SELECT * FROM invoices.line WHERE statement_id = $1 AND place = $2 ORDER BY slot FOR UPDATE",
        statement_id,
        place,
    )


async def remove_place(tx: Tx, statement_id: UUID, place: int) -> None:
    """Take the slots of a locked line away, for others to come."""
    await tx.execute("DELETE FROM invoices.line WHERE statement_id = $1 AND place = $2", statement_id, place)


async def request(tx: Tx, refs: Sequence[LineRef]) -> None:
    """Write that locked lines were asked for."""
    await tx.execute(
        "UPDATE invoices.line AS l SET state = 'requested', requested_by = $4, requested_at = $5"
        f" FROM {_REFS} WHERE (l.statement_id, l.place, l.slot) = (r.statement_id, r.place, r.slot)",
        *_refs(refs),
        tx.actor.id,
        tx.now,
    )


async def insert(tx: Tx, invoice_id: UUID, new: NewInvoice, supplier_id: UUID) -> bool:
    """Write an invoice; False where its number was entered before."""
    row = await tx.fetch_row(
        "INSERT INTO invoices.invoice (id, code, number, supplier_id, issued_on, amount_fen, rate_ppm, tax_fen,"
        " received_by, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (tenant_id, code, number) DO NOTHING RETURNING id",
        invoice_id, new.code, new.number, supplier_id, new.issued_on, new.amount_fen, new.rate_ppm, new.tax_fen,
        tx.actor.id, tx.now,
    )  # fmt: skip
    return row is not None


async def cover(tx: Tx, invoice_id: UUID, refs: Sequence[LineRef]) -> None:
    """Write that an invoice stands behind locked lines."""
    await tx.execute(
        "UPDATE invoices.line AS l SET state = 'received', invoice_id = $4"
        f" FROM {_REFS} WHERE (l.statement_id, l.place, l.slot) = (r.statement_id, r.place, r.slot)",
        *_refs(refs),
        invoice_id,
    )


async def invoice(tx: Tx, invoice_id: UUID) -> Record | None:
    """An invoice, locked until the transaction ends."""
    return await tx.fetch_row("SELECT * FROM invoices.invoice WHERE id = $1 FOR NO KEY UPDATE", invoice_id)


async def reverse(tx: Tx, invoice_id: UUID, reason: str) -> int:
    """Take a locked invoice back; returns how many lines wait again."""
    await tx.execute(
        "UPDATE invoices.invoice SET reversed_by = $2, reversed_at = $3, reason = $4 WHERE id = $1",
        invoice_id,
        tx.actor.id,
        tx.now,
        reason,
    )
    found = await tx.fetch(
        "UPDATE invoices.line SET state = 'reversed' WHERE invoice_id = $1 AND state = 'received' RETURNING place",
        invoice_id,
    )
    return len(found)


async def add_paper(tx: Tx, invoice_id: UUID, file_id: UUID, paper: Paper) -> bool:
    """Write a kept file; False where it, or another of its format, is there."""
    row = await tx.fetch_row(
        "INSERT INTO invoices.paper (id, invoice_id, file_id, name, format, size_bytes, sha256, kept_by, kept_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
        paper.id, invoice_id, file_id, paper.name, paper.format.value, paper.size_bytes, paper.sha256, paper.kept_by,
        paper.kept_at,
    )  # fmt: skip
    return row is not None


async def paper(tx: Tx, paper_id: UUID) -> Record | None:
    """A kept file."""
    return await tx.fetch_row("SELECT * FROM invoices.paper WHERE id = $1", paper_id)


async def papers(tx: Tx, invoice_ids: Collection[UUID]) -> list[Record]:
    """Kept files of invoices, first to last."""
    return await tx.fetch(
        "SELECT * FROM invoices.paper WHERE invoice_id = ANY($1) ORDER BY kept_at, id", list(invoice_ids)
    )


async def missing(tx: Tx, wanted: Filter) -> list[Record]:
    """By supplier what lines have no invoice and which invoices no file, who lacks most first."""
    return await tx.fetch(
        "SELECT l.supplier_id, count(*) AS lines, count(*) FILTER (WHERE l.state = 'received') AS received,"
        f" count(*) FILTER (WHERE {_WAITS}) AS waiting, sum(l.amount_fen)::bigint AS amount_fen,"
        " coalesce(sum(l.amount_fen) FILTER (WHERE l.state = 'received'), 0)::bigint AS received_fen,"
        f" coalesce(sum(l.amount_fen) FILTER (WHERE {_WAITS}), 0)::bigint AS waiting_fen,"
        " count(DISTINCT i.id) FILTER (WHERE l.state = 'received' AND NOT EXISTS (SELECT FROM invoices.paper AS p"
        f" WHERE p.invoice_id = i.id)) AS papers, min(l.until_on) FILTER (WHERE {_WAITS}) AS oldest_on"
        f"{_FROM}{_FILTER} AND l.state <> 'none' GROUP BY l.supplier_id"
        " ORDER BY waiting_fen DESC, papers DESC, l.supplier_id LIMIT 500",
        *_values(wanted),
    )


async def find(
    tx: Tx, wanted: Filter, state: LineState | None, after: tuple[date, UUID, int, str] | None, limit: int
) -> list[Record]:
    """Lines, those of the latest statements first, in the order of their statement."""
    invoice = ", ".join(f"i.{name} AS invoice_{name}" for name in _INVOICE if name != "id")
    return await tx.fetch(
        f"SELECT l.*, {invoice}{_FROM}{_FILTER} AND ($7::text IS NULL OR l.state = $7)"
        " AND ($8::date IS NULL OR (l.until_on, l.statement_id) < ($8, $9::uuid)"
        " OR (l.until_on, l.statement_id) = ($8, $9::uuid) AND (l.place, l.slot) > ($10::int, $11::text))"
        " ORDER BY l.until_on DESC, l.statement_id DESC, l.place, l.slot LIMIT $12",
        *_values(wanted),
        state.value if state else None,
        *(after or (None, None, None, None)),
        limit,
    )


async def count(tx: Tx, wanted: Filter) -> dict[str, int]:
    """How many lines stand in each state."""
    rows = await tx.fetch(f"SELECT l.state, count(*){_FROM}{_FILTER} GROUP BY l.state", *_values(wanted))
    return {row["state"]: row["count"] for row in rows}


def _values(wanted: Filter) -> tuple[object, ...]:
    kind = wanted.vat_kind.value if wanted.vat_kind else None
    return wanted.statement_id, wanted.supplier_id, kind, wanted.since_on, wanted.until_on, wanted.q


def line_of(row: Record, slot: str, kind: VatKind, why: str, changer: str) -> tuple[object, ...]:
    """The row of a line whose kind somebody changed, columns as `LINE`."""
    state = LineState.NONE if kind is VatKind.NONE else LineState.OPEN
    changed = {"slot": slot, "vat_kind": kind.value, "basis": VatBasis.CHANGED.value, "why": why, "kind_by": changer}
    return tuple((dict(row) | changed | {"state": state.value})[name] for name in LINE)
