"""Routes that are laid out once answer as those of a plain Litestar do."""

import httpx
import pytest
from litestar import Litestar, Router, delete, get, post

from huoke.app.application import Application


@get("/shelf", sync_to_thread=False)
def list_books() -> list[str]:
    return ["a"]


@post("/shelf", sync_to_thread=False)
def add_books(data: list[str]) -> list[str]:
    return data


@get("/shelf/{book:int}", sync_to_thread=False)
def get_book(book: int) -> int:
    return book


@delete("/shelf/{book:int}", sync_to_thread=False, status_code=200)
def drop_book(book: int) -> int:
    return -book


ASKED = [
    (method, path, body)
    for path in ("/shelf", "/shelf/7", "/shelf/seven", "/elsewhere")
    for method, body in (("GET", None), ("POST", ["b"]), ("POST", {"b": 1}), ("DELETE", None), ("OPTIONS", None))
]


async def answers(app: Litestar) -> list[tuple[int, str, list[str]]]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://huoke.test") as client:
        said = [await client.request(method, path, json=body) for method, path, body in ASKED]
    return [(one.status_code, one.text, sorted(one.headers.get("allow", "").split(", "))) for one in said]


async def test_every_path_and_method_answers_as_in_a_plain_one():
    handlers = [list_books, get_book, add_books, drop_book]
    plain, ours = Litestar(handlers), Application(route_handlers=handlers)
    assert await answers(ours) == await answers(plain)
    assert ours.openapi_schema.to_schema() == plain.openapi_schema.to_schema()
    assert {one.path: one.methods for one in ours.routes} == {one.path: one.methods for one in plain.routes}


async def test_what_is_added_later_answers_too():
    plain, ours = Litestar([list_books]), Application(route_handlers=[list_books])
    for app in (plain, ours):
        app.register(Router("/", route_handlers=[get_book, drop_book]))
        app.register(add_books)
    assert await answers(ours) == await answers(plain)


async def test_without_the_tree_nothing_would_be_found(monkeypatch: pytest.MonkeyPatch):
    """The control."""
    monkeypatch.setattr(Application, "_lay_out", lambda *_: None)
    assert await answers(Application(route_handlers=[list_books])) != await answers(Litestar([list_books]))
