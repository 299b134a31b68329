"""What the first page asks of PostgreSQL and ClickHouse; nothing is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from asyncpg import Record

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.measure.figures.streams import STEPS


async def redeemers(
    clickhouse: ClickHouse, tenant: TenantId, ends: Sequence[datetime], days: int, units: Iterable[int] | None
) -> list[int]:
    """For each instant, customers of units who redeemed in the `days` days before it; undone redemptions left out."""
    micros = [int(end.timestamp() * 1_000_000) for end in ends]
    window = days * 86_400_000_000
    counts = ", ".join(
        f"groupBitmapIf(seq, us > {end - window} AND us <= {end}) AS p{place}" for place, end in enumerate(micros)
    )
    within = "" if units is None else " AND has({units:Array(UInt32)}, unit_id)"
    found = await clickhouse.query(
        tenant,
        f"SELECT {counts} FROM (SELECT seq, toUnixTimestamp64Micro(at) AS us FROM {STEPS.name}"
        f" WHERE state = 'used' AND at > fromUnixTimestamp64Micro({{begin:Int64}}){within}"
        f" AND (grant_id, step) NOT IN (SELECT grant_id, step - 1 FROM {STEPS.name} WHERE previous = 'used'))",
        {"begin": min(micros) - window, "units": [] if units is None else sorted(units)},
    )
    row = found.to_pylist()[0]
    return [int(row[f"p{place}"]) for place in range(len(ends))]


async def counter_since(tx: Tx, teller: str, begin: datetime) -> Record | None:
    """How many vouchers somebody redeemed from an instant on, and their face value in fen."""
    return await tx.fetch_row(
        "SELECT count(*) AS redeemed, coalesce(sum(o.face_value_fen), 0)::bigint AS face_value_fen"
        " FROM grants.redemption r JOIN grants.offer o ON o.id = r.offer_id"
        " WHERE r.teller = $1 AND r.at >= $2 AND r.undone_at IS NULL",
        teller,
        begin,
    )


async def people_now(tx: Tx, units: Iterable[int] | None) -> Record | None:
    """Staff of units counted by what they can do."""
    return await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE s.status = 'active') AS active,"
        " count(*) FILTER (WHERE s.status = 'disabled') AS disabled,"
        " count(*) FILTER (WHERE s.status = 'active' AND c.password_hash IS NULL) AS not_enrolled,"
        " (SELECT count(*) FROM identity.session WHERE ended_at IS NULL AND expires_at > $2) AS sessions,"
        " (SELECT count(*) FROM identity.attempt WHERE locked_until > $2) AS locked"
        " FROM people.staff s LEFT JOIN identity.credential c ON c.staff_id = s.id"
        " WHERE $1::int[] IS NULL OR s.unit_id = ANY($1)",
        None if units is None else list(units),
        tx.now,
    )


async def trail_since(tx: Tx, begin: datetime) -> Record | None:
    """Entries of the trail from an instant on, by what an auditor looks for first."""
    return await tx.fetch_row(
        "SELECT count(*) AS entries, count(*) FILTER (WHERE action = 'privacy.reveal') AS reveals,"
        " count(*) FILTER (WHERE action IN ('audit.export', 'views.export')) AS exports,"
        " count(*) FILTER (WHERE action IN ('identity.refuse_sign_in', 'identity.lock')) AS refused_sign_ins"
        " FROM audit.entry WHERE at >= $1",
        begin,
    )


async def guide(tx: Tx) -> Record | None:
    """How far a bank has come on its first way: one flag a step, each found by an index or in a small table."""
    return await tx.fetch_row(
        "SELECT (SELECT count(DISTINCT r.role) = 2 FROM people.staff s JOIN people.staff_role r ON r.staff_id = s.id"
        " WHERE s.status = 'active' AND r.role IN ('operator', 'approver')) AS staff,"
        " EXISTS (SELECT FROM ledger.budget) AS budget,"
        " EXISTS (SELECT FROM customers.import WHERE status = 'done' AND NOT dry_run) AS import,"
        " EXISTS (SELECT FROM segments.segment) AS segment,"
        " EXISTS (SELECT FROM catalogue.sku_version) AS benefit,"
        " EXISTS (SELECT FROM approvals.change WHERE kind = 'campaign') AS campaign,"
        " EXISTS (SELECT FROM approvals.change WHERE kind = 'campaign' AND state = 'applied') AS approval,"
        " EXISTS (SELECT FROM grants.step WHERE state IN ('issued', 'fulfilled')) AS claim,"
        " EXISTS (SELECT FROM grants.redemption WHERE undone_at IS NULL) AS redemption,"
        " EXISTS (SELECT FROM campaigns.campaign c JOIN campaigns.run r ON r.campaign_id = c.id"
        " WHERE r.control > 0 AND c.draft ->> 'metric' IS NOT NULL AND c.state IN ('ended', 'stopped')) AS effect"
    )


async def desk_now(tx: Tx, staff_id: str, units: Iterable[int] | None, midnight: datetime) -> Record | None:
    """Cases of units, and compensations that wait for a second person."""
    return await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE state = 'open') AS open,"
        " count(*) FILTER (WHERE state = 'open' AND assigned_to = $1) AS mine,"
        " count(*) FILTER (WHERE closed_at >= $3) AS closed_today,"
        " (SELECT count(*) FROM care.compensation"
        " WHERE state IN ('submitted', 'returning') AND ($2::int[] IS NULL OR unit_id = ANY($2))) AS waiting"
        " FROM care.case_file WHERE $2::int[] IS NULL OR unit_id = ANY($2)",
        staff_id,
        None if units is None else list(units),
        midnight,
    )
