"""Schemathesis against the real web process: ten examples an operation, generated from its own document, zero 5xx."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from huoke.app.openapi import document
from huoke.app.web import create_app, handlers
from huoke.govern import privacy
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.settings import Settings
from tests.api.conftest import staffed

EXAMPLES = int(os.environ.get("HUOKE_FUZZ_EXAMPLES", "10"))
PERMISSION = {handler.operation_id: handler.opt.get("permission") for handler in handlers(create_app(None))}
schema = schemathesis.openapi.from_dict(document())
schema.config.phases.update(phases=["fuzzing"])


def wanted(context) -> bool:
    """All but endless streams, and signing out, which would end the walk."""
    operation = context.operation
    return not operation.path.endswith("/stream") and operation.definition.raw["operationId"] != "sign_out"


@pytest.fixture(scope="module")
async def server(cluster, schema_made, database, bank):
    """A web process of its own on the test engines, and the headers of one person for each role."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = cluster.home / "fuzz"
    home.mkdir(exist_ok=True)
    made = Settings(
        home=home,
        instance="fuzz",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=port,
    )
    instance.save(made)
    key = cluster.home / "master.key"
    privacy.unlock(key)
    made.key_path.write_bytes(key.read_bytes())
    made.key_path.chmod(0o600)
    environment = {**os.environ, "HUOKE_HOME": str(home)}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_FEED_URL", "CLICKHOUSE_URL"):
        environment.pop(name, None)
    with (home / "web.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "huoke.app.web"], env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process)
        async with httpx.AsyncClient(base_url=address) as client:
            staff = (await staffed(database, client, bank, clock=SystemClock())).staff
            yield address, {role: caller.headers for role, caller in staff.items()}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def schema_made(schema):
    """The database's schema; `schema` here is the fixture of that name."""
    return schema


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the web process ended"
        try:
            if httpx.get(f"{address}/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the web process did not answer")


def role_for(operation_id: str) -> str | None:
    wanted = PERMISSION.get(operation_id)
    if wanted is None:
        return None
    return next((role.value for role in Role if wanted == "any" or wanted in PERMISSIONS[role]), None)


@schema.include(func=wanted).parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_no_input_breaks_the_server(case, server):
    address, headers = server
    role = role_for(case.operation.definition.raw["operationId"])
    case.headers = {**(case.headers or {}), **(headers[role] if role else {})}
    answer = case.call(base_url=address)
    assert answer.status_code < 500, f"{answer.status_code} {answer.text[:500]}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0] == "application/problem+json" or not answer.content


def test_the_sessions_were_good_to_the_end(server):
    """The control: had everybody been signed out half-way, nothing would have been tried."""
    address, headers = server
    for role, own in headers.items():
        assert httpx.get(f"{address}/v1/session", headers=own).status_code == 200, role
