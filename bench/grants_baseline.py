"""What grants are measured against: one transaction of eight statements a request, and one SQL function a request.

Both take the hot rows (pool, then budget) last, right before the commit, which is the best either can do.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward.grants import Offer


class PerRequest(msgspec.Struct, frozen=True):
    """What every request of one offer knows beforehand."""

    tenant: TenantId
    offer_id: UUID
    source_id: UUID
    budget_id: UUID
    pool_id: UUID
    available_account: UUID
    reserved_account: UUID

    @classmethod
    async def of(cls, database: Database, tenant: TenantId, offer: Offer) -> "PerRequest":
        terms = next(iter(offer.unit_terms.values()))
        async with database.begin(tenant) as tx:
            row = await tx.fetch_row(
                "SELECT available_account, reserved_account FROM ledger.budget WHERE id = $1", terms.budget_id
            )
        assert row is not None
        return cls(tenant, offer.id, offer.source_id, terms.budget_id, terms.pool_id, row[0], row[1])


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The baseline said no."""


async def per_request(database: Database, request: PerRequest, number: int) -> UUID:
    """One claim: begin, eight statements, commit; the grant's id."""
    grant_id = new_id()
    async with database.begin(request.tenant, SYSTEM) as tx:
        new = await tx.execute(
            "INSERT INTO kernel.request (operation, request_no, body_hash, ref, at)"
            " VALUES ('baseline', $1, $2, $3, $4) ON CONFLICT DO NOTHING",
            f"{request.offer_id.hex}-{number}",
            request.offer_id.bytes,
            str(grant_id),
            tx.now,
        )
        offer = await tx.fetch_row(
            "SELECT state, opens_at, closes_at, person_limit, cost_fen, valid_days FROM grants.offer WHERE id = $1",
            request.offer_id,
        )
        if not new or offer is None or offer["state"] != "open" or not _in_window(offer, tx.now):
            raise Refused
        if not await tx.execute(
            "INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed) VALUES ($1, $2, 1, 1, $3)"
            " ON CONFLICT (tenant_id, offer_id, person) DO UPDATE SET taken = l.taken + 1, line = l.line + 1"
            " WHERE l.taken < l.allowed",
            request.offer_id,
            number,
            offer["person_limit"],
        ):
            raise Refused
        await tx.execute(
            "INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id, amount_fen,"
            " steps, granted_at, claimed_at, expires_at) VALUES ($1, $2, $3, $3, 1, 1, 'fulfilled', $4, $5, $6, 1,"
            " $7, $7, $7::timestamptz + make_interval(days => $8))",
            grant_id,
            request.offer_id,
            number,
            request.budget_id,
            request.pool_id,
            offer["cost_fen"],
            tx.now,
            offer["valid_days"],
        )
        await tx.execute(
            "INSERT INTO grants.step"
            " (grant_id, step, seq, unit_id, offer_id, source_id, state, amount_fen, at, ordinal)"
            " VALUES ($1, 1, $2, 1, $3, $4, 'fulfilled', $5, $6, 0)",
            grant_id,
            number,
            request.offer_id,
            request.source_id,
            offer["cost_fen"],
            tx.now,
        )
        await tx.execute(
            "INSERT INTO ledger.transfer"
            " (source_kind, source_id, line, kind, debit_account, credit_account, amount, at, ordinal)"
            " VALUES ('grant', $1, 10, 'reserve', $2, $3, $4, $5, 0)",
            grant_id,
            request.available_account,
            request.reserved_account,
            offer["cost_fen"],
            tx.now,
        )
        if not await tx.execute(
            "UPDATE grants.pool SET available = available - 1, reserved = reserved + 1"
            " WHERE id = $1 AND available >= 1",
            request.pool_id,
        ):
            raise Refused
        if not await tx.execute(
            "UPDATE ledger.budget SET available_fen = available_fen - $2, reserved_fen = reserved_fen + $2"
            " WHERE id = $1 AND available_fen >= $2",
            request.budget_id,
            offer["cost_fen"],
        ):
            raise Refused
    return grant_id


def _in_window(offer: Record, now: datetime) -> bool:
    return bool(offer["opens_at"] <= now < offer["closes_at"])


FUNCTION_SQL = """
CREATE SCHEMA IF NOT EXISTS baseline;
GRANT USAGE ON SCHEMA baseline TO huoke_app;
CREATE OR REPLACE FUNCTION baseline.claim(tenant int, request_no_ text, grant_id_ uuid, offer_id_ uuid, source_id_ uuid,
  budget_id_ uuid, pool_id_ uuid, available_ uuid, reserved_ uuid, seq_ int, at_ timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE o record;
BEGIN
  PERFORM set_config('app.tenant', tenant::text, true);
  INSERT INTO kernel.request (operation, request_no, body_hash, ref, at)
    VALUES ('function', request_no_, uuid_send(offer_id_), to_jsonb(grant_id_::text), at_) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RAISE 'known'; END IF;
  SELECT state, opens_at, closes_at, person_limit, cost_fen, valid_days INTO o FROM grants.offer WHERE id = offer_id_;
  IF NOT FOUND OR o.state <> 'open' OR at_ < o.opens_at OR at_ >= o.closes_at THEN RAISE 'not open'; END IF;
  INSERT INTO grants.person_limit AS l (offer_id, person, taken, line, allowed)
    VALUES (offer_id_, seq_, 1, 1, o.person_limit)
    ON CONFLICT (tenant_id, offer_id, person) DO UPDATE SET taken = l.taken + 1, line = l.line + 1
    WHERE l.taken < l.allowed;
  IF NOT FOUND THEN RAISE 'limit'; END IF;
  INSERT INTO grants.grant (id, offer_id, seq, person, line, unit_id, state, budget_id, pool_id, amount_fen, steps,
    granted_at, claimed_at, expires_at) VALUES (grant_id_, offer_id_, seq_, seq_, 1, 1, 'fulfilled', budget_id_,
    pool_id_, o.cost_fen, 1, at_, at_, at_ + make_interval(days => o.valid_days));
  INSERT INTO grants.step (grant_id, step, seq, unit_id, offer_id, source_id, state, amount_fen, at, ordinal)
    VALUES (grant_id_, 1, seq_, 1, offer_id_, source_id_, 'fulfilled', o.cost_fen, at_, 0);
  INSERT INTO ledger.transfer (source_kind, source_id, line, kind, debit_account, credit_account, amount, at, ordinal)
    VALUES ('grant', grant_id_, 10, 'reserve', available_, reserved_, o.cost_fen, at_, 0);
  UPDATE grants.pool SET available = available - 1, reserved = reserved + 1 WHERE id = pool_id_ AND available >= 1;
  IF NOT FOUND THEN RAISE 'sold out'; END IF;
  UPDATE ledger.budget SET available_fen = available_fen - o.cost_fen, reserved_fen = reserved_fen + o.cost_fen
    WHERE id = budget_id_ AND available_fen >= o.cost_fen;
  IF NOT FOUND THEN RAISE 'budget'; END IF;
END $$;
"""
"""The same eight statements as one function: one round trip and one commit a request."""


async def call_function(database: Database, request: PerRequest, number: int) -> None:
    """One claim: one statement, which commits itself."""
    async with database.pool.acquire() as connection:
        await connection.execute(
            "SELECT baseline.claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            request.tenant,
            f"{request.offer_id.hex}-{number}",
            new_id(),
            request.offer_id,
            request.source_id,
            request.budget_id,
            request.pool_id,
            request.available_account,
            request.reserved_account,
            number,
            database.clock.now(),
        )
