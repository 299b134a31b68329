"""The adapter of suppliers without an interface: an order stands in the file of its day, and nothing is called."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from huoke.reward.supply import Answer, Endpoint, NoRefunds, NotTaken, OrderCall, Told, Wire


class FileSupplier(NoRefunds):
    """A supplier reached by files that people carry: see `supply.SupplierOrder` for what each call answers."""

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        del endpoint, now

    async def order(self, call: OrderCall) -> Answer:
        """Taken: it stands in the file of its business day."""
        return Answer(number=call.number, told=Told.PROCESSING)

    async def query(self, call: OrderCall) -> Answer:
        """Nobody can be asked; the answer file says."""
        return Answer(number=call.number, told=Told.PROCESSING)

    async def cancel(self, call: OrderCall) -> Answer:
        """Nobody knows it yet: where its file is still to be made it is left out there and ends."""
        return Answer(number=call.number, told=Told.ABSENT)

    async def stock(self, sku_codes: Sequence[str]) -> Mapping[str, int]:  # noqa: ARG002 - nobody can be asked
        """Nobody tells."""
        return {}

    async def day_file(self, on: date) -> bytes:
        """None comes by itself: whoever has the supplier's uploads it."""
        raise NotTaken(f"This supplier hands its file of {on} to people; upload it.", Wire())

    async def close(self) -> None:
        """Nothing is open."""


def check_key(key: bytes) -> str:
    """Any key serves, but one has to be given: the supplier opens its files with it."""
    del key
    return ""
