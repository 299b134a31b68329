"""One message at once, such as a sign-in code: nothing advertised, nothing queued, its text and number kept nowhere.

It is a message like any other in lists, receipts and cost; only caps do not count it, since its customer asked for it.
"""

import asyncio
from datetime import timedelta

import msgspec

from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.reach.channels import store
from huoke.reach.channels.gateway import endpoint, get_gateway, has_gateway, note_call, open_port
from huoke.reach.channels.hand_over import SPARE, hear
from huoke.reach.channels.model import Heard, NoAnswer, NotTaken, Outgoing, Plan, Told
from huoke.reach.channels.text import Language, compose, segments

PAUSES_SECONDS = (0.5, 2.0, None)
"""After each try; None ends it. A number names one message for good, so a repeat never arrives twice."""


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


async def hand_over_at_once(database: Database, tenant: TenantId, wanted: Instant) -> bool:
    """Hand one service message over now, signed by the bank; returns whether the gateway took it.

    Its customer asked for it: no consent, cap or quiet hour holds it back, and nothing says how to opt out (rules M1,
    M2). Call it with no transaction open, after the commit of what the text tells.
    """
    number = new_id()
    async with database.begin(tenant) as tx:
        if not await has_gateway(tx):
            return False
        at, settled = await endpoint(tx), await get_gateway(tx)
        whole = compose(settled.sender, wanted.text, {}, Language(wanted.language), commercial=False)
        await store.insert_plan(tx, wanted.plan)
        facts = await customers.facts(tx, [wanted.seq])
        if not len(facts.seqs):
            return False
        until = tx.now + timedelta(seconds=2 * settled.timeout_seconds * len(PAUSES_SECONDS)) + SPARE
        unit_id = int(facts.unit_ids[0])
        await store.add_at_once(
            tx, number, wanted.plan.source_id, wanted.seq, unit_id, wanted.language, segments(whole), until
        )
    message = Outgoing(number=number.hex, phone=wanted.phone, text=whole)
    port, heard = open_port(at, database.clock.machine), None
    silent = False
    try:
        for pause in PAUSES_SECONDS:
            try:
                [heard] = await port.submit([message])
                break
            except (NotTaken, NoAnswer) as error:
                silent |= isinstance(error, NoAnswer)
                if pause is not None:
                    await asyncio.sleep(pause)
    finally:
        await port.close()
    async with database.begin(tenant) as tx:
        if heard is not None:
            await hear(tx, [heard])
        elif not silent:
            await hear(tx, [Heard(number=number.hex, told=Told.FAILED, code="not_taken")])
        await note_call(tx, answered=heard is not None)
    return heard is not None and heard.told is not Told.FAILED
