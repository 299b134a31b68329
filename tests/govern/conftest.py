"""The API of the govern modules over the test's own bank, without the rest of the house."""

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from huoke.govern import identity, tenants
from huoke.govern.approvals.http import routes as approvals_routes
from huoke.govern.audit.http import routes as audit_routes
from huoke.govern.identity.http import routes as identity_routes
from huoke.govern.people.http import routes as people_routes
from huoke.govern.privacy.http import routes as privacy_routes
from huoke.govern.tenants.http import routes as tenants_routes
from huoke.kernel.http.edge import (
    Edge,
    guard,
    provide_principal,
    provide_tx,
    provide_visitor,
    request_id_middleware,
)
from huoke.kernel.http.problem import respond
from huoke.kernel.settings import Settings
from tests.make import identity as make

ROUTES = [
    *approvals_routes,
    *audit_routes,
    *identity_routes,
    *people_routes,
    *privacy_routes,
    *tenants_routes,
]


@pytest.fixture(scope="module")
def api(database, cluster) -> Litestar:
    settings = Settings(
        home=cluster.home,
        instance="test",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=0,
        secure_cookies=True,
    )

    async def authenticate(credentials):
        return await identity.principal_of(database, credentials, database.clock)

    async def lend_database():
        return database

    async def lend_settings():
        return settings

    app = Litestar(
        ROUTES,
        guards=[guard],
        middleware=[request_id_middleware],
        dependencies={
            "principal": Provide(provide_principal),
            "visitor": Provide(provide_visitor),
            "tx": Provide(provide_tx),
            "database": Provide(lend_database),
            "settings": Provide(lend_settings),
        },
        exception_handlers={Exception: respond},
        openapi_config=None,
    )
    app.state.edge = Edge(
        database=database,
        authenticate=authenticate,
        staff_cookie=identity.staff_cookie("test"),
        customer_cookie=identity.customer_cookie("test"),
    )
    return app


@pytest.fixture
def connect(api):
    """Make clients of the API: `connect()` is nobody yet, `connect(Authorization=...)` a key."""
    return lambda **headers: httpx.AsyncClient(
        transport=httpx.ASGITransport(api), base_url="https://bank.test", headers=headers
    )


@pytest.fixture
def enter(connect, database, bank, clock):
    """Sign somebody in over HTTP: `client, me = await enter(person)`; the client carries cookie and CSRF token."""

    async def sign_in(person: make.Person, tenant=None):
        async with database.begin(tenant or bank) as tx:
            code = (await tenants.get(tx)).code
        client = connect()
        told = person.sign_in(code, clock.now())
        answer = await client.post(
            "/v1/session",
            json={"tenant": code, "login": told.login, "password": told.password, "code": told.code},
        )
        assert answer.status_code == 201, answer.text
        me = answer.json()
        client.headers["X-CSRF-Token"] = me["csrf_token"]
        return client, me

    return sign_in
