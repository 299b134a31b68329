"""A sorted list over HTTP, from its first page to its last."""

from typing import Any


async def walked(caller: Any, path: str, *, key: str = "id", limit: int = 2, **params: Any) -> list[Any]:
    """The `key` of every row of a whole list, `limit` rows a page."""
    seen, cursor = [], None
    while True:
        page = {"limit": limit, **params, **({"cursor": cursor} if cursor else {})}
        answer = (await caller.ask("GET", path, params=page)).json()
        seen += [row[key] for row in answer["items"]]
        cursor = answer["next_cursor"]
        if not cursor:
            return seen
