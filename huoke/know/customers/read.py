"""Questions about customers: masked rows, one customer whole, facts in bulk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from huoke.govern import privacy
from huoke.govern.people import units
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.sorting import Place, Rows, Sort, sort_of
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.customers import sealing, store, store_aliases
from huoke.know.customers.called import Called, value_names
from huoke.know.customers.model import (
    Attribute,
    AttributeValue,
    CustomerRow,
    CustomerStatus,
    CustomerUnknown,
    Facts,
    FormerValues,
)

VERSION_MAX = 2**31 - 1
BY_SEQ = "seq"
_PLAIN = ("seq", "customer_no", "name", "phone", "id_document", "unit_id", "changed_at")


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer whole; personal fields masked, values of class C2 withheld."""

    seq: Seq
    customer_no: str
    name: str | None
    phone: str | None
    id_document: str | None
    unit_id: UnitId
    unit_name: str
    person: Seq
    status: CustomerStatus
    version: int
    created_at: datetime
    changed_at: datetime
    attributes: list[AttributeValue]
    consents: list[consent.ConsentState]
    suppressions: list[consent.SuppressionState]
    history: list[FormerValues]


async def find(
    tx: Tx, *, q: str = "", scope: Iterable[UnitId] | None = None, limit: int = 50
) -> tuple[list[CustomerRow], int]:
    """Customers by seq, masked, and how many there are in all; see `listed`."""
    found = await listed(tx, q=q, scope=scope, limit=limit)
    return list(found.rows), sum(found.counts.values())


def order_of(asked: str) -> Sort:
    """The order somebody asked for: of seq, no, unit, changed, status, a hyphen before it the other way round."""
    return sort_of(store.SORTS, asked, row_id="seq", id_type="int")


async def listed(
    tx: Tx,
    *,
    q: str = "",
    scope: Iterable[UnitId] | None = None,
    unit_id: UnitId | None = None,
    status: CustomerStatus | None = None,
    looked_after_by: UUID | None = None,
    pool: bool = False,
    sort: str = BY_SEQ,
    after: Place | None = None,
    limit: int = 50,
) -> Rows[CustomerRow]:
    """A page of customers, masked, and how many there are in all by status.

    `q` finds by exact customer number, phone or id document, never by name. `scope` are the units the caller may see,
    None for all; `unit_id` narrows to a unit and those below it, `looked_after_by` to customers of a member of staff,
    `pool` to those nobody owns.
    """
    within = None if scope is None else frozenset(scope)
    if unit_id is not None:
        below = await units.descendants(tx, [unit_id])
        within = below if within is None else within & below
    wanted = q.strip()
    keys = await privacy.keys(tx) if wanted else None
    rows, counts = await store.find(
        tx,
        phone_index=keys.blind_index("phone", [wanted])[0] if keys else None,
        id_document_index=keys.blind_index("id_document", [wanted])[0] if keys else None,
        customer_no=wanted if keys else None,
        units=within,
        status=status.value if status else None,
        looked_after_by=looked_after_by,
        pool=pool,
        sort=order_of(sort),
        after=after,
        limit=limit,
    )
    return Rows(rows=await _named(tx, rows), keys=[row["sort_key"] for row in rows], counts=counts)


async def get(tx: Tx, seq: Seq, *, scope: Iterable[UnitId] | None = None) -> Customer:
    """One customer whole; `CustomerUnknown` outside the scope as well as outside the bank."""
    row = await store.get(tx, seq)
    if row is None or (scope is not None and row["unit_id"] not in frozenset(scope)):
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    (named,) = await _named(tx, await store.rows_of(tx, [seq]))
    called = await value_names(tx)
    return Customer(
        **msgspec.structs.asdict(named),
        person=row["person"] if row["counts_as"] is None else row["counts_as"],
        version=row["version"],
        created_at=row["created_at"],
        attributes=[_value(attribute, row["attributes"], called) for attribute in await store.attributes(tx)],
        consents=await consent.consents_of(tx, seq),
        suppressions=await consent.suppressions_of(tx, seq),
        history=await history(tx, seq, limit=20),
    )


async def history(tx: Tx, seq: Seq, *, before_version: int = VERSION_MAX, limit: int = 50) -> list[FormerValues]:
    """What changed fields held before each change, latest first; values of class C2 withheld."""
    withheld = {attribute.name for attribute in await store.attributes(tx) if attribute.data_class == "C2"}
    rows = await store.history(tx, seq, before_version=before_version, limit=limit)
    return [
        FormerValues(
            version=row["version"],
            replaced_at=row["replaced_at"],
            actor=row["actor"],
            import_id=row["import_id"],
            before={name: "****" if name in withheld else value for name, value in row["before"].items()},
        )
        for row in rows
    ]


async def find_by_no(tx: Tx, customer_nos: Sequence[str]) -> dict[str, Seq]:
    """The seq of each customer number that exists; the number of a joined customer finds the one it leads to."""
    found = await store.seqs_by_no(tx, customer_nos)
    ends = await store_aliases.ends(tx, list(found.values()))
    return {number: Seq(ends.get(seq, seq)) for number, seq in found.items()}


async def facts(tx: Tx, seqs: Sequence[int]) -> Facts:
    """Units and persons of the active ones among `seqs`, as columns ascending by seq."""
    return await store.facts(tx, seqs)


