"""One customer against an expression, by plain rules: each node's verdict, and the smallest way from no to yes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from huoke.kernel.sets import bucket_numbers
from huoke.know.language.behaviour import Happened, measure
from huoke.know.language.compile import Compiled
from huoke.know.language.expression import (
    UNIT,
    All,
    Any_,
    Attr,
    Behaviour,
    Bucket,
    Expression,
    Not,
    Op,
    Rank,
    Reference,
    Sequence_,
    Tag,
    Upload,
)
from huoke.know.language.model import Verdict
from huoke.know.language.ranks import rank_digest, rank_verdict, value_ranked
from huoke.know.language.sequences import progress
from huoke.know.language.tagged import tag_verdict
from huoke.know.language.typed import Comparison, Value, holds, read_value

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
_IMPOSSIBLE = 10**6


class Subject(msgspec.Struct, frozen=True):
    """What is known of one customer: attribute values as JSON, the uploaded lists that name it, events up to a day.

    `tags` has the value of each tag that can say one of the customer, "" where the customer has none of its values;
    `edges` the edge of the customer's group for each rank, by `rank_digest`.
    """

    seq: int
    unit_id: int
    attributes: dict[str, Any]
    uploads: frozenset[UUID] = frozenset()
    happenings: Sequence[Happened] = ()
    today: date = date.min
    tags: Mapping[str, str] = {}
    edges: Mapping[str, Value] = {}


def evaluate(compiled: Compiled, subject: Subject) -> dict[str, Verdict]:
    """The verdict of every node, by its path in `compiled.expanded`."""
    found: dict[str, Verdict] = {}

    def verdict(node: Expression, here: str) -> Verdict:
        match node:
            case All(of=parts):
                outcome = _all([verdict(part, f"{here}/of/{index}") for index, part in enumerate(parts)])
            case Any_(of=parts):
                negated = [_not(verdict(part, f"{here}/of/{index}")) for index, part in enumerate(parts)]
                outcome = _not(_all(negated))
            case Not(of=part):
                outcome = _not(verdict(part, f"{here}/of"))
            case _:
                outcome = _leaf(compiled, node, here, subject)
        found[here] = outcome
        return outcome

    verdict(compiled.expanded, "")
    return found


def _leaf(compiled: Compiled, node: Expression, here: str, subject: Subject) -> Verdict:  # noqa: PLR0911 - one for each kind of leaf
    match node:
        case Attr():
            return compare(compiled.comparisons[here], subject)
        case Behaviour():
            bound = compiled.behaviours[here]
            value = measure(bound, subject.happenings, subject.today)
            return UNKNOWN if value is None else TRUE if holds(bound.measured, value) else FALSE
        case Sequence_():
            whole = progress(compiled.sequences[here], subject.happenings, subject.today).stopped is None
            return TRUE if whole else FALSE
        case Rank():
            ranked = compiled.ranks[here]
            value = value_ranked(ranked, subject.attributes, subject.happenings, subject.today)
            return rank_verdict(ranked, value, subject.edges.get(rank_digest(ranked)))
        case Tag():
            return tag_verdict(compiled.tags[here], subject.tags)
        case Bucket(salt=salt, low_ppm=low, high_ppm=high):
            place = int(bucket_numbers(salt, np.array([subject.seq]))[0])
            return TRUE if low <= place < high else FALSE
        case Upload(upload_id=upload_id):
            return TRUE if upload_id in subject.uploads else FALSE
        case _:
            raise AssertionError("groups are no leaves, and references were expanded")


def value_of(comparison: Comparison, subject: Subject) -> Value | None:
    """The value a comparison looks at; None when unknown."""
    if comparison.attribute.name == UNIT:
        return subject.unit_id
    value = subject.attributes.get(comparison.attribute.name)
    return None if value is None else read_value(comparison.attribute.type, value)


def compare(comparison: Comparison, subject: Subject) -> Verdict:
    """One comparison; unknown where the value is."""
    value = value_of(comparison, subject)
    match comparison.op:
        case Op.IS_KNOWN:
            return FALSE if value is None else TRUE
        case Op.IS_UNKNOWN:
            return TRUE if value is None else FALSE
    return UNKNOWN if value is None else TRUE if holds(comparison, value) else FALSE


def smallest_flip(
    expression: Expression, verdicts: Mapping[str, Verdict], path: str = "", wanted: Verdict = TRUE
) -> list[tuple[str, Verdict]]:
    """The fewest leaves, with what each would have to be, that make the node `wanted`; empty when it is already.

    A bucket cannot change, so ways through one are left out; with no way at all the list is empty too.
    """
    cost, leaves = _cheapest(expression, verdicts, path, wanted)
    return leaves if cost < _IMPOSSIBLE else []


def _cheapest(
    node: Expression, verdicts: Mapping[str, Verdict], path: str, wanted: Verdict
) -> tuple[int, list[tuple[str, Verdict]]]:
    if verdicts[path] is wanted:
        return 0, []
    match node:
        case Not(of=part):
            return _cheapest(part, verdicts, f"{path}/of", _not(wanted))
        case All(of=parts) | Any_(of=parts):
            ways = [_cheapest(part, verdicts, f"{path}/of/{index}", wanted) for index, part in enumerate(parts)]
            if isinstance(node, All) is (wanted is TRUE):
                return sum(cost for cost, _ in ways), [leaf for _, leaves in ways for leaf in leaves]
            return min(ways, key=_cost, default=(_IMPOSSIBLE, []))
        case Bucket():
            return _IMPOSSIBLE, []
        case Attr() | Upload() | Behaviour() | Sequence_() | Rank() | Tag():
            return 1, [(path, wanted)]
        case Reference():
            raise AssertionError("references were expanded")


def _cost(way: tuple[int, list[tuple[str, Verdict]]]) -> int:
    return way[0]


def _all(verdicts: list[Verdict]) -> Verdict:
    if FALSE in verdicts:
        return FALSE
    return UNKNOWN if UNKNOWN in verdicts else TRUE


def _not(verdict: Verdict) -> Verdict:
    return {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}[verdict]
