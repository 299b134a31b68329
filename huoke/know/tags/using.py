"""Who uses a tag: other tags, and what other modules tell through the port."""

from collections import Counter
from collections.abc import Awaitable, Callable

from huoke.kernel.tx import Tx
from huoke.know.events import EventUse
from huoke.know.language import events_in
from huoke.know.tags import store
from huoke.know.tags.model import TagUse
from huoke.know.tags.words import expressions, named_tags

Users = Callable[[Tx], Awaitable[list[TagUse]]]
_users: dict[str, Users] = {}


def register_users(kind: str, users: Users) -> None:
    """`app` says who tells which things of a kind use which tags."""
    _users[kind] = users


async def uses_of_tag(tx: Tx, name: str) -> list[TagUse]:
    """What uses a tag, by kind."""
    return sorted((use for use in await _all(tx) if use.tag == name), key=lambda use: (use.kind, use.name))


async def counts_of_uses(tx: Tx) -> dict[str, int]:
    """How many things use each tag that is used."""
    return dict(Counter(use.tag for use in await _all(tx)))


async def readers_of(tx: Tx, event: str) -> list[EventUse]:
    """The tags in use that look at events of a name."""
    rows = {row["number"]: row for row in await store.in_use(tx)}
    known = await store.definitions(tx, [(number, row["version"]) for number, row in rows.items()])
    return [
        EventUse(kind="tag", id=str(rows[number]["id"]), title=one.label, title_en=one.label_en)
        for number, one in known.items()
        if any(event in events_in(each) for each in expressions(one))
    ]


async def below(tx: Tx, name: str) -> list[str]:
    """The tags that look at a tag themselves."""
    return sorted(use.name for use in await _referring(tx) if use.tag == name)


async def _all(tx: Tx) -> list[TagUse]:
    told = [use for users in _users.values() for use in await users(tx)]
    return [*told, *await _referring(tx)]


async def _referring(tx: Tx) -> list[TagUse]:
    rows = {row["number"]: row for row in await store.deriving(tx)}
    known = await store.definitions(tx, [(row["number"], row["latest"]) for row in rows.values()])
    return [
        TagUse(kind="tag", id=str(rows[number]["id"]), name=one.name, tag=named)
        for number, one in known.items()
        for named in sorted(named_tags(one))
    ]
