"""What is committed on its way to ClickHouse, by one shipper for the session: like a worker's it knows its tables."""

from huoke.kernel.engines import ClickHouse
from huoke.kernel.log import Shipper, Stream
from huoke.kernel.tx import Database


class _Carrier(Shipper):
    """Ships the streams of a call; where each stands it asks every time, since a test may have shippers of its own."""

    placed = False

    def __init__(self, feed: Database, clickhouse: ClickHouse) -> None:
        super().__init__(feed, clickhouse, [])
        self.ends = (feed, clickhouse)

    async def carry(self, streams: tuple[Stream, ...]) -> None:
        self._last.clear()
        self._streams = streams
        await self.run_once()

    async def _make_places(self) -> None:
        if not self.placed:
            await super()._make_places()
        self.placed = True


_carriers: list[_Carrier] = []


async def ship(feed: Database, clickhouse: ClickHouse, *streams: Stream) -> None:
    """Bring everything of these streams that is committed so far to ClickHouse."""
    known = next((one for one in _carriers if one.ends == (feed, clickhouse)), None)
    if known is None:
        _carriers.append(known := _Carrier(feed, clickhouse))
    await known.carry(streams)
