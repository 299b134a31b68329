"""Questions about identities: what a customer is known by, whom an identity means, who resembles whom."""

from collections.abc import Iterable

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.customers import CustomerUnknown
from huoke.know.identities import store
from huoke.know.identities.merge import as_merge
from huoke.know.identities.model import (
    STRENGTHS,
    Found,
    Identities,
    Identity,
    IdentityKind,
)


async def identities_of(tx: Tx, seq: Seq, *, scope: Iterable[UnitId] | None = None) -> Identities:
    """What one customer is known by, those joined to them included, the strongest first.

    `CustomerUnknown` outside the scope as well as outside the bank.
    """
    _, unit_id, *_ = await customers.state(tx, seq)
    if scope is not None and unit_id not in frozenset(scope):
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    seqs = await customers.numbers_of(tx, seq)
    found = [
        Identity(
            kind=IdentityKind(one.field), seq=one.seq, value=one.masked, since=one.since, source=one.source,
            strength=STRENGTHS[IdentityKind(one.field)],
        )
        for one in await customers.evidence(tx, seqs)
    ]  # fmt: skip
    for visitor in await events.visitors_of(tx, seqs):
        kind = IdentityKind.APP_USER if visitor.named else IdentityKind.DEVICE
        found.append(
            Identity(
                kind=kind, seq=Seq(visitor.seq), value=visitor.masked, since=visitor.bound_at, source="events",
                strength=STRENGTHS[kind],
            )
        )  # fmt: skip
    order = list(IdentityKind)
    return Identities(
        items=sorted(found, key=lambda one: (order.index(one.kind), one.seq != seq, one.seq)),
        leads_to=(await customers.survivors(tx, [seq])).get(seq),
        joined=await customers.masked_rows(tx, seqs[1:]) if len(seqs) > 1 else [],
        waiting=[as_merge(row) for row in await store.waiting(tx, [int(one) for one in seqs])],
        can=[],
    )


async def resolve(tx: Tx, identity: str, *, scope: Iterable[UnitId] | None = None) -> list[Found]:
    """Whom a customer number, phone or id document means, the strongest evidence first; masked.

    A joined customer's number means the one it leads to. Several with equal strength are for a person to decide.
    """
    rows, _ = await customers.find(tx, q=identity, scope=None, limit=20)
    plain = identity.strip()
    ends = await customers.survivors(tx, [row.seq for row in rows])
    meant = {row.seq: ends.get(row.seq, row.seq) for row in rows}
    shown = {row.seq: row for row in await customers.masked_rows(tx, sorted(set(meant.values())))}
    within = None if scope is None else frozenset(scope)
    found: dict[Seq, Found] = {}
    for row in rows:
        kind = IdentityKind.CUSTOMER_NO if row.customer_no == plain else _kind_of(plain)
        customer = shown.get(meant[row.seq])
        if customer is None:  # joined to somebody whom others look after
            continue
        if (within is None or customer.unit_id in within) and customer.seq not in found:
            found[customer.seq] = Found(by=kind, strength=STRENGTHS[kind], customer=customer)
    order = list(IdentityKind)
    return sorted(found.values(), key=lambda one: (order.index(one.by), one.customer.seq))


def _kind_of(text: str) -> IdentityKind:
    """What a text that is no customer number was found by: documents are longer than phones, or hold a letter."""
    digits = text.removeprefix("+").replace(" ", "").replace("-", "")
    return IdentityKind.PHONE if digits.isdigit() and len(digits) <= 14 else IdentityKind.ID_DOCUMENT


async def tell_apart(tx: Tx, seq: Seq, other_seq: Seq, *, scope: Iterable[UnitId] | None = None) -> None:
    """Note that two are two: they are suggested no more. `CustomerUnknown` outside the scope as well."""
    units = None if scope is None else frozenset(scope)
    for one in (seq, other_seq):
        _, unit_id, *_ = await customers.state(tx, one)
        if units is not None and unit_id not in units:
            raise CustomerUnknown(f"There is no customer {one}.", seq=one)
    await store.put_apart(tx, seq, other_seq)
