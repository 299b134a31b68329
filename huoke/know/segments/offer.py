"""What a builder can offer: attributes and events with their operators and the values seen of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.events import DataClass
from huoke.kernel.tx import Tx
from huoke.know import customers, events, tags
from huoke.know.customers import Attribute, AttributeType, deposit_lineage
from huoke.know.language import (
    BAND_OPS,
    BEHAVIOUR_OPS,
    OF_EVERY_EVENT,
    OPS_OF_TYPE,
    PROPERTY_TYPES,
    TAG_OPS,
    UNIT_ATTRIBUTE,
    UNIT_OPS,
    Measure,
    Op,
    Standing,
)
from huoke.know.segments.sql_seen import values_of_attributes, values_of_events


class ValueName(msgspec.Struct, frozen=True, kw_only=True):
    """What a value is called."""

    value: str
    label: str
    label_en: str


class VocabularyField(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute, or a property of an event. `values`: those seen, where there are few; of class C2 the edges.
    `called` names those that are keys of something with a name, such as a tier.
    """

    name: str
    label: str
    label_en: str
    type: AttributeType
    ops: list[Op]
    values: list[str] = []
    called: list[ValueName] = []
    deposit: bool = False
    """A deposit fact, or derived from one (rule B1)."""


class VocabularyEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event with the properties a rule may look at."""

    name: str
    label: str
    label_en: str
    properties: list[VocabularyField]
    deposit: bool


class VocabularyTagValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a tag with how many customers had it at the last filling."""

    name: str
    label: str
    label_en: str
    count: int


class VocabularyTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag in use; `standing` says whether its sets may be used now, `purposes` what for (none: everything)."""

    name: str
    label: str
    label_en: str
    category: str
    kind: tags.Kind
    boolean: bool
    values: list[VocabularyTagValue]
    standing: Standing
    data_at: datetime | None
    deposit: bool
    purposes: list[str]


class SegmentVocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All that conditions may name."""

    attributes: list[VocabularyField]
    events: list[VocabularyEvent]
    tags: list[VocabularyTag]
    tag_ops: list[Op]
    measures: list[Measure]
    measure_ops: list[Op]


async def offer(tx: Tx, clickhouse: ClickHouse) -> SegmentVocabulary:
    """The bank's vocabulary for a visual builder; values of class C2 are never shown."""
    attributes = await customers.list_attributes(tx)
    lineage = deposit_lineage({one.name: one for one in attributes})
    seen = await values_of_attributes(clickhouse, tx, attributes)
    happened = await values_of_events(clickhouse, tx)
    called = await customers.value_names(tx)
    return SegmentVocabulary(
        attributes=[
            _field(UNIT_ATTRIBUTE, ops=UNIT_OPS),
            *(
                _attribute(one, seen.get(one.name, []), called.get(one.name, {}), deposit=one.name in lineage)
                for one in attributes
                if _usable(one)
            ),
        ],
        events=[_event(schema, happened) for schema in await events.schemas(tx)],
        tags=[_tag(one) for one in await tags.offered(tx)],
        tag_ops=list(TAG_OPS),
        measures=list(Measure),
        measure_ops=list(BEHAVIOUR_OPS),
    )


def _tag(one: tags.Offered) -> VocabularyTag:
    definition = one.definition
    return VocabularyTag(
        name=definition.name,
        label=definition.label,
        label_en=definition.label_en,
        category=definition.category,
        kind=definition.kind,
        boolean=definition.boolean,
        values=[
            VocabularyTagValue(
                name=value.name, label=value.label, label_en=value.label_en, count=one.counts.get(value.name, 0)
            )
            for value in definition.values
        ],
        standing=one.standing,
        data_at=one.data_at,
        deposit=one.deposit,
        purposes=list(definition.purposes),
    )


def _usable(one: Attribute) -> bool:
    """Whether a rule may look at it: of class C2 only what has bands."""
    return one.data_class != DataClass.C2 or bool(one.bands)


def _attribute(one: Attribute, seen: Sequence[str], called: customers.Called, *, deposit: bool) -> VocabularyField:
    if one.data_class == DataClass.C2:
        return msgspec.structs.replace(_field(one, deposit=deposit, ops=BAND_OPS), values=list(one.bands))
    named = [ValueName(value=value, label=zh, label_en=en) for value, (zh, en) in called.items()]
    return msgspec.structs.replace(_field(one, values={*seen, *called}, deposit=deposit), called=named)


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
    one: Attribute, *, values: Iterable[str] = (), deposit: bool = False, ops: frozenset[Op] | None = None
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
