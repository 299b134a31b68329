"""What points come to: a day rolled forward, what the bank owes by funder and age, what is never spent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward.ledger import store_roll


class RollForward(msgspec.Struct, frozen=True, kw_only=True):
    """A day of one type: opening + moved, by kind and signed, = closing.

    `difference` is what the accounts and their lots say beyond that; 0 when the books are whole.
    """

    day: date
    currency: str
    opening: int
    moved: dict[str, int]
    closing: int
    difference: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What customers hold of a type: points, of which held; points owed; how many customers hold any."""

    currency: str
    points: int
    held: int
    owed: int
    customers: int


class Liability(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of points at most `days_max` days old (0: older than a year), and what the bank set aside for it."""

    currency: str
    funder: UUID | None
    days_max: int
    points: int
    cost_fen: int


class Breakage(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the points credited in a month (`2026-03`); spent includes what was given on."""

    currency: str
    month: str
    credited: int
    spent: int
    expired: int
    clawed: int
    remaining: int


class Expiring(msgspec.Struct, frozen=True, kw_only=True):
    """Points whose last day is `day`."""

    currency: str
    day: date
    points: int
    cost_fen: int
    customers: int


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of a customer's points, signed; `kind` says why, `source_kind` what was behind it."""

    source_id: UUID
    line: int
    source_kind: str
    kind: str
    points: int
    at: datetime
    currency: str


async def roll_forward(tx: Tx, day: date, openings: Mapping[str, int] | None = None) -> list[RollForward]:
    """A day of every type, as the bank counts days; `openings` are the closings of the day before, if it was closed.

    Without them the opening is summed from the first transfer on. What the accounts hold now, less what moved since the
    day's end, must be the closing, and the lots must hold what the accounts do.
    """
    since = datetime.combine(day, time(), CHINA)
    until = since + timedelta(days=1)
    moved = _by_currency(await store_roll.moved(tx, since, until))
    if openings is None:
        openings = {
            key: sum(kinds.values()) for key, kinds in _by_currency(await store_roll.moved(tx, None, since)).items()
        }
    after = _by_currency(await store_roll.moved(tx, until, None))
    now = {row["currency"]: row for row in await store_roll.outstanding(tx)}
    rolled = []
    for currency in sorted(now.keys() | moved.keys() | openings.keys()):
        kinds = dict(sorted(moved.get(currency, {}).items()))
        closing = openings.get(currency, 0) + sum(kinds.values())
        row = now.get(currency)
        held = (row["points"] or 0) if row else 0
        stands = held - sum(after.get(currency, {}).values())
        rolled.append(
            RollForward(
                day=day,
                currency=currency,
                opening=openings.get(currency, 0),
                moved=kinds,
                closing=closing,
                difference=abs(stands - closing) + abs((row["lots"] if row else 0) - held),
            )
        )
    return rolled


async def standing(tx: Tx) -> list[Standing]:
    """What customers hold, by type."""
    return [
        Standing(
            currency=row["currency"], points=row["points"] or 0, held=row["held"], owed=row["owed"],
            customers=row["customers"],
        )
        for row in await store_roll.outstanding(tx)
    ]  # fmt: skip


async def liability(tx: Tx) -> list[Liability]:
    """What is left, by type, funder and age."""
    return [Liability(**dict(row)) for row in await store_roll.liability(tx, tx.now)]


async def breakage(tx: Tx, *, months: int = 24) -> list[Breakage]:
    """What became of the points of each of the last months, this one included, as the bank counts days."""
    today = tx.now.astimezone(CHINA)
    year, month = divmod(today.year * 12 + today.month - months, 12)
    rows = await store_roll.breakage(tx, datetime(year, month + 1, 1, tzinfo=CHINA))
    return [
        Breakage(**dict(row), spent=row["credited"] - row["remaining"] - row["expired"] - row["clawed"]) for row in rows
    ]


async def expiring(tx: Tx, *, days: int = 90) -> list[Expiring]:
    """What will run out in the coming days, by day."""
    return [Expiring(**dict(row)) for row in await store_roll.expiring(tx, tx.now, tx.now + timedelta(days=days))]


async def movements(tx: Tx, seqs: Sequence[int], *, before: datetime | None = None, limit: int = 50) -> list[Movement]:
    """How the points of one customer, under some numbers, moved; latest first."""
    rows = await store_roll.history(tx, [str(seq) for seq in seqs], before, limit)
    return [Movement(**dict(row)) for row in rows]


def _by_currency(rows: Sequence[Record]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["currency"], {})[row["kind"]] = row["points"]
    return found
