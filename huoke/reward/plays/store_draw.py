"""The SQL of draws: what persons did before, writing draws, reading them in order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.chance import Past
from huoke.reward.plays.model import Draw, Step

_DRAW = "number, seq, mark, version, outcome, picked, given, steps, available, grant_id, at"

# A hot play's statistics are always behind, and a guess that scans all of its draws costs a batch more than all else:
# each lateral has one index it can use, and no other condition that could lead to another.
_PAST = """
WITH mine AS (
  SELECT w.person, d.number, d.given, d.won, d.today FROM unnest($1::bytea[], $2::int[]) AS w(mark, person)
  CROSS JOIN LATERAL (SELECT number, given, grant_id IS NOT NULL AS won, at >= $3 AS today
    FROM plays.draw WHERE mark = w.mark ORDER BY number LIMIT 1000000) d
), last AS (
  SELECT person, coalesce(max(number) FILTER (WHERE won), 0) AS number FROM mine GROUP BY person
)
SELECT m.person, m.given, count(*) FILTER (WHERE m.won) AS won, count(*) FILTER (WHERE m.today) AS today,
  count(*) FILTER (WHERE m.number > l.number) AS dry
FROM mine m JOIN last l USING (person) GROUP BY m.person, m.given
"""


async def past(tx: Tx, marks: Mapping[bytes, int], since: datetime) -> dict[int, Past]:
    """What persons did in the play of their marks (mark → person); `since` is when the day began."""
    found: dict[int, Past] = {}
    for row in await tx.fetch(_PAST, list(marks), list(marks.values()), since):
        one = found.setdefault(row["person"], Past())
        one.today += row["today"]
        one.dry += row["dry"]
        if row["won"]:
            one.won[row["given"]] += row["won"]
    return found


async def lines_of(tx: Tx, marks: Mapping[bytes, int]) -> dict[int, Counter[int]]:
    """How often draws gave each line to the persons of marks (mark → person), prizes or not."""
    rows = await tx.fetch(
        "SELECT w.person, d.given, count(*) FROM unnest($1::bytea[], $2::int[]) AS w(mark, person)"
        " JOIN plays.draw d ON d.mark = w.mark GROUP BY w.person, d.given",
        list(marks),
        list(marks.values()),
    )
    found: dict[int, Counter[int]] = {}
    for row in rows:
        found.setdefault(row["person"], Counter())[row["given"]] = row["count"]
    return found


async def numbers_of(tx: Tx, play_id: UUID, persons: Iterable[int]) -> list[tuple[int, int]]:
    """(number, person) of customers who played as one of these persons: the persons' own among them or not."""
    rows = await tx.fetch(
        "SELECT p.seq, w.person FROM unnest($1::int[]) AS w(person) CROSS JOIN LATERAL"
        " (SELECT play_id, seq FROM plays.player WHERE person = w.person ORDER BY person LIMIT 10000) p"
        " WHERE p.play_id = $2",
        sorted(set(persons)),
        play_id,
    )
    return [(row["seq"], row["person"]) for row in rows]


async def given_on(tx: Tx, play_id: UUID, day: date) -> Counter[int]:
    """How often each line was given on a day."""
    rows = await tx.fetch("SELECT line, given FROM plays.line_day WHERE play_id = $1 AND day = $2", play_id, day)
    return Counter({row["line"]: row["given"] for row in rows})


async def insert_draws(tx: Tx, play_id: UUID, draws: Sequence[Draw], day: date, given: Mapping[int, int]) -> None:
    """Append draws, move the play's last number, and count what was `given` of each line; the play is locked."""
    await tx.post(
        "WITH moved AS (UPDATE plays.play SET drawn = $13 WHERE id = $1), counted AS ("
        "INSERT INTO plays.line_day AS d (play_id, day, line, given)"
        " SELECT $1, $14::date, w.* FROM unnest($15::smallint[], $16::int[]) AS w"
        " ON CONFLICT (tenant_id, play_id, day, line) DO UPDATE SET given = d.given + excluded.given)"
        " INSERT INTO plays.draw (play_id, number, seq, mark, version, outcome, picked, given, steps, available,"
        " grant_id, at) SELECT $1, d.number, d.seq, d.mark, d.version, d.outcome, d.picked, d.given, d.steps::jsonb,"
        " d.available, d.grant_id, $12 FROM unnest($2::bigint[], $3::int[], $4::bytea[], $5::int[], $6::int[],"
        " $7::smallint[], $8::smallint[], $9::text[], $10::bigint[], $11::uuid[])"
        " AS d(number, seq, mark, version, outcome, picked, given, steps, available, grant_id)",
        play_id,
        [draw.number for draw in draws],
        [draw.seq for draw in draws],
        [draw.mark for draw in draws],
        [draw.version for draw in draws],
        [draw.outcome for draw in draws],
        [draw.picked for draw in draws],
        [draw.given for draw in draws],
        [msgspec.json.encode(draw.steps).decode() for draw in draws],
        [draw.left for draw in draws],
        [draw.grant_id for draw in draws],
        tx.now,
        draws[-1].number,
        day,
        list(given),
        list(given.values()),
    )


