"""Filling in the own profile: kept under consent, told as an event, and once more when nothing lacks any more."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, events
from huoke.know.consent import Statement, Verdict
from huoke.know.customers import Attribute, AttributeType
from huoke.know.profiles.model import COMPLETED, FIELDS, ConsentMissing, Field, Own, OwnField, Said, check

VIA = "h5"
_NO_SOURCE = UUID(int=0)


async def own(tx: Tx, seq: Seq) -> Own:
    """A customer's profile: of the fields of the house those that fill an attribute in this bank. `CustomerUnknown`."""
    filled = {one.property: one.attribute for one in await events.traits(tx)}
    _, _, values, _ = await customers.state(tx, seq)
    states = {one.purpose: one for one in await consent.consents_of(tx, seq)}
    purposes = {one.code: one for one in await consent.list_purposes(tx)}
    return Own(
        fields=[_own(one, values.get(filled[one.name])) for one in FIELDS if one.name in filled],
        agreed=states[consent.PROFILING].verdict is Verdict.GIVEN,
        text_version=purposes[consent.PROFILING].text_version,
    )


async def complete(tx: Tx, seq: Seq, said: Said) -> Own:
    """Keep what a customer said of themselves; returns the profile as it is then.

    The first time that nothing lacks, `profile.completed` is told. `ConsentMissing` without the consent to personal
    recommendations (rule P1), given before or with this; `ValueUnfit`. After a refusal nothing was kept.
    """
    before = await own(tx, seq)
    kept = check({one.name: one for one in before.fields}, said)
    if not (before.agreed or said.agrees):
        raise ConsentMissing("Agree to what it is used for, or leave it empty.", pointer="/agrees")
    if not kept:
        return before
    if not before.agreed:
        await _agree(tx, seq, before.text_version)
    [row] = await customers.masked_rows(tx, [seq])
    await _tell(tx, row.customer_no, type="identify", message_id=f"profile:{new_id().hex}", traits=kept)
    after = await own(tx, seq)
    if after.whole and not before.whole:
        message_id = f"{COMPLETED}:{seq}"
        await _tell(tx, row.customer_no, type="track", event=COMPLETED, message_id=message_id, properties={})
    return after


async def open_fields(tx: Tx) -> list[str]:
    """Ask for the fields of the house from now on, where their attributes are there; returns those asked.

    When somebody is best reached no system of the bank knows: that attribute is made. A field that another trait fills
    is not asked.
    """
    known = {one.name for one in await customers.list_attributes(tx)}
    if "contact_time" not in known:
        [field] = [one for one in FIELDS if one.name == "contact_time"]
        made = Attribute(name=field.name, label=field.label, label_en=field.label_en, type=AttributeType.TEXT)
        await customers.define_attributes(tx, [msgspec.structs.replace(made, source="profile")])
        known.add(field.name)
    filled = {one.attribute: one.property for one in await events.traits(tx)}
    asked = [one.name for one in FIELDS if one.name in known and filled.get(one.name, one.name) == one.name]
    for name in asked:
        if name not in filled:
            await events.declare_trait(tx, events.NewTrait(property=name, attribute=name))
    return asked


async def _agree(tx: Tx, seq: Seq, text_version: str) -> None:
    statement = Statement(
        purpose=consent.PROFILING,
        verdict=Verdict.GIVEN,
        members=CustomerSet.of(tx.tenant, [seq]),
        text_version=text_version,
        channel=VIA,
    )
    await consent.record(tx, [statement])


async def _tell(tx: Tx, customer_no: str, **fields: Any) -> None:
    message = events.Message(user_id=customer_no, timestamp=tx.now, **fields)
    await events.take(tx, _NO_SOURCE, [message])


def _own(field: Field, value: object) -> OwnField:
    return OwnField(**msgspec.structs.asdict(field), value=str(value or ""))
