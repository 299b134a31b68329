"""Events as they were taken, for those who act on them: found by the instant they were recorded (`events.taken`)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.know.events import store


class Taken(msgspec.Struct, frozen=True):
    """An event of a known customer. `place` orders events as they arrived; properties are texts, class C2 withheld."""

    id: UUID
    seq: int
    name: str
    at: datetime
    amount_fen: int
    entry_code: str
    properties: Mapping[str, str]
    place: tuple[int, int]


async def taken(
    tx: Tx, recorded_at: datetime, *, after: tuple[int, int] | None = None, limit: int = 2_000
) -> list[Taken]:
    """Events recorded at an instant, in the order they arrived; `after` is the place of the last one seen."""
    return [
        Taken(
            row["id"],
            row["seq"],
            row["name"],
            row["at"],
            row["amount_fen"],
            row["entry_code"],
            row["properties"],
            (row["xid"], row["ordinal"]),
        )
        for row in await store.taken_at(tx, recorded_at, after, limit)
    ]
