"""From a request to the intake: whose write key it is, and one outcome for each of its messages."""

from huoke.govern.identity import tokens
from huoke.kernel.batch import Batchers
from huoke.kernel.tx import Actor, ActorKind, Database
from huoke.know.events import store_sources
from huoke.know.events.model import Delivery, Message, Outcome, WriteKeyUnknown
from huoke.know.events.receive import Received
from huoke.know.events.take import intake

SENDER = Actor(ActorKind.SYSTEM, "event_source")
_KNOWN_MAX = 10_000
_known: set[bytes] = set()
"""Keys this process has seen to be good: only they get into a lane. Whether one still is, each batch asks anew."""


async def deliver(database: Database, batchers: Batchers, received: Received) -> list[Outcome]:
    """Hand what one request carried to the intake, and say in order what became of it; `WriteKeyUnknown`."""
    key_hash = tokens.digest(received.write_key)
    tenant = tokens.tenant_of(received.write_key)
    refusal = WriteKeyUnknown("Send a source's write key as the user name of HTTP Basic, or as writeKey in the body.")
    if tenant is None:
        raise refusal
    if key_hash not in _known:
        async with database.begin(tenant) as tx:
            if not await store_sources.by_key(tx, {key_hash}):
                raise refusal
        if len(_known) >= _KNOWN_MAX:
            _known.clear()
        _known.add(key_hash)
    messages = tuple(item for item in received.items if isinstance(item, Message))
    delivery = Delivery(key_hash=key_hash, messages=messages, received_at=database.clock.now())
    told = iter(await batchers.submit(intake, tenant, SENDER, delivery))
    return [item if isinstance(item, Outcome) else next(told) for item in received.items]
