"""Intake over HTTP: the public Segment client unmodified against a real web process, and what the spec leaves to us."""

import base64
import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from segment.analytics import Client

from huoke.govern import privacy
from huoke.kernel import settings as instance
from huoke.kernel.engines.ports import free_port
from huoke.kernel.settings import Settings
from huoke.know import events
from huoke.know.events.model import BATCH_BYTES_MAX, MESSAGE_BYTES_MAX
from tests.make import events as make


@pytest.fixture(scope="module")
def server(cluster, schema):
    """A web process on the test engines; its address."""
    home = cluster.home / "events"
    home.mkdir(exist_ok=True)
    made = Settings(
        home=home,
        instance="events",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=free_port(),
    )
    instance.save(made)
    privacy.unlock(cluster.home / "master.key")
    made.key_path.write_bytes((cluster.home / "master.key").read_bytes())
    made.key_path.chmod(0o600)
    environment = {**os.environ, "HUOKE_HOME": str(home)}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_FEED_URL", "CLICKHOUSE_URL"):
        environment.pop(name, None)
    with (home / "web.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "huoke.app.web"], env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{made.web_port}"
        wait_for(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for(address, process):
    """Return when the server answers; asked without the certificates of the world, which take 20 ms to read."""
    for _ in range(600):
        assert process.poll() is None, "the web process ended"
        try:
            if httpx.get(f"{address}/v1/health", verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the web process did not answer")


@pytest.fixture
def post(server, source):
    """Post a body as the bank's source, or as whoever holds `key`."""

    def send(path, body, *, key=source.write_key, headers=None):
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        basic = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
        return httpx.post(f"{server}/v1/{path}", content=content, headers={**basic, **(headers or {})}, verify=False)

    return send


async def stored(database, bank, condition="true"):
    async with database.begin(bank) as tx:
        return [dict(row) for row in await tx.fetch(f"SELECT * FROM events.event WHERE {condition} ORDER BY at, id")]


async def test_the_public_client_works_unmodified(server, database, bank, source, seqs, feed, clickhouse):
    told = []
    client = Client(
        source.write_key, host=server, gzip=True, sync_mode=False, on_error=lambda error, _: told.append(error)
    )
    client.identify("C1", {"name": "张三", "phone": "13900000000", "city": "滨海"}, anonymous_id="tablet-1")
    client.track("C1", "payment.made", {"amount_fen": 880, "category": "餐饮"})
    client.page("C2", "理财", "首页", {"path": "/wealth", "url": "https://bank.example/wealth?phone=139"})
    client.screen("C2", "卡包", "我的")
    client.group("C3", "company-7", {"name": "滨海港务"})
    client.alias("tablet-2", "C3")
    client.flush()
    client.join()
    assert told == []
    rows = await stored(database, bank)
    assert sorted((row["seq"], row["name"]) for row in rows) == [
        (seqs["C1"], "customer.identified"), (seqs["C1"], "payment.made"), (seqs["C2"], "page.viewed"),
        (seqs["C2"], "screen.viewed"), (seqs["C3"], "customer.aliased"), (seqs["C3"], "customer.grouped"),
    ]  # fmt: skip
    await make.ship(feed, clickhouse)
    shown = {row["name"]: row["properties"] for row in await make.rows(clickhouse, bank)}
    assert shown["customer.identified"] == {"city": "滨海", "name": "****", "phone": "****"}
    assert shown["page.viewed"] == {"category": "理财", "name": "首页", "path": "/wealth", "url": "****"}


async def test_each_item_of_a_batch_has_its_own_result(post, database, bank, seqs):
    login = {"type": "track", "userId": "C1", "event": "app.login"}
    answer = post(
        "batch",
        {
            "batch": [
                login | {"messageId": "b-1"},
                login | {"messageId": "b-1"},
                {"type": "track", "userId": 7},
                {"type": "dance", "userId": "C1"},
                login | {"messageId": "b-2", "timestamp": "not a time"},
                login | {"messageId": "b-3", "properties": {"channel": "x" * MESSAGE_BYTES_MAX}},
                login | {"messageId": "b-4", "properties": {"channel": "a\u0000b"}},
                login | {"messageId": "b-5", "event": "no.such"},
                login | {"messageId": "b-6", "userId": "C404"},
                login | {"messageId": "b-7"},
            ]
        },
    )
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    results = answer.json()["results"]
    assert [(one["status"], one["code"]) for one in results] == [
        ("accepted", ""), ("duplicate", ""), ("refused", "events.malformed"), ("refused", "events.malformed"),
        ("refused", "events.malformed"), ("refused", "events.too_large"), ("refused", "events.malformed"),
        ("quarantined", "events.unknown_name"), ("waiting", ""), ("accepted", ""),
    ]  # fmt: skip
    kept = {row["id"] for row in await stored(database, bank, "name = 'app.login'")}
    assert {events.model.id_of("b-1"), events.model.id_of("b-7")} <= kept


@pytest.mark.parametrize("path", ["track", "batch"])
def test_without_a_good_write_key_nothing_is_taken(post, path):
    body = {"userId": "C1", "event": "app.login", "batch": []}
    for key in ("", "1.wrong", "no key at all", "999999.aaaa"):
        answer = post(path, body, key=key)
        assert (answer.status_code, answer.json()["code"]) == (401, "events.write_key")


async def test_a_write_key_writes_to_its_own_bank_alone(post, database, bank, other_bank, seqs):
    theirs = await make.source(database, other_bank)
    before = len(await stored(database, bank))
    answer = post("track", {"userId": "C1", "event": "app.login", "messageId": "o-1"}, key=theirs.write_key)
    assert answer.json()["results"][0]["status"] == "waiting"  # their bank has no C1
    assert len(await stored(database, bank)) == before
    again = post("track", {"userId": "C1", "event": "app.login", "messageId": "o-1"})
    assert again.json()["results"][0]["status"] == "accepted"


async def test_a_rotated_key_overlaps_for_a_day_and_a_revoked_one_ends_at_once(post, database, bank, seqs, clock):
    clock.set(datetime.now(UTC))
    made = await make.source(database, bank, "官网")
    async with database.begin(bank) as tx:
        rotated = await events.sources.rotate(tx, made.id)
    body = {"userId": "C1", "event": "app.login"}
    assert [post("track", body, key=key).status_code for key in (made.write_key, rotated.write_key)] == [200, 200]
    clock.set(datetime.now(UTC) - timedelta(days=2))
    async with database.begin(bank) as tx:
        newest = await events.sources.rotate(tx, made.id)
    statuses = [post("track", body, key=key).status_code for key in (rotated.write_key, newest.write_key)]
    assert statuses == [401, 200]
    async with database.begin(bank) as tx:
        await events.sources.revoke(tx, made.id)
    assert post("track", body, key=newest.write_key).status_code == 401


def test_bodies_over_the_limits_are_refused_also_when_zipped(post):
    large = msgspec.json.encode(
        {"userId": "C1", "event": "app.login", "properties": {"channel": "x" * MESSAGE_BYTES_MAX}}
    )
    bomb = gzip.compress(b'{"batch":[' + b" " * (20 * BATCH_BYTES_MAX) + b"]}")
    for path, body, headers in (
        ("track", large, {}),
        ("track", gzip.compress(large), {"Content-Encoding": "gzip"}),
        ("batch", bomb, {"Content-Encoding": "gzip"}),
        ("batch", b" " * (BATCH_BYTES_MAX + 1), {}),
        ("batch", b" " * (3 * BATCH_BYTES_MAX), {}),
    ):
        assert post(path, body, headers=headers).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"batch": 1}', b"\xff\xfe", b"\x1f\x8bnot gzip"])
def test_a_body_that_is_no_batch_is_refused(post, body):
    answer = post("batch", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "events.malformed")


def test_a_page_may_send_its_key_in_the_body(server, source, seqs):
    body = {"writeKey": source.write_key, "userId": "C1", "event": "app.login"}
    answer = httpx.post(f"{server}/v1/track", content=msgspec.json.encode(body), headers={"Content-Type": "text/plain"})
    assert answer.json()["results"][0]["status"] == "accepted"
    assert answer.headers["access-control-allow-origin"] == "*"
