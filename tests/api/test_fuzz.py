"""Schemathesis against the real web process: ten examples an operation, generated from its own document, zero 5xx."""

import os
import signal
import socket
import subprocess
import sys
import time
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from huoke.govern import privacy
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel import settings as instance
from huoke.kernel.clock import SystemClock
from huoke.kernel.settings import Settings
from tests.api import contract
from tests.api.conftest import staffed

EXAMPLES = int(os.environ.get("HUOKE_FUZZ_EXAMPLES", "10"))
ITEMS_MAX = 3
"""What a list does wrong, three of it do; to think up longer ones took most of the time."""
WALKED = [
    operation["operationId"]
    for _, path, operation in contract.operations()
    if not path.endswith("/stream") and operation["operationId"] != "sign_out"
]
"""All but endless streams, and signing out, which would end the walk."""


@cache
def schema():
    """What draws the inputs; whoever only collects this file need not have it."""
    import schemathesis

    return schemathesis.openapi.from_dict(short(contract.document()))


def short(part: Any) -> Any:
    """The document with bounds for its lists that have none."""
    if isinstance(part, list):
        return [short(one) for one in part]
    if not isinstance(part, dict):
        return part
    bound = {"maxItems": ITEMS_MAX} if part.get("type") == "array" and "maxItems" not in part else {}
    return {name: short(one) for name, one in part.items()} | bound


def cases(operation_id: str):
    """Inputs as the document allows them, and such as it does not."""
    from schemathesis import GenerationMode

    operation = schema().find_operation_by_id(operation_id)
    return st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])


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
def line():
    """One connection for all inputs. It keeps no cookie, and asks neither the environment nor ~/.netrc each time."""
    import requests

    with requests.Session() as opened:
        opened.trust_env = False
        opened.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield opened


def role_for(operation_id: str) -> str | None:
    wanted = contract.options()[operation_id].get("permission")
    if wanted is None:
        return None
    return next((role.value for role in Role if wanted == "any" or wanted in PERMISSIONS[role]), None)


@pytest.mark.parametrize("operation_id", WALKED)
def test_no_input_breaks_the_server(operation_id, server, line):
    address, headers = server
    role = role_for(operation_id)

    @given(case=cases(operation_id))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def tried(case):
        case.headers = {**(case.headers or {}), **(headers[role] if role else {})}
        answer = case.call(base_url=address, session=line)
        assert answer.status_code < 500, f"{answer.status_code} {answer.text[:500]}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0] == "application/problem+json" or not answer.content

    tried()


def test_the_sessions_were_good_to_the_end(server):
    """The control: had everybody been signed out half-way, nothing would have been tried."""
    address, headers = server
    for role, own in headers.items():
        assert httpx.get(f"{address}/v1/session", headers=own, verify=False).status_code == 200, role
