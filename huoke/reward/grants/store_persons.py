"""The SQL of counting grants anew when customers turn out to be one natural person, or two again."""

from collections.abc import Mapping
from uuid import UUID

from huoke.kernel.tx import Tx


async def offers_of(tx: Tx, persons: Mapping[int, int]) -> list[UUID]:
    """The offers of which any of these customers (seq → person) has a grant under another person, ascending."""
    rows = await tx.fetch(
        "SELECT DISTINCT g.offer_id FROM unnest($1::int[], $2::int[]) AS w(seq, person)"
        " JOIN grants.grant AS g ON g.seq = w.seq WHERE g.person <> w.person ORDER BY g.offer_id",
        list(persons),
        list(persons.values()),
    )
    return [row["offer_id"] for row in rows]


# Lines only ever rise, so that none is handed out twice whatever number it was handed out under. What two persons had
# taken before they were found to be one may be more than one may take: the row allows what is there, and no more.
_COUNTED = """
WITH moved AS (
  SELECT g.offer_id, o.source_id, o.choose, o.person_limit, g.person AS before, w.person,
    count(*) FILTER (WHERE g.state NOT IN ('failed', 'revoked', 'returned')) AS count, max(g.line) AS line
  FROM unnest($1::int[], $2::int[]) AS w(seq, person) JOIN grants.grant AS g ON g.seq = w.seq
  JOIN grants.offer AS o ON o.id = g.offer_id WHERE g.person <> w.person
  GROUP BY g.offer_id, o.source_id, o.choose, o.person_limit, g.person, w.person
), shift AS (
  SELECT offer_id, person, sum(count) AS count, max(line) AS line, min(person_limit) AS allowed FROM (
    SELECT offer_id, person, count, line, person_limit FROM moved
    UNION ALL SELECT offer_id, before, -count, 0, person_limit FROM moved) AS s GROUP BY offer_id, person
), choice AS (
  SELECT source_id, person, sum(count) AS count, min(choose) AS allowed FROM (
    SELECT source_id, person, count, choose FROM moved WHERE choose > 0
    UNION ALL SELECT source_id, before, -count, choose FROM moved WHERE choose > 0) AS s GROUP BY source_id, person
), limited AS (
  INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed)
  SELECT s.offer_id, s.person, coalesce(h.taken, 0) + s.count, greatest(s.line, h.line),
    greatest(s.allowed, coalesce(h.taken, 0) + s.count)
  FROM shift AS s LEFT JOIN grants.person_limit AS h USING (offer_id, person)
  ON CONFLICT (tenant_id, offer_id, person)
  DO UPDATE SET taken = excluded.taken, line = excluded.line, allowed = excluded.allowed
), chosen AS (
  INSERT INTO grants.choice_limit AS l (source_id, person, taken, allowed)
  SELECT c.source_id, c.person, coalesce(h.taken, 0) + c.count, greatest(c.allowed, coalesce(h.taken, 0) + c.count)
  FROM choice AS c LEFT JOIN grants.choice_limit AS h USING (source_id, person)
  ON CONFLICT (tenant_id, source_id, person) DO UPDATE SET taken = excluded.taken, allowed = excluded.allowed
)
UPDATE grants.grant AS g SET person = w.person FROM unnest($1::int[], $2::int[]) AS w(seq, person)
WHERE g.seq = w.seq AND g.person <> w.person
"""


async def count_as(tx: Tx, persons: Mapping[int, int]) -> int:
    """Let the grants of customers (seq → person) count as those persons'; their offers are locked. How many moved."""
    return await tx.execute(_COUNTED, list(persons), list(persons.values()))
