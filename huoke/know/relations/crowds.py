"""Devices that many use: what tells two customers apart, never that they are one."""

from collections.abc import Sequence

from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.relations import store
from huoke.know.relations.model import Joined


async def crowded(tx: Tx, pairs: Sequence[tuple[int, int]], more_than: int) -> dict[int, int]:
    """The places of pairs who both use a device of more than `more_than` customers, with how many use it.

    For holding back what would join them (rule R1), and for nothing else (rule P11).
    """
    joined = Joined(await customers.survivors(tx, None))
    rows = await store.crowded(tx, joined, [one for one, _ in pairs], [other for _, other in pairs], more_than)
    return {row["place"] - 1: row["count"] for row in rows}
