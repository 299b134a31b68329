"""The SQL of relations in PostgreSQL: edges, and rings."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know.relations.model import Joined, NewEdge

_RING = (
    "id, seqs, organisers, score, devices, anchorless, quiet, burst, invited, state, note, judged_by, judged_at,"
    " found_at"
)
_UPSERT = """
INSERT INTO relations.edge AS e
  (id, kind, seq, other_seq, hub, since, until, weight, source, import_id, changed_at)
SELECT id, kind, seq, other_seq, hub, since, until, weight, $9, $10::uuid, $11
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[], $6::date[], $7::date[], $8::int[])
  AS new (id, kind, seq, other_seq, hub, since, until, weight)
ON CONFLICT ON CONSTRAINT uq_edge_ends DO UPDATE
SET until = excluded.until, weight = excluded.weight, source = excluded.source, import_id = excluded.import_id,
  changed_at = excluded.changed_at,
  former = jsonb_build_object(
    'until', e.until, 'weight', e.weight, 'source', e.source, 'import_id', e.import_id, 'changed_at', e.changed_at)
WHERE (e.until, e.weight) IS DISTINCT FROM (excluded.until, excluded.weight)
RETURNING (xmax = 0) AS added
"""


# Edges lie under the number they came with; read through the open aliases ($1 lead to $2) they are those of today.
_STANDING = (
    "SELECT e.kind, coalesce(a.kept, e.seq) AS seq, coalesce(b.kept, e.other_seq) AS other_seq, e.hub, e.since,"
    " e.weight FROM relations.edge AS e LEFT JOIN unnest($1::int[], $2::int[]) AS a (source, kept) ON a.source = e.seq"
    " LEFT JOIN unnest($1::int[], $2::int[]) AS b (source, kept) ON b.source = e.other_seq WHERE e.until IS NULL"
)


async def put(tx: Tx, edges: Sequence[NewEdge], source: str, import_id: UUID | None) -> tuple[int, int]:
    """Write edges, no two of the same ends and day; how many are new, and how many changed."""
    rows = await tx.fetch(
        _UPSERT,
        [new_id() for _ in edges],
        [edge.kind.value for edge in edges],
        [edge.seq for edge in edges],
        [edge.other_seq for edge in edges],
        [edge.hub for edge in edges],
        [edge.since for edge in edges],
        [edge.until for edge in edges],
        [edge.weight for edge in edges],
        source,
        import_id,
        tx.now,
    )
    added = sum(row["added"] for row in rows)
    return added, len(rows) - added


async def take_back(tx: Tx, import_id: UUID, limit: int) -> int:
    """Put up to `limit` edges an import wrote last back to what they were; how many."""
    rows = await tx.fetch(
        "SELECT id, former IS NULL AS new FROM relations.edge WHERE import_id = $1 ORDER BY id LIMIT $2 FOR UPDATE",
        import_id,
        limit,
    )
    await tx.execute("DELETE FROM relations.edge WHERE id = ANY($1)", [row["id"] for row in rows if row["new"]])
    await tx.execute(
        "UPDATE relations.edge SET until = (former ->> 'until')::date, weight = (former ->> 'weight')::int,"
        " source = former ->> 'source', import_id = (former ->> 'import_id')::uuid,"
        " changed_at = (former ->> 'changed_at')::timestamptz, former = NULL WHERE id = ANY($1)",
        [row["id"] for row in rows if not row["new"]],
    )
    return len(rows)


async def edges_of(tx: Tx, joined: Joined, seqs: Collection[int], kinds: Iterable[str], limit: int) -> list[Record]:
    """Edges that stand, of these customers; the strongest first."""
    return await tx.fetch(
        f"SELECT * FROM ({_STANDING} AND e.kind = ANY($4::text[])"
        " AND (e.seq = ANY($3::int[]) OR e.other_seq = ANY($3::int[]))) AS now"
        " WHERE other_seq IS DISTINCT FROM seq ORDER BY weight DESC, since, seq, other_seq, hub LIMIT $5",
        *joined.columns,
        joined.numbers(seqs),
        list(kinds),
        limit,
    )


async def at_hubs(tx: Tx, joined: Joined, kinds: Sequence[str], hubs: Sequence[str], each_max: int) -> list[Record]:
    """Who else is at these hubs: kind, hub, seq, since, weight, and `count` at the hub; `each_max` of each."""
    return await tx.fetch(
        "SELECT kind, hub, seq, since, weight, count FROM ("
        " SELECT kind, hub, seq, min(since) AS since, max(weight) AS weight,"
        " count(*) OVER (PARTITION BY kind, hub) AS count,"
        " row_number() OVER (PARTITION BY kind, hub ORDER BY max(weight) DESC, seq) AS place FROM"
        f" ({_STANDING} AND (e.kind, e.hub) IN (SELECT * FROM unnest($3::text[], $4::text[]))) AS now"
        " GROUP BY kind, hub, seq) AS ranked WHERE place <= $5",
        *joined.columns,
        list(kinds),
        list(hubs),
        each_max,
    )


async def device_pairs(tx: Tx, joined: Joined) -> Record | None:
    """Who was seen on which device, as two arrays; devices are numbered."""
    return await tx.fetch_row(
        "SELECT array_agg(seq) AS seqs, array_agg(device) AS devices,"
        " array_agg(since - date '2000-01-01') AS since FROM ("
        " SELECT seq, min(since) AS since, (dense_rank() OVER (ORDER BY hub) - 1)::int AS device"
        f" FROM ({_STANDING} AND e.kind = 'device') AS now GROUP BY seq, hub) AS used",
        *joined.columns,
    )


async def referrals(tx: Tx, joined: Joined) -> Record | None:
    """Who invited whom, as two arrays; the first to invite counts."""
    return await tx.fetch_row(
        "SELECT array_agg(inviter) AS inviters, array_agg(invitee) AS invitees FROM ("
        " SELECT DISTINCT ON (other_seq) seq AS inviter, other_seq AS invitee"
        f" FROM ({_STANDING} AND e.kind = 'referral' AND e.other_seq IS NOT NULL) AS now"
        " WHERE other_seq <> seq ORDER BY other_seq, since, seq) AS first",
        *joined.columns,
    )


async def invited_by(tx: Tx, joined: Joined, inviters: Sequence[int]) -> list[Record]:
    """Whom these were the first to invite: inviter, invitee, since."""
    rows = await tx.fetch(
        "SELECT DISTINCT other_seq FROM relations.edge WHERE kind = 'referral' AND until IS NULL"
        " AND other_seq IS NOT NULL AND seq = ANY($1::int[])",
        joined.numbers(inviters),
    )
    invitees = {joined.ends.get(row["other_seq"], row["other_seq"]) for row in rows}
    return await tx.fetch(
        "SELECT inviter, invitee, since FROM ("
        " SELECT DISTINCT ON (other_seq) seq AS inviter, other_seq AS invitee, since"
        f" FROM ({_STANDING} AND e.kind = 'referral' AND e.other_seq = ANY($3::int[])) AS now"
        " WHERE other_seq <> seq ORDER BY other_seq, since, seq) AS first WHERE inviter = ANY($4::int[])"
        " ORDER BY inviter, invitee",
        *joined.columns,
        joined.numbers(invitees),
        list(inviters),
    )


async def employers(tx: Tx, joined: Joined, good: Sequence[int], good_min: int, limit: int) -> list[Record]:
    """Employers of at least `good_min` of these customers: hub, good; most first."""
    return await tx.fetch(
        "SELECT hub, count(DISTINCT seq) AS good"
        f" FROM ({_STANDING} AND e.kind = 'payroll' AND e.seq = ANY($3::int[])) AS now"
        " GROUP BY hub HAVING count(DISTINCT seq) >= $4 ORDER BY good DESC, hub LIMIT $5",
        *joined.columns,
        joined.numbers(good),
        good_min,
        limit,
    )


async def staff_of(tx: Tx, joined: Joined, hubs: Sequence[str]) -> dict[str, list[int]]:
    """The customers each employer pays, ascending."""
    rows = await tx.fetch(
        "SELECT hub, array_agg(DISTINCT seq ORDER BY seq) AS seqs"
        f" FROM ({_STANDING} AND e.kind = 'payroll' AND e.hub = ANY($3::text[])) AS now GROUP BY hub",
        *joined.columns,
        list(hubs),
    )
    return {row["hub"]: row["seqs"] for row in rows}


async def judged_rings(tx: Tx) -> list[Record]:
    """Rings that stand, judged or not: id, seqs, state."""
    return await tx.fetch("SELECT id, seqs, state FROM relations.ring")


async def put_ring(tx: Tx, ring_id: UUID, seqs: Sequence[int], facts: dict[str, Any]) -> None:
    """Write a ring as it was just found; what somebody said of it stays."""
    await tx.execute(
        "INSERT INTO relations.ring AS r (id, seqs, organisers, score, devices, anchorless, quiet, burst, invited,"
        " state, found_at, seen_at) VALUES ($1, $2::int[], $3, $4, $5, $6, $7, $8, $9, 'new', $10, $10)"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET seqs = excluded.seqs, organisers = excluded.organisers,"
        " score = excluded.score, devices = excluded.devices, anchorless = excluded.anchorless, quiet = excluded.quiet,"
        " burst = excluded.burst, invited = excluded.invited, seen_at = excluded.seen_at",
        ring_id, list(seqs), facts["organisers"], facts["score"], facts["devices"], facts["anchorless"], facts["quiet"],
        facts["burst"], facts["invited"], tx.now,
    )  # fmt: skip


async def drop_unseen(tx: Tx) -> int:
    """Forget rings nobody judged that are there no more."""
    return await tx.execute("DELETE FROM relations.ring WHERE state = 'new' AND seen_at < $1", tx.now)


async def rings(tx: Tx, state: str, after: tuple[float, UUID] | None, limit: int) -> list[Record]:
    """Rings, the surest first; of every state for ''."""
    return await tx.fetch(
        f"SELECT {_RING} FROM relations.ring WHERE ($1 = '' OR state = $1)"
        " AND ($2::float8 IS NULL OR (score, id) < ($2, $3::uuid)) ORDER BY score DESC, id DESC LIMIT $4",
        state,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def ring_counts(tx: Tx) -> dict[str, int]:
    """How many rings there are by state."""
    rows = await tx.fetch("SELECT state, count(*) AS n FROM relations.ring GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def member_counts(tx: Tx, members_max: int) -> dict[str, int]:
    """How many members rings have by state, `members_max` of each ring at most; in two rings they count twice."""
    rows = await tx.fetch(
        "SELECT state, sum(least(cardinality(seqs), $1))::int AS n FROM relations.ring GROUP BY state", members_max
    )
    return {row["state"]: row["n"] for row in rows}


async def judge(tx: Tx, ring_id: UUID, state: str, note: str) -> Record | None:
    """Write a verdict; None where there is no such ring."""
    new = state == "new"
    return await tx.fetch_row(
        f"UPDATE relations.ring SET state = $2, note = $3, judged_by = $4, judged_at = $5 WHERE id = $1"
        f" RETURNING {_RING}",
        ring_id,
        state,
        note,
        None if new else tx.actor.id,
        None if new else tx.now,
    )


async def ringed(tx: Tx) -> list[int]:
    """Members of what people called rings."""
    rows = await tx.fetch("SELECT DISTINCT unnest(seqs) AS seq FROM relations.ring WHERE state = 'ring' ORDER BY seq")
    return [row["seq"] for row in rows]


async def note_verdict(tx: Tx, ring_id: UUID, state: str, note: str, members: int) -> None:
    """Keep what was said of a ring."""
    await tx.execute(
        "INSERT INTO relations.verdict (id, ring_id, state, note, members, judged_by, judged_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new_id(), ring_id, state, note, members, tx.actor.id, tx.now,
    )  # fmt: skip


async def verdicts(tx: Tx, ring_id: UUID) -> list[Record]:
    """What was said of a ring, latest first."""
    return await tx.fetch(
        "SELECT state, note, members, judged_by, judged_at FROM relations.verdict WHERE ring_id = $1"
        " ORDER BY judged_at DESC, id DESC",
        ring_id,
    )


async def ring(tx: Tx, ring_id: UUID) -> Record | None:
    """One ring."""
    return await tx.fetch_row(f"SELECT {_RING} FROM relations.ring WHERE id = $1", ring_id)


async def evidence(tx: Tx, joined: Joined, seqs: Sequence[int]) -> list[Record]:
    """Devices of these customers, and who invited them: kind, seq, other_seq or hub, since, and `count` at the hub."""
    return await tx.fetch(
        "SELECT now.*, (SELECT count(DISTINCT seq) FROM relations.edge AS all_of WHERE all_of.kind = now.kind"
        " AND all_of.hub = now.hub AND all_of.until IS NULL) AS count"
        f" FROM ({_STANDING} AND (e.kind = 'device' AND e.seq = ANY($3::int[])"
        " OR e.kind = 'referral' AND e.other_seq = ANY($3::int[]))) AS now ORDER BY since, seq, other_seq, hub",
        *joined.columns,
        joined.numbers(seqs),
    )


async def crowded(tx: Tx, joined: Joined, seqs: Sequence[int], others: Sequence[int], more_than: int) -> list[Record]:
    """Pairs, by place from 1, who both use a device of more than so many: place, count."""
    return await tx.fetch(
        f"WITH used AS ({_STANDING} AND e.kind = 'device' AND e.hub IN (SELECT hub FROM relations.edge"
        " WHERE kind = 'device' AND until IS NULL AND (seq = ANY($3::int[]) OR seq = ANY($4::int[]))"
        " GROUP BY hub)), many AS ("
        " SELECT hub, count(DISTINCT seq) AS n FROM used GROUP BY hub HAVING count(DISTINCT seq) > $5)"
        " SELECT p.place, max(m.n) AS count FROM unnest($3::int[], $4::int[]) WITH ORDINALITY AS p (seq, other, place)"
        " JOIN used AS a ON a.seq = p.seq JOIN used AS b ON b.seq = p.other AND b.hub = a.hub"
        " JOIN many AS m ON m.hub = a.hub GROUP BY p.place",
        *joined.columns,
        list(seqs),
        list(others),
        more_than,
    )


async def put_cascades(tx: Tx, rows: Sequence[tuple[int, int, int, int]]) -> None:
    """Whose invitations brought most, anew: seq, size, depth, direct."""
    await tx.execute("DELETE FROM relations.cascade")
    await tx.execute(
        "INSERT INTO relations.cascade (seq, size, depth, direct)"
        " SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[])",
        *([row[at] for row in rows] for at in range(4)),
    )


async def cascades(tx: Tx, after: tuple[int, int] | None, limit: int) -> list[Record]:
    """Whose invitations brought most, the largest first."""
    return await tx.fetch(
        "SELECT seq, size, depth, direct FROM relations.cascade"
        " WHERE $1::int IS NULL OR (size, seq) < ($1, $2::int) ORDER BY size DESC, seq DESC LIMIT $3",
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def count_cascades(tx: Tx) -> int:
    """How many are listed."""
    return int(await tx.fetch_value("SELECT count(*) FROM relations.cascade"))


async def note_reading(tx: Tx, groups: dict[str, int], inviters: int, invited: int, depth: int) -> None:
    """What the graph came to, in place of what it came to before."""
    await tx.execute("DELETE FROM relations.reading")
    await tx.execute(
        "INSERT INTO relations.reading (read_at, edges, groups, inviters, invited, depth)"
        " SELECT $1, coalesce(jsonb_object_agg(kind, n), '{}'), $2, $3, $4, $5 FROM ("
        " SELECT kind, count(*) AS n FROM relations.edge WHERE until IS NULL GROUP BY kind) AS counted",
        tx.now, groups, inviters, invited, depth,
    )  # fmt: skip


async def reading(tx: Tx) -> Record | None:
    """What the graph came to when it was last read."""
    return await tx.fetch_row("SELECT read_at, edges, groups, inviters, invited, depth FROM relations.reading")


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget customers: their edges, and their place in rings."""
    gone = list(seqs)
    await tx.execute("DELETE FROM relations.edge WHERE seq = ANY($1::int[]) OR other_seq = ANY($1::int[])", gone)
    await tx.execute("DELETE FROM relations.cascade WHERE seq = ANY($1::int[])", gone)
    await tx.execute(
        "UPDATE relations.ring SET seqs = ARRAY(SELECT s FROM unnest(seqs) WITH ORDINALITY AS m (s, place)"
        " WHERE s <> ALL($1::int[]) ORDER BY place) WHERE seqs && $1::int[]",
        gone,
    )


async def left_of(tx: Tx, seqs: Sequence[int]) -> int:
    """How many edges and rings name these customers."""
    return int(
        await tx.fetch_value(
            "SELECT (SELECT count(*) FROM relations.edge WHERE seq = ANY($1::int[]) OR other_seq = ANY($1::int[]))"
            " + (SELECT count(*) FROM relations.cascade WHERE seq = ANY($1::int[]))"
            " + (SELECT count(*) FROM relations.ring WHERE seqs && $1::int[])",
            list(seqs),
        )
    )


async def payroll_of(tx: Tx, seqs: Sequence[int]) -> dict[tuple[int, str], date]:
    """Since when each employer pays these customers."""
    rows = await tx.fetch(
        "SELECT seq, hub, min(since) AS since FROM relations.edge WHERE kind = 'payroll' AND seq = ANY($1::int[])"
        " GROUP BY seq, hub",
        list(seqs),
    )
    return {(row["seq"], row["hub"]): row["since"] for row in rows}
