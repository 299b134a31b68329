"""What a tag is filled with: the sets worked out anew, laid over those that stand. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.know.language import KNOWN
from huoke.know.tags.model import Definition
from huoke.know.tags.sql_sets import Place, Sets

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

    `standing` is what lay there before; `position` says how far was read.
    """

    target: Target
    fresh: Sets
    scope: Groups | None
    standing: Sets
    position: dict[str, Any]
    data_at: datetime
    cost_ms: int = 0


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """The sets of a tag as they are to stand, and those of them that are not as they were."""

    filling: Filling
    sets: Sets
    changed: Sets

    @property
    def known(self) -> int:
        """Of how many customers it can say anything."""
        return sum(len(members) for (_, code), members in self.sets.items() if code == KNOWN)

    @property
    def counts(self) -> dict[str, int]:
        """How many customers have each value."""
        found = dict.fromkeys(self.filling.target.codes, 0)
        names = {code: value for value, code in self.filling.target.codes.items()}
        for (_, code), members in self.sets.items():
            if code in names:
                found[names[code]] += len(members)
        return found

    def moved(self, code: int) -> tuple[BitMap, BitMap]:
        """Who came to a value and who went."""
        came, went = BitMap(), BitMap()
        for (group, changed), members in self.changed.items():
            if changed == code:
                before = self.filling.standing.get((group, code), _NOBODY)
                came |= members - before
                went |= before - members
        return came, went


def lay(filling: Filling, erased: Groups) -> Laid:
    """New = (standing − scope) ∪ fresh, for every group and value that either has, without the `erased` (rule P7)."""
    sets: Sets = {}
    changed: Sets = {}
    for place in sorted(filling.standing.keys() | filling.fresh.keys()):
        before = filling.standing.get(place)
        fresh = filling.fresh.get(place, _NOBODY)
        if filling.scope is None or before is None:
            now = fresh
        else:
            now = (before - filling.scope.get(place[0], _NOBODY)) | fresh
        now = now - erased[place[0]] if place[0] in erased else now
        sets[place] = now
        if before is None or before != now:
            changed[place] = now
    return Laid(filling=filling, sets=sets, changed=changed)


def joined(places: Sequence[tuple[Place, BitMap]]) -> Sets:
    """Sets by place, those of one place united."""
    found: Sets = {}
    for place, members in places:
        found[place] = found[place] | members if place in found else members
    return found


def united(one: Mapping[int, BitMap], other: Mapping[int, BitMap]) -> Groups:
    """Two sets by group as one."""
    return {group: one.get(group, _NOBODY) | other.get(group, _NOBODY) for group in one.keys() | other.keys()}


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
