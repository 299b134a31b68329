"""ClickHouse SQL of sequences: each customer's events in one array, folded once from first to last."""

from datetime import date

from huoke.kernel.sets import Source
from huoke.know.events import EVENT
from huoke.know.language.behaviour import span
from huoke.know.language.keys import sequence_key
from huoke.know.language.sequences import BoundSequence, BoundStep
from huoke.know.language.sql_behaviour import property_condition
from huoke.know.language.sql_values import Parameters

_NONE = "toInt64(-9000000000000000000)"
"""No way has come so far: before every instant there is."""
_CODE_BITS = 3


def sequence_source(bound: BoundSequence, today: date, prefix: str) -> Source:
    """One scan that gives a sequence's stored set."""
    parameters = Parameters()
    whole = _whole(bound, today, parameters)
    sql = f"SELECT 1 AS key, groupBitmapState(seq) AS bitmap FROM ({whole})"
    return Source(sql, {1: prefix + sequence_key(bound)}, parameters.values)


def sequence_condition(bound: BoundSequence, parameters: Parameters, today: date) -> str:
    """A sequence as a condition on `seq` of a customer; never NULL."""
    return f"(seq IN ({_whole(bound, today, parameters)}))"


def _whole(bound: BoundSequence, today: date, parameters: Parameters) -> str:
    """Customers who went through all steps.

    Events travel as numbers: the instant in milliseconds, then a code by which those of one instant are sorted: steps
    from the last down to the second, what must not lie between, the first step. A step so sees only what was strictly
    before it, and `never` ends ways that began before its instant but none that begins with it.
    """
    since, until = span(bound.node.window_days, today)
    last = len(bound.steps)
    coded = [(part, _code(place, last)) for place, part in enumerate(bound.steps, start=1)]
    if bound.never is not None:
        coded.append((bound.never, _code(0, last)))
    told = [f"if({_fits(part, parameters)}, [{_coded(code)}], [])" for part, code in coded]
    names = parameters.add(sorted({part.schema.name for part in bound.parts}), "Array(String)")
    conditions = [
        f"name IN {names}",
        f"at < {parameters.instant(until)}",
        *([f"at >= {parameters.instant(since)}"] if since else []),
    ]
    return (
        f"SELECT seq FROM (SELECT seq, arraySort(groupArrayArray(arrayConcat({', '.join(told)}))) AS happened"
        f" FROM {EVENT.name} WHERE {' AND '.join(conditions)} GROUP BY seq)"
        f" WHERE {_folded(bound)}.{last}"
    )


def _code(place: int, last: int) -> int:
    """The code of a step, or (0) of what must not lie between."""
    return last + 1 if place == 1 else last if place == 0 else last - place


def _coded(code: int) -> str:
    return f"bitOr(bitShiftLeft(toUnixTimestamp64Milli(at), {_CODE_BITS}), toInt64({code}))"


def _fits(part: BoundStep, parameters: Parameters) -> str:
    name = f"name = {parameters.add(part.schema.name, 'String')}"
    return " AND ".join([name, *(f"ifNull({property_condition(one, parameters)}, 0)" for one in part.where)])


def _folded(bound: BoundSequence) -> str:
    """The fold: for each step but the last when the way that began last began, then whether a way was whole."""
    last = len(bound.steps)
    at, code = f"bitShiftRight(one, {_CODE_BITS})", f"bitAnd(one, {(1 << _CODE_BITS) - 1})"
    within = int(bound.within.total_seconds() * 1000)

    def kept(place: int = 0, value: str = "") -> str:
        return f"({', '.join(value if each == place else f'way.{each}' for each in range(1, last + 1))})"

    whole = f"toUInt8(way.{last} OR (way.{last - 1} > {_NONE} AND {at} - way.{last - 1} <= {within}))"
    turns = [f"{code} = {_code(1, last)}", kept(1, at)]
    turns += [f"{code} = {_code(0, last)}", f"({', '.join([_NONE] * (last - 1))}, way.{last})"]
    for place in range(2, last):
        turns += [f"{code} = {_code(place, last)}", kept(place, f"greatest(way.{place}, way.{place - 1})")]
    start = f"({', '.join([_NONE] * (last - 1))}, toUInt8(0))"
    return f"arrayFold((way, one) -> multiIf({', '.join(turns)}, {kept(last, whole)}), happened, {start})"
