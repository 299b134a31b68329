"""Why a customer is in a segment, or not: node by node, with the smallest change that would make a no a yes."""

from datetime import datetime
from typing import Any

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.sets import from_rows
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.customers import CustomerStatus, CustomerUnknown
from huoke.know.segments import store
from huoke.know.segments.compile import Compiled, compile_expression
from huoke.know.segments.count import Scope, units_below
from huoke.know.segments.evaluate import Subject, evaluate, smallest_flip, value_of
from huoke.know.segments.expression import Attr, Bucket, Expression, Op, Upload, walk
from huoke.know.segments.model import Explanation, Flip, NodeExplanation, Verdict
from huoke.know.segments.typed import Comparison

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


async def explain(tx: Tx, expression: Expression, scope: Scope, seq: Seq) -> Explanation:
    """The verdict of every node for one customer, read from the truth in PostgreSQL.

    `CustomerUnknown` for a customer outside the caller's units as well.
    """
    status, unit_id, attributes, changed_at = await customers.state(tx, seq)
    if scope.units is not None and unit_id not in scope.units:
        raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
    below = await units_below(tx)
    compiled = compile_expression(
        expression, await customers.list_attributes(tx), below, serves=scope.serves, basis=scope.basis
    )
    named = set()
    for upload_id in compiled.uploads:
        if seq in from_rows(tx.tenant, await store.upload_chunks(tx, upload_id)):
            named.add(upload_id)
    subject = Subject(seq, unit_id, attributes, frozenset(named))
    verdicts = evaluate(expression, compiled.comparisons, subject)
    kept_out = [] if status is CustomerStatus.ACTIVE else ["closed"]
    if seq not in await consent.members(tx, scope.purpose):
        kept_out.append("basis")
    return Explanation(
        seq=seq,
        verdict=verdicts[""],
        member=verdicts[""] is Verdict.TRUE and not kept_out,
        scope=kept_out,
        nodes=[_node(path, node, compiled, subject, verdicts[path], changed_at) for path, node in walk(expression)],
        flips=_flips(compiled, verdicts, subject) if verdicts[""] is not Verdict.TRUE else [],
    )


def _node(
    path: str, node: Expression, compiled: Compiled, subject: Subject, verdict: Verdict, as_of: datetime
) -> NodeExplanation:
    kind = str(msgspec.structs.asdict(node).get("kind", "")) or node.__struct_config__.tag
    match node:
        case Attr(name=name, op=op, value=threshold):
            comparison = compiled.comparisons[path]
            masked = comparison.attribute.data_class == "C2"
            return NodeExplanation(
                path=path,
                kind=str(kind),
                verdict=verdict,
                name=name,
                label=comparison.attribute.label,
                op=op.value,
                threshold=threshold,
                value=None if masked else _plain(value_of(comparison, subject)),
                masked=masked and value_of(comparison, subject) is not None,
                as_of=as_of,
                source=comparison.attribute.source,
            )
        case Bucket(salt=salt, low_ppm=low, high_ppm=high):
            return NodeExplanation(path=path, kind=str(kind), verdict=verdict, name=salt, threshold=[low, high])
        case Upload(upload_id=upload_id):
            return NodeExplanation(path=path, kind=str(kind), verdict=verdict, name=str(upload_id))
        case _:
            return NodeExplanation(path=path, kind=str(kind), verdict=verdict)


def _flips(compiled: Compiled, verdicts: dict[str, Verdict], subject: Subject) -> list[Flip]:
    nodes = dict(walk(compiled.expression))
    flips = []
    for path, wanted in smallest_flip(compiled.expression, verdicts):
        node = nodes[path]
        if isinstance(node, Attr):
            comparison = compiled.comparisons[path]
            masked = comparison.attribute.data_class == "C2"
            value = value_of(comparison, subject)
            flips.append(
                Flip(
                    path=path,
                    name=node.name,
                    needed=needed(comparison, wanted),
                    value=None if masked else _plain(value),
                    masked=masked and value is not None,
                )
            )
        elif isinstance(node, Upload):
            word = "on the list" if wanted is Verdict.TRUE else "not on the list"
            flips.append(Flip(path=path, name=str(node.upload_id), needed=word))
    return flips


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
