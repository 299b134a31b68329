"""What was found of one customer at each node of a rule, and what would have to be found. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from msgspec.structs import replace

from huoke.kernel.ids import UnitId
from huoke.kernel.sets import bucket_numbers
from huoke.know.customers import Provenance
from huoke.know.language import (
    AMOUNT,
    UNIT,
    Attr,
    Behaviour,
    BoundTag,
    Bucket,
    Comparison,
    Compiled,
    Direction,
    Edge,
    Expression,
    Op,
    Rank,
    Reference,
    Sequence_,
    Subject,
    Tag,
    Upload,
    Verdict,
    Vocabulary,
    Within,
    counted_of,
    measure,
    progress,
    shown,
    steps_told,
    value_of,
    value_ranked,
)
from huoke.know.segments.model import Flip, NodeExplanation, RankExplanation, UploadReport

_NEGATED = {
    Op.EQUAL: Op.NOT_EQUAL,
    Op.NOT_EQUAL: Op.EQUAL,
    Op.IN: Op.NOT_IN,
    Op.NOT_IN: Op.IN,
    Op.BEGINS: Op.NOT_BEGINS,
    Op.NOT_BEGINS: Op.BEGINS,
    Op.LESS: Op.AT_LEAST,
    Op.AT_LEAST: Op.LESS,
    Op.MORE: Op.AT_MOST,
    Op.AT_MOST: Op.MORE,
    Op.IS_KNOWN: Op.IS_UNKNOWN,
    Op.IS_UNKNOWN: Op.IS_KNOWN,
}
_REACHED = {Direction.TOP: Op.AT_LEAST, Direction.BOTTOM: Op.AT_MOST}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known for an explanation: whence values came by field, lists by id, places in ranks by path."""

    compiled: Compiled
    words: Vocabulary
    subject: Subject
    changed_at: datetime
    now: datetime
    came: Mapping[str, Provenance]
    lists: Mapping[UUID, UploadReport]
    places: Mapping[str, Edge]


def finding(path: str, node: Expression, verdict: Verdict, facts: Facts) -> NodeExplanation:  # noqa: PLR0911 - one for each kind of leaf
    """One node with what was found at it."""
    found = NodeExplanation(path=path, kind=str(node.__struct_config__.tag), verdict=verdict)
    match node:
        case Attr(op=op, value=threshold):
            return _attribute(replace(found, op=op.value, threshold=threshold), facts)
        case Behaviour(op=op, value=threshold):
            return _behaviour(replace(found, op=op.value, threshold=threshold), facts)
        case Sequence_():
            return _sequence(found, facts)
        case Rank():
            return _rank(found, facts)
        case Tag(name=name, op=op, value=threshold):
            word = facts.compiled.tags[path].word
            return replace(
                found, name=name, label=word.label, label_en=word.label_en, op=op.value, threshold=threshold,
                value=facts.subject.tags.get(name), as_of=word.data_at, source="tags", origin=f"v{word.defined}",
            )  # fmt: skip
        case Bucket(salt=salt, low_ppm=low, high_ppm=high):
            place = int(bucket_numbers(salt, np.array([facts.subject.seq]))[0])
            return replace(found, name=salt, threshold=[low, high], value=place, source="hash")
        case Upload(upload_id=upload_id):
            report = facts.lists[upload_id]
            return replace(
                found, name=str(upload_id), label=report.name, label_en=report.name, as_of=report.created_at,
                source="upload", origin=report.name,
            )  # fmt: skip
        case Reference(segment_id=segment_id):
            name = facts.words.rules[segment_id].name
            return replace(found, name=str(segment_id), label=name, label_en=name)
        case _:
            return found


def flip(path: str, node: Expression, wanted: Verdict, facts: Facts) -> Flip:
    """What a leaf would have to be to come out as `wanted`."""
    compiled, subject = facts.compiled, facts.subject
    match node:
        case Attr(name=name):
            comparison = compiled.comparisons[path]
            seen = _seen(comparison, value_of(comparison, subject))
            return Flip(path=path, name=name, needed=needed(comparison, wanted), **seen)
        case Behaviour(name=name):
            bound = compiled.behaviours[path]
            value = shown(measure(bound, subject.happenings, subject.today))
            return Flip(path=path, name=name, needed=needed(bound.measured, wanted), value=value)
        case Sequence_(steps=steps):
            done = len(progress(compiled.sequences[path], subject.happenings, subject.today).at)
            sign = Op.AT_LEAST if wanted is Verdict.TRUE else Op.LESS
            return Flip(path=path, name=steps[0].name, needed=f"{sign} {len(steps)}", value=done)
        case Rank(by=by):
            return Flip(path=path, name=by.name, needed=_rank_needed(path, wanted, facts), value=_ranked(path, facts))
        case Tag(name=name):
            needed_tag = _tag_needed(compiled.tags[path], wanted)
            return Flip(path=path, name=name, needed=needed_tag, value=subject.tags.get(name))
        case Upload(upload_id=upload_id):
            word = "on the list" if wanted is Verdict.TRUE else "not on the list"
            return Flip(path=path, name=str(upload_id), needed=word)
        case _:
            raise AssertionError("groups do not change by themselves, and a bucket never does")


