"""Schemathesis against the real web process: ten examples an operation, generated from its own document, zero 5xx."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
import urllib3

from huoke.govern import privacy
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.settings import Settings
from tests.api import contract, drawn
from tests.api.conftest import staffed

WALKED = [
    operation["operationId"]
    for _, path, operation in contract.operations()
    if not path.endswith("/stream") and operation["operationId"] != "sign_out"
]
"""All but endless streams, and signing out, which would end the walk."""


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
    """Return when the server answers; asked without the certificates of the world, which take 20 ms to read."""
    for _ in range(300):
        assert process.poll() is None, "the web process ended"
        try:
            if httpx.get(f"{address}/v1/health", verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the web process did not answer")


@pytest.fixture(scope="module")
def line(server):
    """One connection for all inputs, which keeps no cookie."""
    address, _ = server
    with urllib3.connection_from_url(address, maxsize=1) as opened:
        yield opened


def role_for(operation_id: str) -> str | None:
    wanted = contract.options()[operation_id].get("permission")
    if wanted is None:
        return None
    return next((role.value for role in Role if wanted == "any" or wanted in PERMISSIONS[role]), None)


@pytest.mark.parametrize("operation_id", WALKED)
def test_no_input_breaks_the_server(operation_id, server, line):
    _, headers = server
    role = role_for(operation_id)

    requests = drawn.requests_for(operation_id)
    assert requests, "nothing was drawn: nothing was tried"
    for one in requests:
        own = headers[role] if role else {}
        answer = line.urlopen(
            one.method, one.target, one.body, {**one.headers, **own}, redirect=False, retries=False, timeout=60
        )
        told = f"{one} {answer.status} {answer.data[:500]!r}"
        assert answer.status < 500, told
        assert answer.status < 400 or not answer.data or answer.headers["content-type"] == "application/problem+json", (
            told
        )


def test_the_sessions_were_good_to_the_end(server):
    """The control: had everybody been signed out half-way, nothing would have been tried."""
    address, headers = server
    for role, own in headers.items():
        assert httpx.get(f"{address}/v1/session", headers=own, verify=False).status_code == 200, role
