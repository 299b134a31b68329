"""Who deleted tags of themselves after a set was made by them: they stay in none of its hand-overs (rule P4)."""

from collections.abc import Iterable
from datetime import datetime

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.tags import store_sets
from huoke.know.tags.words import in_use, named_tags


async def hidden_since(tx: Tx, names: Iterable[str], since: datetime) -> CustomerSet:
    """Customers who, from an instant on, deleted one of these tags, or one that they are derived from.

    Who has the tag shown again since is not among them.
    """
    found = await _with_sources(tx, frozenset(names))
    return await store_sets.hidden_since(tx, found, since)


async def _with_sources(tx: Tx, names: frozenset[str]) -> set[int]:
    """The numbers of tags and of all that stand behind them."""
    seen: set[str] = set()
    numbers: set[int] = set()
    while names := names - seen:
        entries = await in_use(tx, names)
        seen |= names
        numbers |= {entry.number for entry in entries.values()}
        names = frozenset[str]().union(*(named_tags(entry.definition) for entry in entries.values()))
    return numbers
