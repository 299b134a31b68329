"""One message at once: a sign-in code, a message tried on a colleague; nothing queued, the caller waits for the answer.

A code is a message like any other in lists, receipts and cost, its text and number kept nowhere; only caps do not count
it, since its customer asked for it.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

import msgspec

from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.reach.channels import store
from huoke.reach.channels.gateway import endpoint, get_gateway, has_gateway, note_call, open_port
from huoke.reach.channels.hand_over import SPARE, hear
from huoke.reach.channels.model import Heard, NoAnswer, NotTaken, Outgoing, Plan, Told
from huoke.reach.channels.rest import Endpoint
from huoke.reach.channels.text import Language, compose, segments

PAUSES_SECONDS = (0.5, 2.0)
"""Between the tries of a message somebody waits for. A number names one message for good: none arrives twice."""
NOT_TAKEN = "not_taken"


class HandedState(StrEnum):
    """The gateway took it or not; unknown where it did not answer."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Handed(msgspec.Struct, frozen=True):
    """What became of one message, and the gateway's code for it; `NOT_TAKEN` where the call had no effect."""

    state: HandedState
    code: str = ""


class Instant(msgspec.Struct, frozen=True, kw_only=True):
    """A message to hand over now. `plan` is what it is counted under; its texts are never sent.

    `seq` is whom it is counted for: of several customers with one phone, any one.
    """

    plan: Plan
    seq: int
    phone: str
    text: str
    language: str

    def __repr__(self) -> str:
        return "Instant(…)"


async def submit_at_once(
    database: Database, tenant: TenantId, at: Endpoint, message: Outgoing, *, pauses: Sequence[float] = ()
) -> Handed:
    """Hand one message over now, once more after each pause until the gateway answers, and count the call.

    Call it with no transaction open, after the commit of what the message tells.
    """
    port, handed = open_port(at, database.clock.machine), Handed(HandedState.FAILED, NOT_TAKEN)
    answered = False
    try:
        for pause in (0.0, *pauses):
            await asyncio.sleep(pause)
            try:
                [heard] = await port.submit([message])
            except NotTaken:
                continue  # what an earlier try left open stays open
            except NoAnswer:
                handed = Handed(HandedState.UNKNOWN)
            else:
                answered = True
                state = HandedState.FAILED if heard.told is Told.FAILED else HandedState.ACCEPTED
                handed = Handed(state, heard.code)
                break
    finally:
        await port.close()
    async with database.begin(tenant) as tx:
        await note_call(tx, answered=answered)
    return handed


async def hand_over_at_once(database: Database, tenant: TenantId, wanted: Instant) -> bool:
    """Hand one service message over now, signed by the bank; returns whether the gateway took it.

    Its customer asked for it: no consent, cap or quiet hour holds it back, and nothing says how to opt out (rules M1,
    M2). Call it as `submit_at_once`.
    """
    number = new_id()
    async with database.begin(tenant) as tx:
        facts = await customers.facts(tx, [wanted.seq])
        if not len(facts.seqs) or not await has_gateway(tx):
            return False
        at, settled = await endpoint(tx), await get_gateway(tx)
        whole = compose(settled.sender, wanted.text, {}, Language(wanted.language), commercial=False)
        await store.insert_plan(tx, wanted.plan)
        source_id, unit_id = wanted.plan.source_id, int(facts.unit_ids[0])
        longest = timedelta(seconds=settled.timeout_seconds * (len(PAUSES_SECONDS) + 1) + sum(PAUSES_SECONDS))
        until = tx.now + longest + SPARE
        parts = segments(whole)
        await store.add_at_once(tx, number, source_id, wanted.seq, unit_id, wanted.language, parts, until)
    message = Outgoing(number=number.hex, phone=wanted.phone, text=whole)
    handed = await submit_at_once(database, tenant, at, message, pauses=PAUSES_SECONDS)
    told = _TOLD.get(handed.state)
    if told is not None:
        async with database.begin(tenant) as tx:
            await hear(tx, [Heard(number=message.number, told=told, code=handed.code)])
    return handed.state is HandedState.ACCEPTED


_TOLD = {HandedState.ACCEPTED: Told.ACCEPTED, HandedState.FAILED: Told.FAILED}
"""What is written at once; a message without an answer is asked after, as any other."""
