"""A refund that its supplier never heard of, so that the page of such a one can be seen; all through the use-cases."""

from collections.abc import Sequence

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.demo.supplier_server import is_lost
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.ids import Seq
from huoke.reward import supply
from huoke.settle import fulfilment
from huoke.settle.fulfilment import NewRefund, OrderState

SUPPLIER = "CHENGUANG"
LOOKED_AT = 200


async def ask_back(runtime: Runtime, bank: Filled, _: Sequence[Seq]) -> None:
    """Ask for the price of a delivered top-up back, approved; the call gets lost. Asked for before, nothing happens."""
    buyer = bank.actors[Role.BUYER]
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        if SUPPLIER not in suppliers:
            return
        delivered = [OrderState.SUCCESS]
        orders = await fulfilment.find_orders(
            tx, buyer, supplier_id=suppliers[SUPPLIER], states=delivered, limit=LOOKED_AT
        )
        lost = [order for order in orders if is_lost(order.number) and "ask_refund" in order.can]
        if not lost or any(order.refund for order in orders):
            return
        wanted = NewRefund(order_id=lost[0].id, reason="示范：客户投诉号码填错，已与供应商商定退款")
        await fulfilment.ask_refund(tx, wanted, bank.head_office())
        page = await fulfilment.get_order(tx, buyer, lost[0].id)
        assert page.refund is not None, "it was asked for just now"
        await approve(tx, bank, page.refund.change_id, comment="示范：已核对投诉单")
