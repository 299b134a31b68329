"""What a tag is filled with: the sets worked out anew, laid over those that stand. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.know.language import KNOWN
from huoke.know.tags.model import Definition
from huoke.know.tags.sql_sets import Place, Sets, Standing

Groups = dict[int, BitMap]
"""A set by group: `seq >> 20` → whole seqs."""
_NOBODY = BitMap()


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A tag to fill: its row in the catalogue and the definition that counts."""

    row: Mapping[str, Any]
    one: Definition

    @property
    def number(self) -> int:
        """Its name in ClickHouse."""
        return int(self.row["number"])

    @property
    def codes(self) -> dict[str, int]:
        """The code of each value it has now."""
        return {value.name: self.row["codes"][value.name] for value in self.one.values}


class Filling(msgspec.Struct, frozen=True, kw_only=True):
    """Sets of a tag worked out anew for the customers of `scope`; None is everybody, and what was not found is empty.

    `standing` is what lay there before, of those in scope or erased at least; `position` says how far was read.
    """

    target: Target
    fresh: Sets
    scope: Groups | None
    standing: Standing
    position: dict[str, Any]
    data_at: datetime
    cost_ms: int = 0


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """How the sets of a tag are to change: those written whole, who comes to one that stands and who goes from it."""

    filling: Filling
    written: Sets
    came: Sets
    went: Sets
    sizes: dict[Place, int]
    """How many every set has afterwards."""

    @property
    def changes(self) -> int:
        """How many sets are not as they were."""
        return len(self.written) + len(self.came)

    @property
    def known(self) -> int:
        """Of how many customers it can say anything."""
        return sum(size for (_, code), size in self.sizes.items() if code == KNOWN)

    @property
    def counts(self) -> dict[str, int]:
        """How many customers have each value."""
        found = dict.fromkeys(self.filling.target.codes, 0)
        names = {code: value for value, code in self.filling.target.codes.items()}
        for (_, code), size in self.sizes.items():
            if code in names:
                found[names[code]] += size
        return found

    def moved(self, code: int) -> tuple[BitMap, BitMap]:
        """Who came to a value and who went."""
        came, went = BitMap(), BitMap()
        for place in self.came:
            if place[1] == code:
                came |= self.came[place]
                went |= self.went[place]
        for place, members in self.written.items():
            if place[1] == code:
                before = self.filling.standing.sets.get(place, _NOBODY)
                came |= members - before
                went |= before - members
        return came, went

    @property
    def moving(self) -> set[int]:
        """The values that somebody came to or went from, by code."""
        return {code for _, code in (*self.written, *self.came) if code != KNOWN}


def lay(filling: Filling, erased: Groups) -> Laid:
    """New = (standing − scope) ∪ fresh, for every group and value that either has, without the `erased` (rule P7).

    What was worked out for everybody, and a set that was not there, is written whole. Of the others only those are told
    who come and go: what lies there of all others is neither read nor sent.
    """
    written, came, went = Sets(), Sets(), Sets()
    sizes = dict(filling.standing.sizes)
    for place in sorted(sizes.keys() | filling.fresh.keys()):
        group = place[0]
        gone = erased.get(group, _NOBODY)
        now = filling.fresh.get(place, _NOBODY) - gone
        before = filling.standing.sets.get(place, _NOBODY)
        if filling.scope is None or place not in sizes:
            if place not in sizes or before != now:
                written[place] = now
            sizes[place] = len(now)
        else:
            before = before & (filling.scope.get(group, _NOBODY) | gone)
            if before != now:
                came[place], went[place] = now - before, before - now
                sizes[place] += len(came[place]) - len(went[place])
    return Laid(filling=filling, written=written, came=came, went=went, sizes=sizes)


def joined(places: Sequence[tuple[Place, BitMap]]) -> Sets:
    """Sets by place, those of one place united."""
    found: Sets = {}
    for place, members in places:
        found[place] = found[place] | members if place in found else members
    return found


def united(one: Mapping[int, BitMap], other: Mapping[int, BitMap]) -> Groups:
    """Two sets by group as one."""
    return {group: one.get(group, _NOBODY) | other.get(group, _NOBODY) for group in one.keys() | other.keys()}


def newcomers(everyone: Groups, known: Sets) -> Groups:
    """Customers that a tag which always knows does not know yet."""
    found = {group: members - known.get((group, KNOWN), _NOBODY) for group, members in everyone.items()}
    return {group: members for group, members in found.items() if members}


def levels(targets: Sequence[Target], named: Mapping[int, frozenset[str]]) -> list[list[Target]]:
    """Tags in the order in which they can be filled: every level looks only at those before it."""
    left = {target.one.name: target for target in targets}
    found: list[list[Target]] = []
    while left:
        ready = [target for target in left.values() if not named[target.number] & left.keys()]
        assert ready, "circles are refused when a tag is saved"
        found.append(ready)
        for target in ready:
            del left[target.one.name]
    return found
