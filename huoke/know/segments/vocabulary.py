"""What a bank's expressions may speak of: attributes, events, units, and the rules of segments referred to."""

from collections.abc import Mapping
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.know import customers, events, tags
from huoke.know.language import (
    MOST,
    Expression,
    Limit,
    Reference,
    Rule,
    Tag,
    Vocabulary,
    parse,
    passed,
    units_below,
    walk,
)
from huoke.know.segments import store
from huoke.know.segments.model import ReferenceCircle, SegmentUnknown


async def vocabulary(tx: Tx, expression: Expression, *, of: UUID | None = None) -> Vocabulary:
    """All that compiling an expression needs; `of` is the segment whose rule it is to be.

    `SegmentUnknown` for a reference to none; `ReferenceCircle` for one that comes back to itself; `LimitPassed` for
    references to references without end.
    """
    attributes = {attribute.name: attribute for attribute in await customers.list_attributes(tx)}
    schemas = {schema.name: schema for schema in await events.schemas(tx)}
    referred = await rules(tx, expression, of=of)
    named = tags_in(expression).union(*(tags_in(rule.expression) for rule in referred.values()))
    words = await tags.words(tx, named, attributes, schemas)
    return Vocabulary(attributes, schemas, await units_below(tx), referred, words)


async def rules(tx: Tx, expression: Expression, *, of: UUID | None = None) -> dict[UUID, Rule]:
    """The rule of every segment that an expression refers to, itself or through another."""
    found: dict[UUID, Rule] = {}
    wanted = references(expression)
    deep = 0
    while wanted := wanted - found.keys():
        deep += 1
        if deep > MOST[Limit.REFERENCES]:
            raise passed(Limit.REFERENCES, "/expression")
        rows = await store.rules_of(tx, wanted)
        if missing := wanted - rows.keys():
            raise SegmentUnknown(f"There is no segment {min(missing)} to refer to.", pointer="/expression")
        found |= {segment_id: Rule(name, parse(tree)) for segment_id, (name, tree) in rows.items()}
        wanted = frozenset[UUID]().union(*(references(found[segment_id].expression) for segment_id in wanted))
    _check_circles(expression, found, of)
    return found


def references(expression: Expression) -> frozenset[UUID]:
    """The segments an expression names itself."""
    return frozenset(node.segment_id for _, node in walk(expression) if isinstance(node, Reference))


def tags_in(expression: Expression) -> frozenset[str]:
    """The tags an expression names itself."""
    return frozenset(node.name for _, node in walk(expression) if isinstance(node, Tag))


def _check_circles(expression: Expression, found: Mapping[UUID, Rule], of: UUID | None) -> None:
    done: set[UUID] = set()

    def visit(segment_id: UUID, way: tuple[UUID, ...]) -> None:
        if segment_id in way or segment_id == of:
            start = way.index(segment_id) if segment_id in way else 0
            circle = [found[step].name for step in (*way[start:], segment_id)]
            raise ReferenceCircle(
                f"The rule comes back to itself: {' → '.join(circle)}. Take one of the references out.",
                pointer="/expression",
                circle=circle,
            )
        if segment_id in done:
            return
        for onward in sorted(references(found[segment_id].expression)):
            visit(onward, (*way, segment_id))
        done.add(segment_id)

    for segment_id in sorted(references(expression)):
        visit(segment_id, ())
