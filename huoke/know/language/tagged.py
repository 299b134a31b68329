"""Tag leaves: a tag's name bound to what the bank says of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.know.language.expression import Expression, Op, Tag, walk
from huoke.know.language.model import TagMissing, TagPurpose, TagStale, Verdict

KNOWN = 0
"""The code under which those are kept of whom the tag can say anything; its values have codes from 1 on."""
YES_VALUE = "yes"
"""The one value of a tag that one has or has not."""


class Standing(StrEnum):
    """Whether what a tag was filled with may be used now."""

    FRESH = "fresh"
    LAST_GOOD = "last_good"
    """Older than it promises, and used all the same."""
    UNKNOWN = "unknown"
    """Nobody has it and nobody lacks it: not filled yet, or too old."""
    BLOCKED = "blocked"
    """Too old: whoever asks is refused."""


class TagWord(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression must know of a tag in use. `values` has the code of each value, `version` that of its sets.

    `purposes` are those it may be used for; none means every one. `hidden` are the customers who deleted it of
    themselves (rule P4): a roaring bitmap, empty when there is none.
    """

    number: int
    name: str
    label: str
    label_en: str
    values: Mapping[str, int]
    version: int = 0
    data_at: datetime | None = None
    standing: Standing = Standing.FRESH
    purposes: tuple[str, ...] = ()
    data_class: str = "C1"
    deposit_path: tuple[str, ...] = ()
    hidden: bytes = b""
    defined: int = 0
    """The version of its definition."""

    @property
    def hidden_seqs(self) -> BitMap:
        """The customers of `hidden`."""
        return BitMap.deserialize(self.hidden) if self.hidden else BitMap()

    @property
    def usable(self) -> bool:
        """Whether there are sets of it to read."""
        return self.version > 0 and self.standing in (Standing.FRESH, Standing.LAST_GOOD)


class BoundTag(msgspec.Struct, frozen=True):
    """A tag leaf bound to its word; `codes` are those of the values it names."""

    word: TagWord
    op: Op
    codes: tuple[int, ...] = ()

    @property
    def values(self) -> list[str]:
        """The values it names."""
        return [value for value, code in self.word.values.items() if code in self.codes]


def bind_tags(
    expression: Expression, words: Mapping[str, TagWord], purpose: str | None, *, pointer: str = "/expression"
) -> dict[str, BoundTag]:
    """Every `tag` leaf by its path. `TagMissing`, `TagPurpose`, with the node's pointer."""
    return {
        path: _bind(node, words, purpose, pointer + path) for path, node in walk(expression) if isinstance(node, Tag)
    }


def check_standing(bound: Iterable[BoundTag]) -> None:
    """Raise `TagStale` for a tag that is too old to be used."""
    for one in bound:
        if one.word.standing is Standing.BLOCKED:
            raise TagStale(
                f"The tag '{one.word.name}' is older than it promises; have it filled again first.",
                pointer="/expression",
                name=one.word.name,
                data_at=None if one.word.data_at is None else one.word.data_at.isoformat(),
            )


def tag_verdict(bound: BoundTag, tagged: Mapping[str, str]) -> Verdict:
    """One leaf for one customer; `tagged` has the value of each tag that can say one, "" where it has none."""
    value = tagged.get(bound.word.name)
    match bound.op:
        case Op.IS_KNOWN:
            return _verdict(holds=value is not None)
        case Op.IS_UNKNOWN:
            return _verdict(holds=value is None)
    if value is None:
        return Verdict.UNKNOWN
    return _verdict(holds=(bound.word.values.get(value, KNOWN) in bound.codes) is (bound.op is Op.IN))


def tag_key(word: TagWord, code: int) -> str:
    """The name of a tag's stored set: another one every time it is filled."""
    return f"tag/{word.number}.{word.version}/{code}"


def _verdict(*, holds: bool) -> Verdict:
    return Verdict.TRUE if holds else Verdict.FALSE


def _bind(node: Tag, words: Mapping[str, TagWord], purpose: str | None, pointer: str) -> BoundTag:
    word = words.get(node.name)
    if word is None:
        raise TagMissing(f"There is no tag '{node.name[:80]}' in use.", pointer=f"{pointer}/name", name=node.name[:80])
    if purpose is not None and word.purposes and purpose not in word.purposes:
        raise TagPurpose(
            f"The tag '{word.name}' may be used for {', '.join(word.purposes)} only (rule P1).",
            pointer=f"{pointer}/name",
            name=word.name,
            purposes=list(word.purposes),
        )
    named: Sequence[Any] = node.value if isinstance(node.value, list) else ()
    for value in named:
        if value not in word.values:
            raise TagMissing(
                f"The tag '{word.name}' has no value {str(value)[:80]!r}: use {', '.join(word.values)}.",
                pointer=f"{pointer}/value",
                name=word.name,
            )
    return BoundTag(word, node.op, tuple(word.values[value] for value in named))
