"""Attribute values that other modules find out about known customers: what they hold, what they said of themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.customers import sealing, store, store_values
from huoke.know.customers.model import AttributesChanged


async def set_values(tx: Tx, names: Sequence[str], values: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Set the attributes `names` of some customers, at most 10,000; returns the seqs whose row changed, ascending.

    `values` are by seq and name, as JSON holds them (dates and decimals as text); a name that is missing becomes
    unknown. What was before is kept in the customer's history. Values of class C2 are sealed here.
    """
    if not values or not names:
        return []
    seqs = sorted(values)
    texts = [msgspec.json.encode(values[seq]).decode() for seq in seqs]
    defined = [one for one in await store.attributes(tx) if one.name in frozenset(names)]
    sealed = await sealing.seal(tx, defined, seqs, texts)
    changed = await store_values.set_values(tx, list(names), seqs, sealed)
    if changed:
        event = AttributesChanged(names=tuple(names), count=len(changed))
        tx.emit(event, members=CustomerSet.of(tx.tenant, changed).bitmap.serialize())
    return changed
