"""Lists of customer numbers brought from outside: matched once, kept as a set."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq, UnitId, new_id
from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import Limit
from huoke.know.segments import store
from huoke.know.segments.model import UPLOAD_MAX, NewUpload, UploadReport, UploadTooLarge, UploadUnknown

SLICE = 10_000
SAMPLE_MAX = 50


async def upload(tx: Tx, new: NewUpload, *, scope: Collection[UnitId] | None = None) -> UUID:
    """Match a list and keep it; blanks around numbers and empty entries do not count. Raises `UploadTooLarge`.

    With a `scope` only customers of these units match: a list tells nobody who is a customer elsewhere.
    """
    if len(new.customer_nos) > UPLOAD_MAX:
        raise UploadTooLarge(
            f"The list has {len(new.customer_nos):,} entries; at most {UPLOAD_MAX:,} at a time.",
            pointer="/customer_nos",
            limit=Limit.UPLOAD.value,
            most=UPLOAD_MAX,
        )
    listed = [number for entry in new.customer_nos if (number := entry.strip())]
    distinct = list(dict.fromkeys(listed))
    found: dict[str, Seq] = {}
    for start in range(0, len(distinct), SLICE):
        known = await customers.find_by_no(tx, distinct[start : start + SLICE])
        found |= known if scope is None else await customers.within(tx, known, scope)
    unmatched = [number for number in distinct if number not in found]
    fields = {
        "name": new.name,
        "listed": len(listed),
        "matched": len(found),
        "repeated": len(listed) - len(distinct),
        "unmatched": len(unmatched),
        "unmatched_sample": [number[:64] for number in unmatched[:SAMPLE_MAX]],
    }
    upload_id = new_id()
    await store.insert_upload(tx, upload_id, fields, CustomerSet.of(tx.tenant, found.values(), tx.now))
    return upload_id


async def keep_list(tx: Tx, name: str, members: CustomerSet) -> UUID:
    """Keep customers that the bank itself worked out as a list like an uploaded one; returns its id."""
    fields = {
        "name": name,
        "listed": len(members),
        "matched": len(members),
        "repeated": 0,
        "unmatched": 0,
        "unmatched_sample": [],
    }
    upload_id = new_id()
    await store.insert_upload(tx, upload_id, fields, members)
    return upload_id


async def get_upload(tx: Tx, upload_id: UUID) -> UploadReport:
    """An uploaded list's match report; `UploadUnknown`."""
    row = await store.get_upload(tx, upload_id)
    if row is None:
        raise UploadUnknown("There is no such uploaded list.")
    return msgspec.convert(dict(row), UploadReport)


async def find_uploads(tx: Tx, *, after: UUID | None = None, limit: int = 50) -> list[UploadReport]:
    """Uploaded lists, latest first."""
    return [msgspec.convert(dict(row), UploadReport) for row in await store.find_uploads(tx, after, limit)]


async def upload_members(tx: Tx, upload_id: UUID) -> CustomerSet:
    """The customers on an uploaded list, joined ones as who they are now."""
    return await customers.current(tx, from_rows(tx.tenant, await store.upload_chunks(tx, upload_id), as_of=tx.now))
