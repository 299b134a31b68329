"""The SQL of traits: which attribute each fills, and which event said it last."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from huoke.kernel.tx import Tx


async def declared(tx: Tx) -> dict[str, str]:
    """The attribute of each mapped trait, by the trait's name."""
    rows = await tx.fetch("SELECT property, attribute FROM events.trait ORDER BY property")
    return {row["property"]: row["attribute"] for row in rows}


async def declare(tx: Tx, property_: str, attribute: str) -> None:
    """Let a trait fill an attribute from now on."""
    await tx.execute(
        "INSERT INTO events.trait (property, attribute, declared_at, declared_by) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, property) DO UPDATE SET attribute = excluded.attribute,"
        " declared_at = excluded.declared_at, declared_by = excluded.declared_by",
        property_,
        attribute,
        tx.now,
        tx.actor.id,
    )


async def remove(tx: Tx, property_: str) -> None:
    """Let a trait fill nothing any more."""
    await tx.execute("DELETE FROM events.trait WHERE property = $1", property_)


async def note(
    tx: Tx, seqs: Sequence[int], properties: Sequence[str], at: Sequence[datetime], ids: Sequence[UUID]
) -> set[tuple[int, str]]:
    """Note which event said what, once for each customer and trait; those for which nothing later was known."""
    rows = await tx.fetch(
        "INSERT INTO events.trait_said AS s (seq, property, at, id) SELECT * FROM"
        " unnest($1::int[], $2::text[], $3::timestamptz[], $4::uuid[]) AS v(seq, property, at, id)"
        " ORDER BY seq, property ON CONFLICT (tenant_id, seq, property)"
        " DO UPDATE SET at = excluded.at, id = excluded.id"
        " WHERE (s.at, s.id) < (excluded.at, excluded.id) RETURNING s.seq, s.property",
        list(seqs),
        list(properties),
        list(at),
        list(ids),
    )
    return {(row["seq"], row["property"]) for row in rows}


async def forget(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget which events some customers' attributes come from."""
    await tx.execute("DELETE FROM events.trait_said WHERE seq = ANY($1::int[])", list(seqs))


async def kept(tx: Tx, seqs: Sequence[int]) -> int:
    """For how many traits of these customers that is known."""
    return int(await tx.fetch_value("SELECT count(*) FROM events.trait_said WHERE seq = ANY($1::int[])", list(seqs)))
