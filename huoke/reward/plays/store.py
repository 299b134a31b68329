"""The SQL of plays, their prize tables and players."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.model import Draft, Play, PlayKind, PlayState, PrizeTable

PLAY = (
    "id, code, unit_id, state, version, draft, opens_at, closes_at, table_version, drawn, commitment, seed, change_id,"
    " created_at, published_at, ended_at"
)


async def insert(tx: Tx, play_id: UUID, code: str, unit_id: int, draft: Draft) -> None:
    """Write a new draft."""
    await tx.execute(
        "INSERT INTO plays.play (id, code, unit_id, state, version, draft, opens_at, closes_at, table_version, drawn,"
        " created_at) VALUES ($1, $2, $3, 'draft', 1, $4, $5, $6, 0, 0, $7)",
        play_id,
        code,
        unit_id,
        msgspec.to_builtins(draft),
        draft.opens_at,
        draft.closes_at,
        tx.now,
    )


async def save_draft(tx: Tx, play_id: UUID, draft: Draft, version: int) -> None:
    """Write a draft's next version; the play is locked."""
    await tx.execute(
        "UPDATE plays.play SET draft = $2, version = $3, opens_at = $4, closes_at = $5 WHERE id = $1",
        play_id,
        msgspec.to_builtins(draft),
        version,
        draft.opens_at,
        draft.closes_at,
    )


async def get(tx: Tx, play_id: UUID, *, lock: bool = False) -> Play | None:
    """A play by its id, locked where said."""
    end = " FOR NO KEY UPDATE" if lock else ""
    row = await tx.fetch_row(f"SELECT {PLAY} FROM plays.play WHERE id = $1{end}", play_id)
    return None if row is None else play_of(row)


async def get_many(tx: Tx, play_ids: Sequence[UUID]) -> list[Play]:
    """Plays by their ids, those that exist."""
    return [play_of(row) for row in await tx.fetch(f"SELECT {PLAY} FROM plays.play WHERE id = ANY($1)", list(play_ids))]


async def count_players(tx: Tx, play_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many natural persons played each of these plays; those nobody played are left out."""
    rows = await tx.fetch(
        "SELECT play_id, count(DISTINCT person) FROM plays.player WHERE play_id = ANY($1) GROUP BY play_id",
        list(play_ids),
    )
    return {row["play_id"]: row["count"] for row in rows}


async def by_code(tx: Tx, code: str) -> Play | None:
    """A play by its address on the phone."""
    row = await tx.fetch_row(f"SELECT {PLAY} FROM plays.play WHERE code = $1", code)
    return None if row is None else play_of(row)


async def lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, tuple[Play, bytes | None]]:
    """Plays with their sealed seeds, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {PLAY}, sealed_seed FROM plays.play WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(ids)),
    )
    return {row["id"]: (play_of(row), row["sealed_seed"]) for row in rows}


async def find(
    tx: Tx,
    units: Iterable[int] | None,
    states: Sequence[PlayState] | None,
    kind: PlayKind | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Play]:
    """Plays in scope, the latest first."""
    rows = await tx.fetch(
        f"SELECT {PLAY} FROM plays.play WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " AND ($2::text[] IS NULL OR state = ANY($2))"
        " AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))"
        " AND ($6::text IS NULL OR draft ->> 'kind' = $6) ORDER BY created_at DESC, id DESC LIMIT $5",
        None if units is None else list(units),
        None if states is None else [state.value for state in states],
        before[0] if before else None,
        before[1] if before else None,
        limit,
        kind.value if kind else None,
    )
    return [play_of(row) for row in rows]


async def count_states(tx: Tx, units: Iterable[int] | None, kind: PlayKind | None = None) -> dict[str, int]:
    """How many plays in scope, of a kind or of all, are in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) FROM plays.play WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " AND ($2::text IS NULL OR draft ->> 'kind' = $2) GROUP BY state",
        None if units is None else list(units),
        kind.value if kind else None,
    )
    return {row["state"]: row["count"] for row in rows}


async def with_codes(tx: Tx, state: PlayState) -> list[Play]:
    """Every play of the bank in a state."""
    rows = await tx.fetch(f"SELECT {PLAY} FROM plays.play WHERE state = $1 ORDER BY opens_at, id", state.value)
    return [play_of(row) for row in rows]


async def set_state(tx: Tx, play_id: UUID, state: PlayState, *, change_id: UUID | None = None) -> None:
    """Write the state of a locked play; a change's id stays once it is known."""
    await tx.execute(
        "UPDATE plays.play SET state = $2, change_id = coalesce($3, change_id),"
        " ended_at = CASE WHEN $2 = 'ended' THEN $4 ELSE ended_at END WHERE id = $1",
        play_id,
        state.value,
        change_id,
        tx.now,
    )


async def publish(tx: Tx, play_id: UUID, sealed_seed: bytes, commitment: bytes) -> None:
    """Make a locked play live, with its seed sealed and its commitment public."""
    await tx.execute(
        "UPDATE plays.play SET state = 'live', sealed_seed = $2, commitment = $3, table_version = 1, published_at = $4"
        " WHERE id = $1",
        play_id,
        sealed_seed,
        commitment,
        tx.now,
    )


