"""The SQL of offers, pools and grants. Locks are taken in one order: offer, pool, budget, grants, each ascending."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.grants.model import (
    EVERY_UNIT,
    Claim,
    Grant,
    Movement,
    Offer,
    OfferFacts,
    OfferState,
    Shelf,
    State,
    Terms,
    shelf,
)

_FACTS = ", ".join(OfferFacts.__struct_fields__)
_GRANT = ", ".join(Grant.__struct_fields__)


async def insert_offer(tx: Tx, offer: Offer) -> bool:
    """Write an offer and its terms; False when its source line has one already."""
    row = msgspec.to_builtins(offer, builtin_types=(UUID,))
    del row["unit_terms"]
    row |= {"opens_at": offer.opens_at, "closes_at": offer.closes_at, "published_at": tx.now}
    names = ", ".join(row)
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    if not await tx.execute(
        f"INSERT INTO grants.offer ({names}) VALUES ({places}) ON CONFLICT DO NOTHING", *row.values()
    ):
        return False
    await tx.execute(
        "INSERT INTO grants.term (offer_id, unit_id, budget_id, pool_id)"
        " SELECT $1, t.* FROM unnest($2::int[], $3::uuid[], $4::uuid[]) AS t",
        offer.id,
        list(offer.unit_terms),
        [terms.budget_id for terms in offer.unit_terms.values()],
        [terms.pool_id for terms in offer.unit_terms.values()],
    )
    return True


async def lock_offers(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, OfferFacts]:
    """Lock offers in ascending order, as they are now; an offer of a bundle with all its siblings.

    Two tabs that choose different benefits of one bundle meet at these locks.
    """
    rows = await tx.fetch(
        f"SELECT {_FACTS} FROM grants.offer WHERE id = ANY($1) OR choose > 0 AND source_id IN"
        " (SELECT source_id FROM grants.offer WHERE id = ANY($1) AND choose > 0) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(ids)),
    )
    return {row["id"]: _facts(row) for row in rows}


async def offers(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, OfferFacts]:
    """Offers as they are now, unlocked."""
    rows = await tx.fetch(f"SELECT {_FACTS} FROM grants.offer WHERE id = ANY($1)", sorted(set(ids)))
    return {row["id"]: _facts(row) for row in rows}


def _facts(row: Record) -> OfferFacts:
    return msgspec.convert(dict(row), OfferFacts, builtin_types=(UUID,))


async def set_offer_state(tx: Tx, offer_id: UUID, state: OfferState) -> None:
    """Write the state of a locked offer."""
    await tx.execute("UPDATE grants.offer SET state = $2 WHERE id = $1", offer_id, state.value)


async def lock_terms(
    tx: Tx, wanted: Iterable[tuple[UUID, int]]
) -> tuple[dict[tuple[UUID, int], Terms], dict[UUID, int]]:
    """The terms of (offer, unit) pairs, their own or everybody's, and what each pool, locked, has available."""
    pairs = {pair for offer_id, unit_id in wanted for pair in ((offer_id, unit_id), (offer_id, EVERY_UNIT))}
    rows = await tx.fetch(
        "SELECT t.offer_id, t.unit_id, t.budget_id, p.id AS pool_id, p.available"
        " FROM unnest($1::uuid[], $2::int[]) AS w(offer_id, unit_id) JOIN grants.term t USING (offer_id, unit_id)"
        " JOIN grants.pool p ON p.id = t.pool_id ORDER BY p.id FOR NO KEY UPDATE OF p",
        [offer_id for offer_id, _ in pairs],
        [unit_id for _, unit_id in pairs],
    )
    terms = {(row["offer_id"], row["unit_id"]): Terms(row["budget_id"], row["pool_id"]) for row in rows}
    return terms, {row["pool_id"]: row["available"] for row in rows}


async def taken(tx: Tx, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], tuple[int, int]]:
    """(taken, last line) of (offer, person) pairs that have any; the offers are locked."""
    pairs = set(wanted)
    rows = await tx.fetch(
        "SELECT w.offer_id, w.person, l.taken, l.line FROM unnest($1::uuid[], $2::int[]) AS w(offer_id, person)"
        " CROSS JOIN LATERAL (SELECT taken, line FROM grants.person_limit"
        " WHERE offer_id = w.offer_id AND person = w.person LIMIT 1) l",
        [offer_id for offer_id, _ in pairs],
        [person for _, person in pairs],
    )
    return {(row["offer_id"], row["person"]): (row["taken"], row["line"]) for row in rows}


