"""Sets the stage in a running instance, in a process of its own: `python -m tests.faults.stage HOME` prints it as JSON.

A bank, customers signed in on their phones, and offers of points pushed to all of them from one budget and one pool:
every claim moves money, stock and points.
"""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

import msgspec

from huoke.app.founding import found_bank
from huoke.app.runtime import Runtime, open_runtime
from huoke.govern import identity
from huoke.govern.identity import NewTicket
from huoke.govern.identity.tokens import csrf_of
from huoke.govern.tenants import NewTenant
from huoke.kernel import settings as settings_file
from huoke.kernel.ids import TenantId, new_id
from huoke.know import customers
from huoke.reward import grants
from huoke.reward.grants import BenefitKind, Mode
from tests.make import customers as make_customers
from tests.make import grants as make

CUSTOMERS = 64
OFFERS = 60
POINTS = 500
COST_FEN = 250


class Phone(msgspec.Struct, frozen=True):
    """A customer's session."""

    seq: int
    cookie: str
    csrf: str


class Stage(msgspec.Struct, frozen=True):
    """What is there to claim, and who claims."""

    tenant: int
    offers: list[UUID]
    budget_id: UUID
    pool_id: UUID
    phones: list[Phone]


async def set_stage(runtime: Runtime) -> Stage:
    """Everything of a new bank up to the claims."""
    founded = await found_bank(runtime, NewTenant(code=f"b{new_id().hex[-8:]}", name="演示银行"))
    rows = [
        {"customer_no": f"C{n}", "name": f"客户{n}", "phone": f"138{n:08d}", "id_document": f"11010119900101{n:04d}"}
        for n in range(CUSTOMERS)
    ]
    rows = [{**row, "unit_code": "HO"} for row in rows]
    await make_customers.import_rows(runtime.database, founded.tenant, rows, {})
    async with runtime.database.begin(founded.tenant) as tx:
        world = await make.points_world(tx, stock=1_000_000, limit_fen=1_000_000_000, points=POINTS, cost_fen=COST_FEN)
        offers = [
            make.offer(
                world.offer.unit_terms,
                world.offer.sku_id,
                tx.now,
                kind=BenefitKind.POINTS,
                points=POINTS,
                cost_fen=COST_FEN,
                supplier_id=None,
                mode=Mode.PUSH,
            )
            for _ in range(OFFERS)
        ]
        seqs = sorted((await customers.find_by_no(tx, [row["customer_no"] for row in rows])).values())
        for offer in offers:
            await grants.publish_offer(tx, offer)
            await grants.grant_members(tx, offer.id, make.facts(seqs, unit_id=founded.head_office))
    phones = [await _sign_in(runtime, founded.tenant, row["customer_no"]) for row in rows]
    return Stage(founded.tenant, [offer.id for offer in offers], world.budget_id, world.pool_id, phones)


async def _sign_in(runtime: Runtime, tenant: TenantId, customer_no: str) -> Phone:
    async with runtime.database.begin(tenant) as tx:
        ticket = await identity.issue_ticket(tx, NewTicket(customer_no=customer_no, entry_point="benefits"))
    session = await identity.exchange_ticket(runtime.database, ticket.ticket)
    cookie = f"{identity.customer_cookie(runtime.settings.instance)}={session.token}"
    return Phone(session.seq, cookie, csrf_of(session.token))


async def main() -> None:
    """Set the stage in the instance at HOME."""
    async with open_runtime(settings_file.load(Path(sys.argv[1])), maintenance=True) as runtime:
        print(msgspec.json.encode(await set_stage(runtime)).decode())


if __name__ == "__main__":
    asyncio.run(main())
