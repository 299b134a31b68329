"""The SQL of accounts and holdings: arriving columns in, what became of the rows out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.know.accounts.model import DEPOSITS

_TYPES = {
    "seq": "int", "number_index": "bytea", "number_enc": "bytea", "number_masked": "text", "kind": "text",
    "currency": "text", "opened_on": "date", "closed_on": "date", "standing": "text", "unit_id": "int",
    "balance_enc": "bytea", "holding_no": "text", "product": "text", "account_index": "bytea", "started_on": "date",
    "matures_on": "date", "amount_enc": "bytea",
}  # fmt: skip
KEYS = {"account": "number_index", "holding": "holding_no"}
_DEPOSITS = ", ".join(f"'{kind}'" for kind in sorted(DEPOSITS))


class Upserted(msgspec.Struct, frozen=True):
    """What became of arrived rows, and the seqs of those whose rows are other than before."""

    added: int
    changed: int
    same: int
    older: int
    touched: list[int]


async def upsert(
    tx: Tx, what: str, columns: Mapping[str, Sequence[Any]], import_id: UUID, as_of: date | None
) -> Upserted:
    """Write rows of `what` by their key; columns of equal length, at most 10,000 rows, each key once.

    A column that is not among `columns` keeps what it holds, unless it lies under the key of an earlier owner. Rows
    that speak of a later day than `as_of` are left alone.
    """
    key, names = KEYS[what], list(columns)
    arguments = [list(column) for column in columns.values()]
    listed = ", ".join(f"${place}::{_TYPES[name]}[]" for place, name in enumerate(names, start=1))
    arriving = f"unnest({listed}) AS i({', '.join(names)})"
    next_place = len(names) + 1
    table = f"accounts.{what}"
    await tx.execute(
        f"SELECT 1 FROM {table} WHERE {key} = ANY($1::{_TYPES[key]}[]) ORDER BY {key} FOR UPDATE", columns[key]
    )
    joined = f"{arriving} JOIN {table} AS c ON c.{key} = i.{key}"
    fresh = f"(${next_place}::date IS NULL OR c.as_of IS NULL OR c.as_of <= ${next_place})"
    older = await tx.fetch_value(f"SELECT count(*) FROM {joined} WHERE NOT {fresh}", *arguments, as_of)
    values = [name for name in names if name != key]
    differs = f"({', '.join(f'i.{name}' for name in values)}) IS DISTINCT FROM ({', '.join(f'c.{n}' for n in values)})"
    await tx.execute(
        "INSERT INTO accounts.former (id, version, what, seq, before, import_id, actor, replaced_at)"
        f" SELECT c.id, c.version, '{what}', c.seq, {_before(values, next_place)}, ${next_place + 1},"
        f" ${next_place + 2}, ${next_place + 3} FROM {joined} WHERE {fresh} AND {differs}",
        *arguments,
        as_of,
        import_id,
        f"{tx.actor.kind.value}:{tx.actor.id}",
        tx.now,
    )
    changed = await tx.fetch(
        f"UPDATE {table} AS c SET {_set(what, values)}, version = c.version + 1, import_id = ${next_place + 1},"
        f" changed_at = ${next_place + 2} FROM {arriving} JOIN {table} AS o ON o.{key} = i.{key}"
        f" WHERE c.id = o.id AND {fresh} AND {differs} RETURNING c.seq, o.seq AS held",
        *arguments,
        as_of,
        import_id,
        tx.now,
    )
    if as_of is not None:
        await tx.execute(
            f"UPDATE {table} AS c SET as_of = ${next_place} FROM {arriving}"
            f" WHERE c.{key} = i.{key} AND {fresh} AND c.as_of IS DISTINCT FROM ${next_place}",
            *arguments,
            as_of,
        )
    added = await tx.fetch(
        f"INSERT INTO {table} (id, {', '.join(names)}, as_of, import_id, created_at, changed_at)"
        f" SELECT n.id, {', '.join(f'i.{name}' for name in names)}, ${next_place}, ${next_place + 1},"
        f" ${next_place + 2}, ${next_place + 2} FROM (SELECT *, row_number() OVER () AS place FROM {arriving}) AS i"
        f" JOIN unnest(${next_place + 3}::uuid[]) WITH ORDINALITY AS n(id, place) USING (place)"
        f" ON CONFLICT (tenant_id, {key}) DO NOTHING RETURNING seq",
        *arguments,
        as_of,
        import_id,
        tx.now,
        new_ids(len(columns[key])),
    )
    touched = {row["seq"] for row in (*added, *changed)} | {row["held"] for row in changed}
    same = len(columns[key]) - len(added) - len(changed) - older
    return Upserted(len(added), len(changed), same, older, sorted(touched))


def _before(values: Sequence[str], as_of: int) -> str:
    """What the changed columns held, as JSON; bytes as PostgreSQL writes them. `as_of` is a parameter's place."""
    parts = [
        f"CASE WHEN i.{name} IS DISTINCT FROM c.{name} THEN jsonb_build_object('{name}', c.{name}) ELSE '{{}}' END"
        for name in values
    ]
    day = f"CASE WHEN ${as_of}::date IS NULL THEN '{{}}' ELSE jsonb_build_object('as_of', c.as_of) END"
    return " || ".join([*parts, day])


def _set(what: str, values: Sequence[str]) -> str:
    parts = [f"{name} = i.{name}" for name in values]
    sealed = "balance_enc" if what == "account" else "amount_enc"
    if sealed not in values:
        parts.append(f"{sealed} = CASE WHEN c.seq = i.seq THEN c.{sealed} END")
    if "matures_on" in values:
        parts.append("counted_past = false")
    return ", ".join(parts)