async def chosen(tx: Tx, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], int]:
    """How many benefits of a bundle (source, person) pairs have, where they have any; the offers are locked."""
    pairs = set(wanted)
    if not pairs:
        return {}
    rows = await tx.fetch(
        "SELECT source_id, person, l.taken FROM unnest($1::uuid[], $2::int[]) AS w(source_id, person)"
        " JOIN grants.choice_limit l USING (source_id, person)",
        [source_id for source_id, _ in pairs],
        [person for _, person in pairs],
    )
    return {(row["source_id"], row["person"]): row["taken"] for row in rows}


class NewGrant(msgspec.Struct, frozen=True):
    """A grant to write: what was claimed, under which terms, where it goes at once, until when it waits there."""

    id: UUID
    claim: Claim
    offer: OfferFacts
    terms: Terms
    line: int
    state: State
    until: datetime | None = None


_INSERT = """
WITH item AS (
  SELECT i.*, p.pool_id, o.offer_id, o.source_id, o.amount, o.allowed, o.valid_until, o.state
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::smallint[], $7::smallint[], $8::uuid[])
    WITH ORDINALITY AS i(id, seq, person, unit_id, line, offer_no, pool_no, budget_id, n)
  JOIN unnest($9::uuid[], $10::uuid[], $11::bigint[], $12::int[], $13::timestamptz[], $14::text[])
    WITH ORDINALITY AS o(offer_id, source_id, amount, allowed, valid_until, state, n) ON o.n = i.offer_no + 1
  JOIN unnest($15::uuid[]) WITH ORDINALITY AS p(pool_id, n) ON p.n = i.pool_no + 1
), stock AS (
  UPDATE grants.pool p SET available = p.available - s.reserved - s.used,
    reserved = p.reserved + s.reserved, used = p.used + s.used
  FROM (SELECT pool_id, count(*) FILTER (WHERE state <> 'used') AS reserved,
    count(*) FILTER (WHERE state = 'used') AS used FROM item GROUP BY pool_id) s
  WHERE p.id = s.pool_id RETURNING p.id
), granted AS (
  INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id, amount_fen, steps,
    granted_at, claimed_at, expires_at, used_at)
  SELECT i.id, i.offer_id, i.seq, i.person, i.line, i.unit_id, i.state, i.budget_id, stock.id, i.amount, 1,
    $16::timestamptz, CASE WHEN i.state <> 'reserved' THEN $16::timestamptz END,
    CASE WHEN i.state IN ('fulfilled', 'reserved') THEN i.valid_until END,
    CASE WHEN i.state = 'used' THEN $16::timestamptz END
  FROM item i JOIN stock ON stock.id = i.pool_id RETURNING id
), limited AS (
  INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed)
  SELECT offer_id, person, count(*), max(line), min(allowed) FROM item GROUP BY offer_id, person
  ON CONFLICT (tenant_id, offer_id, person) DO UPDATE SET taken = l.taken + excluded.taken, line = excluded.line
)
INSERT INTO grants.step (grant_id, step, seq, unit_id, offer_id, source_id, state, amount_fen, at, ordinal)
SELECT g.id, 1, i.seq, i.unit_id, i.offer_id, i.source_id, i.state, i.amount, $16::timestamptz, $17 + i.n
FROM granted g JOIN item i USING (id)
"""


