"""Points: burning first in first out, a night of expiry, and events through earn rules; each against one at a time.

Both sides run on the same PostgreSQL (fsync on, row-level security on, role huoke_app) through the same front doors;
baselines are the same verbs asked for one customer, one lot or one event in a transaction, sampled because they are
slow. What was done is counted and summed afterwards. `cpu_ratio` compares seconds of processors, of this process and of
PostgreSQL with all it runs beside: that holds where other work keeps the clock's ratio from being one.
"""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psutil

from bench.grants import BANK, customers_of, engines
from huoke.kernel.ids import new_id
from huoke.kernel.jobs import Pace
from huoke.kernel.tx import Database
from huoke.know import events
from huoke.know.events import NewSchema, Taken
from huoke.know.language import Op, Where
from huoke.reward import ledger
from huoke.reward.points import EarnRule, Expiry, ExpiryKind, PointType, RuleState, earn, prepare, store, store_earn

CUSTOMERS = 100_000
LOTS = 4
NIGHT = 1_000_000
SAMPLE = 400
BURNS_AT_ONCE = 1_500
FILLED_AT_ONCE = 2_500
TYPE = "BENCH"
EVENTS = 1_000_000
RULES = 50
PEOPLE = 100_000
EVENTS_AT_ONCE = 500
NAMES = tuple(f"act.{letter}" for letter in "abcdefghij")
KIND = PointType(
    code=TYPE, name="积分", name_en="Points", unit_cost_fen=100, expiry=Expiry(kind=ExpiryKind.YEAR_END, n=1)
)
POINTS = 100
TAKEN = 250
"""Of four lots of 100: two and a half lots, so that every burn crosses lots."""


class _Spent:
    """Seconds of processors since it was made: this process, and PostgreSQL's, which stay with their pool."""

    def __init__(self, postmaster: psutil.Process) -> None:
        self._postmaster = postmaster
        self._began = self._now()

    @classmethod
    async def on(cls, database: Database) -> "_Spent":
        """Begin to count, on the PostgreSQL of a pool."""
        async with database.begin(BANK) as tx:
            pid = await tx.fetch_value("SELECT pg_backend_pid()")
        postmaster = psutil.Process(pid).parent()
        assert postmaster is not None, "a backend is a child of its postmaster"
        return cls(postmaster)

    def _now(self) -> float:
        theirs = [self._postmaster, *self._postmaster.children()]
        return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in theirs)

    def each(self, count: int) -> float:
        """Microseconds for each of `count`."""
        return 1e6 * (self._now() - self._began) / count


async def run_burn(size: int | None = None) -> list[dict[str, Any]]:
    """Everybody spends two and a half of their four lots; baseline one transaction per customer."""
    size = size or CUSTOMERS
    async with engines() as (owner, database, _):
        accounts = await _fill(database, size + SAMPLE, LOTS)
        await _analyze(owner)
        spent = await _Spent.on(database)
        began = time.perf_counter()
        for account in accounts[size:]:
            async with database.begin(BANK) as tx:
                assert await ledger.burn(tx, [_burn(account)]) == [ledger.Outcome.POSTED]
        alone = SAMPLE / (time.perf_counter() - began)
        alone_us, spent = spent.each(SAMPLE), await _Spent.on(database)
        longest, posted = 0.0, 0
        began = time.perf_counter()
        for first in range(0, size, BURNS_AT_ONCE):
            chunk_began = time.perf_counter()
            async with database.begin(BANK) as tx:
                outcomes = await ledger.burn(
                    tx, [_burn(one) for one in accounts[first : min(first + BURNS_AT_ONCE, size)]]
                )
            longest = max(longest, time.perf_counter() - chunk_began)
            posted += outcomes.count(ledger.Outcome.POSTED)
        ours, ours_us = size / (time.perf_counter() - began), spent.each(size)
        left, shapes, sound = await _left(database)
    return [
        {
            "name": "burn",
            "ours": round(ours),
            "unit": "customers/s",
            "baseline": "one transaction per customer",
            "baseline_value": round(alone),
            "ratio": round(ours / alone, 1),
            "cpu_us": round(ours_us, 1),
            "baseline_cpu_us": round(alone_us, 1),
            "cpu_ratio": round(alone_us / ours_us, 1),
            "longest_transaction_seconds": round(longest, 2),
            "checks": {
                "ratio is at least 25": ours >= 25 * alone,
                "everybody spent once": posted == size,
                "what is left adds up": left == (size + SAMPLE) * (LOTS * POINTS - TAKEN),
                "oldest lots went first": shapes == {(0, 0, 50, 100)},
                "lots, balances and transfers agree": sound,
                "no transaction over 2 s": longest <= 2,
            },
        }
    ]


