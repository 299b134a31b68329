"""Which devices and app identities turned out to be a customer."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from huoke.kernel.tx import Tx
from huoke.know.events import store_personal

_SHOWN = 4


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """One identity of an app or browser: its last four signs, and since when it is bound to the customer."""

    seq: int
    named: bool
    """Whether the app itself named it (a user id), rather than drew it by lot (an anonymous id)."""
    masked: str
    bound_at: datetime


async def visitors_of(tx: Tx, seqs: Sequence[int]) -> list[Visitor]:
    """The identities of some customers, the latest first."""
    return [
        Visitor(
            seq=row["seq"],
            named=row["visitor"].startswith("u:"),
            masked=f"****{row['visitor'][2:][-_SHOWN:]}",
            bound_at=row["bound_at"],
        )
        for row in await store_personal.visitors(tx, seqs)
    ]
