"""The route of reveals."""

from litestar import post

from huoke.govern import privacy
from huoke.govern.privacy import NewReveal, Revealed
from huoke.kernel.http import Principal
from huoke.kernel.tx import Tx


@post(
    "/v1/customers/{seq:int}/reveals",
    operation_id="reveal_customer_field",
    tags=["privacy"],
    summary="Show one personal field for a minute, with a reason",
    opt={"permission": "customer.reveal"},
)
async def reveal_customer_field(tx: Tx, principal: Principal, seq: int, data: NewReveal) -> Revealed:
    return await privacy.reveal(tx, principal, "customer", seq, data)


routes = [reveal_customer_field]
