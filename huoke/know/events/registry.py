"""The registry of event names: the standard ones, and what a bank adds."""

import re
from collections.abc import Sequence

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.events import store_sources as store
from huoke.know.events.fit import AMOUNT, ENTRY, Registry
from huoke.know.events.model import (
    TEXT_MAX,
    EventSchema,
    NewSchema,
    Property,
    PropertyFixed,
    SchemasDefined,
    SchemaUnfit,
)
from huoke.know.events.standard import STANDARD

PROPERTIES_MAX = 100
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


async def schemas(tx: Tx) -> list[EventSchema]:
    """Every registered event name with its properties, by name."""
    return sorted((await registry(tx)).schemas.values(), key=lambda schema: schema.name)


async def registry(tx: Tx) -> Registry:
    """The schemas of the transaction's bank, made ready; made anew only after a change."""
    stamp = await store.schemas_stamp(tx)
    if stamp not in _ready:
        own = {schema.name: schema for schema in await store.own_schemas(tx)}
        merged = {name: _amended(schema, own.get(name)) for name, schema in STANDARD.items()}
        if len(_ready) >= _READY_MAX:
            _ready.clear()
        _ready[stamp] = Registry((own | merged).values())
    return _ready[stamp]


async def define(tx: Tx, new: Sequence[NewSchema]) -> None:
    """Register or amend event names. `SchemaUnfit`; `PropertyFixed` for a property that would change type or class."""
    known = (await registry(tx)).schemas
    for place, one in enumerate(new):
        _check(one, place, known)
    await store.put_schemas(tx, new)
    tx.emit(SchemasDefined(names=tuple(one.name for one in new)))
    for one in new:
        after = msgspec.to_builtins(one)
        entry = audit.AuditEntry(
            action="events.define_schema", subject_kind="event_schema", subject_id=one.name, after=after
        )
        await audit.record(tx, entry)


def _amended(standard: EventSchema, own: EventSchema | None) -> EventSchema:
    """A standard schema with what the bank added; standard properties stay as they are."""
    if own is None:
        return standard
    theirs = {one.name for one in standard.properties}
    return msgspec.structs.replace(
        standard,
        title=own.title or standard.title,
        title_en=own.title_en or standard.title_en,
        properties=(*standard.properties, *(one for one in own.properties if one.name not in theirs)),
        aliases=own.aliases,
        deposit_derived=standard.deposit_derived or own.deposit_derived,
        version=own.version,
    )


def _check(one: NewSchema, place: int, known: dict[str, EventSchema]) -> None:
    if not _NAME.fullmatch(one.name) or len(one.name) > 60:
        raise SchemaUnfit(
            f"'{one.name[:60]}' cannot name an event: use a-z, 0-9 and _ in two or more parts with dots between,"
            " such as payment.made.",
            pointer=f"/{place}/name",
        )
    if not 1 <= len(one.title.strip()) <= TEXT_MAX:
        raise SchemaUnfit(f"{one.name} needs a title.", pointer=f"/{place}/title")
    names = [each.name for each in one.properties]
    for name in names:
        if not _PROPERTY.fullmatch(name) or name in (AMOUNT, ENTRY) or names.count(name) > 1:
            raise SchemaUnfit(
                f"'{name[:60]}' cannot be added to {one.name}: a letter, then letters, digits and _, each name once;"
                f" {AMOUNT} and {ENTRY} belong to every event.",
                pointer=f"/{place}/properties",
            )
    if len(names) > PROPERTIES_MAX:
        raise SchemaUnfit(f"An event has at most {PROPERTIES_MAX} properties.", pointer=f"/{place}/properties")
    taken = {alias: schema.name for schema in known.values() for alias in (*schema.aliases, schema.name)}
    for alias in one.aliases:
        if not alias.strip() or len(alias) > TEXT_MAX or taken.get(alias, one.name) != one.name:
            raise SchemaUnfit(f"The alias '{alias[:60]}' is empty or taken.", pointer=f"/{place}/aliases")
    if earlier := known.get(one.name):
        _check_fixed(one, earlier, place)


def _check_fixed(one: NewSchema, earlier: EventSchema, place: int) -> None:
    kept: dict[str, Property] = {each.name: each for each in one.properties}
    for was in earlier.properties:
        now = kept.get(was.name)
        if (now is None and not earlier.standard) or (
            now is not None and (now.type, now.data_class) != (was.type, was.data_class)
        ):
            raise PropertyFixed(
                f"{one.name} holds '{was.name}' as {was.type} of class {was.data_class}; add another property instead.",
                pointer=f"/{place}/properties",
            )
    if earlier.deposit_derived and not one.deposit_derived and not earlier.standard:
        raise PropertyFixed(f"{one.name} is a deposit fact and stays one (rule B1).", pointer=f"/{place}")


_READY_MAX = 256
_ready: dict[tuple[TenantId, str], Registry] = {}
