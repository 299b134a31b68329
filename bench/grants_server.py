"""The API process of the bench: the real edge and the real claim route, and beside it the same without a batcher.

Who asks is taken from the bearer token (a customer's seq), so that neither side pays for sign-in.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
import uvicorn
from litestar import Litestar, post
from litestar.di import Provide

from bench.grants_baseline import PerRequest, per_request
from huoke.kernel.batch import Batchers
from huoke.kernel.http import Credentials, Principal, Result, results
from huoke.kernel.http.edge import Edge, guard, provide_principal, provide_tx, request_id_middleware
from huoke.kernel.http.problem import respond
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.reward import grants
from huoke.reward.grants.http import ClaimOrder, claim_grants

BANK = TenantId(1)


async def everybody(_tx: Tx, _source_id: UUID, seqs: Sequence[int]) -> list[bool]:
    """The offer of the bench is meant for all."""
    return [True] * len(seqs)


async def authenticate(credentials: Credentials) -> Principal | None:
    seq = int(credentials.bearer or 0)
    return Principal(actor=Actor(ActorKind.CUSTOMER, str(seq)), tenant=BANK, seq=Seq(seq))


def create_app(url: str, request: PerRequest) -> Litestar:
    """Two routes on one database. The baseline is spared what ours does besides: looking up unit, person, audience."""

    @post("/baseline/claims", opt={"customer": True})
    async def claim_per_request(principal: Principal, database: Database, data: list[ClaimOrder]) -> list[Result]:
        ids = [await per_request(database, request, int(principal.seq or 0)) for _ in data]
        return results(ids, [item.request_no for item in data])

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        database = await Database.connect(url, size_max=64)
        app.state.edge = Edge(
            database=database, authenticate=authenticate, staff_cookie="staff", customer_cookie="customer"
        )
        app.state.batchers = Batchers(database)
        yield
        await app.state.batchers.close()
        await database.close()

    async def lend_batchers() -> Batchers:
        batchers: Batchers = app.state.batchers
        return batchers

    async def lend_database() -> Database:
        edge: Edge = app.state.edge
        return edge.database

    grants.register_eligibility("bench", everybody)
    app = Litestar(
        [claim_grants, claim_per_request],
        guards=[guard],
        middleware=[request_id_middleware],
        dependencies={
            "principal": Provide(provide_principal),
            "tx": Provide(provide_tx),
            "batchers": Provide(lend_batchers),
            "database": Provide(lend_database),
        },
        exception_handlers={Exception: respond},
        lifespan=[lifespan],
        openapi_config=None,
    )
    return app


def main() -> None:
    """Serve on the socket named in the environment until told to stop."""
    request = msgspec.json.decode(os.environ["BENCH_REQUEST"], type=PerRequest)
    uvicorn.run(
        create_app(os.environ["BENCH_URL"], request),
        uds=os.environ["BENCH_SOCKET"],
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
    )


if __name__ == "__main__":
    main()
