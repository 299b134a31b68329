"""What plays do by themselves: end when their time is over, look whether odds are as stated, count for missions."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.events import Taken
from huoke.reward import plays
from huoke.reward.plays import counting, store_deed, store_lobby, visiting

EVENTS_AT_ONCE = 500
BATCHES_AT_ONCE = 200


@every("plays.end", seconds=30)
async def end(sweep: Sweep) -> None:
    """End what is over, and reveal its seed."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await plays.end_due(tx)


@every("plays.check_odds", seconds=3_600)
async def check_odds(sweep: Sweep) -> None:
    """Compare every live play's outcomes with its stated odds; the last look of a day stands."""
    async with sweep.database.begin(sweep.tenant) as tx:
        found = [play for play in await plays.live(tx) if play.drawn]
    for play in found:
        async with sweep.database.begin(sweep.tenant) as tx:
            await plays.check_odds(tx, play)


class _Taken(msgspec.Struct, frozen=True):
    names: tuple[str, ...]


@subscriber("plays.arrive", events={"events.taken"})
async def arrive(tx: Tx, event: LoggedEvent) -> None:
    """Events some mission listens to wait to be counted, visits while a play of the lobby runs."""
    names = set(event.decode(_Taken).names)
    heard = bool(counting.names_of(await counting.listening(tx)) & names)
    if heard or (visiting.VISITED in names and await store_lobby.of_the_lobby(tx)):
        await store_deed.note_arrival(tx, event.id, event.recorded_at)


@every("plays.count", seconds=2)
async def count(sweep: Sweep) -> None:
    """Count what arrived, so many events in a transaction, however many stand at one instant."""
    async with sweep.database.begin(sweep.tenant) as tx:
        waiting = await counting.waiting(tx, BATCHES_AT_ONCE)
    after: tuple[int, int] | None = None
    while waiting:
        async with sweep.database.begin(sweep.tenant) as tx:
            found, over, after = await _next(tx, list(waiting), after)
            await counting.count(tx, await counting.listening(tx), found)
            if await store_lobby.of_the_lobby(tx):
                await visiting.note(tx, found)
            await store_deed.drop_arrivals(tx, [event_id for at in over for event_id in waiting.pop(at)])


async def _next(
    tx: Tx, instants: Sequence[datetime], after: tuple[int, int] | None
) -> tuple[list[Taken], list[datetime], tuple[int, int] | None]:
    """As many events as go together, the first instant's from a place on.

    Returns them, the instants read to their end, and the place to go on from in the one after those.
    """
    found: list[Taken] = []
    for done, at in enumerate(instants):
        room = EVENTS_AT_ONCE - len(found)
        part = await events.taken(tx, at, after=after, limit=room)
        found += part
        if len(part) == room:
            return found, list(instants[:done]), part[-1].place
        after = None
    return found, list(instants), None
