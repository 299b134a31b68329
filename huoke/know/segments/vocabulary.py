"""What a bank's expressions may speak of: attributes, events, units, and the rules of segments referred to."""

from collections.abc import Mapping
from uuid import UUID

from huoke.govern.people import units
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.language import Expression, Reference, Rule, Vocabulary, parse, walk
from huoke.know.segments import store
from huoke.know.segments.model import ReferenceCircle, SegmentUnknown


async def vocabulary(tx: Tx, expression: Expression, *, of: UUID | None = None) -> Vocabulary:
    """All that compiling an expression needs; `of` is the segment whose rule it is to be.

    `SegmentUnknown` for a reference to none; `ReferenceCircle` for one that comes back to itself.
    """
    return Vocabulary(
        {attribute.name: attribute for attribute in await customers.list_attributes(tx)},
        {schema.name: schema for schema in await events.schemas(tx)},
        await units_below(tx),
        await rules(tx, expression, of=of),
    )


async def rules(tx: Tx, expression: Expression, *, of: UUID | None = None) -> dict[UUID, Rule]:
    """The rule of every segment that an expression refers to, itself or through another."""
    found: dict[UUID, Rule] = {}
    wanted = references(expression)
    while wanted := wanted - found.keys():
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


async def units_below(tx: Tx) -> dict[int, frozenset[int]]:
    """For every unit, itself and all below it."""
    below: dict[int, set[int]] = {}
    for unit in await units.tree(tx):
        for step in unit.path:
            below.setdefault(step, set()).add(unit.id)
    return {unit_id: frozenset(inside) for unit_id, inside in below.items()}


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
