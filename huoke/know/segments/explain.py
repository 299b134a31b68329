"""Why a customer is in a segment, or not: node by node, with the smallest change that would make a no a yes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.customers import CustomerStatus, CustomerUnknown
from huoke.know.language import (
    Attr,
    Behaviour,
    BoundTag,
    Bucket,
    Comparison,
    Compiled,
    DataBehind,
    Expression,
    Happened,
    Op,
    Reference,
    Subject,
    Tag,
    Upload,
    Verdict,
    Vocabulary,
    compile_expression,
    day_of,
    evaluate,
    happened,
    measure,
    shown,
    smallest_flip,
    tagged,
    value_of,
    walk,
)
from huoke.know.segments.count import Scope
from huoke.know.segments.model import Explanation, Flip, NodeExplanation
from huoke.know.segments.upload import upload_members
from huoke.know.segments.vocabulary import vocabulary

_NEGATED = {
    Op.EQUAL: Op.NOT_EQUAL,
    Op.NOT_EQUAL: Op.EQUAL,
    Op.IN: Op.NOT_IN,
    Op.NOT_IN: Op.IN,
    Op.LESS: Op.AT_LEAST,
    Op.AT_LEAST: Op.LESS,
    Op.MORE: Op.AT_MOST,
    Op.AT_MOST: Op.MORE,
    Op.IS_KNOWN: Op.IS_UNKNOWN,
    Op.IS_UNKNOWN: Op.IS_KNOWN,
}


async def explain(
    tx: Tx, expression: Expression, scope: Scope, seq: Seq, *, clickhouse: ClickHouse | None = None
) -> Explanation:
    """The verdict of every node for one customer: attributes from the truth in PostgreSQL, events from ClickHouse.

    `DataBehind` where the rule looks at events and no `clickhouse` was given; `CustomerUnknown` for a customer outside
    the caller's units as well.
    """
    status, unit_id, attributes, changed_at = await customers.state(tx, seq)
    if scope.units is not None and unit_id not in scope.units:
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    words = await vocabulary(tx, expression, of=scope.segment_id)
    compiled = compile_expression(expression, words, serves=scope.serves, basis=scope.basis, purpose=scope.purpose)
    named = set()
    for upload_id in compiled.uploads:
        if seq in await upload_members(tx, upload_id):
            named.add(upload_id)
    happenings = await _happenings(tx, compiled, seq, clickhouse)
    values = await _tagged(tx, compiled, seq, clickhouse)
    subject = Subject(seq, unit_id, attributes, frozenset(named), happenings, day_of(tx.now), values)
    verdicts = evaluate(compiled, subject)
    kept_out = [] if status is CustomerStatus.ACTIVE else ["closed"]
    if seq not in await consent.selectable(tx, scope.purpose):
        kept_out.append("basis")
    return Explanation(
        seq=seq,
        verdict=verdicts[""],
        member=verdicts[""] is Verdict.TRUE and not kept_out,
        scope=kept_out,
        nodes=_nodes(compiled, words, subject, verdicts, changed_at, tx.now),
        flips=_flips(compiled, verdicts, subject) if verdicts[""] is not Verdict.TRUE else [],
    )


async def _happenings(tx: Tx, compiled: Compiled, seq: Seq, clickhouse: ClickHouse | None) -> list[Happened]:
    if not compiled.behaviours:
        return []
    if clickhouse is None:
        raise DataBehind("This rule looks at events, which cannot be read here.")
    return await happened(clickhouse, tx.tenant, seq, list(compiled.behaviours.values()))


async def _tagged(tx: Tx, compiled: Compiled, seq: Seq, clickhouse: ClickHouse | None) -> dict[str, str]:
    if not compiled.tags:
        return {}
    if clickhouse is None:
        raise DataBehind("This rule looks at tags, which cannot be read here.")
    return (await tagged(clickhouse, tx.tenant, [seq], [one.word for one in compiled.tags.values()]))[seq]


def _nodes(
    compiled: Compiled,
    words: Vocabulary,
    subject: Subject,
    verdicts: Mapping[str, Verdict],
    changed_at: datetime,
    now: datetime,
) -> list[NodeExplanation]:
    """Every node, those of segments referred to included."""
    stated = dict(walk(compiled.expression))
    return [
        _node(path, stated.get(path, node), compiled, words, subject, verdicts[path], changed_at, now)
        for path, node in walk(compiled.expanded)
    ]


def _node(
    path: str,
    node: Expression,
    compiled: Compiled,
    words: Vocabulary,
    subject: Subject,
    verdict: Verdict,
    changed_at: datetime,
    now: datetime,
) -> NodeExplanation:
    found = NodeExplanation(path=path, kind=str(node.__struct_config__.tag), verdict=verdict)
    more: dict[str, Any] = {}
    match node:
        case Attr(name=name, op=op, value=threshold):
            comparison = compiled.comparisons[path]
            more = {
                "name": name, "label": comparison.attribute.label, "label_en": comparison.attribute.label_en,
                "op": op.value, "threshold": threshold, "as_of": changed_at, "source": comparison.attribute.source,
                **_seen(comparison, value_of(comparison, subject)),
            }  # fmt: skip
        case Behaviour(name=name, op=op, value=threshold):
            bound = compiled.behaviours[path]
            more = {
                "name": name, "label": bound.schema.title, "label_en": bound.schema.title_en, "op": op.value,
                "threshold": threshold, "value": shown(measure(bound, subject.happenings, subject.today)),
                "as_of": now, "source": "events",
            }  # fmt: skip
        case Tag(name=name, op=op, value=threshold):
            word = compiled.tags[path].word
            more = {
                "name": name, "label": word.label, "label_en": word.label_en, "op": op.value, "threshold": threshold,
                "value": subject.tags.get(name), "as_of": word.data_at, "source": "tags",
            }  # fmt: skip
        case Bucket(salt=salt, low_ppm=low, high_ppm=high):
            more = {"name": salt, "threshold": [low, high]}
        case Upload(upload_id=upload_id):
            more = {"name": str(upload_id)}
        case Reference(segment_id=segment_id):
            name = words.rules[segment_id].name
            more = {"name": str(segment_id), "label": name, "label_en": name}
    return replace(found, **more)


def _seen(comparison: Comparison, value: Any) -> dict[str, Any]:
    """A value as it may be shown: of class C2 only that there is one."""
    masked = comparison.attribute.data_class == "C2"
    return {"value": None if masked else _plain(value), "masked": masked and value is not None}


def _flips(compiled: Compiled, verdicts: dict[str, Verdict], subject: Subject) -> list[Flip]:
    nodes = dict(walk(compiled.expanded))
    flips = []
    for path, wanted in smallest_flip(compiled.expanded, verdicts):
        match nodes[path]:
            case Attr(name=name):
                comparison = compiled.comparisons[path]
                seen = _seen(comparison, value_of(comparison, subject))
                flips.append(Flip(path=path, name=name, needed=needed(comparison, wanted), **seen))
            case Behaviour(name=name):
                bound = compiled.behaviours[path]
                value = shown(measure(bound, subject.happenings, subject.today))
                flips.append(Flip(path=path, name=name, needed=needed(bound.measured, wanted), value=value))
            case Tag(name=name):
                named = compiled.tags[path]
                flips.append(
                    Flip(path=path, name=name, needed=_tag_needed(named, wanted), value=subject.tags.get(name))
                )
            case Upload(upload_id=upload_id):
                word = "on the list" if wanted is Verdict.TRUE else "not on the list"
                flips.append(Flip(path=path, name=str(upload_id), needed=word))
    return flips


def _tag_needed(bound: BoundTag, wanted: Verdict) -> str:
    op = bound.op if wanted is Verdict.TRUE else _NEGATED[bound.op]
    return " ".join([op.value, ", ".join(bound.values)]).strip()


def needed(comparison: Comparison, wanted: Verdict) -> str:
    """What the value would have to be for the comparison to come out as `wanted`, in the language's own signs."""
    values = [str(_plain(value)) for value in comparison.values]
    if comparison.op is Op.BETWEEN:
        low, high = values
        return f"{low} … {high}" if wanted is Verdict.TRUE else f"< {low} or > {high}"
    op = comparison.op if wanted is Verdict.TRUE else _NEGATED[comparison.op]
    return " ".join([op.value, ", ".join(values)]).strip()


def _plain(value: Any) -> Any:
    """A value as JSON shows it: dates and decimals as text."""
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
