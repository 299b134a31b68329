"""Statements: the lines of one supplier out of a million redemptions, summed in the database or row by row here.

Both read the same rows on the same PostgreSQL, under row-level security as role huoke_app, and agree to the fen. The
write rule is two seconds a transaction: `seconds` is the whole of making a statement, ledger check included.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.grants import BANK, engines
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Database, Tx
from huoke.reward import grants, ledger

REDEMPTIONS = 1_000_000
OFFERS = 20
COST_FEN = 1_280
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=31)
_ROWS = (
    "SELECT o.source_id, o.sku_id, o.title, v.sign * r.amount_fen AS amount_fen FROM grants.redemption r"
    " JOIN grants.offer o ON o.id = r.offer_id"
    " CROSS JOIN LATERAL (VALUES (1, r.at), (-1, r.undone_at)) AS v(sign, at)"
    " WHERE r.supplier_id = $1 AND v.at >= $2 AND v.at < $3 AND r.amount_fen > 0"
)


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """A statement over a month: `rows` brings every redemption, `summed` what the statement is made of."""
    count = size or REDEMPTIONS
    async with engines() as (owner, database, _):
        supplier_id = new_id()
        await _fill(owner, database, supplier_id, count)
        by_row, rows_s = await _timed(database, supplier_id, _by_row)
        summed, summed_s = await _timed(database, supplier_id, _summed)
        owed, ledger_s = await _timed(database, supplier_id, _owed)
        assert by_row == summed == owed, "both sides and the ledger agree to the fen"
    return [
        {"bench": "statements", "side": "rows", "redemptions": count, "seconds": round(rows_s + ledger_s, 3)},
        {"bench": "statements", "side": "summed", "redemptions": count, "seconds": round(summed_s + ledger_s, 3)},
    ]


async def _timed(database: Database, supplier_id: UUID, ask: Any) -> tuple[int, float]:
    seconds = []
    for _ in range(3):
        async with database.begin(BANK) as tx:
            start = time.perf_counter()
            amount_fen = await ask(tx, supplier_id)
            seconds.append(time.perf_counter() - start)
    return amount_fen, min(seconds)


async def _by_row(tx: Tx, supplier_id: UUID) -> int:
    counts: dict[tuple[Any, ...], int] = {}
    for row in await tx.fetch(_ROWS, supplier_id, BEGIN, END):
        key = (row["source_id"], row["sku_id"], row["title"])
        counts[key] = counts.get(key, 0) + row["amount_fen"]
    return sum(counts.values())


async def _summed(tx: Tx, supplier_id: UUID) -> int:
    return sum(line.amount_fen for line in await grants.settled_lines(tx, supplier_id, BEGIN, END))


async def _owed(tx: Tx, supplier_id: UUID) -> int:
    return await ledger.payable(tx, supplier_id, BEGIN, END)


async def _fill(owner: Database, database: Database, supplier_id: UUID, count: int) -> None:
    """Offers of one supplier, redemptions spread over a month, every fiftieth undone, and the ledger's payables."""
    offers = [await _offer(database, supplier_id) for _ in range(OFFERS)]
    async with database.begin(BANK) as tx:
        keys = [
            ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", ""),
            ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier_id)),
        ]
        accounts = await ledger.open_accounts(tx, keys)
    async with owner.begin_shared() as tx:
        await tx.execute(
            "INSERT INTO grants.redemption (tenant_id, id, grant_id, offer_id, seq, supplier_id, amount_fen, line, way,"
            " teller, unit_id, at, undone_at, undone_by, reason)"
            " SELECT $1, gen_random_uuid(), gen_random_uuid(), ($2::uuid[])[1 + n % $3::int], n, $4, $5, 0, 'counter',"
            " 't', 1, $6::timestamptz + n * (interval '30 days' / $7::int), CASE WHEN n % 50 = 0 THEN $6::timestamptz"
            " + n * (interval '30 days' / $7::int) + interval '1 minute' END, CASE WHEN n % 50 = 0 THEN 't' END,"
            " CASE WHEN n % 50 = 0 THEN 'x' END FROM generate_series(0, $7::int - 1) AS n",
            BANK,
            offers,
            OFFERS,
            supplier_id,
            COST_FEN,
            BEGIN,
            count,
        )
        await tx.execute(
            "INSERT INTO ledger.transfer (tenant_id, source_id, line, source_kind, kind, debit_account, credit_account,"
            " amount, at, ordinal) SELECT r.tenant_id, r.grant_id, v.line, 'grant', 'payable',"
            " CASE WHEN v.line = 0 THEN $2::uuid ELSE $3 END, CASE WHEN v.line = 0 THEN $3::uuid ELSE $2 END,"
            " r.amount_fen, v.at, 0 FROM grants.redemption AS r"
            " CROSS JOIN LATERAL (VALUES (0, r.at), (1, r.undone_at)) AS v(line, at)"
            " WHERE r.supplier_id = $1 AND v.at IS NOT NULL",
            supplier_id,
            accounts[keys[0]],
            accounts[keys[1]],
        )
    async with owner.begin_shared() as tx:
        await tx.execute("ANALYZE grants.redemption")
        await tx.execute("ANALYZE ledger.transfer")


async def _offer(database: Database, supplier_id: UUID) -> UUID:
    async with database.begin(BANK) as tx:
        sku_id = new_id()
        budget_id = await ledger.open_budget(tx, ledger.NewBudget(name="预算", unit_id=1, limit_fen=COST_FEN))
        pool_id = await grants.open_pool(tx, grants.NewPool(sku_id=sku_id, unit_id=1, name="库存", quantity=1))
        offer = grants.Offer(
            id=new_id(),
            source_kind="bench",
            source_id=new_id(),
            sku_id=sku_id,
            sku_version=1,
            kind=grants.BenefitKind.VOUCHER,
            mode=grants.Mode.PULL,
            title="咖啡券",
            cost_fen=COST_FEN,
            supplier_id=supplier_id,
            person_limit=1,
            opens_at=tx.now - timedelta(days=1),
            closes_at=tx.now + timedelta(days=30),
            valid_days=15,
            unit_terms={1: grants.Terms(budget_id, pool_id)},
        )
        await grants.publish_offer(tx, offer)
        return offer.id
