"""The only SQL of variants: frozen sets, chunk by chunk."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.sets import CustomerSet, to_rows
from huoke.kernel.tx import Tx


async def put(tx: Tx, source_id: UUID, parts: Sequence[CustomerSet]) -> None:
    """Write who falls in which variant, over what an earlier submission had."""
    await tx.execute("DELETE FROM variants.member WHERE source_id = $1", source_id)
    rows = [(place, chunk, payload) for place, part in enumerate(parts) for chunk, payload in to_rows(part).items()]
    await tx.execute(
        "INSERT INTO variants.member (source_id, place, chunk, members)"
        " SELECT $1, m.* FROM unnest($2::smallint[], $3::int[], $4::bytea[]) AS m(place, chunk, members)",
        source_id,
        [place for place, _, _ in rows],
        [chunk for _, chunk, _ in rows],
        [payload for _, _, payload in rows],
    )


async def chunks(tx: Tx, source_id: UUID, wanted: Sequence[int] | None) -> list[Record]:
    """Place and members of some chunks, or of all, by place."""
    return await tx.fetch(
        "SELECT place, members FROM variants.member WHERE source_id = $1"
        " AND ($2::int[] IS NULL OR chunk = ANY($2)) ORDER BY place, chunk",
        source_id,
        None if wanted is None else list(wanted),
    )
