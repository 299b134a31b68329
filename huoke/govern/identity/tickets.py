"""Letting a customer in: the bank's backend asks for a one-time ticket, the page exchanges it for a session."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from huoke.govern import tenants
from huoke.govern.identity import store, tokens
from huoke.govern.identity.model import (
    CUSTOMER_MINUTES,
    TICKET_SECONDS,
    CustomerEntered,
    CustomerSession,
    CustomerUnknown,
    NewTicket,
    Ticket,
    TicketSpent,
)
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Actor, ActorKind, Database, Tx

Resolver = Callable[[Tx, str], Awaitable[int | None]]
"""(tx, customer number) → seq, or None where the bank has no such customer."""

_resolvers: list[Resolver] = []
ENTRY_POINT_MAX = 64


def register_customer_resolver(resolve: Resolver) -> None:
    """Say who knows customers by their number; `app` registers `know.customers`."""
    _resolvers[:] = [resolve]


async def issue_ticket(tx: Tx, new: NewTicket) -> Ticket:
    """A ticket for one customer and one entry point: good once and for 60 s. `CustomerUnknown`."""
    if not 1 <= len(new.entry_point) <= ENTRY_POINT_MAX:
        raise Invalid("entry_point is the code of a link, 1 to 64 characters.", pointer="/entry_point")
    seq = await _resolvers[0](tx, new.customer_no)
    if seq is None:
        raise CustomerUnknown("This bank has no customer of that number.", pointer="/customer_no")
    expires_at = tx.now + timedelta(seconds=await tenants.setting(tx, TICKET_SECONDS))
    ticket = tokens.make(tx.tenant)
    await store.add_ticket(tx, tokens.digest(ticket), seq, new.entry_point, expires_at)
    return Ticket(ticket=ticket, expires_at=expires_at)


async def exchange_ticket(database: Database, ticket: str, entry_point: str | None = None) -> CustomerSession:
    """Exchange a ticket for a session, once. `TicketSpent`, also where it was made for another entry point."""
    tenant = tokens.tenant_of(ticket)
    if tenant is None:
        raise _spent()
    async with database.begin(tenant) as tx:
        taken = await store.take_ticket(tx, tokens.digest(ticket))
        if taken is None or entry_point not in (None, taken[1]):
            raise _spent()
        seq, point = taken
        return await start_customer_session(tx, Seq(seq), point)


async def start_customer_session(tx: Tx, seq: Seq, entry_point: str) -> CustomerSession:
    """A session of a customer whom a ticket, or a code and a second factor, proved; the caller vouches for that."""
    tx.actor = Actor(ActorKind.CUSTOMER, str(seq))
    expires_at = tx.now + timedelta(minutes=await tenants.setting(tx, CUSTOMER_MINUTES))
    token = tokens.make(tx.tenant)
    await store.add_customer_session(tx, tokens.digest(token), seq, entry_point, expires_at)
    tx.emit(CustomerEntered(entry_point=entry_point), seq=seq)
    return CustomerSession(tenant=tx.tenant, token=token, seq=seq, entry_point=entry_point, expires_at=expires_at)


async def end_customer_session(database: Database, token: str) -> None:
    """End a customer's session; a token that has none is no matter."""
    tenant = tokens.tenant_of(token)
    if tenant is None:
        return
    async with database.begin(tenant) as tx:
        if session := await store.customer_session_of(tx, tokens.digest(token)):
            await store.end_customer_session(tx, session[0])


async def end_customer_sessions(tx: Tx, seqs: Sequence[int]) -> int:
    """End every session of some customers at once; returns how many there were."""
    return await store.end_customer_sessions(tx, seqs)


def _spent() -> TicketSpent:
    return TicketSpent("This link was used already or is over; open the page again from the bank's app.")
