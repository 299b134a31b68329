"""What a builder can offer: attributes and events with their operators and the values seen of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.events import DataClass
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.customers import COLUMN_PREFIX, CUSTOMERS, Attribute, AttributeType, deposit_lineage
from huoke.know.segments.behaviour import OF_EVERY_EVENT, PROPERTY_TYPES
from huoke.know.segments.expression import BEHAVIOUR_OPS, Measure, Op
from huoke.know.segments.sql_behaviour import TABLE, event_rows
from huoke.know.segments.typed import OPS_OF_TYPE, UNIT_ATTRIBUTE, UNIT_OPS

VALUES_SHOWN = 60
"""A text with more values than that is typed, not chosen."""
SEEN_WITHIN = timedelta(days=3)


class VocabularyField(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute, or a property of an event. `values`: those seen, where there are few."""

    name: str
    label: str
    label_en: str
    type: AttributeType
    ops: list[Op]
    values: list[str] = []
    deposit: bool = False
    """A deposit fact, or derived from one (rule B1)."""


class VocabularyEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event with the properties a rule may look at."""

    name: str
    label: str
    label_en: str
    properties: list[VocabularyField]
    deposit: bool


class SegmentVocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All that conditions may name."""

    attributes: list[VocabularyField]
    events: list[VocabularyEvent]
    measures: list[Measure]
    measure_ops: list[Op]


async def offer(tx: Tx, clickhouse: ClickHouse) -> SegmentVocabulary:
    """The bank's vocabulary for a visual builder; values of class C2 are never shown."""
    attributes = await customers.list_attributes(tx)
    lineage = deposit_lineage({one.name: one for one in attributes})
    seen = await _values_of_attributes(clickhouse, tx, attributes)
    happened = await _values_of_events(clickhouse, tx)
    return SegmentVocabulary(
        attributes=[
            _field(UNIT_ATTRIBUTE, ops=UNIT_OPS),
            *(_field(one, values=seen.get(one.name, []), deposit=one.name in lineage) for one in attributes),
        ],
        events=[_event(schema, happened) for schema in await events.schemas(tx)],
        measures=list(Measure),
        measure_ops=list(BEHAVIOUR_OPS),
    )


def _event(schema: events.EventSchema, seen: Mapping[tuple[str, str], list[str]]) -> VocabularyEvent:
    open_to_rules = [one for one in (*OF_EVERY_EVENT, *schema.properties) if one.data_class is not DataClass.C2]
    return VocabularyEvent(
        name=schema.name,
        label=schema.title,
        label_en=schema.title_en or schema.title,
        properties=[
            _field(
                Attribute(name=one.name, label=one.label, label_en=one.label_en, type=PROPERTY_TYPES[one.type]),
                values=seen.get((schema.name, one.name), []),
            )
            for one in open_to_rules
        ],
        deposit=schema.deposit_derived,
    )


def _field(
    one: Attribute, *, values: Sequence[str] = (), deposit: bool = False, ops: frozenset[Op] | None = None
) -> VocabularyField:
    allowed = OPS_OF_TYPE[one.type] if ops is None else ops
    return VocabularyField(
        name=one.name,
        label=one.label,
        label_en=one.label_en,
        type=one.type,
        ops=[op for op in Op if op in allowed],
        values=sorted(values) if one.type is AttributeType.TEXT else [],
        deposit=deposit,
    )


async def _values_of_attributes(
    clickhouse: ClickHouse, tx: Tx, attributes: Sequence[Attribute]
) -> dict[str, list[str]]:
    names = [one.name for one in attributes if one.type is AttributeType.TEXT and one.data_class != "C2"]
    present = await clickhouse.query(
        tx.tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
        {"table": CUSTOMERS.name},
    )
    columns = set(present.column("name").to_pylist())
    shown = [name for name in names if COLUMN_PREFIX + name in columns]
    if not shown:
        return {}
    some = f"groupUniqArray({VALUES_SHOWN + 1})"
    listed = ", ".join(f"{some}({COLUMN_PREFIX}{name}) AS v{n}" for n, name in enumerate(shown))
    row = (await clickhouse.query(tx.tenant, f"SELECT {listed} FROM {CUSTOMERS.name}")).to_pylist()[0]
    return {name: values for n, name in enumerate(shown) if (values := _few(row[f"v{n}"]))}


async def _values_of_events(clickhouse: ClickHouse, tx: Tx) -> dict[tuple[str, str], list[str]]:
    """Of the last days only: a new channel shows at once, and the scan stays small."""
    if await event_rows(clickhouse, tx.tenant) is None:
        return {}
    found = await clickhouse.query(
        tx.tenant,
        f"SELECT name, key, groupUniqArray({VALUES_SHOWN + 1})(value) AS found"
        f" FROM (SELECT name, properties FROM {TABLE}"
        " WHERE at >= {since:DateTime64(3, 'UTC')} LIMIT 100000)"
        " ARRAY JOIN mapKeys(properties) AS key, mapValues(properties) AS value GROUP BY name, key",
        {"since": (tx.now - SEEN_WITHIN).strftime("%Y-%m-%d %H:%M:%S.000")},
    )
    return {(row["name"], row["key"]): few for row in found.to_pylist() if (few := _few(row["found"]))}


def _few(values: Sequence[Any]) -> list[str]:
    return [str(value) for value in values if value] if len(values) <= VALUES_SHOWN else []
