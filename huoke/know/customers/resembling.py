"""What identifies customers, since when and by which source; and who resemble each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know.customers import store_resembling

PERSONAL = ("id_document", "phone", "name")
"""Fields two customers may share; beside them attributes of class C1, as `attribute.<name>`."""
ANCHORS = ("id_document", "phone")
"""One of them every sameness has: a name, or an attribute, half a town shares."""


class Sameness(msgspec.Struct, frozen=True, kw_only=True):
    """What two customers share: fields of `PERSONAL` and attributes. `strict` leaves out pairs whose id documents
    say that they are two.
    """

    fields: tuple[str, ...]
    strict: bool = True


class Pair(msgspec.Struct, frozen=True):
    """Two active customers who resemble each other; the earlier number first."""

    seq: Seq
    other_seq: Seq


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What two customers have in common: each field, and for a phone how many active customers have it.

    `differ` names fields both have, with different values.
    """

    same: dict[str, int]
    differ: tuple[str, ...]


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


async def pairs(
    tx: Tx,
    by: Sameness,
    *,
    after: Sequence[Sameness] = (),
    shared_max: int,
    scope: Iterable[UnitId] | None = None,
    limit: int = 1_000,
) -> list[Pair]:
    """Active customers of the scope's units who are the same in `by` and in none of `after`, by their numbers.

    A phone of more than `shared_max` active customers says nothing of anybody.
    """
    units = None if scope is None else [int(unit) for unit in scope]
    rows = await store_resembling.pairs(tx, _columns(by), [_columns(one) for one in after], shared_max, units, limit)
    return [Pair(Seq(row["seq"]), Seq(row["other_seq"])) for row in rows]


async def count_pairs(tx: Tx, by: Sameness, *, after: Sequence[Sameness], shared_max: int, limit: int) -> int:
    """How many `pairs` there are in the bank, up to a limit."""
    return await store_resembling.count_pairs(tx, _columns(by), [_columns(one) for one in after], shared_max, limit)


async def crowd(tx: Tx, shared_max: int) -> int:
    """How many active customers have a phone that more than `shared_max` have."""
    return await store_resembling.crowd(tx, shared_max)


async def shared(tx: Tx, of: Sequence[Pair], attributes: Sequence[str] = ()) -> list[Shared]:
    """What each of some pairs has in common, and in what they differ."""
    rows = await store_resembling.shared(tx, [one.seq for one in of], [one.other_seq for one in of], list(attributes))
    return [Shared(same=row["same"] or {}, differ=tuple(sorted(row["differ"]))) for row in rows]


def _columns(by: Sameness) -> store_resembling.Columns:
    own = tuple(field for field in ANCHORS if field in by.fields)
    assert own, "a sameness has an anchor"
    named = tuple(field.removeprefix("attribute.") for field in by.fields if field.startswith("attribute."))
    return store_resembling.Columns(
        anchor=own[0], fields=tuple(field for field in PERSONAL if field in by.fields), attributes=named,
        strict=by.strict,
    )  # fmt: skip