async def insert_grants(tx: Tx, new: Sequence[NewGrant]) -> None:
    """Take the stock and write the grants from it, with their persons' limits and first steps."""
    offers_ = {item.offer.id: item.offer for item in new}
    offer_no = {offer_id: number for number, offer_id in enumerate(offers_)}
    pool_no = {pool_id: number for number, pool_id in enumerate(dict.fromkeys(item.terms.pool_id for item in new))}
    states = {item.offer.id: item.state.value for item in new}
    until = {item.offer.id: item.until or item.offer.good_until(tx.now) for item in new}
    written = await tx.execute(
        _INSERT,
        [item.id for item in new],
        [item.claim.seq for item in new],
        [item.claim.person for item in new],
        [item.claim.unit_id for item in new],
        [item.line for item in new],
        [offer_no[item.offer.id] for item in new],
        [pool_no[item.terms.pool_id] for item in new],
        [item.terms.budget_id for item in new],
        list(offers_),
        [offer.source_id for offer in offers_.values()],
        [offer.cost_fen for offer in offers_.values()],
        [offer.person_limit for offer in offers_.values()],
        [until[offer_id] for offer_id in offers_],
        [states[offer_id] for offer_id in offers_],
        list(pool_no),
        tx.now,
        tx.take_ordinals("grants.step", len(new) + 1),
    )
    assert written == len(new), "every unit of stock taken is a grant written"
    choices = [
        (item.offer.source_id, item.claim.person, item.claim.choose or item.offer.choose)
        for item in new
        if item.offer.choose
    ]
    if choices:
        await tx.execute(
            "INSERT INTO grants.choice_limit AS l (source_id, person, taken, allowed)"
            " SELECT source_id, person, count(*), min(choose) FROM unnest($1::uuid[], $2::int[], $3::int[])"
            " AS c(source_id, person, choose) GROUP BY source_id, person"
            " ON CONFLICT (tenant_id, source_id, person) DO UPDATE SET taken = l.taken + excluded.taken,"
            " allowed = greatest(l.allowed, excluded.allowed)",
            *(list(column) for column in zip(*choices, strict=True)),
        )


async def grants(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Grant]:
    """Grants by id, unlocked."""
    rows = await tx.fetch(f"SELECT {_GRANT} FROM grants.grant WHERE id = ANY($1)", list(ids))
    return {row["id"]: _grant(row) for row in rows}


async def lock_grants(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Grant]:
    """Grants by id, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {_GRANT} FROM grants.grant WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", sorted(set(ids))
    )
    return {row["id"]: _grant(row) for row in rows}


def _grant(row: Record) -> Grant:
    values = dict(row)
    values["state"] = State(values["state"])
    return Grant(**values)


async def pushed_grants(
    tx: Tx, wanted: Iterable[tuple[UUID, int]], joined: Mapping[int, Sequence[int]]
) -> dict[tuple[UUID, int], UUID]:
    """The grant of each (offer, seq) pair that is to be claimed next, else its latest; `joined` are further numbers."""
    lines = [(offer_id, seq, number) for offer_id, seq in set(wanted) for number in (seq, *joined.get(seq, ()))]
    rows = await tx.fetch(
        "SELECT DISTINCT ON (w.offer_id, w.seq) w.offer_id, w.seq, g.id"
        " FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w(offer_id, seq, number)"
        " CROSS JOIN LATERAL (SELECT id, line, state = 'reserved' AND expires_at > $4 AS open FROM grants.grant"
        " WHERE offer_id = w.offer_id AND seq = w.number ORDER BY open DESC NULLS LAST, line DESC LIMIT 1) g"
        " ORDER BY w.offer_id, w.seq, g.open DESC NULLS LAST, w.number = w.seq DESC, g.line DESC",
        [offer_id for offer_id, _, _ in lines],
        [seq for _, seq, _ in lines],
        [number for _, _, number in lines],
        tx.now,
    )
    return {(row["offer_id"], row["seq"]): row["id"] for row in rows}


async def lock_pools(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Record]:
    """Pools by id, locked in ascending order."""
    rows = await tx.fetch(
        "SELECT id, parent_id, sku_id, name, total, available FROM grants.pool WHERE id = ANY($1)"
        " ORDER BY id FOR NO KEY UPDATE",
        sorted(set(ids)),
    )
    return {row["id"]: row for row in rows}


async def move_stock(tx: Tx, movements: Sequence[Movement]) -> None:
    """Move one unit of each grant's pool from the shelf of its state to the shelf of the next; the pools are locked."""
    changes: dict[UUID, dict[Shelf, int]] = {}
    for movement in movements:
        change = changes.setdefault(movement.grant.pool_id, dict.fromkeys(Shelf, 0))
        change[shelf(movement.grant.state)] -= 1
        change[shelf(movement.state)] += 1
    await tx.execute(
        "UPDATE grants.pool p SET available = p.available + c.available, reserved = p.reserved + c.reserved,"
        " used = p.used + c.used FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])"
        " AS c(id, available, reserved, used) WHERE p.id = c.id",
        list(changes),
        *([change[place] for change in changes.values()] for place in Shelf),
    )


