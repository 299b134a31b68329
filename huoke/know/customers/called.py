"""What values of an attribute are called, where they are keys of something that somebody above keeps: a tier."""

from collections.abc import Awaitable, Callable, Mapping

from huoke.kernel.tx import Tx

Called = Mapping[str, tuple[str, str]]
"""By value its name in Chinese and in English."""
_named: dict[str, Callable[[Tx], Awaitable[Called]]] = {}


def register_value_names(attribute: str, names: Callable[[Tx], Awaitable[Called]]) -> None:
    """Say who names the values of an attribute; for `app/`."""
    _named[attribute] = names


async def value_names(tx: Tx) -> dict[str, Called]:
    """The names of values, by attribute; a value that has none is called what it is."""
    return {attribute: await names(tx) for attribute, names in _named.items()}
