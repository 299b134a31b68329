"""Accounts over HTTP: what one customer has with the bank."""

from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.privacy import NewReveal, Revealed
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know.accounts import read
from huoke.know.accounts.model import Held


@get(
    "/v1/customers/{seq:int}/accounts",
    operation_id="get_customer_accounts",
    opt={"permission": "customer.read"},
    tags=["accounts"],
    summary="Accounts and holdings of one customer; balances and amounts withheld",
)
async def get_customer_accounts(tx: Tx, principal: Principal, seq: int) -> Held:
    """Open ones first."""
    held = await read.held_by(tx, Seq(seq), scope=principal.units)
    return msgspec.structs.replace(held, can=["reveal"] if principal.may("customer.reveal") else [])


@post(
    "/v1/accounts/{account_id:uuid}/reveals",
    operation_id="reveal_account_field",
    opt={"permission": "customer.reveal"},
    tags=["accounts"],
    summary="Show an account's number or balance, or a holding's amount, for a minute, with a reason",
)
async def reveal_account_field(tx: Tx, principal: Principal, account_id: UUID, data: NewReveal) -> Revealed:
    """Field `card` is the number, `amount` the balance."""
    return await read.reveal(tx, principal, account_id, data)


routes = [get_customer_accounts, reveal_account_field]
