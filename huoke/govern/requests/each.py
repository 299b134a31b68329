"""Asking over HTTP: whoever asks for the whole bank speaks for head office."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from huoke.govern.people import units
from huoke.kernel.http import Result, each
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx

A = TypeVar("A")


async def ask_each(
    tx: Tx, principal: Principal, asked: Sequence[A], ask: Callable[[Tx, A], Awaitable[Any]]
) -> list[Result]:
    """Ask for each item in the name of the whole bank, and say what became of each; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await each(tx, asked, ask)
