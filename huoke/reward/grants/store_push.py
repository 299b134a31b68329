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
    (g.known OR row_number() OVER (PARTITION BY i.seq ORDER BY i.n) > 1) AS known,
    coalesce(l.taken, 0) AS taken, coalesce(l.line, 0) AS line
  FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[]) WITH ORDINALITY AS i(id, seq, unit_id, person, n)
  LEFT JOIN unnest($6::int[], $7::uuid[], $8::uuid[]) AS t(unit_id, budget_id, pool_id) ON t.unit_id = i.unit_id
  CROSS JOIN LATERAL (SELECT count(*) > 0 AS known FROM grants.grant WHERE offer_id = $1 AND seq = i.seq) g
  LEFT JOIN LATERAL (SELECT taken, line FROM grants.person_limit WHERE offer_id = $1 AND person = i.person LIMIT 1) l
    ON true
), meant AS (
  SELECT m.*, p.available, b.room, NOT known AND taken < $9 AND available > 0 AND room > 0 AS wanted
  FROM item m LEFT JOIN unnest($10::uuid[], $11::bigint[]) AS p(id, available) ON p.id = m.pool_id
  LEFT JOIN unnest($12::uuid[], $13::bigint[]) AS b(id, room) ON b.id = m.budget_id
), numbered AS (
  SELECT *, count(*) FILTER (WHERE wanted) OVER (PARTITION BY person ORDER BY n) AS nth FROM meant
), limited AS (
  SELECT *, wanted AND taken + nth <= $9 AS within FROM numbered
), stocked AS (
  SELECT *, within AND count(*) FILTER (WHERE within) OVER (PARTITION BY pool_id ORDER BY n) <= available AS stocked
  FROM limited
), verdict AS (
  SELECT *, stocked AND count(*) FILTER (WHERE stocked) OVER (PARTITION BY budget_id ORDER BY n) <= room AS granted
  FROM stocked
), stock AS (
  UPDATE grants.pool p SET available = p.available - s.count, reserved = p.reserved + s.count
  FROM (SELECT pool_id, count(*) FROM verdict WHERE granted GROUP BY pool_id) s WHERE p.id = s.pool_id RETURNING p.id
), granted AS (
  INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id, amount_fen, steps,
    granted_at, expires_at)
  SELECT v.id, $1, v.seq, v.person, v.line + v.nth, v.unit_id, 'reserved', v.budget_id, stock.id, $14, 1, $15, $16
  FROM verdict v JOIN stock ON stock.id = v.pool_id WHERE v.granted
  RETURNING id, seq, unit_id, budget_id
), counted AS (
  SELECT v.person, count(*) AS count, max(v.line + v.nth) AS line, bool_and(v.line = 0) AS first
  FROM verdict v WHERE v.granted GROUP BY v.person
), limited_first AS (
  INSERT INTO grants.person_limit (offer_id, person, taken, line, allowed)
  SELECT $1, person, count, line, $9 FROM counted WHERE first
), limited_again AS (
  INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed)
  SELECT $1, person, count, line, $9 FROM counted WHERE NOT first
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
  count(*) FILTER (WHERE NOT known AND (taken >= $9 OR wanted AND NOT within)) AS limit_reached,
  count(*) FILTER (WHERE NOT known AND taken < $9 AND (available < 1 OR within AND NOT stocked)) AS sold_out,
  count(*) FILTER (WHERE NOT known AND taken < $9 AND available > 0 AND (room < 1 OR stocked AND NOT granted))
    AS budget_exhausted
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


async def plan_for_large_batches(tx: Tx) -> None:
    """Plan every statement of this transaction for the arrays it is given.

    A plan made for arrays of any length joins 10,000 rows by nested loops: one chunk took 20 s instead of 0.2.
    """
    await tx.execute("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


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
    """Grant to a chunk in one pass: limit, stock and budget are decided in that order, by place in the chunk.

    Who cannot be served whatever the others get is left out before anybody is numbered, so that as long as somebody can
    be served the first of them is; what one refusal leaves over for another is found by the next pass.
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
