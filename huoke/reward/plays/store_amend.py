"""The SQL of amendments: asked for, decided, and made true on a play that runs."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.model import Amendment, Draft, Play, PrizeTable

_AMENDMENT = "id, play_id, table_version, draft, stock, zh, en, state, change_id, made_by, made_at, closed_at"


async def insert(
    tx: Tx, amendment_id: UUID, play: Play, draft: Draft, stock: Mapping[int, int], zh: str, en: str
) -> bool:
    """Write what is asked for; False where the play has an amendment that is not decided."""
    return bool(
        await tx.execute(
            "INSERT INTO plays.amendment (id, play_id, table_version, draft, stock, zh, en, state, made_by, made_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, 'submitted', $8, $9)"
            " ON CONFLICT (tenant_id, play_id) WHERE state = 'submitted' DO NOTHING",
            amendment_id,
            play.id,
            play.table_version,
            msgspec.to_builtins(draft),
            {str(line): units for line, units in stock.items()},
            zh,
            en,
            tx.actor.id,
            tx.now,
        )
    )


async def set_change(tx: Tx, amendment_id: UUID, change_id: UUID) -> None:
    """Note which change decides it."""
    await tx.execute("UPDATE plays.amendment SET change_id = $2 WHERE id = $1", amendment_id, change_id)


async def close(tx: Tx, amendment_id: UUID, state: str) -> None:
    """Write how it was decided; what was decided before stays."""
    await tx.execute(
        "UPDATE plays.amendment SET state = $2, closed_at = $3 WHERE id = $1 AND state = 'submitted'",
        amendment_id,
        state,
        tx.now,
    )


async def get(tx: Tx, amendment_id: UUID) -> Amendment | None:
    """An amendment by its id."""
    row = await tx.fetch_row(f"SELECT {_AMENDMENT} FROM plays.amendment WHERE id = $1", amendment_id)
    return None if row is None else _amendment(row)


async def of_play(tx: Tx, play_id: UUID) -> list[Amendment]:
    """What was asked for of a play, the latest first."""
    rows = await tx.fetch(
        f"SELECT {_AMENDMENT} FROM plays.amendment WHERE play_id = $1 ORDER BY made_at DESC, id DESC LIMIT 100", play_id
    )
    return [_amendment(row) for row in rows]


async def amend(tx: Tx, amendment: Amendment, table: PrizeTable, version: int) -> None:
    """Let a locked play run on under an amended draft and its new table; what was drawn keeps the old one."""
    await tx.execute(
        "UPDATE plays.play SET draft = $2, version = $3, closes_at = $4, table_version = $5, change_id = $6"
        " WHERE id = $1",
        amendment.play_id,
        msgspec.to_builtins(amendment.draft),
        version,
        amendment.draft.closes_at,
        table.version,
        amendment.change_id,
    )


def _amendment(row: Record) -> Amendment:
    plain = dict(row) | {
        "draft": msgspec.convert(row["draft"], Draft),
        "stock": {int(line): units for line, units in row["stock"].items()},
    }
    return Amendment(**plain)
