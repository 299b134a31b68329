"""Filling rules: the first expression that is true gives the value, worked out over stored sets like any segment.

Many tags are asked at once, so that an attribute is scanned once for all of them, and a comparison that several share
is one set.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from huoke.kernel import sets
from huoke.kernel.sets import Plan, Want
from huoke.kernel.tx import Tx
from huoke.know import language
from huoke.know.language import KNOWN, Analytics, Expression, Planner, Question, Vocabulary, parse
from huoke.know.tags.filling import Filling, Target
from huoke.know.tags.sql_sets import Sets, Standing

TAGS_AT_ONCE = 40
NODES_AT_ONCE = 600


def batches(targets: Sequence[Target]) -> list[list[Target]]:
    """Rules to ask at once: so many that the question stays readable."""
    found: list[list[Target]] = []
    nodes = NODES_AT_ONCE
    for target in targets:
        size = sum(1 for one in _expressions(target) for _ in language.walk(one))
        if nodes + size > NODES_AT_ONCE or len(found[-1]) >= TAGS_AT_ONCE:
            found.append([])
            nodes = 0
        found[-1].append(target)
        nodes += size
    return found


async def ask(tx: Tx, analytics: Analytics, batch: Sequence[Target], words: Vocabulary) -> Question:
    """One question that holds every expression of a batch; the refusals of compiling."""
    together = language.Any_(of=tuple(one for target in batch for one in _expressions(target)))
    compiled = language.compile_expression(together, words, basis="tags")
    return await language.ask(tx, analytics, compiled, purpose=None)


def position_of(question: Question) -> dict[str, Any]:
    """What the sets of a question were made of: as long as it is the same, they are."""
    compiled = question.compiled
    return {
        "customers": question.version.prefix,
        "events": question.events.prefix if compiled.events else "",
        "tags": {one.word.name: one.word.version for one in compiled.tags.values()},
    }


async def fill(
    tx: Tx, analytics: Analytics, batch: Sequence[Target], question: Question, standing: Mapping[int, Sets]
) -> list[Filling]:
    """Work a batch out for everybody."""
    found = []
    for target, ways in zip(batch, plans(question.planner, batch), strict=True):
        began = time.perf_counter()
        fresh: Sets = {}
        for code, plan in zip((KNOWN, *target.codes.values()), ways, strict=True):
            evaluation = await language.evaluate_plan(tx, analytics, question, plan, Want(members=True))
            assert evaluation.members is not None, "members were wanted"
            for group, payload in sets.to_groups(evaluation.members).items():
                fresh[group, code] = sets.decode_group(payload)
        found.append(
            Filling(
                target=target,
                fresh=fresh,
                scope=None,
                standing=Standing.of(standing.get(target.number, {})),
                position=position_of(question),
                data_at=question.data_at,
                cost_ms=int((time.perf_counter() - began) * 1000),
            )
        )
    return found


def plans(planner: Planner, batch: Sequence[Target]) -> list[list[Plan]]:
    """For each target of a question: a plan of whom it can say anything, then one for each value."""
    place = 0
    found = []
    for target in batch:
        parts = _expressions(target)
        found.append(_ways(planner, parts, place))
        place += len(parts)
    return found


def _ways(planner: Planner, parts: Sequence[Expression], first: int) -> list[Plan]:
    """Who is known, then who has each value: the first that is true, where none before it is unknown."""
    values: list[Plan] = []
    passed: list[Plan] = []
    for number, part in enumerate(parts):
        path = f"/of/{first + number}"
        yes = planner.yes(part, path)
        values.append(sets.All(parts=(*passed, yes)))
        passed.append(planner.no(part, path))
    return [sets.Any_(parts=(*values, sets.All(parts=tuple(passed)))), *values]


def _expressions(target: Target) -> list[Expression]:
    return [parse(value.expression) for value in target.one.values if value.expression is not None]