async def sealed_seed(tx: Tx, play_id: UUID) -> bytes | None:
    """The seed of a play under the bank's key."""
    found: bytes | None = await tx.fetch_value("SELECT sealed_seed FROM plays.play WHERE id = $1", play_id)
    return found


async def reveal(tx: Tx, play_id: UUID, seed: bytes) -> None:
    """Write the seed of an ended play where everybody may read it."""
    await tx.execute("UPDATE plays.play SET seed = $2 WHERE id = $1", play_id, seed)


async def over(tx: Tx) -> list[UUID]:
    """Plays whose time is over and that are not ended yet, ascending."""
    rows = await tx.fetch(
        "SELECT id FROM plays.play WHERE state IN ('live', 'paused') AND closes_at <= $1 ORDER BY id", tx.now
    )
    return [row["id"] for row in rows]


async def insert_table(tx: Tx, play_id: UUID, table: PrizeTable) -> None:
    """Publish a version of a prize table."""
    await tx.execute(
        "INSERT INTO plays.prize_table (play_id, version, rules, hash, published_at) VALUES ($1, $2, $3, $4, $5)",
        play_id,
        table.version,
        msgspec.to_builtins(table),
        table.digest(),
        tx.now,
    )


async def tables(tx: Tx, play_ids: Iterable[UUID]) -> dict[UUID, dict[int, PrizeTable]]:
    """Every version of the prize tables of plays."""
    rows = await tx.fetch(
        "SELECT play_id, version, rules FROM plays.prize_table WHERE play_id = ANY($1) ORDER BY play_id, version",
        list(set(play_ids)),
    )
    found: dict[UUID, dict[int, PrizeTable]] = {}
    for row in rows:
        found.setdefault(row["play_id"], {})[row["version"]] = msgspec.convert(row["rules"], PrizeTable)
    return found


async def promised(tx: Tx, play_id: UUID) -> dict[int, bytes]:
    """By version the hash that was published with each prize table of a play."""
    rows = await tx.fetch(
        "SELECT version, hash FROM plays.prize_table WHERE play_id = $1 ORDER BY version",
        play_id,
    )
    return {row["version"]: row["hash"] for row in rows}


async def put_players(tx: Tx, play_id: UUID, persons: Mapping[int, int]) -> set[tuple[int, int]]:
    """Note which person (seq → person) stands behind customers who play.

    Returns (number, person) of all who played as one of these persons, those noted now among them.
    """
    rows = await tx.fetch(
        "WITH put AS (INSERT INTO plays.player AS p (play_id, seq, person)"
        " SELECT $1, w.* FROM unnest($2::int[], $3::int[]) AS w"
        " ON CONFLICT (tenant_id, play_id, seq) DO UPDATE SET person = excluded.person"
        " WHERE p.person <> excluded.person)"
        " SELECT p.seq, w.person FROM unnest($4::int[]) AS w(person) CROSS JOIN LATERAL"
        " (SELECT play_id, seq FROM plays.player WHERE person = w.person ORDER BY person LIMIT 10000) p"
        " WHERE p.play_id = $1",
        play_id,
        list(persons),
        list(persons.values()),
        sorted(set(persons.values())),
    )
    known = {(row["seq"], row["person"]) for row in rows}
    return {*persons.items(), *((seq, person) for seq, person in known if persons.get(seq, person) == person)}


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Let customers (seq → person) count as those persons in every play."""
    await tx.execute(
        "UPDATE plays.player p SET person = w.person FROM unnest($1::int[], $2::int[]) AS w(seq, person)"
        " WHERE p.seq = w.seq AND p.person <> w.person",
        list(persons),
        list(persons.values()),
    )


async def put_odds_check(tx: Tx, play_id: UUID, draws: int, p_ppm: int, *, alarm: bool, day: Any) -> None:
    """Write how a day's odds came out; the last of a day counts."""
    await tx.execute(
        "INSERT INTO plays.odds_check (play_id, day, draws, p_ppm, alarm, at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (tenant_id, play_id, day) DO UPDATE SET draws = excluded.draws, p_ppm = excluded.p_ppm,"
        " alarm = excluded.alarm, at = excluded.at",
        play_id,
        day,
        draws,
        p_ppm,
        alarm,
        tx.now,
    )


async def odds_checks(tx: Tx, play_id: UUID) -> list[Record]:
    """How the odds came out, the latest day first."""
    return await tx.fetch(
        "SELECT day, draws, p_ppm, alarm, at FROM plays.odds_check WHERE play_id = $1 ORDER BY day DESC LIMIT 60",
        play_id,
    )


async def latest_alarms(tx: Tx, play_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How probable the gap of the odds is, in ppm, of plays whose latest look raised an alarm."""
    rows = await tx.fetch(
        "SELECT play_id, p_ppm FROM (SELECT DISTINCT ON (play_id) play_id, p_ppm, alarm FROM plays.odds_check"
        " WHERE play_id = ANY($1) ORDER BY play_id, day DESC) o WHERE alarm",
        list(play_ids),
    )
    return {row["play_id"]: row["p_ppm"] for row in rows}


def play_of(row: Record) -> Play:
    """A play out of its row."""
    plain = {name: row[name] for name in Play.__struct_fields__}
    plain |= {"state": PlayState(row["state"]), "draft": msgspec.convert(row["draft"], Draft)}
    return Play(**plain)