async def reassign(tx: Tx, rows: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Write who delivers locked grants, and at what price: (grant, supplier, fen)."""
    await tx.execute(
        "UPDATE grants.grant AS g SET supplier_id = r.supplier_id, amount_fen = r.amount_fen"
        " FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS r (id, supplier_id, amount_fen) WHERE g.id = r.id",
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


async def add_back(tx: Tx, parts: Mapping[UUID, int]) -> None:
    """Write what more of locked, used grants is available again, in fen."""
    await tx.execute(
        "UPDATE grants.grant AS g SET back_fen = g.back_fen + p.fen"
        " FROM unnest($1::uuid[], $2::bigint[]) AS p (id, fen) WHERE g.id = p.id",
        list(parts),
        list(parts.values()),
    )


_MOVE = """
WITH moved AS (
  UPDATE grants.grant g SET state = i.state, steps = g.steps + 1, expires_at = i.expires_at, back_fen = 0,
    claimed_at = CASE WHEN i.state IN ('fulfilling', 'fulfilled', 'used') THEN coalesce(g.claimed_at, $6::timestamptz)
      ELSE g.claimed_at END,
    used_at = CASE i.state WHEN 'used' THEN $6::timestamptz WHEN 'fulfilled' THEN NULL ELSE g.used_at END
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[]) WITH ORDINALITY
    AS i(id, previous, state, expires_at, source_id, n)
  WHERE g.id = i.id AND g.state = i.previous
  RETURNING g.id, g.steps, g.seq, g.unit_id, g.offer_id, i.source_id, i.previous, g.state, g.amount_fen, i.n
)
INSERT INTO grants.step (grant_id, step, seq, unit_id, offer_id, source_id, previous, state, amount_fen, at, ordinal)
SELECT id, steps, seq, unit_id, offer_id, source_id, previous, state, amount_fen, $6::timestamptz, $7 + n FROM moved
"""


async def move_grants(
    tx: Tx, movements: Sequence[Movement], offers_: Mapping[UUID, OfferFacts], expires_at: Sequence[object]
) -> None:
    """Write the next state of locked grants, and a step for each."""
    written = await tx.execute(
        _MOVE,
        [movement.grant.id for movement in movements],
        [movement.grant.state.value for movement in movements],
        [movement.state.value for movement in movements],
        list(expires_at),
        [offers_[movement.grant.offer_id].source_id for movement in movements],
        tx.now,
        tx.take_ordinals("grants.step", len(movements) + 1),
    )
    assert written == len(movements), "a locked grant is in the state it was locked in"


async def forgive(tx: Tx, movements: Sequence[Movement], offers_: Mapping[UUID, OfferFacts]) -> None:
    """Give back to persons what these grants took of their limits."""
    persons = [movement.grant.person for movement in movements]
    await tx.execute(
        "UPDATE grants.person_limit l SET taken = l.taken - c.count FROM"
        " (SELECT offer_id, person, count(*) FROM unnest($1::uuid[], $2::int[]) AS w(offer_id, person)"
        " GROUP BY offer_id, person) c WHERE l.offer_id = c.offer_id AND l.person = c.person",
        [movement.grant.offer_id for movement in movements],
        persons,
    )
    bundled = [movement for movement in movements if offers_[movement.grant.offer_id].choose]
    if bundled:
        await tx.execute(
            "UPDATE grants.choice_limit l SET taken = l.taken - c.count FROM"
            " (SELECT source_id, person, count(*) FROM unnest($1::uuid[], $2::int[]) AS w(source_id, person)"
            " GROUP BY source_id, person) c WHERE l.source_id = c.source_id AND l.person = c.person",
            [offers_[movement.grant.offer_id].source_id for movement in bundled],
            [movement.grant.person for movement in bundled],
        )


async def shorten(tx: Tx, until: Mapping[UUID, datetime]) -> None:
    """Let grants expire no later than what was set aside for them."""
    if until:
        await tx.execute(
            "UPDATE grants.grant g SET expires_at = least(g.expires_at, u.until)"
            " FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, until) WHERE g.id = u.id",
            list(until),
            list(until.values()),
        )


async def set_reasons(tx: Tx, reasons: Mapping[UUID, str]) -> None:
    """Write why grants failed or were taken back."""
    if reasons:
        await tx.execute(
            "UPDATE grants.grant g SET reason = r.reason FROM unnest($1::uuid[], $2::text[]) AS r(id, reason)"
            " WHERE g.id = r.id",
            list(reasons),
            list(reasons.values()),
        )
