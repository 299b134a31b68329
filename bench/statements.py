"""Statements: what a supplier is owed for a month of a million redemptions, against reading them one by one.

The rows are those that redeeming writes (a redemption and its payable; one in fifty undone, with its reversal), made
set-wise on the same PostgreSQL with row-level security. The draft is the product's own use-case in one transaction
of role huoke_app; the sum is compared with what was laid out, to the fen. The baseline is sampled: it is slow.
"""

import secrets
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bench.grants import BANK, engines
from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Database, Tx
from huoke.reward import grants, ledger, supply
from huoke.reward.grants import BenefitKind, Mode, Offer, Terms
from huoke.settle import statements
from huoke.settle.statements import NewStatement

REDEMPTIONS = 1_000_000
SAMPLE = 2_000
COSTS_FEN = (1_280, 1_980, 2_500, 990, 4_725)
UNDONE_EVERY = 50
TRIES = 3
TRANSACTION_SECONDS_MAX = 2.0


class Month(msgspec.Struct, frozen=True):
    """A supplier's month as laid out: its days, and what it comes to."""

    supplier_id: UUID
    since_on: date
    until_on: date
    amount_fen: int


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Draft the statement of a month three times over; the longest transaction counts."""
    size = size or REDEMPTIONS
    with tempfile.NamedTemporaryFile() as key:
        key.write(secrets.token_bytes(32))
        key.flush()
        privacy.unlock(Path(key.name))
    async with engines() as (owner, database, _):
        month = await _lay_out(owner, database, size)
        seconds, amounts = [], set()
        for _ in range(TRIES):
            took, amount_fen = await _draft(database, month)
            seconds.append(took)
            amounts.add(amount_fen)
        sample = min(size, SAMPLE)
        one_by_one = await _one_by_one(database, month, sample) / sample * size
    longest = max(seconds)
    return [
        {
            "name": "statements",
            "ours": round(longest, 2),
            "unit": "s, the longest of three drafts of a month",
            "baseline": f"redemption by redemption, from a sample of {sample:,}",
            "baseline_value": round(one_by_one, 1),
            "ratio": round(one_by_one / longest, 1),
            "redemptions": size,
            "checks": {
                "equal to the fen": amounts == {month.amount_fen},
                "no transaction over 2 s": longest <= TRANSACTION_SECONDS_MAX,
                "ratio is at least 20": one_by_one >= 20 * longest,
            },
        }
    ]


async def _lay_out(owner: Database, database: Database, size: int) -> Month:
    """Redemptions and payables of last month, spread over five offers and all of its days."""
    async with database.begin(BANK) as tx:
        until_on = tx.now.astimezone(CHINA).date().replace(day=1) - timedelta(days=1)
        since_on = until_on.replace(day=1)
        supplier_id = await supply.add(tx, supply.NewSupplier(code="BENCH", name="供应商"))
        keys = [
            ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", ""),
            ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier_id)),
        ]
        accounts = await ledger.open_accounts(tx, keys)
        offers = [await _offer(tx, supplier_id, cost_fen) for cost_fen in COSTS_FEN]
    begin = datetime.combine(since_on, hour(), CHINA)
    await _redeem(owner, supplier_id, offers, begin, size)
    await _owe(owner, supplier_id, accounts[keys[0]], accounts[keys[1]])
    amount_fen = sum(COSTS_FEN[n % len(COSTS_FEN)] * (1 if n % UNDONE_EVERY else 0) for n in range(size))
    return Month(supplier_id, since_on, until_on, amount_fen)


async def _offer(tx: Tx, supplier_id: UUID, cost_fen: int) -> UUID:
    sku_id = new_id()
    budget_id = await ledger.open_budget(tx, ledger.NewBudget(name="预算", unit_id=1, limit_fen=cost_fen))
    pool_id = await grants.open_pool(tx, grants.NewPool(sku_id=sku_id, unit_id=1, name="库存", quantity=1))
    offer = Offer(
        id=new_id(),
        source_kind="bench",
        source_id=new_id(),
        sku_id=sku_id,
        sku_version=1,
        kind=BenefitKind.VOUCHER,
        mode=Mode.PULL,
        title=f"券 {cost_fen}",
        cost_fen=cost_fen,
        supplier_id=supplier_id,
        person_limit=1,
        opens_at=tx.now - timedelta(days=60),
        closes_at=tx.now + timedelta(days=30),
        valid_days=15,
        unit_terms={grants.EVERY_UNIT: Terms(budget_id, pool_id)},
    )
    await grants.publish_offer(tx, offer)
    return offer.id


async def _redeem(owner: Database, supplier_id: UUID, offers: list[UUID], begin: datetime, size: int) -> None:
    """One redemption after the other through 27 days, one in fifty undone an hour later."""
    async with owner.begin_shared() as tx:
        await tx.execute(
            "INSERT INTO grants.redemption (tenant_id, id, grant_id, offer_id, seq, supplier_id, amount_fen, line, way,"
            " teller, unit_id, at, undone_at, undone_by, reason)"
            " SELECT $1, gen_random_uuid(), gen_random_uuid(), ($2::uuid[])[n % $4 + 1], n, $5,"
            " ($3::bigint[])[n % $4 + 1], 21, 'counter', '', 1, at,"
            " CASE WHEN n % $8 = 0 THEN at + interval '1 hour' END, CASE WHEN n % $8 = 0 THEN 't' END,"
            " CASE WHEN n % $8 = 0 THEN '扫错' END"
            " FROM (SELECT n, $6::timestamptz + n * interval '27 days' / $7::int AS at"
            " FROM generate_series(0, $7::int - 1) AS n) AS r",
            BANK,
            offers,
            list(COSTS_FEN),
            len(offers),
            supplier_id,
            begin,
            size,
            UNDONE_EVERY,
        )


async def _owe(owner: Database, supplier_id: UUID, cost: UUID, owed: UUID) -> None:
    """The payable of each redemption, and what took it back where it was undone."""
    insert = (
        "INSERT INTO ledger.transfer (tenant_id, source_id, line, source_kind, kind, debit_account, credit_account,"
        " amount, reversal_of, at, ordinal) SELECT tenant_id, grant_id, {line}, 'grant', 'payable', {sides},"
        " amount_fen, {reversal}, {at}, row_number() OVER () FROM grants.redemption"
        " WHERE supplier_id = $1 AND {at} IS NOT NULL"
    )
    async with owner.begin_shared() as tx:
        await tx.execute(
            insert.format(line="line", sides="$2::uuid, $3::uuid", reversal="NULL", at="at"), supplier_id, cost, owed
        )
        await tx.execute(
            insert.format(line="line + 10", sides="$3::uuid, $2::uuid", reversal="line", at="undone_at"),
            supplier_id,
            cost,
            owed,
        )
        await tx.execute("ANALYZE grants.redemption, ledger.transfer")


async def _draft(database: Database, month: Month) -> tuple[float, int]:
    """Seconds of the transaction that drafts the statement, and its amount; it is taken back afterwards."""
    began = time.perf_counter()
    async with database.begin(BANK) as tx:
        new = NewStatement(supplier_id=month.supplier_id, since_on=month.since_on, until_on=month.until_on)
        statement_id = await statements.create(tx, new)
    seconds = time.perf_counter() - began
    async with database.begin(BANK) as tx:
        amount_fen: int = await tx.fetch_value(
            "SELECT sum(amount_fen)::bigint FROM statements.line WHERE statement_id = $1", statement_id
        )
        await statements.reverse(tx, statement_id, "再测一次")
    return seconds, amount_fen


async def _one_by_one(database: Database, month: Month, sample: int) -> float:
    """Seconds for a sample as a loop reads it: each redemption with its offer, then its payables."""
    async with database.begin(BANK) as tx:
        rows = await tx.fetch(
            "SELECT id FROM grants.redemption WHERE supplier_id = $1 ORDER BY id LIMIT $2", month.supplier_id, sample
        )
    began = time.perf_counter()
    async with database.begin(BANK) as tx:
        lines: dict[tuple[UUID, int], int] = {}
        owed_fen = 0
        for row in rows:
            found = await tx.fetch_row(
                "SELECT r.grant_id, r.offer_id, r.amount_fen, r.undone_at, o.title FROM grants.redemption r"
                " JOIN grants.offer o ON o.id = r.offer_id WHERE r.id = $1",
                row["id"],
            )
            assert found is not None
            key = (found["offer_id"], found["amount_fen"])
            lines[key] = lines.get(key, 0) + (0 if found["undone_at"] else 1)
            owed_fen += await tx.fetch_value(
                "SELECT coalesce(sum(CASE WHEN reversal_of IS NULL THEN amount ELSE -amount END), 0)::bigint"
                " FROM ledger.transfer WHERE source_id = $1 AND kind = 'payable'",
                found["grant_id"],
            )
    assert owed_fen == sum(cost_fen * count for (_, cost_fen), count in lines.items())
    return time.perf_counter() - began
