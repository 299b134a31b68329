"""The port of personal data: every module that holds some can copy it, erase it, and say what is left (rule P7)."""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from huoke.kernel.tx import Tx


class Remainder(msgspec.Struct, frozen=True):
    """Something of an erased customer that is still there: in which column, and what it is (never the value)."""

    column: str
    what: str


class PersonalData(Protocol):
    """What a module with personal columns must do; `app` registers one for each.

    `columns` are the columns (`schema.table.column`) it answers for: a test holds them against all declared tables.
    Every method takes up to 10,000 customers and runs in the caller's transaction.
    """

    columns: frozenset[str]

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """What is held of one customer, in clear, by a readable name: for the customer's own copy only."""

    async def hindrances(self, tx: Tx, seqs: Sequence[int], /) -> list[str]:
        """Why these customers cannot be erased yet, in sentences; empty when they can."""

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Make it unreadable for good, here and wherever a copy of it lies; doing it again does nothing."""

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """What of these customers can still be read; empty when nothing can."""


_ports: list[PersonalData] = []


def register_personal(*ports: PersonalData) -> None:
    """Say who answers for personal data; the same kind of port again replaces the earlier one."""
    for port in ports:
        _ports[:] = [known for known in _ports if type(known) is not type(port)] + [port]


def personal_ports() -> Sequence[PersonalData]:
    """Everybody who answers for personal data."""
    return tuple(_ports)


async def copy_of(tx: Tx, seq: int) -> dict[str, Any]:
    """All that is held of one customer, in clear."""
    found: dict[str, Any] = {}
    for port in _ports:
        found |= await port.export(tx, seq)
    return found


async def hindrances(tx: Tx, seqs: Sequence[int]) -> list[str]:
    """Why customers cannot be erased yet, from all who answer for personal data."""
    return [why for port in _ports for why in await port.hindrances(tx, seqs)]


async def erase_everywhere(tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
    """Erase customers everywhere; returns what can still be read, which is nothing."""
    for port in _ports:
        await port.erase(tx, seqs)
    return [left for port in _ports for left in await port.prove(tx, seqs)]