async def derived(tx: Tx, seqs: Sequence[int], today: date) -> list[Record]:
    """What follows from accounts and holdings for each of `seqs`; null where there is none."""
    return await tx.fetch(
        f"""
        SELECT s.seq, a.accounts_open, h.* FROM unnest($1::int[]) AS s(seq)
        LEFT JOIN LATERAL (SELECT nullif(count(*), 0) AS accounts_open FROM accounts.account AS a
          WHERE a.seq = s.seq AND a.standing <> 'closed') AS a ON true
        LEFT JOIN LATERAL (SELECT nullif(count(*), 0) AS products_held,
            min(matures_on) FILTER (WHERE matures_on >= $2) AS next_matures_on,
            nullif(count(*) FILTER (WHERE kind NOT IN ({_DEPOSITS})), 0) AS products_held_no_deposit,
            min(matures_on) FILTER (WHERE matures_on >= $2 AND kind NOT IN ({_DEPOSITS})) AS next_matures_on_no_deposit
          FROM accounts.holding AS h WHERE h.seq = s.seq AND h.standing <> 'closed') AS h ON true
        ORDER BY s.seq
        """,
        list(seqs),
        today,
    )


async def just_matured(tx: Tx, today: date, limit: int) -> list[int]:
    """Mark holdings whose maturity is over as counted, at most `limit`; whose they are."""
    rows = await tx.fetch(
        "UPDATE accounts.holding SET counted_past = true WHERE (tenant_id, id) IN (SELECT tenant_id, id"
        " FROM accounts.holding WHERE NOT counted_past AND matures_on < $1 ORDER BY matures_on, id LIMIT $2 FOR UPDATE)"
        " RETURNING seq",
        today,
        limit,
    )
    return sorted({row["seq"] for row in rows})


async def owners(tx: Tx, number_indexes: Sequence[bytes]) -> dict[bytes, Record]:
    """Owner and masked number of each account that exists, by the blind index of its number."""
    rows = await tx.fetch(
        "SELECT number_index, seq, number_masked, kind FROM accounts.account WHERE number_index = ANY($1::bytea[])",
        list(number_indexes),
    )
    return {row["number_index"]: row for row in rows}


async def accounts_of(tx: Tx, seqs: Collection[int]) -> list[Record]:
    """All accounts of some customers: open ones first, the earliest opened first."""
    return await tx.fetch(
        "SELECT * FROM accounts.account WHERE seq = ANY($1::int[])"
        " ORDER BY standing = 'closed', opened_on NULLS LAST, id",
        list(seqs),
    )


async def holdings_of(tx: Tx, seqs: Collection[int]) -> list[Record]:
    """All holdings of some customers: open ones first, the next to mature first."""
    return await tx.fetch(
        "SELECT h.*, coalesce(a.number_masked, '') AS account FROM accounts.holding AS h"
        " LEFT JOIN accounts.account AS a ON a.number_index = h.account_index"
        " WHERE h.seq = ANY($1::int[]) ORDER BY h.standing = 'closed', h.matures_on NULLS LAST, h.started_on, h.id",
        list(seqs),
    )


async def sealed(tx: Tx, row_id: UUID) -> Record | None:
    """Owner and ciphertexts (number, amount) of an account, or of a holding (which has no number)."""
    return await tx.fetch_row(
        "SELECT seq, number_enc, balance_enc AS amount_enc FROM accounts.account WHERE id = $1"
        " UNION ALL SELECT seq, NULL, amount_enc FROM accounts.holding WHERE id = $1",
        row_id,
    )


async def history(tx: Tx, seqs: Collection[int]) -> list[Record]:
    """What accounts and holdings were before, latest change first."""
    return await tx.fetch(
        "SELECT id, version, what, before, actor, replaced_at, import_id FROM accounts.former"
        " WHERE seq = ANY($1::int[]) ORDER BY replaced_at DESC, version DESC LIMIT 200",
        list(seqs),
    )


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Empty what is readable of customers' accounts and holdings; the rows stay, pseudonymous."""
    wanted = sorted(set(seqs))
    await tx.execute(
        "UPDATE accounts.account SET number_enc = NULL, number_masked = NULL, balance_enc = NULL,"
        " number_index = decode(replace(id::text, '-', ''), 'hex') WHERE seq = ANY($1::int[])",
        wanted,
    )
    await tx.execute(
        "UPDATE accounts.holding SET amount_enc = NULL, account_index = NULL, holding_no = 'erased-' || id"
        " WHERE seq = ANY($1::int[])",
        wanted,
    )
    await tx.execute("UPDATE accounts.former SET before = '{}' WHERE seq = ANY($1::int[])", wanted)


async def left(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """What is still there of customers who were to be erased: the column, and how many rows."""
    conditions = {
        "account.number_enc": "number_enc IS NOT NULL", "account.number_masked": "number_masked IS NOT NULL",
        "account.balance_enc": "balance_enc IS NOT NULL",
        "account.number_index": "number_index <> decode(replace(id::text, '-', ''), 'hex')",
        "holding.amount_enc": "amount_enc IS NOT NULL", "holding.account_index": "account_index IS NOT NULL",
        "former.before": "before <> '{}'",
    }  # fmt: skip
    parts = [
        f"SELECT 'accounts.{column}' AS place, count(*) AS n FROM accounts.{column.split('.')[0]}"
        f" WHERE seq = ANY($1::int[]) AND {condition}"
        for column, condition in conditions.items()
    ]
    return await tx.fetch(
        f"SELECT place, n || ' rows' AS what FROM ({' UNION ALL '.join(parts)}) AS f WHERE n > 0", sorted(set(seqs))
    )
