"""Leads around known good customers: those whom the same employers pay, as far as consent reaches, with the reason."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.relations import store
from huoke.know.relations.model import Joined

GOOD_MIN = 3
"""Fewer good customers say little of an employer, and too much of each of them."""
EMPLOYERS_MAX = 200
LEADS_MAX = 2_000


class LeadSort(StrEnum):
    """In which order leads stand: by how many good colleagues, by their share, or by employer."""

    GOOD = "good"
    SHARE = "share"
    EMPLOYER = "employer"


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A customer worth a look, masked: `good` of the `staff` whom the employer pays are known good customers."""

    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    employer: str
    good: int
    staff: int


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which leads: of employers whose name holds `employer`, of one unit, in an order."""

    employer: str = ""
    unit_id: UnitId | None = None
    sort: LeadSort = LeadSort.GOOD


async def leads(
    tx: Tx, good: CustomerSet, *, scope: Iterable[UnitId] | None = None, wanted: Wanted | None = None
) -> list[Lead]:
    """Colleagues of good customers who are none yet, may be chosen for marketing and are suppressed nowhere.

    Each once, under the employer with most good customers; at most 2,000. With a scope nothing outside it is counted.
    """
    wanted = wanted or Wanted()
    joined = Joined(await customers.survivors(tx, None))
    good = await _within(tx, good, scope)
    rows = await store.employers(tx, joined, good.array().tolist(), GOOD_MIN, EMPLOYERS_MAX)
    rows = [row for row in rows if wanted.employer.strip().lower() in row["hub"].lower()]
    paid = await store.staff_of(tx, joined, [row["hub"] for row in rows])
    everyone = await _within(tx, CustomerSet.of(tx.tenant, {seq for seqs in paid.values() for seq in seqs}), scope)
    allowed = await consent.selectable(tx, consent.MARKETING) - await consent.suppressed(tx) - good
    chosen: dict[int, tuple[str, int, int]] = {}
    for row in rows:
        staff = [seq for seq in paid[row["hub"]] if seq in everyone.bitmap]
        for seq in staff:
            if seq in allowed.bitmap and len(chosen) < LEADS_MAX:
                chosen.setdefault(seq, (row["hub"], row["good"], len(staff)))
    found = [
        Lead(
            seq=person.seq, customer_no=person.customer_no, name=person.name, unit_id=person.unit_id,
            unit_name=person.unit_name, employer=chosen[person.seq][0], good=chosen[person.seq][1],
            staff=chosen[person.seq][2],
        )
        for person in await customers.masked_rows(tx, sorted(chosen))
        if wanted.unit_id in (None, person.unit_id)
    ]  # fmt: skip
    return sorted(found, key=_ORDER[wanted.sort])


_ORDER = {
    LeadSort.GOOD: lambda lead: (-lead.good, lead.employer, lead.seq),
    LeadSort.SHARE: lambda lead: (-lead.good / lead.staff, lead.employer, lead.seq),
    LeadSort.EMPLOYER: lambda lead: (lead.employer, lead.seq),
}


async def _within(tx: Tx, members: CustomerSet, scope: Iterable[UnitId] | None) -> CustomerSet:
    """Those of them whom the scope's units look after."""
    if scope is None:
        return members
    facts = await customers.facts(tx, members.array().tolist())
    units = frozenset(scope)
    inside = [seq for seq, unit in zip(facts.seqs.tolist(), facts.unit_ids.tolist(), strict=True) if unit in units]
    return CustomerSet.of(tx.tenant, inside, members.as_of)
