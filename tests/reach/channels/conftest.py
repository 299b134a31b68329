"""A bank with customers, its gateway a real small server, and a plan to write by."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from pyroaring import BitMap

from huoke.app.demo.sms_gateway import Booked, Gateway, Manners, SmsServer
from huoke.kernel.ids import new_id
from huoke.kernel.signing import sign_call
from huoke.reach import channels
from huoke.reach.channels.receive import Call
from tests.make import customers as make_customers
from tests.make import people

KEY = bytes(range(32))
COUNT = 40


class Desk(msgspec.Struct, kw_only=True):
    """A bank that writes to its customers, and the other side of its gateway."""

    database: Any
    tenant: Any
    code: str
    gateway: Gateway
    seqs: list[int]

    async def plan(self, **more: Any) -> UUID:
        """A plan of its own for each test."""
        source_id = new_id()
        given = {
            "source_kind": "campaign",
            "name": "秋日咖啡季",
            "texts": {"zh": "{name}您好，{link}"},
            "link": "/c/AB",
        }
        async with self.database.begin(self.tenant) as tx:
            await channels.add_plan(tx, channels.Plan(source_id=source_id, **{**given, **more}))
        return source_id

    async def queue(self, source_id: UUID, seqs: list[int] | None = None) -> int:
        """Queue for some of the customers, all of them as a rule."""
        async with self.database.begin(self.tenant) as tx:
            return await channels.queue(tx, source_id, BitMap(self.seqs if seqs is None else seqs))

    async def hand_over(self) -> None:
        """Hand over whatever is due."""
        for _ in range(200):
            if not await channels.hand_over(self.database, self.tenant):
                return
        raise AssertionError("hand-over never ends")

    async def states(self, source_id: UUID) -> dict[int, str]:
        """State by customer, with the reason where there is one."""
        async with self.database.begin(self.tenant) as tx:
            rows = await tx.fetch("SELECT seq, state, reason FROM channels.message WHERE source_id = $1", source_id)
        return {row["seq"]: ":".join(filter(None, (row["state"], row["reason"]))) for row in rows}

    async def on_phones(self) -> list[Booked]:
        """The gateway's books, once everything it took is at its end: it delivers in its own time."""
        for _ in range(1_000):
            if all(one.status != "accepted" for one in self.gateway.books.values()):
                return list(self.gateway.books.values())
            await asyncio.sleep(0.01)
        raise AssertionError("the gateway still holds messages")

    def call(self, what: str, body: Any, *, key: bytes = KEY, bank: str | None = None) -> Call:
        """A call of the gateway, signed with `key`."""
        target, content = f"/v1/{what}/{bank or self.code}", msgspec.json.encode(body)
        headers = sign_call(key, "huoke", "POST", target, content, self.database.clock.machine())
        return Call(target=target, headers=headers, body=content)


@pytest.fixture(scope="module")
async def customers_of_bank(database, owner, bank) -> list[int]:
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [
        {"customer_no": f"C{n}", "name": f"客户{n}", "phone": f"1380000{n:04d}", "unit_code": "N1"}
        for n in range(COUNT)
    ]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        return [row["seq"] for row in await tx.fetch("SELECT seq FROM customers.customer ORDER BY seq")]


@pytest.fixture
async def desk(database, owner, bank, clock, customers_of_bank) -> AsyncIterator[Desk]:
    gateway = Gateway("b", "huoke", KEY, "http://127.0.0.1:9", database.clock.machine, Manners(mute=1.0))
    with SmsServer([gateway]) as server:
        async with database.begin(bank) as tx:
            new = channels.NewGateway(
                address=server.address("b"), sender="滨海银行", key=base64.b64encode(KEY).decode(), timeout_seconds=2
            )
            await channels.set_gateway(tx, new)
            code = (await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)) or ""
        yield Desk(database=database, tenant=bank, code=code, gateway=gateway, seqs=customers_of_bank)
        async with database.begin(bank) as tx:
            await tx.execute("UPDATE channels.message SET due_at = NULL, handed_at = NULL")
