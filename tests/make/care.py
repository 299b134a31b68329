"""A service desk for tests: a bank that runs campaigns, somebody at the desk, goodwill at their disposal."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.principal import Principal
from huoke.know import customers
from huoke.settle import care
from huoke.settle.care import CaseKind, NewCase, NewCompensation, NewServiceOffer
from tests.make import campaigns as make
from tests.make import customers as make_customers
from tests.make.campaigns import _principal

PHONE = "13812340001"


class Desk(msgspec.Struct, kw_only=True):
    """The world of campaigns, and who sits at its desk; `seq` is a customer with a name and a phone."""

    world: make.World
    clerk: Principal
    stranger: Principal
    """At the desk of another branch."""
    seq: int

    def begin(self, principal: Principal | None = None) -> Any:
        """A transaction as the desk unless somebody else is named."""
        return self.world.begin(principal or self.clerk)

    async def case(self, grant_id: UUID | None = None, seq: int | None = None, **more: Any) -> UUID:
        """An open case."""
        told = {"kind": CaseKind.NOT_RECEIVED, "title": "短信没收到", **more}
        async with self.begin() as tx:
            return await care.open_case(
                tx, self.clerk, NewCase(seq=self.seq if seq is None else seq, grant_id=grant_id, **told)
            )

    async def decide(self, change_id: UUID, verdict: approvals.Verdict = approvals.Verdict.APPROVE) -> None:
        """The approver decides."""
        async with self.begin(self.world.approver) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, verdict, "已核对", change.diff_hash)

    async def service_offer(self, **changes: Any) -> UUID:
        """A service offer that was approved: ten coffees, 198 yuan."""
        async with self.begin(self.world.buyer) as tx:
            told: dict[str, Any] = {
                "name": "咖啡券一张",
                "sku_id": self.world.sku_id,
                "budget_id": self.world.budget_id,
                "budget_fen": 19_800,
                "stock": 10,
                "closes_on": (tx.now + timedelta(days=60)).date(),
                **changes,
            }
            offer_id = await care.propose(tx, self.world.buyer, NewServiceOffer(**told))
            [row] = [one for one in await care.service_offers(tx, self.world.buyer) if one.id == offer_id]
        await self.decide(row.change_id)
        return offer_id

    async def ask(self, case_id: UUID, service_offer_id: UUID) -> care.Compensation:
        """A compensation that waits for its approval."""
        async with self.begin() as tx:
            new = NewCompensation(case_id=case_id, service_offer_id=service_offer_id, reason="门店设备故障未能核销")
            compensation_id = await care.compensate(tx, self.clerk, new)
            return await care.get_compensation(tx, self.clerk, compensation_id)


async def desk(world: make.World) -> Desk:
    """Somebody at a desk in the north and one in the south, and a customer of the north."""
    row = {"customer_no": "D000001", "unit_code": "N", "name": "柳青青", "phone": PHONE, "age": 30}
    await make_customers.import_rows(world.database, world.tenant, [row], {"age": "integer"})
    await make.ship(world.feed, world.analytics.clickhouse)
    async with world.begin() as tx:
        clerk = await _principal(tx, Role.SERVICE_DESK, world.units.north)
        stranger = await _principal(tx, Role.SERVICE_DESK, world.units.south)
        found = await customers.find_by_no(tx, ["D000001"])
    return Desk(world=world, clerk=clerk, stranger=stranger, seq=int(found["D000001"]))
