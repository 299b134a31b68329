"""The SQL of customers and their attributes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from asyncpg import Record

from huoke.kernel.sorting import Column, Place, Sort
from huoke.kernel.tx import Tx
from huoke.know.customers.model import Attribute, AttributeType, Facts

_ROW = (
    "seq, customer_no, name_masked AS name, phone_masked AS phone, id_document_masked AS id_document, unit_id, status,"
    " changed_at"
)


SORTS = {
    "seq": Column("seq", "int"),
    "no": Column("customer_no"),
    "unit": Column("unit_id", "int"),
    "changed": Column("changed_at", "timestamptz"),
    "status": Column("status"),
}


async def find(
    tx: Tx,
    *,
    phone_index: bytes | None,
    id_document_index: bytes | None,
    customer_no: str | None,
    units: Collection[int] | None,
    status: str | None,
    looked_after_by: UUID | None,
    pool: bool,
    sort: Sort,
    after: Place | None,
    limit: int,
) -> tuple[list[Record], dict[str, int]]:
    """Rows in order from a place on, `sort_key` beside each, and how many there are in all by status.

    A search matches one of the three exactly.
    """
    conditions = "($1::int[] IS NULL OR unit_id = ANY($1)) AND ($2::text IS NULL OR status = $2)"
    arguments: list[Any] = [None if units is None else list(units), status]
    if customer_no is not None:
        conditions += " AND (customer_no = $3 OR phone_index = $4 OR id_document_index = $5)"
        arguments += [customer_no, phone_index, id_document_index]
    if looked_after_by is not None:
        arguments.append(looked_after_by)
        conditions += f" AND seq IN (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = ${len(arguments)})"
    if pool:
        conditions += (
            " AND NOT EXISTS (SELECT FROM customers.ownership AS o WHERE o.seq = customer.seq AND o.standing = 'owner')"
        )
    at = len(arguments) + 1
    rows = await tx.fetch(
        f"SELECT {_ROW}, {sort.key} FROM customers.customer WHERE {conditions} AND {sort.beyond(at, at + 1)}"
        f" ORDER BY {sort.by} LIMIT ${at + 2}",
        *arguments,
        *(after[1:] if after else (None, None)),
        limit,
    )
    counted = await tx.fetch(
        f"SELECT status, count(*) AS n FROM customers.customer WHERE {conditions} GROUP BY status", *arguments
    )
    return rows, {row["status"]: row["n"] for row in counted}


async def get(tx: Tx, seq: int) -> Record | None:
    """One customer's row, whole."""
    return await tx.fetch_row("SELECT * FROM customers.customer WHERE seq = $1", seq)


