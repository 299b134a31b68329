"""The SQL of control groups."""

from collections.abc import Mapping
from uuid import UUID

from huoke.decide.experiments.model import ControlGroup
from huoke.kernel.tx import Tx


async def insert_group(tx: Tx, group: ControlGroup, chunks: Mapping[int, bytes]) -> None:
    """Write a group and its members."""
    await tx.execute(
        "INSERT INTO experiments.control_group (source_id, salt, percent, size, drawn_at) VALUES ($1, $2, $3, $4, $5)",
        group.source_id,
        group.salt,
        group.percent,
        group.size,
        group.drawn_at,
    )
    await tx.execute(
        "INSERT INTO experiments.control_chunk (source_id, chunk, members)"
        " SELECT $1, c.chunk, c.members FROM unnest($2::int[], $3::bytea[]) AS c(chunk, members)",
        group.source_id,
        list(chunks),
        list(chunks.values()),
    )


async def group_of(tx: Tx, source_id: UUID) -> ControlGroup | None:
    """The control group of a campaign, if one was drawn."""
    row = await tx.fetch_row(
        "SELECT source_id, salt, percent, size, drawn_at FROM experiments.control_group WHERE source_id = $1", source_id
    )
    return None if row is None else ControlGroup(**dict(row))


async def chunks_of(tx: Tx, source_id: UUID) -> list[bytes]:
    """The members of a control group, chunk by chunk."""
    rows = await tx.fetch("SELECT members FROM experiments.control_chunk WHERE source_id = $1", source_id)
    return [row["members"] for row in rows]
