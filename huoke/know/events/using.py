"""Who asks for events by name: segments, metrics and whatever else says so through the port."""

from collections.abc import Awaitable, Callable

import msgspec

from huoke.kernel.tx import Tx


class EventUse(msgspec.Struct, frozen=True, kw_only=True):
    """Something that reads events of a name: `kind` is segment or metric."""

    kind: str
    id: str
    title: str
    title_en: str = ""


Users = Callable[[Tx, str], Awaitable[list[EventUse]]]
_users: dict[str, Users] = {}


def register_users(kind: str, users: Users) -> None:
    """`app` says who tells which things of a kind read events of a name."""
    _users[kind] = users


async def uses_of(tx: Tx, name: str) -> list[EventUse]:
    """What reads events of a name, by kind and title."""
    told = [use for users in _users.values() for use in await users(tx, name)]
    return sorted(told, key=lambda use: (use.kind, use.title, use.id))
