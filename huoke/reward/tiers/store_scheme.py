"""The SQL that looks at everybody: who is on which tier, and where another scheme would lead."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def levels_held(tx: Tx) -> dict[str, int]:
    """How many customers stand on each tier."""
    rows = await tx.fetch("SELECT tier, count(*) AS customers FROM tiers.standing GROUP BY tier")
    return {row["tier"]: row["customers"] for row in rows}


async def seqs_held(tx: Tx) -> dict[str, list[int]]:
    """The customers who stand on each tier."""
    rows = await tx.fetch("SELECT tier, array_agg(seq) AS seqs FROM tiers.standing GROUP BY tier")
    return {row["tier"]: row["seqs"] for row in rows}


async def flows(tx: Tx, thresholds: Sequence[int], months: tuple[int, int]) -> list[tuple[str, int, int]]:
    """How many customers stand on a tier and have growth enough for a place: (tier, place, customers)."""
    # All lie by customer: merged they are read once each. Hashed they are copied first (twice the time); of tables that
    # were just filled the planner expects one row and goes through all for each (450 ms of 2,500 customers). Halves of
    # the customers are read side by side.
    await tx.execute(f"SELECT set_config('work_mem', '64MB', true), {_joins('off')}")
    middle = (await tx.fetch_value("SELECT max(seq) FROM tiers.standing") or 0) // 2
    halves = " UNION ALL ".join(_flows(f"seq {side} {middle}", months) for side in ("<=", ">"))
    rows = await tx.fetch(
        f"SELECT tier, place, sum(customers)::bigint AS customers FROM ({halves}) AS halves GROUP BY 1, 2",
        list(thresholds),
    )
    await tx.execute(f"SELECT {_joins('on')}")
    return [(row["tier"], row["place"], row["customers"]) for row in rows]


def _flows(some: str, months: tuple[int, int]) -> str:
    """The flows of some customers."""
    years = range(months[0] // 12, months[1] // 12 + 1)
    joins = "".join(
        f" LEFT JOIN (SELECT seq, {_within(year, months)} AS value FROM tiers.year WHERE year = {year} AND {some})"
        f" AS y{year} ON y{year}.seq = s.seq"
        for year in years
    )
    growth = " + ".join(f"coalesce(y{year}.value, 0)" for year in years)
    return (
        f"SELECT s.tier, greatest(width_bucket({growth}, $1::bigint[]), 1) - 1 AS place, count(*) AS customers"
        f" FROM (SELECT seq, tier FROM tiers.standing WHERE {some}) AS s{joins} GROUP BY 1, 2"
    )


def _joins(value: str) -> str:
    """Whether any join but a merge may be planned."""
    return ", ".join(f"set_config('enable_{kind}', '{value}', true)" for kind in ("hashjoin", "nestloop"))


def _within(year: int, months: tuple[int, int]) -> str:
    """The months of a year that count, added up."""
    places = [month % 12 + 1 for month in range(max(months[0], year * 12), min(months[1], year * 12 + 11) + 1)]
    return " + ".join(f"months[{place}]" for place in places)


async def protected(tx: Tx) -> int:
    """How many customers are held on their tier by protection."""
    return int(await tx.fetch_value("SELECT count(*) FROM tiers.standing WHERE protected"))


async def offers(tx: Tx) -> list[Record]:
    """What tier benefits were granted from, latest turn first."""
    return await tx.fetch("SELECT * FROM tiers.offer ORDER BY turn DESC, tier, sku_id LIMIT 500")


async def offer_of(tx: Tx, tier: str, sku_id: UUID, turn: str, *, lock: bool = False) -> Record | None:
    """The offer of one turn of a benefit."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(
        f"SELECT * FROM tiers.offer WHERE tier = $1 AND sku_id = $2 AND turn = $3{suffix}", tier, sku_id, turn
    )


async def add_offer(tx: Tx, tier: str, sku_id: UUID, turn: str, offer_id: UUID, *, done: bool) -> bool:
    """Note the offer of a turn; False where there is one."""
    return bool(
        await tx.execute(
            "INSERT INTO tiers.offer (tier, sku_id, turn, offer_id, given_to, done) VALUES ($1, $2, $3, $4, -1, $5)"
            " ON CONFLICT DO NOTHING",
            tier,
            sku_id,
            turn,
            offer_id,
            done,
        )
    )


async def advance_offer(tx: Tx, offer_id: UUID, given_to: int, *, done: bool) -> None:
    """Note how far a turn was granted."""
    await tx.execute("UPDATE tiers.offer SET given_to = $2, done = $3 WHERE offer_id = $1", offer_id, given_to, done)
