"""Reading an expression out of JSON values: its size, its form, and what its form does not say by itself. Pure."""

from typing import Any

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import PPM
from huoke.know.language.expression import (
    BEHAVIOUR_OPS,
    TAG_OPS,
    All,
    Any_,
    Attr,
    Behaviour,
    Bucket,
    ByEvent,
    Expression,
    Measure,
    Not,
    Op,
    Rank,
    Sequence_,
    Tag,
    Where,
    walk,
)
from huoke.know.language.limits import MOST, Limit, check_size, passed

STEPS_MIN = 2


class ExpressionUnfit(Invalid):
    """The expression is not well formed; `pointer` says where."""

    code = "segments.expression"


def parse(value: Any, *, pointer: str = "/expression") -> Expression:
    """An expression out of JSON values; `ExpressionUnfit` names the node, `LimitPassed` the limit."""
    check_size(value, pointer)
    try:
        expression: Expression = msgspec.convert(value, Expression)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ExpressionUnfit(f"The expression is not well formed: {error}.", pointer=pointer) from None
    conditions = 0
    for number, (path, node) in enumerate(walk(expression), start=1):
        conditions += not isinstance(node, All | Any_ | Not)
        if path.count("/of") > MOST[Limit.DEPTH]:
            raise passed(Limit.DEPTH, pointer + path)
        if number > MOST[Limit.NODES]:
            raise passed(Limit.NODES, pointer)
        if conditions > MOST[Limit.CONDITIONS]:
            raise passed(Limit.CONDITIONS, pointer)
        _check(node, pointer + path)
    return expression


def _check(node: Expression, pointer: str) -> None:
    """What a node's form does not say by itself."""
    match node:
        case Bucket(low_ppm=low, high_ppm=high):
            if not 0 <= low < high <= PPM:
                raise ExpressionUnfit(
                    f"A bucket reaches from low_ppm up to high_ppm within 0 … {PPM}.", pointer=pointer
                )
        case Attr():
            _check_arity(node.name, node.op, node.value, pointer)
        case Behaviour():
            _check_behaviour(node, pointer)
        case Sequence_():
            _check_sequence(node, pointer)
        case Rank():
            _check_rank(node, pointer)
        case Tag():
            _check_tag(node, pointer)


def _check_behaviour(node: Behaviour, pointer: str) -> None:
    if node.op not in BEHAVIOUR_OPS:
        raise ExpressionUnfit(f"A measure is compared by {', '.join(BEHAVIOUR_OPS)}.", pointer=f"{pointer}/op")
    _check_arity(node.name, node.op, node.value, pointer)
    if (node.property is None) is (node.measure in (Measure.SUM, Measure.MAX)):
        form = "a property" if node.property is None else "no property"
        raise ExpressionUnfit(f"'{node.measure}' takes {form}.", pointer=f"{pointer}/property")
    _check_days(Limit.WINDOW_DAYS, node.window_days, pointer)
    _check_where(node.where, pointer)


def _check_sequence(node: Sequence_, pointer: str) -> None:
    if len(node.steps) < STEPS_MIN:
        raise ExpressionUnfit(f"A sequence has {STEPS_MIN} to {MOST[Limit.STEPS]} steps.", pointer=f"{pointer}/steps")
    _check_days(Limit.WITHIN_DAYS, node.within_days, pointer)
    _check_days(Limit.WINDOW_DAYS, node.window_days, pointer)
    for place, step in enumerate(node.steps):
        _check_where(step.where, f"{pointer}/steps/{place}")
    if node.never is not None:
        _check_where(node.never.where, f"{pointer}/never")


def _check_rank(node: Rank, pointer: str) -> None:
    percent, count = node.take.percent, node.take.count
    if (percent is None) is (count is None):
        raise ExpressionUnfit("A rank takes a percent or a count, one of the two.", pointer=f"{pointer}/take")
    if percent is not None and not 1 <= percent <= 100:
        raise ExpressionUnfit("A rank takes 1 to 100 percent.", pointer=f"{pointer}/take/percent")
    if count is not None and count < 1:
        raise ExpressionUnfit("A rank takes at least one customer.", pointer=f"{pointer}/take/count")
    if count is not None and count > MOST[Limit.TAKE]:
        raise passed(Limit.TAKE, f"{pointer}/take/count")
    if isinstance(node.by, ByEvent):
        _check_behaviour(node.by.behaviour(), f"{pointer}/by")


def _check_days(limit: Limit, days: int | None, pointer: str) -> None:
    if days is not None and days < 1:
        raise ExpressionUnfit("A span of days has at least one.", pointer=f"{pointer}/{limit}")
    if days is not None and days > MOST[limit]:
        raise passed(limit, f"{pointer}/{limit}")


def _check_where(where: tuple[Where, ...], pointer: str) -> None:
    for place, one in enumerate(where):
        _check_arity(one.property, one.op, one.value, f"{pointer}/where/{place}")


def _check_tag(node: Tag, pointer: str) -> None:
    if node.op not in TAG_OPS:
        raise ExpressionUnfit(f"A tag is asked by {', '.join(TAG_OPS)}.", pointer=f"{pointer}/op")
    _check_arity(node.name, node.op, node.value, pointer)


def _check_arity(name: str, op: Op, value: Any, pointer: str) -> None:
    match op:
        case Op.IS_KNOWN | Op.IS_UNKNOWN:
            fits = value is None
            form = "no value"
        case Op.IN | Op.NOT_IN:
            fits = isinstance(value, list) and len(value) > 0
            form = "a list of values"
        case Op.BETWEEN:
            fits = isinstance(value, list) and len(value) == 2
            form = "a list of the two ends"
        case _:
            fits = value is not None and not isinstance(value, (list, dict))
            form = "one value"
    if not fits:
        raise ExpressionUnfit(f"'{op}' on '{name[:80]}' takes {form}.", pointer=f"{pointer}/value")
