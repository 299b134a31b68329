"""Customers who claim over HTTP and never give up, and the count of what became of it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx
import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.reward import grants, ledger
from tests.faults.stage import COST_FEN, CUSTOMERS, OFFERS, POINTS, Phone, Stage
from tests.make import grants as make

GONE = (httpx.TransportError, TimeoutError)
Acknowledged = dict[tuple[int, UUID], str]
"""By customer and offer, the grant that was answered."""
PATIENCE_SECONDS = 1.0
"""Before asking again; a crowd that hammers keeps the machine from starting what it waits for."""


def set_stage(home: Path) -> Stage:
    """Prepare a bank in the instance at `home`, in another process: keys of two instances do not mix in one."""
    command = [sys.executable, "-m", "tests.faults.stage", str(home)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return msgspec.json.decode(made.stdout, type=Stage)


class Crowd:
    """All customers of a stage at work; they add to `acknowledged`, and claim nothing that stands there."""

    def __init__(self, stage: Stage, port: int, acknowledged: Acknowledged) -> None:
        self.stage = stage
        self.acknowledged = acknowledged
        self.refused: list[str] = []
        self.outages = 0
        self._stopping = False
        limits = httpx.Limits(max_connections=CUSTOMERS, max_keepalive_connections=CUSTOMERS)
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60)

    @asynccontextmanager
    async def claiming(self) -> AsyncIterator[None]:
        """Everybody claims during the block; at its end each finishes the claim that was begun."""
        async with self._client, asyncio.timeout(240):
            tasks = [asyncio.create_task(self._customer(phone)) for phone in self.stage.phones]
            try:
                yield
                self._stopping = True
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()

    async def grow(self, by: int) -> None:
        """Return when `by` more claims were acknowledged."""
        target = len(self.acknowledged) + by
        assert target < CUSTOMERS * OFFERS, "the stage is too small"
        while len(self.acknowledged) < target:
            await asyncio.sleep(0.01)

    async def _customer(self, phone: Phone) -> None:
        for offer in self.stage.offers:
            if self._stopping:
                return
            if (phone.seq, offer) not in self.acknowledged:
                await self._claim(phone, offer)

    async def _claim(self, phone: Phone, offer: UUID) -> None:
        body = json.dumps([{"request_no": f"{phone.seq}-{offer}", "offer_id": str(offer)}])
        headers = {"Cookie": phone.cookie, "X-CSRF-Token": phone.csrf, "Content-Type": "application/json"}
        while True:
            try:
                answer = await self._client.post("/v1/grants/claims", content=body, headers=headers)
            except GONE:
                answer = None
            [result] = answer.json() if answer is not None and answer.is_success else [{"status": "unknown"}]
            if result["status"] == "done":
                self.acknowledged[phone.seq, offer] = result["id"]
                return
            if result["status"] == "failed" and not result["error"]["retryable"]:
                self.refused.append(result["error"]["code"])
                return
            assert answer is None or answer.status_code in {201, 503}, answer.text
            self.outages += 1
            await asyncio.sleep(PATIENCE_SECONDS)


async def wrongs(database: Database, crowd: Crowd) -> list[str]:
    """What is lost, doubled, or does not add up; empty when all is well."""
    stage, count = crowd.stage, len(crowd.acknowledged)
    async with database.begin(TenantId(stage.tenant)) as tx:
        rows = await tx.fetch("""SELECT id::text, seq, offer_id FROM grants."grant" WHERE state = 'used'""")
        pool = await make.pool_numbers(tx, stage.pool_id)
        [budget] = await ledger.get_budgets(tx, [stage.budget_id])
        credited = await tx.fetch_value("SELECT coalesce(sum(amount), 0) FROM ledger.lot")
        differences = await grants.verify(tx) + await ledger.verify(tx)
    found = [f"refused: {code}" for code in crowd.refused]
    if {(row["seq"], row["offer_id"]): row["id"] for row in rows} != crowd.acknowledged:
        found.append(f"{len(rows)} grants are used, {count} claims were acknowledged")
    if pool[3] != count or budget.committed_fen != count * COST_FEN or credited != count * POINTS:
        found.append(f"pool {pool[3]}, budget {budget.committed_fen}, points {credited} for {count} claims")
    return found + [f"difference: {difference}" for difference in differences]
