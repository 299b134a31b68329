"""The whole API over the real engines: two banks, staff of every role in each, signed in the way people are."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from huoke.app.ports import register_ports
from huoke.app.runtime import Runtime
from huoke.app.web import create_app
from huoke.govern.people import Role
from huoke.kernel.batch import Batchers
from huoke.kernel.clock import Clock
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from tests.make import identity as make_identity
from tests.make import people as make_people


class Caller(msgspec.Struct):
    """Somebody who can ask the API: sends the session's cookie and its token."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def ask(self, method: str, path: str, **options) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)


class Bank(msgspec.Struct):
    """A bank and one signed-in person for each role."""

    tenant: TenantId
    code: str
    units: make_people.Units
    staff: dict[str, Caller]
    staff_ids: dict[str, str]


@pytest.fixture(scope="session")
async def runtime(cluster, database, clickhouse) -> AsyncIterator[Runtime]:
    """The parts of a web process, on the test engines."""
    settings = Settings(
        home=cluster.home,
        instance="test",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=0,
    )
    register_ports(settings)
    sets, batchers = SetServer(), Batchers(database)
    yield Runtime(
        settings=settings,
        clock=database.clock,
        database=database,
        owner=None,
        feed=None,
        clickhouse=clickhouse,
        sets=sets,
        batchers=batchers,
    )
    await batchers.close()
    await sets.close()


@pytest.fixture(scope="session")
async def client(runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://huoke.test") as opened:
        yield opened


async def staffed(database, client, tenant: TenantId, *, clock: Clock | None = None) -> Bank:
    """Add one person for each role to a bank and sign them in over HTTP; `clock` is the server's, if not the tests'."""
    now = (clock or database.clock).now()
    callers, ids = {}, {}
    async with database.begin(tenant) as tx:
        units = await make_people.units(tx)
        code = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", tenant)
        people = {
            role: await make_identity.person(tx, role, unit_id=units.north if role is Role.BRANCH_OPERATOR else None)
            for role in Role
        }
    for role, person in people.items():
        wanted = msgspec.to_builtins(person.sign_in(code, now))
        answer = await client.post("/v1/session", json=wanted)
        assert answer.status_code in (200, 201), answer.text
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        client.cookies.clear()
        me = (await client.get("/v1/session", headers={"Cookie": cookie})).json()
        client.cookies.clear()
        callers[role.value] = Caller(client, {"Cookie": cookie, "X-CSRF-Token": me["csrf_token"]})
        ids[role.value] = str(person.id)
    return Bank(tenant, code, units, callers, ids)


@pytest.fixture(scope="module")
async def our_bank(database, client, bank) -> Bank:
    """The bank under test."""
    return await staffed(database, client, bank)


@pytest.fixture(scope="module")
async def their_bank(database, client, other_bank) -> Bank:
    """The neighbour, of whom nothing may ever show."""
    return await staffed(database, client, other_bank)
