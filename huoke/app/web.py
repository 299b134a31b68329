"""The web process: the API, the console and the customers' pages of one instance, on 127.0.0.1."""

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import structlog
import uvicorn
from litestar import Litestar, get
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

from huoke import __version__
from huoke.app.application import Application
from huoke.app.h5.refused import lost
from huoke.app.runtime import Runtime, open_runtime, settle
from huoke.govern import identity
from huoke.kernel import settings as instance
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http.edge import (
    Edge,
    check_handlers,
    guard,
    provide_principal,
    provide_tx,
    provide_visitor,
    request_id_middleware,
)
from huoke.kernel.http.problem import respond
from huoke.kernel.principal import Credentials, Principal
from huoke.kernel.sets import SetServer
from huoke.know import segments
from huoke.know.language import Analytics

ROUTED = (
    "huoke.kernel.jobs",
    "huoke.kernel.files",
    "huoke.govern.tenants",
    "huoke.govern.people",
    "huoke.govern.identity",
    "huoke.govern.approvals",
    "huoke.govern.privacy",
    "huoke.govern.audit",
    "huoke.govern.views",
    "huoke.know.customers",
    "huoke.know.ownership",
    "huoke.know.feeds",
    "huoke.know.consent",
    "huoke.know.events",
    "huoke.know.loads",
    "huoke.know.accounts",
    "huoke.know.identities",
    "huoke.know.metrics",
    "huoke.know.tags",
    "huoke.know.models",
    "huoke.know.segments",
    "huoke.know.membership",
    "huoke.know.exclusions",
    "huoke.know.comparisons",
    "huoke.know.lookalikes",
    "huoke.know.temperature",
    "huoke.know.grid",
    "huoke.know.relations",
    "huoke.know.lists",
    "huoke.know.entry_points",
    "huoke.reward.catalogue",
    "huoke.reward.supply",
    "huoke.reward.card_codes",
    "huoke.reward.ledger",
    "huoke.reward.outlets",
    "huoke.reward.merchants",
    "huoke.reward.grants",
    "huoke.reward.bookings",
    "huoke.reward.library",
    "huoke.reward.plays",
    "huoke.reward.counter",
    "huoke.reward.tiers",
    "huoke.reward.variants",
    "huoke.reward.mall",
    "huoke.reward.payments",
    "huoke.reward.tills",
    "huoke.reward.points",
    "huoke.reward.exchange",
    "huoke.reward.referral",
    "huoke.reward.group_buy",
    "huoke.decide.preference",
    "huoke.reach.channels",
    "huoke.reach.campaigns",
    "huoke.reach.kits",
    "huoke.reach.reviews",
    "huoke.settle.fulfilment",
    "huoke.settle.consignments",
    "huoke.settle.reconciliation",
    "huoke.settle.statements",
    "huoke.settle.tax",
    "huoke.settle.invoices",
    "huoke.settle.care",
    "huoke.measure.figures",
    "huoke.measure.reports",
    "huoke.measure.desk",
    "huoke.measure.timeline",
    "huoke.measure.prices",
    "huoke.app.h5",
)
"""Modules that answer over HTTP: each has `http.py` with a list `routes`."""

BODY_BYTES_MAX = 10_000_000


class Health(msgspec.Struct, frozen=True):
    """`ok` when the database answers."""

    status: str
    version: str


@get("/v1/health", operation_id="get_health", opt={"public": True}, tags=["kernel"], summary="Whether the API is well")
async def health(runtime: Runtime) -> Health:
    """Ask the database one thing."""
    async with runtime.database.begin_shared() as tx:
        await tx.fetch_value("SELECT 1")
    return Health("ok", __version__)


def create_app(runtime: Runtime | None, *, lifespan: Any = None) -> Litestar:
    """The application. Without a runtime it only describes itself (OpenAPI) until `lifespan` brings one."""
    app = Application(
        route_handlers=[health, *routed()],
        guards=[guard],
        middleware=[request_id_middleware],
        dependencies={
            "principal": Provide(provide_principal),
            "visitor": Provide(provide_visitor),
            "tx": Provide(provide_tx),
            **{
                name: Provide(_lend(name))
                for name in ("database", "clickhouse", "sets", "batchers", "settings", "clock")
            },
            "live": Provide(_live),
            "runtime": Provide(_runtime),
        },
        exception_handlers={Exception: respond, HTTPException: lost},
        openapi_config=_openapi_config(),
        compression_config=CompressionConfig(
            backend="brotli", minimum_size=1_000, brotli_quality=4, exclude=["/stream$", "^/console"]
        ),
        request_max_body_size=BODY_BYTES_MAX,
        lifespan=[lifespan] if lifespan else [],
    )
    check_handlers(handlers(app))
    if runtime is not None:
        attach(app, runtime)
    return app


def attach(app: Litestar, runtime: Runtime) -> None:
    """Give the application its runtime."""

    async def authenticate(credentials: Credentials) -> Principal | None:
        return await identity.principal_of(runtime.database, credentials, runtime.clock)

    app.state.runtime = runtime
    app.state.edge = Edge(
        database=runtime.database,
        authenticate=authenticate,
        staff_cookie=identity.staff_cookie(runtime.settings.instance),
        customer_cookie=identity.customer_cookie(runtime.settings.instance),
    )


def main() -> None:
    """Serve until told to stop."""
    settings = instance.load()
    structlog.configure(processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_runtime(settings) as runtime:
            attach(app, runtime)
            settle()
            yield

    uvicorn.run(
        create_app(None, lifespan=lifespan),
        host="127.0.0.1",
        port=settings.web_port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
        server_header=False,
    )


def routed() -> list[ControllerRouterHandler]:
    """The handlers of every module, in the order of `ROUTED`."""
    routes: list[ControllerRouterHandler] = []
    for module in (*ROUTED, "huoke.app.console"):
        name = module if module == "huoke.app.console" else f"{module}.http"
        routes += importlib.import_module(name).routes
    return routes


def handlers(app: Litestar) -> list[HTTPRouteHandler]:
    """Every operation of ours, once; Litestar's own (OPTIONS, OpenAPI) left out."""
    return list({id(h): h for route in app.routes for h in getattr(route, "route_handlers", []) if _ours(h)}.values())


def _ours(handler: Any) -> bool:
    return isinstance(handler, HTTPRouteHandler) and str(handler.fn.__module__).startswith("huoke.")


def _lend(name: str) -> Any:
    async def provide(request: Any) -> Any:
        return getattr(request.app.state.runtime, name)

    return provide


async def _live(clickhouse: ClickHouse, sets: SetServer) -> Analytics:
    """For counting while somebody types: what events left alone is not read again at once."""
    return Analytics(clickhouse, sets, lag=segments.LIVE_LAG)


async def _runtime(request: Any) -> Runtime:
    found: Runtime = request.app.state.runtime
    return found


def _openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Huoke",
        version=__version__,
        path="/v1/openapi",
        components=Components(
            security_schemes={
                "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name="session"),
                "key": SecurityScheme(type="http", scheme="bearer"),
            }
        ),
        render_plugins=[],
    )


if __name__ == "__main__":
    main()
