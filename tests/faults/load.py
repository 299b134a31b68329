"""Callers that claim and never give up, and the count of what became of it.

Every caller claims for customers of its own with a request number of its own, and asks again with the same number until
somebody has answered. What was acknowledged is kept here, outside the database, to be compared with it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from huoke.kernel.batch import Batchers, Run
from huoke.kernel.clock import SystemClock
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import grants, ledger
from huoke.reward.grants import Claim, Claimed
from tests.make import grants as make
from tests.make.grants import World

CALLERS = 32
PATIENCE_SECONDS = 0.2
"""Before asking again; callers who hammer keep the machine from starting what they wait for."""
COST_FEN = 1_280
Ask = Callable[[Claim], Awaitable[UUID]]
"""Claim once: the grant's id, or `Outage` (ask again)."""


class Load:
    """Callers on one hot offer. `acknowledged` maps request numbers to the grant that was answered."""

    def __init__(self, offer_id: UUID, ask: Ask) -> None:
        self.offer_id = offer_id
        self.acknowledged: dict[str, UUID] = {}
        self.refused: dict[str, str] = {}
        self.outages = 0
        self._ask = ask
        self._next = 0
        self._stopping = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Callers at work during the block; at its end each finishes the claim it has begun."""
        async with asyncio.timeout(180):
            callers = [asyncio.create_task(self._caller()) for _ in range(CALLERS)]
            try:
                yield
                self._stopping = True
                await asyncio.gather(*callers)
            finally:
                for caller in callers:
                    caller.cancel()

    async def grow(self, by: int) -> None:
        """Return when `by` more claims were acknowledged."""
        target = len(self.acknowledged) + by
        while len(self.acknowledged) < target:
            await asyncio.sleep(0.01)

    async def _caller(self) -> None:
        while not self._stopping:
            self._next += 1
            claim = make.claim(self.offer_id, self._next, request_no=f"claim-{self._next}")
            await self._insist(claim)

    async def _insist(self, claim: Claim) -> None:
        while True:
            try:
                self.acknowledged[claim.request_no] = await self._ask(claim)
            except Outage:
                self.outages += 1
                await asyncio.sleep(PATIENCE_SECONDS)
            except Refusal as refusal:
                self.refused[claim.request_no] = refusal.code
                return
            else:
                return


def through(batchers: Batchers, bank: TenantId, run: Run[Claim, Claimed] = grants.claim) -> Ask:
    """Ask the micro-batcher of this process."""

    async def ask(claim: Claim) -> UUID:
        return (await batchers.submit(run, bank, SYSTEM, claim)).grant_id

    return ask


async def open_offer(database: Database, bank: TenantId) -> World:
    """An offer with stock and budget for a million claims."""
    async with database.begin(bank) as tx:
        return await make.world(tx, stock=1_000_000, limit_fen=1_000_000 * COST_FEN)


async def wrongs(database: Database, bank: TenantId, world: World, load: Load) -> list[str]:
    """What is lost, doubled, or does not add up; empty when all is well."""
    async with database.begin(bank) as tx:
        rows = await tx.fetch('SELECT id, seq FROM grants."grant" WHERE offer_id = $1', world.offer.id)
        pool = await make.pool_numbers(tx, world.pool_id)
        [budget] = await ledger.get_budgets(tx, [world.budget_id])
        differences = await grants.verify(tx) + await ledger.verify(tx)
        transfers = await tx.fetch_value("SELECT coalesce(sum(amount), 0) FROM ledger.transfer WHERE kind = 'reserve'")
    stored, count = {row["id"] for row in rows}, len(rows)
    found = [f"refused: {number}, {code}" for number, code in load.refused.items()]
    found += [f"lost: {number}" for number, grant in load.acknowledged.items() if grant not in stored]
    if count != len(load.acknowledged):
        found.append(f"{count} grants for {len(load.acknowledged)} acknowledged claims")
    if count != len({row["seq"] for row in rows}):
        found.append("a customer was granted twice")
    if (pool[1], pool[2]) != (1_000_000 - count, count):
        found.append(f"pool {pool} for {count} grants")
    if budget.reserved_fen != count * COST_FEN or transfers != count * COST_FEN:
        found.append(f"budget {budget.reserved_fen} and transfers {transfers} for {count} grants")
    return found + [f"difference: {difference}" for difference in differences]


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    """The database of an instance as the app's role."""
    database = await Database.connect(url, clock=SystemClock())
    try:
        yield database
    finally:
        with contextlib.suppress(Exception):
            await database.close()
