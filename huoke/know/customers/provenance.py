"""Whence a customer's values are: the import that brought each, and the day it is of."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know.customers import store


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """When a value came to be what it is, and the import that brought it, where one did.

    `as_of` is the business date of that import's values, for a day of a feed.
    """

    at: datetime
    import_id: UUID | None = None
    import_name: str = ""
    as_of: date | None = None


async def provenance(tx: Tx, seq: Seq, names: Collection[str]) -> dict[str, Provenance]:
    """Of each attribute (or `unit_id`) of one customer; nothing for a customer there is not."""
    rows = await store.provenance(tx, seq, sorted(set(names)))
    return {
        row["name"]: Provenance(
            at=row["at"], import_id=row["import_id"], import_name=row["import_name"] or "", as_of=row["as_of"]
        )
        for row in rows
    }
