"""One message at once, such as a sign-in code: nothing advertised, nothing queued, nothing kept."""

import asyncio

from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database
from huoke.reach.channels.gateway import endpoint, get_gateway, has_gateway, note_call, open_port
from huoke.reach.channels.model import NoAnswer, NotTaken, Outgoing, Told
from huoke.reach.channels.text import Language, compose

PAUSES_SECONDS = (0.5, 2.0, None)
"""After each try; None ends it. A number names one message for good, so a repeat never arrives twice."""


async def hand_over_at_once(database: Database, tenant: TenantId, phone: str, text: str, language: str) -> bool:
    """Hand one service message over now, signed by the bank; returns whether the gateway took it.

    Its customer asked for it: no consent, cap or quiet hour holds it back, and nothing says how to opt out (rules M1,
    M2). Call it with no transaction open, after the commit of what the text tells.
    """
    async with database.begin(tenant) as tx:
        if not await has_gateway(tx):
            return False
        at, settled = await endpoint(tx), await get_gateway(tx)
    whole = compose(settled.sender, text, {}, Language(language), commercial=False)
    message = Outgoing(number=new_id().hex, phone=phone, text=whole)
    port, taken = open_port(at, database.clock.machine), None
    try:
        for pause in PAUSES_SECONDS:
            try:
                [heard] = await port.submit([message])
                taken = heard.told is not Told.FAILED
                break
            except (NotTaken, NoAnswer):
                if pause is not None:
                    await asyncio.sleep(pause)
    finally:
        await port.close()
    async with database.begin(tenant) as tx:
        await note_call(tx, answered=taken is not None)
    return bool(taken)