async def run_expire(size: int | None = None) -> list[dict[str, Any]]:
    """A night in which every lot runs out, in chunks; baseline a row loop, a transaction for each lot."""
    size = size or NIGHT
    sample = min(SAMPLE, size // 10)
    async with engines() as (owner, database, _):
        await _fill(database, (size + sample) // LOTS, LOTS, expired=True)
        await _analyze(owner)
        spent = await _Spent.on(database)
        began = time.perf_counter()
        for _ in range(sample):
            await _expire_one(database)
        alone, alone_us = sample / (time.perf_counter() - began), spent.each(sample)
        before, _, _ = await _left(database)
        longest, accounts, pace = 0.0, 1, Pace(*ledger.EXPIRED_AT_ONCE)
        spent = await _Spent.on(database)
        began = time.perf_counter()
        while accounts:
            chunk_began = time.perf_counter()
            with pace.chunk() as limit:
                async with database.begin(BANK) as tx:
                    accounts = await ledger.expire_lots(tx, limit=limit)
            longest = max(longest, time.perf_counter() - chunk_began)
        ours, ours_us = before / POINTS / (time.perf_counter() - began), spent.each(before // POINTS)
        left, _, sound = await _left(database)
    return [
        {
            "name": "expire",
            "ours": round(ours),
            "unit": "lots/s",
            "baseline": "a row loop: find a lot, lock its account, empty it, write the transfer, commit",
            "baseline_value": round(alone),
            "ratio": round(ours / alone, 1),
            "cpu_us": round(ours_us, 1),
            "baseline_cpu_us": round(alone_us, 1),
            "cpu_ratio": round(alone_us / ours_us, 1),
            "lots": before // POINTS,
            "longest_transaction_seconds": round(longest, 2),
            "checks": {
                "ratio is at least 30": ours >= 30 * alone,
                "nothing is left": before > 0 and left == 0,
                "lots, balances and transfers agree": sound,
                "no lock over 2 s": longest <= 2,
            },
        }
    ]


async def _expire_one(database: Database) -> None:
    """What a row loop does for one lot that has run out."""
    async with database.begin(BANK) as tx:
        lot = await tx.fetch_row(
            "SELECT lot_id, account_id FROM ledger.open_lot WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1",
            tx.now,
        )
        assert lot is not None
        await tx.execute("SELECT id FROM ledger.account WHERE id = $1 FOR NO KEY UPDATE", lot["account_id"])
        points = await tx.fetch_value(
            "DELETE FROM ledger.open_lot WHERE account_id = $1 AND lot_id = $2 RETURNING remaining",
            lot["account_id"],
            lot["lot_id"],
        )
        sink = ledger.AccountKey(ledger.AccountKind.POINTS_EXPIRED, "bank", "", TYPE)
        sinks = await ledger.open_accounts(tx, [sink])
        await tx.execute(
            "INSERT INTO ledger.transfer"
            " (source_kind, source_id, line, kind, debit_account, credit_account, amount, at, ordinal)"
            " VALUES ('lot', $1, 0, 'expire', $2, $3, $4, $5, $6)",
            lot["lot_id"],
            lot["account_id"],
            sinks[sink],
            points,
            tx.now,
            tx.take_ordinals("ledger.transfer", 1),
        )
        await tx.execute("UPDATE ledger.account SET balance = balance - $2 WHERE id = $1", lot["account_id"], points)


async def _fill(database: Database, customers: int, lots: int, *, expired: bool = False) -> list[UUID]:
    """Customers with so many lots each, oldest first; returns their accounts in order."""
    for lot in range(lots):
        for first in range(0, customers, FILLED_AT_ONCE):
            async with database.begin(BANK) as tx:
                ends = tx.now - timedelta(hours=1) if expired else None
                await ledger.credit(
                    tx,
                    [
                        ledger.Credit(
                            seq=seq,
                            currency=TYPE,
                            points=POINTS,
                            expires_at=ends,
                            source_kind="bench",
                            source_id=new_id(),
                            line=lot,
                        )
                        for seq in range(first, min(first + FILLED_AT_ONCE, customers))
                    ],
                )
    found: list[UUID] = []
    for first in range(0, customers, FILLED_AT_ONCE):
        async with database.begin(BANK) as tx:
            keys = [ledger.points_account(seq, TYPE) for seq in range(first, min(first + FILLED_AT_ONCE, customers))]
            accounts = await ledger.open_accounts(tx, keys)
            found += [accounts[key] for key in keys]
    return found


async def _analyze(owner: Database) -> None:
    """Let both sides have the statistics of a bank that has stood for a while."""
    async with owner.begin_shared() as tx:
        await tx.execute("ANALYZE ledger.account, ledger.lot, ledger.open_lot, ledger.transfer")


def _burn(account_id: UUID) -> ledger.Burn:
    return ledger.Burn(account_id=account_id, points=TAKEN, source_kind="bench", source_id=new_id(), line=0)


async def _left(database: Database) -> tuple[int, set[tuple[int, ...]], bool]:
    """Points left in all lots, the shapes of customers' lots oldest first, and whether the books agree."""
    async with database.begin(BANK) as tx:
        left = await tx.fetch_value("SELECT coalesce(sum(remaining), 0)::bigint FROM ledger.open_lot")
        rows = await tx.fetch(
            "SELECT DISTINCT shape FROM (SELECT array_agg(coalesce(o.remaining, 0) ORDER BY l.credited_at, l.id)"
            " AS shape FROM ledger.lot l LEFT JOIN ledger.open_lot o ON o.account_id = l.account_id"
            " AND o.lot_id = l.id GROUP BY l.account_id) s"
        )
        sound = not await ledger.verify(tx)
    return left, {tuple(row["shape"]) for row in rows}, sound


async def run_earn(size: int | None = None) -> list[dict[str, Any]]:
    """Events through fifty earn rules in batches; baseline the same use-case with an event in each transaction."""
    size = size or EVENTS
    async with engines() as (owner, database, _):
        await customers_of(owner, PEOPLE)
        async with database.begin(BANK) as tx:
            await store.put_type(tx, KIND)
            await events.define(tx, [NewSchema(name=name, title=name, title_en=name) for name in NAMES])
            rules = [(new_id(), _rule(number)) for number in range(RULES)]
            for rule_id, rule in rules:
                await store_earn.put_rule(tx, rule_id, rule, RuleState.LIVE)
            ready = await prepare(tx, None, rules)
            now = tx.now
        alone_events = [_event(number, now) for number in range(size, size + SAMPLE)]
        spent = await _Spent.on(database)
        began = time.perf_counter()
        for event in alone_events:
            async with database.begin(BANK) as tx:
                await earn(tx, ready, [event])
        alone, alone_us = SAMPLE / (time.perf_counter() - began), spent.each(SAMPLE)
        longest, seconds, given = 0.0, 0.0, 0
        spent = await _Spent.on(database)
        for first in range(0, size, EVENTS_AT_ONCE):
            batch = [_event(number, now) for number in range(first, min(first + EVENTS_AT_ONCE, size))]
            chunk_began = time.perf_counter()
            async with database.begin(BANK) as tx:
                given += (await earn(tx, ready, batch)).points
            took = time.perf_counter() - chunk_began
            seconds += took
            longest = max(longest, took)
        ours_us = spent.each(size)
        async with database.begin(BANK) as tx:
            again = await earn(tx, ready, batch)
        left, _, sound = await _left(database)
    due = sum(_due(number) for number in range(size))
    due_alone = sum(_due(number) for number in range(size, size + SAMPLE))
    ours = size / seconds
    return [
        {
            "name": "earn",
            "ours": round(ours),
            "unit": "events/s through 50 rules",
            "baseline": "an event in each transaction, the same rules",
            "baseline_value": round(alone),
            "ratio": round(ours / alone, 1),
            "cpu_us": round(ours_us, 1),
            "baseline_cpu_us": round(alone_us, 1),
            "cpu_ratio": round(alone_us / ours_us, 1),
            "events": size,
            "points": given,
            "longest_transaction_seconds": round(longest, 2),
            "checks": {
                "ratio is at least 30": ours >= 30 * alone,
                "every event gave what its rules say": given == due,
                "lots hold what was given": left == due + due_alone,
                "a replay gives nothing": again.points == 0,
                "lots, balances and transfers agree": sound,
                "no transaction over 2 s": longest <= 2,
            },
        }
    ]


def _rule(number: int) -> EarnRule:
    """Every rule listens to one of ten names and gives for amounts from a threshold of its own."""
    return EarnRule(
        name=f"规则 {number}",
        name_en=f"Rule {number}",
        event=NAMES[number % len(NAMES)],
        type=TYPE,
        points=1 + number % 3,
        where=(Where("amount_fen", Op.AT_LEAST, _threshold(number)),),
    )


def _threshold(number: int) -> int:
    return 40 + 10 * (number // len(NAMES))


def _event(number: int, at: datetime) -> Taken:
    name = NAMES[number % len(NAMES)]
    return Taken(new_id(), 1 + number * 7 % PEOPLE, name, at, number // len(NAMES) % 100, "", {}, (0, number))


def _due(number: int) -> int:
    """What the rules give for an event, by plain arithmetic."""
    amount = number // len(NAMES) % 100
    mine = range(number % len(NAMES), RULES, len(NAMES))
    return sum(1 + rule % 3 for rule in mine if amount >= _threshold(rule))
