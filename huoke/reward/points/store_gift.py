"""The SQL of points customers gave each other."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx


class GiftLine(msgspec.Struct, frozen=True, kw_only=True):
    """A gift as stored: given, or taken back."""

    id: UUID
    request_no: str
    giver: int
    taker: int
    currency: str
    points: int
    state: str
    given_at: datetime
    ended_at: datetime | None


_GIFT = "id, request_no, giver, taker, currency, points, state, given_at, ended_at"


async def known(tx: Tx, giver: int, request_no: str) -> GiftLine | None:
    """A giver's gift by its number."""
    row = await tx.fetch_row(f"SELECT {_GIFT} FROM points.gift WHERE giver = $1 AND request_no = $2", giver, request_no)
    return GiftLine(**dict(row)) if row else None


async def add(tx: Tx, one: GiftLine) -> None:
    """Write a gift."""
    await tx.execute(
        f"INSERT INTO points.gift ({_GIFT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", *msgspec.structs.astuple(one)
    )


async def given_since(tx: Tx, givers: Sequence[int], since: datetime) -> list[GiftLine]:
    """What some numbers gave since an instant and did not take back."""
    rows = await tx.fetch(
        f"SELECT {_GIFT} FROM points.gift WHERE giver = ANY($1) AND given_at >= $2 AND state = 'given'",
        list(givers),
        since,
    )
    return [GiftLine(**dict(row)) for row in rows]


async def lock(tx: Tx, gift_id: UUID) -> GiftLine | None:
    """A gift, locked."""
    row = await tx.fetch_row(f"SELECT {_GIFT} FROM points.gift WHERE id = $1 FOR NO KEY UPDATE", gift_id)
    return GiftLine(**dict(row)) if row else None


async def end(tx: Tx, gift_id: UUID) -> None:
    """A gift was taken back."""
    await tx.execute("UPDATE points.gift SET state = 'taken_back', ended_at = $2 WHERE id = $1", gift_id, tx.now)


async def of_customer(tx: Tx, seqs: Sequence[int], limit: int) -> list[GiftLine]:
    """What some numbers gave and got, latest first."""
    rows = await tx.fetch(
        f"SELECT {_GIFT} FROM points.gift WHERE giver = ANY($1) OR taker = ANY($1)"
        " ORDER BY given_at DESC, id DESC LIMIT $2",
        list(seqs),
        limit,
    )
    return [GiftLine(**dict(row)) for row in rows]


async def look(tx: Tx, person: int, day: date, number: bytes) -> int:
    """Note a number somebody tries on a day and forget those of days before; how many different ones it is now."""
    await tx.execute("DELETE FROM points.look WHERE person = $1 AND day < $2", person, day)
    await tx.execute(
        "INSERT INTO points.look (person, day, number) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", person, day, number
    )
    return int(await tx.fetch_value("SELECT count(*) FROM points.look WHERE person = $1 AND day = $2", person, day))


async def forget_looks(tx: Tx, persons: Sequence[int]) -> None:
    """Forget which numbers some persons tried."""
    await tx.execute("DELETE FROM points.look WHERE person = ANY($1)", list(persons))