def needed(comparison: Comparison, wanted: Verdict) -> str:
    """What the value would have to be for the comparison to come out as `wanted`, in the language's own signs."""
    values = [str(_plain(value)) for value in comparison.values]
    if comparison.op is Op.BETWEEN:
        low, high = values
        return f"{low} … {high}" if wanted is Verdict.TRUE else f"< {low} or > {high}"
    op = comparison.op if wanted is Verdict.TRUE else _NEGATED[comparison.op]
    return " ".join([op.value, ", ".join(values)]).strip()


def _attribute(found: NodeExplanation, facts: Facts) -> NodeExplanation:
    comparison = facts.compiled.comparisons[found.path]
    attribute = comparison.attribute
    came = facts.came.get("unit_id" if attribute.name == UNIT else attribute.name)
    return replace(
        found,
        name=attribute.name,
        label=attribute.label,
        label_en=attribute.label_en,
        as_of=came.at if came else facts.changed_at,
        source=attribute.source,
        origin=_origin(came),
        **_seen(comparison, value_of(comparison, facts.subject)),
    )


def _behaviour(found: NodeExplanation, facts: Facts) -> NodeExplanation:
    bound, subject = facts.compiled.behaviours[found.path], facts.subject
    counted = counted_of(bound, subject.happenings, subject.today)
    return replace(
        found,
        name=bound.schema.name,
        label=bound.schema.title,
        label_en=bound.schema.title_en,
        value=shown(measure(bound, counted, subject.today)),
        as_of=facts.now,
        source="events",
        money=bound.node.property == AMOUNT,
        last_at=max((one.at for one in counted), default=None),
    )


def _sequence(found: NodeExplanation, facts: Facts) -> NodeExplanation:
    bound = facts.compiled.sequences[found.path]
    way = progress(bound, facts.subject.happenings, facts.subject.today)
    first = bound.steps[0].schema
    return replace(
        found,
        name=first.name,
        label=first.title,
        label_en=first.title_en,
        op=Op.AT_LEAST.value,
        threshold=len(bound.steps),
        value=len(way.at),
        as_of=facts.now,
        source="events",
        last_at=way.at[-1] if way.at else None,
        steps=steps_told(bound, way),
        stopped=way.stopped,
    )


def _rank(found: NodeExplanation, facts: Facts) -> NodeExplanation:
    rank, edge = facts.compiled.ranks[found.path], facts.places.get(found.path)
    value = _ranked(found.path, facts)
    came = None if rank.behaviour else facts.came.get(rank.attribute.name)
    group = rank.group_of(facts.subject.unit_id)
    ranked = edge.ranked if edge else 0
    return replace(
        found,
        name=rank.attribute.name,
        label=rank.attribute.label,
        label_en=rank.attribute.label_en,
        op=_REACHED[rank.node.direction].value,
        threshold=None if edge is None else _plain(shown(edge.value)),
        value=value,
        as_of=came.at if came else facts.now,
        source="events" if rank.behaviour else rank.attribute.source,
        money=rank.behaviour is not None and rank.behaviour.node.property == AMOUNT,
        origin=_origin(came),
        rank=RankExplanation(
            place=None if edge is None or value is None else edge.better + 1,
            ranked=ranked,
            taken=rank.taken(ranked),
            direction=rank.node.direction,
            within=rank.node.within,
            unit_id=None if rank.node.within is Within.BANK else UnitId(group),
        ),
    )


def _ranked(path: str, facts: Facts) -> Any:
    subject = facts.subject
    value = value_ranked(facts.compiled.ranks[path], subject.attributes, subject.happenings, subject.today)
    return _plain(shown(value))


def _rank_needed(path: str, wanted: Verdict, facts: Facts) -> str:
    op = _REACHED[facts.compiled.ranks[path].node.direction]
    edge = facts.places.get(path)
    sign = op if wanted is Verdict.TRUE else _NEGATED[op]
    return f"{sign} {'…' if edge is None else _plain(shown(edge.value))}"


def _origin(came: Provenance | None) -> str:
    """The import by name, with the business date of a day's file."""
    if came is None or came.import_id is None:
        return ""
    return came.import_name if came.as_of is None else f"{came.import_name} · {came.as_of}"


def _seen(comparison: Comparison, value: Any) -> dict[str, Any]:
    """The value as JSON; of class C2 only that there is one."""
    if comparison.attribute.data_class == "C2":
        return {"value": None, "masked": value is not None}
    return {"value": _plain(value)}


def _tag_needed(bound: BoundTag, wanted: Verdict) -> str:
    op = bound.op if wanted is Verdict.TRUE else _NEGATED[bound.op]
    return " ".join([op.value, ", ".join(bound.values)]).strip()


def _plain(value: Any) -> Any:
    """A value as JSON shows it: dates and decimals as text."""
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
