"""Who is around a customer: two steps of relations, masked, and only as far as the purpose reaches (rule P11)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.relations import store
from huoke.know.relations.model import CONSENTED, GUARDED, Joined, Kind, LookPurpose, check_kinds, open_kinds

STEPS = 2
EDGES_MAX = 200
AT_HUB_MAX = 12
NODES_MAX = 60


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A customer (`seq`), or what several share (`kind`, `shared_by` how many). `step` is how far away it is.

    Of customers outside the caller's units nothing but their place is told: `seq`, `name` and `customer_no` are None.
    Of hubs only employers have a `name`.
    """

    id: str
    step: int
    seq: Seq | None = None
    customer_no: str | None = None
    name: str | None = None
    kind: Kind | None = None
    shared_by: int = 0


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An edge between two nodes by their ids; from who invited, paid, is paid or uses."""

    kind: Kind
    source: str
    target: str
    since: date
    weight: int


class Neighbourhood(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around a customer. `closed` kinds were not looked at: they serve fraud only, or wait for consent."""

    purpose: LookPurpose
    nodes: list[Node]
    links: list[Link]
    closed: list[Kind]
    more: bool


async def around(
    tx: Tx,
    seq: Seq,
    purpose: LookPurpose,
    *,
    kinds: Iterable[Kind] | None = None,
    scope: Iterable[UnitId] | None = None,
) -> Neighbourhood:
    """Two steps around a customer; `CustomerUnknown`, `PurposeClosed` where kinds asked for are closed to the purpose.

    For marketing a guarded edge is shown only where both its customers consented.
    """
    await customers.get(tx, seq, scope=scope)
    agreed = await consent.members(tx, CONSENTED)
    opened = open_kinds(purpose) | (GUARDED if seq in agreed.bitmap else frozenset())
    if kinds is not None:
        check_kinds(kinds, purpose, consented=seq in agreed.bitmap)
        opened &= frozenset(kinds)
    guarded = frozenset() if purpose is LookPurpose.FRAUD else GUARDED
    walk = _Walk(seq, Joined(await customers.survivors(tx, None)))
    frontier = {int(seq)}
    for step in range(1, STEPS + 1):
        frontier = await walk.on(
            tx, frontier, opened, lambda kind, who: kind not in guarded or who in agreed.bitmap, step
        )
    return await _shown(
        tx, walk, purpose, sorted(frozenset(Kind) - opened), None if scope is None else frozenset(scope)
    )


class _Walk:
    """What was reached so far: nodes by id with their step, and links once each."""

    def __init__(self, seq: int, joined: Joined) -> None:
        self.joined = joined
        self.steps: dict[str, int] = {f"c{seq}": 0}
        self.links: dict[tuple[str, str, str], Link] = {}
        self.shared_by: dict[str, int] = {}
        self.more = False

    async def on(self, tx: Tx, frontier: set[int], kinds: Iterable[Kind], allowed: Any, step: int) -> set[int]:
        """Go one step on from these customers; the customers that were not there before."""
        edges = await store.edges_of(tx, self.joined, frontier, [kind.value for kind in kinds], EDGES_MAX)
        self.more |= len(edges) == EDGES_MAX
        hubs = sorted({(row["kind"], row["hub"]) for row in edges if row["hub"] is not None})
        kinds_of, names = [kind for kind, _ in hubs], [hub for _, hub in hubs]
        reached = await store.at_hubs(tx, self.joined, kinds_of, names, AT_HUB_MAX)
        for row in reached:
            self.shared_by[_hub_id(row)] = row["count"]
            self.more |= row["count"] > AT_HUB_MAX
        fresh: set[int] = set()
        for row in [*edges, *reached]:
            kind = Kind(row["kind"])
            ends = [row["seq"]] + ([row["other_seq"]] if row.get("other_seq") is not None else [])
            if all(allowed(kind, end) for end in ends):
                fresh |= self._add(row, kind, step)
        return fresh

    def _add(self, row: Any, kind: Kind, step: int) -> set[int]:
        other = row.get("other_seq")
        ends = (f"c{row['seq']}", f"c{other}" if other is not None else _hub_id(row))
        if len({*ends} - {*self.steps}) + len(self.steps) > NODES_MAX:
            self.more = True
            return set()
        fresh = {int(end[1:]) for end in ends if end not in self.steps and end.startswith("c")}
        for end in ends:
            self.steps.setdefault(end, step)
        link = Link(kind=kind, source=ends[0], target=ends[1], since=row["since"], weight=row["weight"])
        self.links.setdefault((kind.value, *ends), link)
        return fresh


def _hub_id(row: Any) -> str:
    return f"h:{row['kind']}:{row['hub']}"


async def _shown(
    tx: Tx, walk: _Walk, purpose: LookPurpose, closed: list[Kind], scope: frozenset[UnitId] | None
) -> Neighbourhood:
    """Names for those in scope, and ids that tell nothing of a hub."""
    seqs = sorted(int(node[1:]) for node in walk.steps if node.startswith("c"))
    people = {row.seq: row for row in await customers.masked_rows(tx, seqs)}
    ids: dict[str, str] = {node: f"n{place}" for place, node in enumerate(walk.steps)}
    nodes = []
    for node, step in walk.steps.items():
        if node.startswith("h:"):
            _, kind, hub = node.split(":", 2)
            name = hub if kind == Kind.PAYROLL else None
            nodes.append(
                Node(id=ids[node], step=step, kind=Kind(kind), name=name, shared_by=walk.shared_by.get(node, 1))
            )
            continue
        person = people.get(Seq(int(node[1:])))
        if person is None or (scope is not None and person.unit_id not in scope):
            nodes.append(Node(id=ids[node], step=step))
        else:
            nodes.append(
                Node(id=ids[node], step=step, seq=person.seq, customer_no=person.customer_no, name=person.name)
            )
    links = [
        Link(kind=link.kind, source=ids[link.source], target=ids[link.target], since=link.since, weight=link.weight)
        for link in walk.links.values()
    ]
    return Neighbourhood(purpose=purpose, nodes=nodes, links=links, closed=closed, more=walk.more)
