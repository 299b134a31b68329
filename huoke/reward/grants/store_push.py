"""The large-batch form of granting: up to 10,000 customers of one offer decided and written by one statement."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.grants.model import EVERY_UNIT, Facts, OfferFacts, Pushed

_PUSH = """
WITH item AS (
  SELECT i.n, i.id, i.seq, i.unit_id, i.person, t.budget_id, t.pool_id,
    (g.seq IS NOT NULL OR row_number() OVER (PARTITION BY i.seq ORDER BY i.n) > 1) AS known,
    coalesce(l.taken, 0) AS taken, coalesce(l.line, 0) AS line
  FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[]) WITH ORDINALITY AS i(id, seq, unit_id, person, n)
  LEFT JOIN unnest($6::int[], $7::uuid[], $8::uuid[]) AS t(unit_id, budget_id, pool_id) ON t.unit_id = i.unit_id
  LEFT JOIN (SELECT DISTINCT seq FROM grants.grant WHERE seq = ANY($3) AND offer_id = $1) g ON g.seq = i.seq
  LEFT JOIN grants.person_limit l ON l.offer_id = $1 AND l.person = i.person
), meant AS (
  SELECT *, NOT known AND pool_id IS NOT NULL AS wanted,
    count(*) FILTER (WHERE NOT known AND pool_id IS NOT NULL) OVER (PARTITION BY person ORDER BY n) AS nth FROM item
), limited AS (
  SELECT *, wanted AND taken + nth <= $9 AS within FROM meant
), stocked AS (
  SELECT m.*, within AND count(*) FILTER (WHERE within) OVER (PARTITION BY m.pool_id ORDER BY m.n) <= p.available
    AS stocked FROM limited m LEFT JOIN unnest($10::uuid[], $11::bigint[]) AS p(id, available) ON p.id = m.pool_id
), verdict AS (
  SELECT m.*, stocked AND count(*) FILTER (WHERE stocked) OVER (PARTITION BY m.budget_id ORDER BY m.n) <= b.room
    AS granted FROM stocked m LEFT JOIN unnest($12::uuid[], $13::bigint[]) AS b(id, room) ON b.id = m.budget_id
), stock AS (
  UPDATE grants.pool p SET available = p.available - s.count, reserved = p.reserved + s.count
  FROM (SELECT pool_id, count(*) FROM verdict WHERE granted GROUP BY pool_id) s WHERE p.id = s.pool_id RETURNING p.id
), granted AS (
  INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id, amount_fen, steps,
    granted_at, expires_at)
  SELECT v.id, $1, v.seq, v.person, v.line + v.nth, v.unit_id, 'reserved', v.budget_id, stock.id, $14, 1, $15, $16
  FROM verdict v JOIN stock ON stock.id = v.pool_id WHERE v.granted
  RETURNING id, seq, person, line, unit_id, budget_id
), counted AS (
  INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed)
  SELECT $1, person, count(*), max(line), $9 FROM granted GROUP BY person
  ON CONFLICT (tenant_id, offer_id, person) DO UPDATE SET taken = l.taken + excluded.taken, line = excluded.line
), stepped AS (
  INSERT INTO grants.step (grant_id, step, seq, unit_id, offer_id, source_id, state, amount_fen, at, ordinal)
  SELECT id, 1, seq, unit_id, $1, $17, 'reserved', $14, $15, $18 + row_number() OVER () FROM granted
)
SELECT
  (SELECT array_agg(id) FROM granted) AS ids, (SELECT array_agg(seq) FROM granted) AS seqs,
  (SELECT array_agg(array_position($12::uuid[], budget_id)) FROM granted) AS budgets,
  (SELECT count(*) FROM granted) AS granted, count(*) FILTER (WHERE known) AS exists,
  count(*) FILTER (WHERE NOT known AND pool_id IS NULL) AS not_eligible,
  count(*) FILTER (WHERE wanted AND NOT within) AS limit_reached,
  count(*) FILTER (WHERE within AND NOT stocked) AS sold_out,
  count(*) FILTER (WHERE stocked AND NOT granted) AS budget_exhausted
FROM verdict
"""


class PushedRows(msgspec.Struct, frozen=True):
    """What one pass wrote: ids and seqs of the grants, for each the place of its budget, and the counts."""

    ids: list[UUID]
    seqs: list[int]
    budgets: list[int]
    counts: Pushed


class PushTerms(msgspec.Struct, frozen=True):
    """The terms of one offer as columns, by unit."""

    unit_ids: list[int]
    budget_ids: list[UUID]
    pool_ids: list[UUID]


async def push_terms(tx: Tx, offer_id: UUID, units: Sequence[int]) -> PushTerms:
    """The terms of the units named; those without their own have everybody's, if there are such."""
    rows = await tx.fetch(
        "SELECT w.unit_id, t.budget_id, t.pool_id FROM unnest($2::int[]) AS w(unit_id)"
        " JOIN LATERAL (SELECT budget_id, pool_id FROM grants.term WHERE offer_id = $1 AND unit_id IN (w.unit_id, $3)"
        " ORDER BY unit_id = w.unit_id DESC LIMIT 1) t ON true",
        offer_id,
        units,
        EVERY_UNIT,
    )
    return PushTerms(
        [row["unit_id"] for row in rows], [row["budget_id"] for row in rows], [row["pool_id"] for row in rows]
    )


async def push(
    tx: Tx, offer: OfferFacts, facts: Facts, terms: PushTerms, pools: Mapping[UUID, int], rooms: Mapping[UUID, int]
) -> PushedRows:
    """Grant to a chunk in one pass: known, limit, stock and budget are decided in that order, by place in the chunk.

    `pools` are units available, `rooms` how many grants each budget can still pay for; all of them are locked.
    """
    row = await tx.fetch_row(
        _PUSH,
        offer.id,
        new_ids(len(facts.seqs)),
        facts.seqs,
        facts.unit_ids,
        facts.persons,
        terms.unit_ids,
        terms.budget_ids,
        terms.pool_ids,
        offer.person_limit,
        list(pools),
        list(pools.values()),
        list(rooms),
        list(rooms.values()),
        offer.cost_fen,
        tx.now,
        offer.closes_at,
        offer.source_id,
        tx.take_ordinals("grants.step", len(facts.seqs) + 1),
    )
    assert row is not None
    counts = Pushed(**{name: row[name] for name in Pushed.__struct_fields__})
    return PushedRows(row["ids"] or [], row["seqs"] or [], [n - 1 for n in row["budgets"] or []], counts)
