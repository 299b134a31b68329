"""Leads around known good customers: those whom the same employers pay, as far as consent reaches, with the reason."""

from collections.abc import Iterable

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.relations import store

GOOD_MIN = 3
"""Fewer good customers say little of an employer, and too much of each of them."""
EMPLOYERS_MAX = 50
LEADS_MAX = 500


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A customer worth a look, masked: `good` of the `staff` whom the employer pays are known good customers."""

    seq: Seq
    customer_no: str
    name: str | None
    unit_name: str
    employer: str
    good: int
    staff: int


async def leads(tx: Tx, good: CustomerSet, *, scope: Iterable[UnitId] | None = None) -> list[Lead]:
    """Colleagues of good customers who are none yet, may be chosen for marketing and are suppressed nowhere.

    Employers with most good customers first; at most 500, of the units of `scope`.
    """
    rows = await store.employers(tx, good.array().tolist(), GOOD_MIN, EMPLOYERS_MAX)
    allowed = await consent.selectable(tx, consent.MARKETING) - await consent.suppressed(tx) - good
    units = None if scope is None else frozenset(scope)
    seen: set[int] = set()
    found: list[Lead] = []
    for row in rows:
        seqs = [seq for seq in await store.staff_of(tx, row["hub"]) if seq in allowed.bitmap and seq not in seen]
        seen |= {*seqs}
        found += [
            Lead(
                seq=person.seq, customer_no=person.customer_no, name=person.name, unit_name=person.unit_name,
                employer=row["hub"], good=row["good"], staff=row["staff"],
            )
            for person in await customers.masked_rows(tx, seqs[:LEADS_MAX])
            if units is None or person.unit_id in units
        ]  # fmt: skip
        if len(found) >= LEADS_MAX:
            break
    return found[:LEADS_MAX]
