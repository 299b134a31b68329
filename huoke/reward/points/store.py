"""The SQL of point types and of what two people decide about points."""

from collections.abc import Sequence
from datetime import date

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.ledger import RollForward
from huoke.reward.points.model import PointType

_TYPE = "code, name, name_en, unit_cost_fen, funder, expiry, pending_days, debt, transferable, state"


async def types(tx: Tx, codes: Sequence[str] | None) -> list[PointType]:
    """Types of points by code, open ones first; `codes` None is all."""
    rows = await tx.fetch(
        f"SELECT {_TYPE} FROM points.type WHERE ($1::text[] IS NULL OR code = ANY($1)) ORDER BY state DESC, code",
        None if codes is None else list(codes),
    )
    return [_type(row) for row in rows]


def _type(row: Record) -> PointType:
    return msgspec.convert(dict(row), PointType, strict=False)


async def put_type(tx: Tx, one: PointType) -> None:
    """Write a type as it is to be."""
    await tx.execute(
        f"INSERT INTO points.type ({_TYPE}, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (tenant_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " unit_cost_fen = excluded.unit_cost_fen, funder = excluded.funder, expiry = excluded.expiry,"
        " pending_days = excluded.pending_days, debt = excluded.debt, transferable = excluded.transferable,"
        " state = excluded.state, changed_at = excluded.changed_at",
        one.code,
        one.name,
        one.name_en,
        one.unit_cost_fen,
        one.funder,
        msgspec.to_builtins(one.expiry),
        one.pending_days,
        one.debt,
        one.transferable,
        one.state.value,
        tx.now,
    )


async def put_closings(tx: Tx, rolled: Sequence[RollForward]) -> None:
    """Keep a day's figures, anew where it was closed before."""
    for one in rolled:
        await tx.execute(
            "INSERT INTO points.closing (day, currency, opening, moved, closing, difference, closed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, day, currency) DO UPDATE"
            " SET opening = excluded.opening, moved = excluded.moved, closing = excluded.closing,"
            " difference = excluded.difference, closed_at = excluded.closed_at",
            one.day,
            one.currency,
            one.opening,
            one.moved,
            one.closing,
            one.difference,
            tx.now,
        )


async def closings(tx: Tx, since: date, until: date) -> list[RollForward]:
    """Closed days from–to, latest first."""
    rows = await tx.fetch(
        "SELECT day, currency, opening, moved, closing, difference FROM points.closing WHERE day BETWEEN $1 AND $2"
        " ORDER BY day DESC, currency",
        since,
        until,
    )
    return [RollForward(**dict(row)) for row in rows]


async def last_closed(tx: Tx) -> date | None:
    """The latest day that was closed."""
    last: date | None = await tx.fetch_value("SELECT max(day) FROM points.closing")
    return last
