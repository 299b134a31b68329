"""Cascades: who came because somebody invited them, and whom those invited in turn, generation by generation."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.relations import store
from huoke.know.relations.model import Joined, Kind

PEOPLE_MAX = 2_000
"""Of a larger cascade the first generations are shown."""
GENERATIONS_MAX = 50


class Inviter(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose invitations brought others, masked; outside the caller's units only the figures are told.

    `size` came of it over `depth` generations, `direct` of them by an own invitation.
    """

    seq: Seq | None
    customer_no: str | None
    name: str | None
    unit_id: UnitId | None
    unit_name: str | None
    size: int
    depth: int
    direct: int


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a cascade: place of who invited them in the list (the first one has none), how many they brought.

    `seq`, `customer_no` and `name` are None outside the caller's units.
    """

    by: int | None
    generation: int
    brought: int
    since: date | None
    seq: Seq | None = None
    customer_no: str | None = None
    name: str | None = None


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """A cascade: `generations` says how many stand in each, the first one in generation 0; `more` were left out."""

    people: list[Invited]
    generations: list[int]
    more: bool


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the graph came to when it was last read.

    `edges` by kind; `groups` that share devices, by how many they are: 2, 3-5, 6-8, 9+ people.
    """

    read_at: datetime
    edges: dict[Kind, int]
    groups: dict[str, int]
    inviters: int
    invited: int
    depth: int


async def reading(tx: Tx) -> Reading | None:
    """What the graph came to; None where it was never read."""
    row = await store.reading(tx)
    return None if row is None else msgspec.convert({**row}, Reading, builtin_types=(datetime,))


async def inviters(
    tx: Tx, *, after: tuple[int, int] | None = None, limit: int = 50, scope: Iterable[UnitId] | None = None
) -> tuple[list[Inviter], tuple[int, int] | None]:
    """Whose invitations brought most, as last read, and where the next page begins."""
    rows = await store.cascades(tx, after, limit + 1)
    named = await _named(tx, [row["seq"] for row in rows[:limit]], scope)
    found = []
    for row in rows[:limit]:
        told: dict[str, Any] = {part: row[part] for part in ("size", "depth", "direct")}
        for part in ("seq", "customer_no", "name", "unit_id", "unit_name"):
            told[part] = named.get(row["seq"], {}).get(part)
        found.append(Inviter(**told))
    last = rows[limit - 1] if len(rows) > limit else None
    return found, (last["size"], last["seq"]) if last else None


async def count(tx: Tx) -> int:
    """How many inviters are listed."""
    return await store.count_cascades(tx)


async def tree(tx: Tx, seq: Seq, *, scope: Iterable[UnitId] | None = None) -> Tree:
    """The cascade of one inviter as it stands now; `CustomerUnknown` outside the scope as well as outside the bank."""
    units = None if scope is None else frozenset(scope)
    await customers.get(tx, seq, scope=units)
    joined = Joined(await customers.survivors(tx, None))
    places: dict[int, int] = {joined.ends.get(seq, seq): 0}
    by: list[tuple[int | None, int, date | None]] = [(None, 0, None)]
    generations, more, frontier = [1], False, list(places)
    while frontier and not more and len(generations) < GENERATIONS_MAX:
        rows = [row for row in await store.invited_by(tx, joined, frontier) if row["invitee"] not in places]
        more = len(places) + len(rows) > PEOPLE_MAX
        for row in rows[: PEOPLE_MAX - len(places)]:
            places[row["invitee"]] = len(by)
            by.append((places[row["inviter"]], len(generations), row["since"]))
        frontier = [row["invitee"] for row in rows if row["invitee"] in places]
        if frontier:
            generations.append(len(frontier))
    named = await _named(tx, list(places), units)
    brought = [0] * len(by)
    for inviter, _, _ in by[1:]:
        brought[inviter or 0] += 1
    people = [
        Invited(
            by=inviter, generation=generation, brought=brought[place], since=since,
            **{part: named.get(person, {}).get(part) for part in ("seq", "customer_no", "name")},
        )
        for (person, place), (inviter, generation, since) in zip(places.items(), by, strict=True)
    ]  # fmt: skip
    return Tree(people=people, generations=generations, more=more)


async def _named(tx: Tx, seqs: Iterable[int], scope: Iterable[UnitId] | None) -> dict[int, dict[str, Any]]:
    """Masked names of those in scope."""
    units = None if scope is None else frozenset(scope)
    return {
        int(row.seq): msgspec.structs.asdict(row)
        for row in await customers.masked_rows(tx, sorted(seqs))
        if units is None or row.unit_id in units
    }
