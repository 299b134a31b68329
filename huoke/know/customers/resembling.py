"""What identifies customers, since when and by which source; and who resemble each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know.customers import store_resembling


class Resemblance(StrEnum):
    """Why two customers stand beside each other, the strongest first."""

    SAME_DOCUMENT = "same_document"
    SAME_PHONE_AND_NAME = "same_phone_and_name"
    SAME_PHONE = "same_phone"
    """One phone, two names: no duplicate, but one of the two is reached under the other's number."""


class Pair(msgspec.Struct, frozen=True):
    """Two active customers who resemble each other; the earlier number first."""

    seq: Seq
    other_seq: Seq
    why: Resemblance


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A field that identifies a customer: masked, since when it holds, and the file it came with (empty: unknown)."""

    seq: Seq
    field: str
    masked: str
    since: datetime
    source: str


async def evidence(tx: Tx, seqs: Sequence[int]) -> list[Evidence]:
    """Customer number, phone and id document of some customers, where they have them."""
    rows = await store_resembling.evidence(tx, seqs)
    return [
        Evidence(
            seq=Seq(row["seq"]), field=row["field"], masked=row["masked"], since=row["since"], source=row["source"]
        )
        for row in rows
    ]


async def pairs(tx: Tx, why: Resemblance, *, scope: Iterable[UnitId] | None = None, limit: int = 1_000) -> list[Pair]:
    """Active customers of the scope's units who resemble each other for one reason, by their numbers."""
    units = None if scope is None else [int(unit) for unit in scope]
    rows = await store_resembling.PAIRS[why](tx, units, limit)
    return [Pair(Seq(row["seq"]), Seq(row["other_seq"]), why) for row in rows]
