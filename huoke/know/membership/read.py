"""Who was in a followed segment when, and how it grew."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel import telling
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import day_of
from huoke.know.membership import store
from huoke.know.membership.model import DAYS_MAX, Following, GrowthDay, NotFollowed, Since
from huoke.know.membership.reckon import members_at_end


async def following(tx: Tx, segment_id: UUID) -> Following | None:
    """How a segment is followed; None where nobody follows it."""
    row = await store.following(tx, segment_id)
    return None if row is None else msgspec.convert(dict(row), Following)


async def members(tx: Tx, segment_id: UUID) -> CustomerSet:
    """Who was in a followed segment at its latest reckoning; `NotFollowed` before the first."""
    found = await _reckoned(tx, segment_id)
    assert found.data_at is not None, "a reckoning has its data's time"
    return await customers.current(tx, await store.members(tx, segment_id, found.data_at))


async def members_on(tx: Tx, segment_id: UUID, day: date) -> CustomerSet:
    """Who was in at the end of a day, as far as it was worked out; `NotFollowed` for days before the first."""
    found = await _reckoned(tx, segment_id)
    if found.since is None or day < found.since:
        raise NotFollowed(f"Its members are known from {found.since} on.", segment_id=str(segment_id))
    return await members_at_end(tx, segment_id, await members(tx, segment_id), day)


async def since(tx: Tx, segment_id: UUID, seq: Seq) -> Since:
    """Whether a customer is in a followed segment, and since which day it has been so; `NotFollowed`."""
    found = await _reckoned(tx, segment_id)
    assert found.since is not None, "it was worked out once"
    member = seq in BitMap.deserialize(await store.chunk_of(tx, segment_id, seq))
    for row in await store.deltas_of(tx, segment_id, seq):
        if seq in BitMap.deserialize(row["entered" if member else "gone"]):
            return Since(member=member, day=row["day"], at_least=False)
    return Since(member=member, day=found.since, at_least=True)


async def growth(
    tx: Tx, segment_id: UUID, *, days: int = 90, units: Collection[UnitId] | None = None
) -> list[GrowthDay]:
    """The last days that were worked out, earliest first: of the whole segment, or of a caller's own units.

    Numbers of units are those of their own customers; below `telling.TOLD_MIN` they are not told.
    """
    first = day_of(tx.now) - timedelta(days=min(days, DAYS_MAX) - 1)
    counted = {row["day"]: row for row in await store.figures(tx, segment_id, first, units)}
    version = await store.version_before(tx, segment_id, first)
    found = []
    for row in await store.days_worked_out(tx, segment_id, first):
        here = counted.get(row["day"])
        numbers = [here[name] if here else 0 for name in ("members", "entered", "gone")]
        told = [telling.told(number, whole=units is None) for number in numbers]
        found.append(
            GrowthDay(
                day=row["day"],
                members=told[0],
                entered=told[1],
                left=told[2],
                version=row["version"],
                changed=version is not None and row["version"] != version,
            )
        )
        version = row["version"]
    return found


async def _reckoned(tx: Tx, segment_id: UUID) -> Following:
    found = await following(tx, segment_id)
    if found is None or found.day is None:
        raise NotFollowed("Nobody follows this segment, or it was not worked out yet.", segment_id=str(segment_id))
    return found
