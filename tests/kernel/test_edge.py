"""The HTTP edge: who may call, one transaction a request, committed before the answer leaves."""

import httpx
import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.di import Provide

from huoke.kernel.http.edge import (
    Edge,
    check_handlers,
    guard,
    provide_principal,
    provide_tx,
    request_id_middleware,
)
from huoke.kernel.http.problem import respond
from huoke.kernel.idempotency import RequestKey, settle
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import Actor, ActorKind, Tx

ANY = {"permission": "any"}


class Note(msgspec.Struct):
    number: str
    amount: int


class Told(Conflict):
    code = "test.told"


@post("/notes", operation_id="write_note", opt={"permission": "note.write"})
async def write_note(tx: Tx, data: Note) -> Note:
    await settle(tx, "edge", {RequestKey(data.number, b""): 1})
    if data.amount == 7:
        raise Told("Seven is told.", pointer="/amount", amount=7)
    if data.amount == 8:
        raise KeyError("inner secret")
    return data


@get("/open", operation_id="open_page", opt={"public": True})
async def open_page() -> str:
    return "open"


@get("/mine", operation_id="my_page", opt={"customer": True})
async def my_page(principal: Principal) -> int:
    return int(principal.seq or 0)


@pytest.fixture(scope="module")
async def client(database, bank):
    people = {
        "writer": Principal(
            actor=Actor(ActorKind.STAFF, "w"), tenant=bank, permissions=frozenset({"note.write"}), csrf_token="t-1"
        ),
        "reader": Principal(actor=Actor(ActorKind.STAFF, "r"), tenant=bank, csrf_token="t-2"),
        "customer": Principal(actor=Actor(ActorKind.CUSTOMER, "5"), tenant=bank, csrf_token="t-3", seq=Seq(5)),
        "key": Principal(actor=Actor(ActorKind.SYSTEM, "k"), tenant=bank, permissions=frozenset({"note.write"})),
    }

    async def authenticate(credentials):
        return people.get(credentials.bearer or credentials.staff_token or credentials.customer_token or "")

    app = Litestar(
        [write_note, open_page, my_page],
        guards=[guard],
        middleware=[request_id_middleware],
        dependencies={"principal": Provide(provide_principal), "tx": Provide(provide_tx)},
        exception_handlers={Exception: respond},
    )
    app.state.edge = Edge(database=database, authenticate=authenticate, staff_cookie="s", customer_cookie="c")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://edge.test") as opened:
        yield opened


async def write(client, number, amount=1, **headers):
    return await client.post("/notes", json={"number": number, "amount": amount}, headers=headers)


async def known(database, bank, number):
    async with database.begin(bank) as tx:
        return await tx.fetch_value("SELECT count(*) FROM kernel.request WHERE request_no = $1", number)


SIGNED_IN = {"Cookie": "s=writer", "X-CSRF-Token": "t-1"}


async def test_what_is_answered_is_committed(client, database, bank):
    assert (await write(client, "n-1", **SIGNED_IN)).status_code == 201
    assert await known(database, bank, "n-1") == 1


async def test_a_refusal_rolls_back_and_says_why(client, database, bank):
    answer = await write(client, "n-2", 7, **SIGNED_IN)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert (told["code"], told["pointer"], told["data"]) == ("test.told", "/amount", {"amount": 7})
    assert told["request_id"] == answer.headers["x-request-id"]
    assert await known(database, bank, "n-2") == 0


async def test_a_bug_rolls_back_and_says_nothing_of_itself(client, database, bank):
    answer = await write(client, "n-3", 8, **SIGNED_IN)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert await known(database, bank, "n-3") == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Cookie": "s=nobody"}, 401),
        ({"Cookie": "s=reader", "X-CSRF-Token": "t-2"}, 403),
        ({"Cookie": "c=customer", "X-CSRF-Token": "t-3"}, 401),
        ({"Cookie": "s=writer"}, 403),
        ({"Cookie": "s=writer", "X-CSRF-Token": "t-2"}, 403),
        ({"Authorization": "Bearer key"}, 201),
    ],
)
async def test_who_may_write(client, database, bank, headers, status):
    number = f"n-{sorted(headers.items())}"
    assert (await write(client, number, **headers)).status_code == status
    assert await known(database, bank, number) == (1 if status == 201 else 0)


async def test_public_and_customer_pages(client):
    assert (await client.get("/open")).status_code == 200
    assert (await client.get("/mine")).status_code == 401
    assert (await client.get("/mine", headers={"Cookie": "s=writer"})).status_code == 401
    assert (await client.get("/mine", headers={"Authorization": "Bearer key"})).status_code == 403
    assert (await client.get("/mine", headers={"Cookie": "c=customer"})).json() == 5


@pytest.mark.parametrize("body", ["{", "[]", '{"number": "x"}', '{"number": "x", "amount": "１"}', "null", ""])
async def test_a_body_that_does_not_fit_is_refused_with_its_place(client, body):
    answer = await client.post("/notes", content=body, headers={**SIGNED_IN, "Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] == "invalid"


async def test_unknown_paths_and_methods_are_problems_too(client):
    assert (await client.get("/nowhere")).json()["code"] == "not_found"
    assert (await client.delete("/open")).json()["code"] == "method_not_allowed"


def test_a_handler_that_says_nothing_does_not_start():
    @get("/x", operation_id="x")
    async def silent() -> None: ...

    @get("/y", opt={"public": True})
    async def nameless() -> None: ...

    for handler in (silent, nameless):
        with pytest.raises(AssertionError):
            check_handlers([handler])
