"""The SQL of cards that customers give to each other."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.card_gift import CardGift, GiftState

_GIFT = "id, code, line, asked, from_seq, to_seq, state, made_at, expires_at, closed_at"


async def of(tx: Tx, play_id: UUID, seqs: Iterable[int]) -> list[CardGift]:
    """Gifts that some customers gave, offered, received or asked for in a play, in order."""
    numbers = sorted(set(seqs))
    rows = await tx.fetch(
        f"SELECT {_GIFT} FROM plays.card_gift WHERE play_id = $1 AND from_seq = ANY($2)"
        f" UNION SELECT {_GIFT} FROM plays.card_gift WHERE play_id = $1 AND to_seq = ANY($2) ORDER BY made_at, id",
        play_id,
        numbers,
    )
    return [gift_of(row) for row in rows]


async def by_codes(tx: Tx, play_id: UUID, codes: Iterable[str]) -> dict[str, CardGift]:
    """Gifts of a play by their addresses."""
    rows = await tx.fetch(
        f"SELECT {_GIFT} FROM plays.card_gift WHERE code = ANY($2) AND play_id = $1", play_id, sorted(set(codes))
    )
    return {row["code"]: gift_of(row) for row in rows}


async def put(tx: Tx, play_id: UUID, gifts: Sequence[CardGift]) -> None:
    """Write gifts as they stand now: new ones, and those somebody agreed to or took back."""
    await tx.execute(
        "INSERT INTO plays.card_gift AS g (play_id, id, code, line, asked, from_seq, to_seq, state, made_at,"
        " expires_at, closed_at) SELECT $1, w.* FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::bool[],"
        " $6::int[], $7::int[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[]) AS w"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET from_seq = excluded.from_seq, to_seq = excluded.to_seq,"
        " state = excluded.state, closed_at = excluded.closed_at WHERE g.state = 'open'",
        play_id,
        [one.id for one in gifts],
        [one.code for one in gifts],
        [one.line for one in gifts],
        [one.asked for one in gifts],
        [one.from_seq for one in gifts],
        [one.to_seq for one in gifts],
        [one.state.value for one in gifts],
        [one.made_at for one in gifts],
        [one.expires_at for one in gifts],
        [one.closed_at for one in gifts],
    )


async def count_moved(tx: Tx, play_id: UUID) -> int:
    """How many cards of a play went from one customer to another."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM plays.card_gift WHERE play_id = $1 AND state = 'done'", play_id
    )
    return found


def gift_of(row: Record) -> CardGift:
    """A gift out of its row."""
    return CardGift(**{**dict(row), "state": GiftState(row["state"])})