async def within(tx: Tx, found: Mapping[str, Seq], scope: Collection[UnitId] | None) -> dict[str, Seq]:
    """The active ones among numbered customers who are of units in `scope`; without one, of the whole bank."""
    facts = await store.facts(tx, sorted(set(found.values())))
    columns = zip(facts.seqs.tolist(), facts.unit_ids.tolist(), strict=True)
    own = {seq for seq, unit in columns if scope is None or unit in scope}
    return {number: seq for number, seq in found.items() if seq in own}


async def persons(tx: Tx, members: CustomerSet) -> tuple[CustomerSet, NDArray[np.int64]]:
    """The active ones of a set of any size, and the natural person of each, ascending by seq.

    Reads only those who are not their own natural person or are closed, so a million customers take one short scan.
    """
    seqs = members.array()
    if not len(seqs):
        return members, np.empty(0, np.int64)
    rows = await store.exceptional(tx, int(seqs[0]), int(seqs[-1]))
    active = members - CustomerSet.of(members.tenant, [row["seq"] for row in rows if not row["active"]], members.as_of)
    kept = active.array()
    found = kept.astype(np.int64)
    others = np.array([row["seq"] for row in rows if row["active"]], dtype=np.uint32)
    theirs = np.array([row["person"] for row in rows if row["active"]], dtype=np.int64)
    meant = np.isin(others, kept, assume_unique=True)
    found[np.searchsorted(kept, others[meant])] = theirs[meant]
    return active, found


async def masked_rows(tx: Tx, seqs: Sequence[int]) -> list[CustomerRow]:
    """Masked rows of some customers, by seq."""
    return await _named(tx, await store.rows_of(tx, seqs))


async def state(tx: Tx, seq: Seq) -> tuple[CustomerStatus, UnitId, dict[str, Any], datetime]:
    """Status, unit, attribute values and the time of the last change of one customer; `CustomerUnknown`.

    Of a value of class C2 only its band is told.
    """
    row = await store.get(tx, seq)
    if row is None:
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    return CustomerStatus(row["status"]), row["unit_id"], sealing.comparable(row["attributes"]), row["changed_at"]


async def open_field(tx: Tx, seq: int, field: privacy.Field) -> str | None:
    """One personal field in clear: for `privacy.register_revealer("customer", …)` only."""
    if field not in (privacy.Field.NAME, privacy.Field.PHONE, privacy.Field.ID_DOCUMENT):
        return None
    sealed = await store.sealed(tx, seq, field.value)
    return (await privacy.keys(tx)).decrypt(field.value, [seq], [sealed])[0]


class Contact(msgspec.Struct, frozen=True):
    """Name and phone in clear: for the moment of a hand-over, never stored or logged."""

    name: str
    phone: str

    def __repr__(self) -> str:
        return "Contact(…)"


async def contacts(tx: Tx, seqs: Sequence[int]) -> dict[int, Contact]:
    """Name and phone in clear of the active ones among `seqs` who have a phone, by seq: for hand-over only."""
    rows = await store.contacts(tx, seqs)
    keys, found = await privacy.keys(tx), [row["seq"] for row in rows]
    names = keys.decrypt("name", found, [row["name_enc"] for row in rows])
    phones = keys.decrypt("phone", found, [row["phone_enc"] for row in rows])
    return {seq: Contact(name or "", phone) for seq, name, phone in zip(found, names, phones, strict=True) if phone}


async def without_phone(tx: Tx, seqs: Sequence[int]) -> set[int]:
    """Those of at most 10,000 customers who have no phone."""
    return await store.without_phone(tx, seqs)


async def attributes_of(tx: Tx, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Attribute values of some customers by seq and name; those of class C2 left out."""
    open_to_all = {attribute.name for attribute in await store.attributes(tx) if attribute.data_class != "C2"}
    rows = await store.attributes_of(tx, seqs)
    return {
        row["seq"]: {name: row["attributes"][name] for name in open_to_all & set(row["attributes"])} for row in rows
    }


async def _named(tx: Tx, rows: Sequence[Record]) -> list[CustomerRow]:
    names = {unit.id: unit.name for unit in await units.tree(tx)}
    return [
        CustomerRow(
            **{name: row[name] for name in _PLAIN},
            status=CustomerStatus(row["status"]),
            unit_name=names.get(row["unit_id"], ""),
        )
        for row in rows
    ]


def _value(attribute: Attribute, values: dict[str, Any], called: Mapping[str, Called]) -> AttributeValue:
    masked = attribute.data_class == "C2"
    value = None if masked else values.get(attribute.name)
    name, name_en = called.get(attribute.name, {}).get(str(value), ("", ""))
    return AttributeValue(
        name=attribute.name,
        label=attribute.label,
        label_en=attribute.label_en,
        type=attribute.type,
        data_class=attribute.data_class,
        deposit_derived=attribute.deposit_derived,
        value=value,
        masked=masked and attribute.name in values,
        called=name,
        called_en=name_en,
    )


async def latest_change(tx: Tx) -> tuple[int, datetime | None]:
    """The place in the log of the latest change of any customer, and its time; (0, None) for none."""
    return await store.latest_change(tx)
