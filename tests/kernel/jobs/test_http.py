"""Jobs and files over HTTP: who may, what is said, and how a stream resumes."""

import json
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from huoke.kernel import files, jobs
from huoke.kernel.files import MasterKeys
from huoke.kernel.files.http import routes as file_routes
from huoke.kernel.http.edge import Edge, check_handlers, guard, provide_principal, provide_tx, request_id_middleware
from huoke.kernel.http.problem import respond
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.jobs.http import follow
from huoke.kernel.jobs.http import routes as job_routes
from huoke.kernel.principal import Credentials, Principal
from huoke.kernel.tx import Actor, ActorKind, Database

ALL = frozenset({"job.read", "job.cancel", "customer.import", "audit.export"})
Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def client(database: Database) -> Client:
    """A client of a bank with permissions, against the real edge."""
    files.register_keys(MasterKeys(b"k" * 32))

    async def authenticate(credentials: Credentials) -> Principal | None:
        if credentials.bearer is None:
            return None
        tenant, _, permissions = credentials.bearer.partition(":")
        return principal(TenantId(int(tenant)), frozenset(permissions.split(",")))

    app = Litestar(
        route_handlers=[*job_routes, *file_routes],
        guards=[guard],
        middleware=[request_id_middleware],
        dependencies={"principal": Provide(provide_principal), "tx": Provide(provide_tx)},
        exception_handlers={Exception: respond},
        request_max_body_size=1_000_000,
    )
    check_handlers([*job_routes, *file_routes])
    app.state.edge = Edge(database=database, authenticate=authenticate, staff_cookie="s", customer_cookie="c")

    def connect(tenant: TenantId, permissions: frozenset[str] = ALL) -> httpx.AsyncClient:
        token = f"{tenant}:{','.join(sorted(permissions))}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://huoke", headers={"Authorization": f"Bearer {token}"}
        )

    return connect


def principal(tenant: TenantId, permissions: frozenset[str] = ALL) -> Principal:
    return Principal(actor=Actor(ActorKind.STAFF, "li"), tenant=tenant, permissions=permissions)


async def enqueue(database: Database, bank: TenantId, title: str) -> UUID:
    async with database.begin(bank) as tx:
        return await jobs.enqueue(tx, f"probe.{new_id().hex}", {}, title=title)


async def test_jobs_are_listed_read_and_cancelled(client: Client, database: Database, bank: TenantId):
    ids = [await enqueue(database, bank, f"Export {n}") for n in range(3)]
    async with client(bank) as http:
        first = (await http.get("/v1/jobs", params={"q": "export", "limit": 2})).json()
        rest = (await http.get("/v1/jobs", params={"q": "export", "limit": 2, "cursor": first["next_cursor"]})).json()
        assert {item["id"] for item in first["items"] + rest["items"]} == {str(job_id) for job_id in ids}
        assert rest["next_cursor"] is None
        assert first["counts"]["queued"] >= 3
        one = (await http.get(f"/v1/jobs/{ids[0]}")).json()
        assert (one["title"], one["state"], one["can"]) == ("Export 0", "queued", ["cancel"])
        cancelled = await http.delete(f"/v1/jobs/{ids[0]}")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        again = await http.delete(f"/v1/jobs/{ids[0]}")
        assert (again.status_code, again.json()["code"]) == (409, "jobs.finished")
        listed = (await http.get("/v1/jobs", params={"status": "cancelled"})).json()
        assert [item["id"] for item in listed["items"]] == [str(ids[0])]


async def test_only_who_may_and_only_the_own_bank(client: Client, database, bank: TenantId, other_bank: TenantId):
    job_id = await enqueue(database, bank, "Mine")
    async with client(other_bank) as http:
        assert (await http.get(f"/v1/jobs/{job_id}")).status_code == 404
        assert (await http.delete(f"/v1/jobs/{job_id}")).status_code == 404
    async with client(bank, frozenset({"job.read"})) as http:
        assert (await http.delete(f"/v1/jobs/{job_id}")).status_code == 403
        assert (await http.get(f"/v1/jobs/{job_id}")).json()["state"] == "queued"
        assert (await http.post("/v1/files", params={"name": "a"}, content=b"x")).status_code == 403
        assert (await http.get("/v1/jobs", params={"limit": 0})).status_code == 422
        assert (await http.get("/v1/jobs", params={"cursor": "%%"})).status_code == 422


async def test_the_stream_resumes_where_it_was_cut(database: Database, bank: TenantId, other_bank: TenantId):
    async def next_job(events: Any) -> tuple[int, dict[str, Any]]:
        async for message in events:
            if message.event == "job":
                return int(message.id), json.loads(message.data)
        raise AssertionError("the stream ended")

    async with aclosing(follow(database, principal(bank), None)) as events:
        ready = await anext(events)
        assert ready.event == "ready"
        await enqueue(database, other_bank, "Theirs")
        first = await enqueue(database, bank, "First")
        place, job = await next_job(events)
        assert job["id"] == str(first)
    second = await enqueue(database, bank, "Second")
    async with aclosing(follow(database, principal(bank), place)) as events:
        _, job = await next_job(events)
        assert job["id"] == str(second)


async def test_a_file_is_uploaded_whole_past_the_usual_limit_of_bodies(client: Client, database, bank: TenantId):
    body = b"seq,name\n" + b"1,x\n" * 800_000
    async with client(bank) as http:
        kept = await http.post(
            "/v1/files", params={"name": "客户.csv"}, content=body, headers={"Content-Type": "text/csv"}
        )
        assert kept.status_code == 201
        file = kept.json()
        assert (file["name"], file["size_bytes"], file["content_type"]) == ("客户.csv", len(body), "text/csv")
        unfit = await http.post("/v1/files", params={"name": "a/b"}, content=b"x")
        assert (unfit.status_code, unfit.json()["code"]) == (422, "files.bad_name")
        assert (await http.get(f"/v1/files/{file['id']}")).status_code == 404, "an import is not there to be downloaded"


async def test_only_files_made_for_it_are_downloaded_by_who_may(client: Client, database, bank, other_bank):
    body = "时间,操作\n".encode() * 200_000
    async with database.begin(bank) as tx:
        file_id = await files.put(
            tx, "审计 2026.csv", "text/csv", body, tx.now + timedelta(days=1), download_permission="audit.export"
        )
    async with client(bank) as http:
        answer = await http.get(f"/v1/files/{file_id}")
        assert answer.content == body
        assert answer.headers["content-length"] == str(len(body))
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%AE%A1")
        assert answer.headers["x-content-type-options"] == "nosniff"
    async with client(bank, frozenset({"job.read"})) as http:
        assert (await http.get(f"/v1/files/{file_id}")).status_code == 404
    async with client(other_bank) as http:
        assert (await http.get(f"/v1/files/{file_id}")).status_code == 404
