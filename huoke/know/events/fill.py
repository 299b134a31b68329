"""Traits of identify that fill attributes of the customer, as the bank declares; the newest event by its time wins.

A file that is imported writes over what an event said, and a later event over the file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huoke.govern import audit
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.know.customers import Attribute
from huoke.know.events import store_traits as store
from huoke.know.events.fit import Fitted, Unfit
from huoke.know.events.model import NewTrait, Trait, TraitsDeclared, TraitUnfit
from huoke.know.events.quarantine_model import Reason
from huoke.know.events.registry import registry
from huoke.know.events.standard import IDENTIFIED

ROWS_AT_ONCE = 10_000


class Said(msgspec.Struct, frozen=True):
    """What an event said of a customer: the JSON of a value by trait."""

    seq: int
    at: datetime
    id: UUID
    values: Mapping[str, str]


class Read(msgspec.Struct):
    """The JSON of a message's mapped traits by name, and why one of them is no value of its attribute."""

    values: dict[str, str]
    unfit: Unfit | None = None


class Traits:
    """Which trait fills which attribute, in one bank at one time."""

    def __init__(self, mapped: Mapping[str, Attribute]) -> None:
        self.mapped = mapped

    def read(self, fitted: Sequence[Fitted | Unfit]) -> list[Read]:
        """For each message the JSON of its mapped traits, and why one of them is no value of its attribute."""
        found = [Read({}) for _ in fitted]
        for name, attribute in self.mapped.items():
            places, texts = [], []
            for place, one in enumerate(fitted):
                if isinstance(one, Fitted) and one.name == IDENTIFIED:
                    text = one.private.get(name, one.properties.get(name))
                    if text is not None and text.strip():
                        places.append(place)
                        texts.append(text)
            literals = self.literals(name, pa.array(texts, pa.string())).to_pylist()
            for place, literal in zip(places, literals, strict=True):
                if literal is None:
                    why = f"'{name}' fills the attribute '{attribute.name}', a {attribute.type}; this value is none."
                    found[place].unfit = Unfit(Reason.UNFIT_TRAIT, why, name)
                else:
                    found[place].values[name] = literal
        return found

    def literals(self, name: str, texts: pa.Array) -> pa.Array:
        """A mapped trait's texts as the JSON of its attribute, null where one is none."""
        return customers.literals(self.mapped[name].type, texts)


async def declared(tx: Tx) -> Traits:
    """The bank's mapping as it stands; a trait whose attribute is gone fills nothing."""
    pairs = await store.declared(tx)
    if not pairs:
        return Traits({})
    known = {one.name: one for one in await customers.list_attributes(tx)}
    return Traits({name: known[attribute] for name, attribute in pairs.items() if attribute in known})


async def traits(tx: Tx) -> list[Trait]:
    """Which trait fills which attribute, by trait."""
    mapped = (await declared(tx)).mapped
    return [
        Trait(
            property=name,
            attribute=one.name,
            label=one.label,
            label_en=one.label_en,
            type=one.type.value,
            data_class=one.data_class,
        )
        for name, one in sorted(mapped.items())
    ]


async def declare(tx: Tx, new: NewTrait) -> None:
    """Let a trait of identify fill an attribute from now on, or nothing any more.

    Raises `TraitUnfit` for a trait or attribute that is not registered, that is of another class, or that another
    trait fills, and for a deposit fact: what somebody says of themselves is none.
    """
    if new.attribute is None:
        await store.remove(tx, new.property)
    else:
        await _check(tx, new.property, new.attribute)
        await store.declare(tx, new.property, new.attribute)
    tx.emit(TraitsDeclared(properties=(new.property,)))
    entry = audit.AuditEntry(
        action="events.declare_trait",
        subject_kind="event_trait",
        subject_id=new.property,
        after={"attribute": new.attribute},
    )
    await audit.record(tx, entry)


async def _check(tx: Tx, name: str, attribute_name: str) -> None:
    schema = (await registry(tx)).properties_of(IDENTIFIED).get(name)
    if schema is None:
        raise TraitUnfit(f"{IDENTIFIED} has no property '{name[:60]}'; register it first.", pointer="/property")
    attribute = {one.name: one for one in await customers.list_attributes(tx)}.get(attribute_name)
    if attribute is None:
        raise TraitUnfit(f"There is no attribute '{attribute_name[:60]}'; define it first.", pointer="/attribute")
    if attribute.data_class != schema.data_class:
        raise TraitUnfit(
            f"'{name}' is of class {schema.data_class} and '{attribute_name}' of class {attribute.data_class};"
            " a value keeps its class.",
            pointer="/attribute",
        )
    if attribute.deposit_derived:
        raise TraitUnfit(
            f"'{attribute_name}' is a deposit fact, which nobody says of themselves.", pointer="/attribute"
        )
    for other, filled in (await store.declared(tx)).items():
        if filled == attribute_name and other != name:
            raise TraitUnfit(f"The trait '{other}' fills '{attribute_name}' already.", pointer="/attribute")


class Columns(msgspec.Struct, frozen=True):
    """What rows said of customers: the JSON of a value by trait, null where a row says nothing."""

    seqs: pa.ChunkedArray
    at: pa.ChunkedArray
    ids: pa.Array | pa.ChunkedArray
    values: Mapping[str, pa.Array]


async def apply_columns(database: Database, tenant: TenantId, known: Traits, said: Columns) -> None:
    """`apply` for any number of rows: of each trait only the newest of a customer is looked at."""
    newest = [one for name, values in said.values.items() for one in _newest(said, name, values)]
    for start in range(0, len(newest), ROWS_AT_ONCE):
        async with database.begin(tenant) as tx:
            await apply(tx, known, newest[start : start + ROWS_AT_ONCE])


def _newest(said: Columns, name: str, values: pa.Array) -> list[Said]:
    rows = pa.table({"seq": said.seqs, "at": said.at, "id": said.ids, "value": values}).filter(pc.is_valid(values))
    rows = rows.sort_by([("seq", "ascending"), ("at", "ascending"), ("id", "ascending")])
    seqs = rows.column("seq").to_numpy()
    last = np.append(seqs[1:] != seqs[:-1], len(seqs) > 0)[: len(seqs)]
    kept = rows.filter(pa.array(last, pa.bool_())).to_pylist()
    return [Said(row["seq"], row["at"], UUID(row["id"]), {name: row["value"]}) for row in kept]


async def apply(tx: Tx, known: Traits, said: Iterable[Said]) -> None:
    """Fill attributes with what events said, where no later event is known; at most 10,000 events.

    The same events again, in whatever order, leave everything as it is.
    """
    newest: dict[tuple[int, str], tuple[datetime, UUID, str]] = {}
    for one in said:
        for name, literal in one.values.items():
            candidate = (one.at, one.id, literal)
            held = newest.get((one.seq, name))
            if held is None or held[:2] < candidate[:2]:
                newest[one.seq, name] = candidate
    if not newest:
        return
    places = sorted(newest)
    won = await store.note(
        tx,
        [seq for seq, _ in places],
        [name for _, name in places],
        [newest[place][0] for place in places],
        [newest[place][1] for place in places],
    )
    values: dict[int, dict[str, msgspec.Raw]] = {}
    for seq, name in sorted(won):
        values.setdefault(seq, {})[known.mapped[name].name] = msgspec.Raw(newest[seq, name][2].encode())
    for names in sorted({tuple(sorted(theirs)) for theirs in values.values()}):
        alike = {seq: theirs for seq, theirs in values.items() if tuple(sorted(theirs)) == names}
        await customers.set_values(tx, names, alike)
