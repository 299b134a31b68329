"""Campaigns, boards and statements over HTTP, as the console asks."""

import importlib
import json
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from huoke.app.runtime import Runtime
from huoke.app.web import create_app
from huoke.kernel import log
from huoke.kernel.batch import Batchers
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.measure import figures
from tests.make import campaigns as make


@pytest.fixture(scope="module")
async def client(cluster, database, clickhouse, world, feed):
    await log.Shipper(feed, clickhouse, [figures.STEPS]).prepare(world.tenant)
    settings = Settings(
        home=cluster.home,
        instance="test",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=0,
    )
    sets, batchers = SetServer(), Batchers(database)
    runtime = Runtime(
        settings=settings,
        clock=database.clock,
        database=database,
        owner=None,
        feed=None,
        clickhouse=clickhouse,
        sets=sets,
        batchers=batchers,
    )
    app = create_app(runtime)
    acting = {"principal": world.operator}

    async def authenticate(_credentials):
        return acting["principal"]

    app.state.edge = msgspec.structs.replace(app.state.edge, authenticate=authenticate)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bank.test") as opened:
        opened.acting = acting
        yield opened


def body(world, **changes):
    return msgspec.to_builtins(make.draft(world, **changes))


async def test_a_campaign_is_created_changed_checked_submitted_and_shown(client, world, clock):
    created = await client.post("/v1/campaigns", json=[body(world), body(world, stock=-1)])
    assert created.status_code == 201, created.text
    one, two = created.json()
    assert (one["status"], two["status"], two["error"]["pointer"]) == ("done", "failed", "/stock")
    path = f"/v1/campaigns/{one['id']}"
    found = (await client.get(path)).json()
    assert (found["state"], found["version"], found["can"]) == ("draft", 1, ["edit", "submit", "copy", "keep_template"])
    changed = await client.put(path, json={**body(world, name="冬日咖啡季"), "expected_version": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = await client.put(path, json={**body(world), "expected_version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "campaigns.version_moved")
    checks = (await client.get(f"{path}/checks")).json()
    assert checks["waterfall"]["reachable"] == 60
    assert {check["verdict"] for check in checks["checks"]} <= {"pass", "warn"}
    submitted = await client.post(f"{path}/submission")
    assert (submitted.status_code, submitted.json()["state"]) == (201, "submitted")
    await make.approve(world, UUID(submitted.json()["change_id"]))
    paused = await client.post(f"{path}/pause", json={"reason": "等待供应商补货"})
    assert paused.json()["can"] == [
        "resume",
        "stop",
        "amend",
        "open_entries",
        "copy",
        "keep_template",
        "board",
        "report",
    ]
    assert (await client.post(f"{path}/pause", json={"reason": "等待供应商补货"})).status_code == 409
    assert (await client.post(f"{path}/stop", json={"reason": ""})).json()["code"] == "audit.reason_missing"
    page = (await client.get("/v1/campaigns", params={"status": "paused"})).json()
    assert [row["id"] for row in page["items"]] == [one["id"]]
    assert page["counts"]["paused"] == 1
    assert (await client.get(f"{path}/report")).json()["granted"] == 0


async def test_lists_page_by_cursor(client, world, clock):
    for number in range(3):
        await make.create(world, name=f"第{number}个")
    seen, cursor = [], None
    while True:
        answer = (
            await client.get("/v1/campaigns", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        ).json()
        seen += [row["id"] for row in answer["items"]]
        cursor = answer["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == answer["total"]


async def test_the_stream_begins_with_the_board_and_resumes_without_it(client, world, clock, monkeypatch):
    monkeypatch.setattr(importlib.import_module("huoke.measure.figures.watch"), "WATCH_SECONDS_MAX", 0.5)
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    board = (await client.get(f"/v1/campaigns/{campaign_id}/board")).json()
    assert board["stock"]["available"] == 10
    path = f"/v1/campaigns/{campaign_id}/board/stream"
    first = await client.get(path)
    assert first.headers["content-type"].startswith("text/event-stream")
    fields = dict(line.split(": ", 1) for line in first.text.split("\r\n\r\n")[0].splitlines())
    assert (fields["event"], json.loads(fields["data"])["funnel"]) == ("board", board["funnel"])
    resumed = await client.get(path, headers={"Last-Event-ID": fields["id"]})
    assert "event: board" not in resumed.text
    assert "event: tick" in resumed.text
    assert (await client.get(f"/v1/campaigns/{uuid4()}/board/stream")).status_code == 404


async def test_home_answers_everybody_who_signed_in(client, world, clock):
    for principal in (world.operator, world.approver, world.teller, world.buyer):
        client.acting["principal"] = principal
        answer = await client.get("/v1/home")
        assert answer.status_code == 200, answer.text
    client.acting["principal"] = world.operator


async def test_statements_are_made_listed_and_exported(client, world, clock):
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    [claimed] = await make.claim(world, campaign_id, world.seqs[0])
    await make.redeem(world, claimed.grant_id)
    clock.advance(timedelta(minutes=1))
    client.acting["principal"] = world.buyer
    try:
        new = {"supplier_id": str(world.supplier_id), "since_on": "2026-03-02", "until_on": "2026-03-02"}
        [done] = (await client.post("/v1/statements", json=[new])).json()
        assert done["status"] == "done", done
        path = f"/v1/statements/{done['id']}"
        assert (await client.get(path)).json()["amount_fen"] == 1_980
        own = await client.post(f"{path}/confirmation")
        assert (own.status_code, own.json()["code"]) == (403, "statements.same_person")
        for kind in ("csv", "xlsx"):
            file = await client.get(f"{path}/export", params={"format": kind, "lang": "en"})
            assert file.status_code == 200
            assert f".{kind}" in file.headers["content-disposition"]
        assert (await client.get("/v1/statements")).json()["counts"] == {"draft": 1}
        back = await client.post(f"{path}/reversal", json={"reason": "供应商要求重出"})
        assert back.json()["state"] == "reversed"
    finally:
        client.acting["principal"] = world.operator