async def passed_over(tx: Tx, plays: Sequence[tuple[UUID, int]], latest: int) -> dict[UUID, tuple[int, int]]:
    """How many of the `latest` draws of plays (id, last number) gave something else than they pointed at, and of how
    many; plays with none are left out.
    """
    rows = await tx.fetch(
        "SELECT w.id, d.passed, d.all FROM unnest($1::uuid[], $2::bigint[]) AS w(id, number) CROSS JOIN LATERAL"
        " (SELECT count(*) FILTER (WHERE picked <> given) AS passed, count(*) AS all FROM plays.draw"
        " WHERE play_id = w.id AND number > w.number - $3) d WHERE d.passed > 0",
        [play_id for play_id, _ in plays],
        [number for _, number in plays],
        latest,
    )
    return {row["id"]: (row["passed"], row["all"]) for row in rows}


async def draws_of(tx: Tx, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Draw]:
    """Draws by (play, number)."""
    pairs = sorted(set(wanted))
    rows = await tx.fetch(
        f"SELECT play_id, {_DRAW} FROM unnest($1::uuid[], $2::bigint[]) AS w(play_id, number)"
        " JOIN plays.draw USING (play_id, number)",
        [play_id for play_id, _ in pairs],
        [number for _, number in pairs],
    )
    return {(row["play_id"], row["number"]): draw_of(row) for row in rows}


async def after(tx: Tx, play_id: UUID, number: int, limit: int) -> list[Draw]:
    """Draws of a play in order, after a number."""
    rows = await tx.fetch(
        f"SELECT {_DRAW} FROM plays.draw WHERE play_id = $1 AND number > $2 ORDER BY number LIMIT $3",
        play_id,
        number,
        limit,
    )
    return [draw_of(row) for row in rows]


async def own(tx: Tx, marks: Sequence[bytes], limit: int) -> list[Draw]:
    """The last draws under some marks."""
    rows = await tx.fetch(
        f"SELECT {_DRAW} FROM plays.draw WHERE mark = ANY($1) ORDER BY number DESC LIMIT $2", list(marks), limit
    )
    return [draw_of(row) for row in rows]


async def latest_won(tx: Tx, play_id: UUID, lines: Sequence[int], limit: int) -> list[Draw]:
    """The latest draws that gave one of these lines."""
    rows = await tx.fetch(
        f"SELECT {_DRAW} FROM plays.draw WHERE play_id = $1 AND given = ANY($2::smallint[])"
        " ORDER BY number DESC LIMIT $3",
        play_id,
        list(lines),
        limit,
    )
    return [draw_of(row) for row in rows]


async def tally(tx: Tx, play_id: UUID) -> list[Record]:
    """Draws by version of the table, line picked and line given, with how many customers."""
    return await tx.fetch(
        "SELECT version, picked, given, count(*) FROM plays.draw WHERE play_id = $1 GROUP BY version, picked, given",
        play_id,
    )


async def pointed_at(tx: Tx, play_id: UUID, version: int, bounds: Sequence[int]) -> Counter[int]:
    """How often the outcomes of a version pointed at each line, whatever was given then."""
    rows = await tx.fetch(
        "SELECT width_bucket(outcome, $3::int[]) AS line, count(*) FROM plays.draw"
        " WHERE play_id = $1 AND version = $2 GROUP BY 1",
        play_id,
        version,
        sorted(set(bounds[:-1])),
    )
    return Counter({row["line"]: row["count"] for row in rows})


async def by_day(tx: Tx, play_id: UUID) -> list[Record]:
    """Draws, wins and customers by day of the bank."""
    return await tx.fetch(
        "SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS draws,"
        " count(grant_id) AS won, count(DISTINCT mark) AS players FROM plays.draw WHERE play_id = $1"
        " GROUP BY 1 ORDER BY 1 DESC LIMIT 62",
        play_id,
    )


async def count_players(tx: Tx, play_id: UUID) -> int:
    """How many natural persons played."""
    found: int = await tx.fetch_value("SELECT count(DISTINCT person) FROM plays.player WHERE play_id = $1", play_id)
    return found


def draw_of(row: Record) -> Draw:
    """A draw out of its row."""
    plain = {name: row[name] for name in Draw.__struct_fields__ if name not in ("steps", "left")}
    return Draw(**plain, steps=msgspec.convert(row["steps"], list[Step]), left=row["available"])