async def rows_of(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Masked rows of some customers, by seq."""
    return await tx.fetch(f"SELECT {_ROW} FROM customers.customer WHERE seq = ANY($1::int[]) ORDER BY seq", list(seqs))


async def seqs_by_no(tx: Tx, customer_nos: Sequence[str]) -> dict[str, int]:
    """The seq of each customer number that exists."""
    rows = await tx.fetch(
        "SELECT c.customer_no, c.seq FROM unnest($1::text[]) AS n(customer_no)"
        " JOIN customers.customer AS c ON c.customer_no = n.customer_no",
        list(customer_nos),
    )
    return {row["customer_no"]: row["seq"] for row in rows}


async def facts(tx: Tx, seqs: Sequence[int]) -> Facts:
    """Units and persons of active customers, as columns, ascending by seq; others are left out."""
    row = await tx.fetch_row(
        "SELECT array_agg(c.seq ORDER BY c.seq) AS seqs, array_agg(c.unit_id ORDER BY c.seq) AS unit_ids,"
        " array_agg(coalesce(c.counts_as, c.person) ORDER BY c.seq) AS persons FROM unnest($1::int[]) AS s(seq)"
        " JOIN customers.customer AS c ON c.seq = s.seq WHERE c.status = 'active'",
        seqs,
    )
    assert row is not None
    columns = {name: np.array(row[name] or [], dtype=np.int32) for name in ("seqs", "unit_ids", "persons")}
    return Facts(**columns)


async def exceptional(tx: Tx, low: int, high: int) -> list[Record]:
    """Customers from `low` to `high` who are closed or are not the first of their natural person, ascending."""
    return await tx.fetch(
        "SELECT seq, coalesce(counts_as, person) AS person, status = 'active' AS active FROM customers.customer"
        " WHERE seq BETWEEN $1 AND $2 AND (person <> seq OR counts_as IS NOT NULL OR status <> 'active')"
        " ORDER BY seq",
        low,
        high,
    )


async def history(tx: Tx, seq: int, *, before_version: int, limit: int) -> list[Record]:
    """What the row held before, latest change first."""
    return await tx.fetch(
        "SELECT version, replaced_at, actor, import_id, before FROM customers.former"
        " WHERE seq = $1 AND version < $2 ORDER BY version DESC LIMIT $3",
        seq,
        before_version,
        limit,
    )


async def provenance(tx: Tx, seq: int, names: Sequence[str]) -> list[Record]:
    """When each of these fields of a customer was changed last, or made, and by which import.

    A row that was never changed since is of the import that made it; of an older one that is not known.
    """
    return await tx.fetch(
        "SELECT n.name, coalesce(f.replaced_at, c.created_at) AS at, i.id AS import_id, i.name AS import_name, i.as_of"
        " FROM customers.customer AS c CROSS JOIN unnest($2::text[]) AS n(name)"
        " LEFT JOIN LATERAL (SELECT import_id, replaced_at FROM customers.former AS e"
        " WHERE e.seq = c.seq AND e.before -> n.name IS NOT NULL ORDER BY e.version DESC LIMIT 1) AS f ON true"
        " LEFT JOIN customers.import AS i ON i.id = CASE WHEN f.replaced_at IS NOT NULL THEN f.import_id"
        " WHEN c.version = 1 THEN c.import_id END WHERE c.seq = $1",
        seq,
        list(names),
    )


async def attributes(tx: Tx) -> list[Attribute]:
    """All definitions, by name."""
    rows = await tx.fetch(
        "SELECT name, label, label_en, type, data_class, deposit_derived, lineage, source, bands"
        " FROM customers.attribute ORDER BY name"
    )
    return [
        Attribute(
            **{
                **dict(row),
                "type": AttributeType(row["type"]),
                "lineage": tuple(row["lineage"]),
                "bands": tuple(row["bands"]),
            }
        )
        for row in rows
    ]


async def put_attributes(tx: Tx, defined: Sequence[Attribute]) -> None:
    """Write definitions by name, over what they were; values already there wait to be sealed where that changes."""
    for attribute in defined:
        await tx.execute(
            "INSERT INTO customers.attribute AS a (name, label, label_en, type, data_class, deposit_derived, lineage,"
            " source, created_at, changed_at, bands, sealed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $9)"
            " ON CONFLICT (tenant_id, name) DO UPDATE SET label = $2, label_en = $3, data_class = $5,"
            " deposit_derived = $6, lineage = $7, source = $8, changed_at = $9, bands = $10,"
            " sealed_at = CASE WHEN a.data_class = $5 AND a.bands = $10 THEN a.sealed_at END",
            attribute.name,
            attribute.label,
            attribute.label_en,
            attribute.type.value,
            attribute.data_class,
            attribute.deposit_derived,
            list(attribute.lineage),
            attribute.source,
            tx.now,
            list(attribute.bands),
        )


async def lease_seqs(tx: Tx, count: int) -> int:
    """Take `count` fresh numbers for good and return the first; what is not used stays a gap."""
    first: int = await tx.fetch_value(
        "INSERT INTO customers.sequence (next_seq) VALUES ($1)"
        " ON CONFLICT (tenant_id) DO UPDATE SET next_seq = customers.sequence.next_seq + $1"
        " RETURNING next_seq - $1",
        count,
    )
    return first


async def sealed(tx: Tx, seq: int, field: str) -> bytes | None:
    """The ciphertext of one personal field."""
    assert field in ("name", "phone", "id_document")
    found: bytes | None = await tx.fetch_value(f"SELECT {field}_enc FROM customers.customer WHERE seq = $1", seq)
    return found


async def contacts(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Ciphertexts of name and phone of active customers, by seq."""
    return await tx.fetch(
        "SELECT seq, name_enc, phone_enc FROM customers.customer WHERE seq = ANY($1::int[]) AND status = 'active'"
        " ORDER BY seq",
        list(seqs),
    )


async def without_phone(tx: Tx, seqs: Sequence[int]) -> set[int]:
    """Those of some customers who have no phone."""
    rows = await tx.fetch(
        "SELECT seq FROM customers.customer WHERE seq = ANY($1::int[]) AND phone_enc IS NULL", list(seqs)
    )
    return {row["seq"] for row in rows}


async def attributes_of(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Attribute values of some customers."""
    return await tx.fetch("SELECT seq, attributes FROM customers.customer WHERE seq = ANY($1::int[])", list(seqs))


async def latest_change(tx: Tx) -> tuple[int, datetime | None]:
    """The largest transaction id and the time of the latest change of any customer; (0, None) for none."""
    row = await tx.fetch_row("SELECT xid, changed_at FROM customers.customer ORDER BY xid DESC LIMIT 1")
    return (row["xid"], row["changed_at"]) if row else (0, None)


async def mappings(tx: Tx) -> list[Record]:
    """Saved mappings, by name."""
    return await tx.fetch("SELECT id, name, mapping, saved_at, saved_by FROM customers.mapping ORDER BY name")


async def put_mapping(tx: Tx, mapping_id: UUID, name: str, mapping: Any) -> None:
    """Save a mapping under a name, over the one that had it."""
    await tx.execute(
        "INSERT INTO customers.mapping (id, name, mapping, saved_at, saved_by) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, name) DO UPDATE SET mapping = $3, saved_at = $4, saved_by = $5",
        mapping_id,
        name,
        mapping,
        tx.now,
        tx.actor.id,
    )
