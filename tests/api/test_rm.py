"""A relationship manager over HTTP: own customers everywhere, nobody else's anywhere, nothing beyond that."""

from collections import Counter

import pytest

from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.know import customers, tags
from huoke.know.customers import NewOwnership
from huoke.know.tags import Kind
from huoke.know.temperature import store as warnings
from tests.api import contract
from tests.api.bodies import request_body
from tests.make import customers as make
from tests.make import events as make_events
from tests.make import people as make_people
from tests.make import tags as make_tags

API = contract.document()
MINE, THEIRS = "R1", "R2"


@pytest.fixture(scope="module")
async def world(our_bank, database, feed, clickhouse):
    """Two customers of the same unit: one is the caller's, one another manager's; a warning of each."""
    rows = [
        {"customer_no": number, "name": "赵六", "phone": f"1380000{n:04}", "unit_code": "N"}
        for n, number in enumerate((MINE, THEIRS, "R3"))
    ]
    await make.import_rows(database, our_bank.tenant, rows, {})
    async with database.begin(our_bank.tenant) as tx:
        login = await tx.fetch_value("SELECT login FROM people.staff WHERE id = $1", our_bank.staff_ids["rm"])
        await make_people.staff(tx, Role.RM, login="another")
        given = await customers.give(
            tx,
            [NewOwnership(customer_no=MINE, login=login), NewOwnership(customer_no=THEIRS, login="another")],
        )
        assert [one.value for one in given] == ["added", "added"]
        seqs = await customers.find_by_no(tx, [MINE, THEIRS])
        await warnings.add_warnings(tx, tx.now.date(), [warning(seq, our_bank.units.north) for seq in seqs.values()])
    await make_events.ship(feed, clickhouse)
    await make.ship(feed, clickhouse)
    return seqs


def warning(seq, unit_id):
    return {
        "id": new_id(), "seq": seq, "unit_id": unit_id, "signs": "quiet,cooled", "temperature": 20.0,
        "was_stage": "warm", "stage": "cool", "value_fen": 100_000, "control": False,
    }  # fmt: skip


def of_one_customer():
    """Every operation of staff that names a customer in its address, or may be asked about one in its body."""
    for path, item in API["paths"].items():
        for method, operation in item.items():
            asks_by_body = operation["operationId"] == "explain_tag"
            if "{seq}" in path or asks_by_body:
                yield method.upper(), path, operation


async def test_another_managers_customer_is_found_nowhere(our_bank, world):
    rm, operator = our_bank.staff["rm"], our_bank.staff["operator"]
    statuses: Counter[int] = Counter()
    for method, path, operation in of_one_customer():
        if method != "GET" and operation["operationId"] != "explain_tag":
            continue
        if path.count("{") > 1:
            continue
        asked = request_body(API, operation, {"seq": world[THEIRS]})
        required = {one["name"]: "2026-03-01" for one in operation.get("parameters", []) if one["name"] == "day"}
        address = path.replace("{seq}", str(world[THEIRS]))
        answer = await rm.ask(method, address, params=required, **asked)
        statuses[answer.status_code] += 1
        assert answer.status_code in (403, 404), (path, answer.status_code, answer.text[:300])
        if answer.status_code == 404 and method == "GET":
            seen = await operator.ask(method, address, params=required)
            assert seen.status_code in (200, 403), (path, "nobody reaches it: this proves nothing", seen.text[:200])
    assert statuses[404] >= 10, "own pages are asked as well"


async def test_own_customers_are_there(our_bank, world):
    rm = our_bank.staff["rm"]
    listed = (await rm.ask("GET", "/v1/customers")).json()
    assert ([row["customer_no"] for row in listed["items"]], listed["total"]) == ([MINE], 1)
    assert (await rm.ask("GET", f"/v1/customers?q={THEIRS}")).json()["total"] == 0
    assert (await rm.ask("GET", f"/v1/identities?q={THEIRS}")).json()["items"] == []
    page = (await rm.ask("GET", f"/v1/customers/{world[MINE]}")).json()
    assert (page["customer"]["name"], page["can"]) == ("赵*", [])
    assert [(one["standing"]) for one in page["owners"]] == ["owner"]
    for part in ("history", "accounts", "relations", "tags", "temperature", "timeline", "scores", "identities", "grid"):
        answer = await rm.ask("GET", f"/v1/customers/{world[MINE]}/{part}")
        assert answer.status_code == 200, (part, answer.text)


async def test_warnings_and_their_sums_are_of_own_customers(our_bank, world):
    rm, operator = our_bank.staff["rm"], our_bank.staff["operator"]
    every = (await operator.ask("GET", "/v1/early-warnings")).json()
    assert every["counts"] == {"new": 2}
    own = (await rm.ask("GET", "/v1/early-warnings")).json()
    assert ([one["customer_no"] for one in own["items"]], own["counts"], own["total"]) == ([MINE], {"new": 1}, 1)
    assert (await rm.ask("GET", "/v1/early-warnings/sum")).json() == {"open": 1, "value_fen": 100_000}
    home = (await rm.ask("GET", "/v1/home")).json()
    assert home["portfolio"] == {"customers": 1, "warnings_new": 1, "warnings_taken": 0, "at_risk_fen": 100_000}
    assert [(todo["kind"], todo["count"]) for todo in home["todos"]] == [("warnings_new", 1)]
    assert home["running"] == []
    foreign = next(one["id"] for one in every["items"] if one["customer_no"] == THEIRS)
    step = [{"warning_id": foreign, "state": "taken"}]
    [moved] = (await rm.ask("POST", "/v1/early-warnings/steps", json=step)).json()
    assert moved["error"]["code"] == "temperature.warning_unknown"
    again = (await operator.ask("GET", "/v1/early-warnings")).json()
    assert again["counts"] == {"new": 2}, "nothing moved"
    [taken] = (
        await rm.ask("POST", "/v1/early-warnings/steps", json=[{"warning_id": own["items"][0]["id"], "state": "taken"}])
    ).json()
    assert taken["status"] == "done"


async def test_of_tags_only_those_for_customers_and_for_marketing_are_told(our_bank, database, clickhouse, world):
    seq = world[MINE]
    async with database.begin(our_bank.tenant) as tx:
        for name, more in (
            ("likes_coffee", {"purposes": ("marketing",)}),
            ("watched", {"purposes": ("service",)}),
            ("for_all", {}),
        ):
            await make_tags.count(tx, make_tags.define(name, Kind.MANUAL, (make_tags.value("yes"),), **more))
    async with database.begin(our_bank.tenant) as tx:
        for name in ("likes_coffee", "watched", "for_all"):
            members = CustomerSet.of(our_bank.tenant, [seq], tx.now)
            await tags.put(tx, name, {"yes": members}, as_of=tx.now, source="test")
    await make_tags.refresh(database, clickhouse, our_bank.tenant)
    seen = await tags_of(our_bank.staff["operator"], seq)
    assert {"likes_coffee", "watched", "for_all"} <= seen
    assert await tags_of(our_bank.staff["rm"], seq) == {"likes_coffee"}
    hidden = {"seq": seq, "name": "watched"}
    assert (await our_bank.staff["rm"].ask("POST", "/v1/tags/explanations", json=hidden)).status_code == 404


async def tags_of(caller, seq):
    return {one["name"] for one in (await caller.ask("GET", f"/v1/customers/{seq}/tags")).json()["items"]}


async def test_a_customer_is_given_by_those_of_the_unit_and_by_no_manager(our_bank, world, database):
    order = [{"customer_no": "R3", "login": "another", "standing": "owner"}]
    assert (await our_bank.staff["rm"].ask("POST", "/v1/ownerships", json=order)).status_code == 403
    [given] = (await our_bank.staff["branch_operator"].ask("POST", "/v1/ownerships", json=order)).json()
    assert given["status"] == "done", given
    wrong = [{**order[0], "login": "nobody"}]
    [refused] = (await our_bank.staff["branch_operator"].ask("POST", "/v1/ownerships", json=wrong)).json()
    assert (refused["error"]["code"], refused["error"]["pointer"]) == ("customers.ownership_unfit", "/login")
    ended = [{"customer_no": "R3", "login": "another"}]
    [done] = (await our_bank.staff["branch_operator"].ask("POST", "/v1/ownership-ends", json=ended)).json()
    assert done["status"] == "done"


async def test_all_customers_of_a_manager_change_hands_when_another_person_agrees(our_bank, world, database):
    rm, operator = our_bank.staff["rm"], our_bank.staff["operator"]
    asks = our_bank.staff["branch_operator"]
    async with database.begin(our_bank.tenant) as tx:
        await make_people.staff(tx, Role.RM, login="third", unit_id=our_bank.units.north)
    wanted = {"login": "third", "to": "another"}
    await asks.ask("POST", "/v1/ownerships", json=[{"customer_no": "R3", "login": "third", "standing": "owner"}])
    for path, body in (
        ("hand-over-previews", wanted),
        ("hand-overs", [{**wanted, "reason": "调岗"}]),
        ("ownership-ends", [{"customer_no": "R3", "login": "third"}]),
    ):
        assert (await rm.ask("POST", f"/v1/{path}", json=body)).status_code == 403, path
    assert (await rm.ask("GET", "/v1/portfolios")).status_code == 403
    assert (await asks.ask("POST", "/v1/hand-over-previews", json=wanted)).json() == {
        "owned": 1,
        "shared": 0,
        "left": 0,
    }
    [asked] = (await asks.ask("POST", "/v1/hand-overs", json=[{**wanted, "reason": "调岗"}])).json()
    assert asked["status"] == "done", asked
    [again] = (await operator.ask("POST", "/v1/hand-overs", json=[{**wanted, "reason": "调岗"}])).json()
    assert again["error"]["code"] == "ownership.hand_over_open"
    [request] = (await asks.ask("GET", "/v1/hand-overs")).json()["items"]
    managers = (await operator.ask("GET", "/v1/portfolios")).json()
    counts = {one["login"]: (one["owned"], one["shared"]) for one in managers["items"]}
    assert (counts["third"], counts["another"], managers["pool"]) == ((1, 0), (1, 0), 0)
    change = (await operator.ask("GET", f"/v1/approvals/{request['change_id']}")).json()
    decision = {"verdict": "approve", "reason": "", "diff_hash": change["diff_hash"]}
    decided = await our_bank.staff["approver"].ask("POST", f"/v1/approvals/{change['id']}/decisions", json=decision)
    assert decided.status_code < 300, decided.text
    seq = (await operator.ask("GET", "/v1/customers?q=R3")).json()["items"][0]["seq"]
    steps = (await operator.ask("GET", f"/v1/customers/{seq}/ownerships")).json()["items"]
    assert {(one["before"], one["standing"]) for one in steps[:2]} == {("owner", None), (None, "owner")}
    [moved] = (await operator.ask("GET", f"/v1/customers?looked_after_by={managers['items'][0]['id']}&q=R3")).json()[
        "items"
    ]
    assert moved["customer_no"] == "R3"


async def test_the_history_of_somebody_elses_customer_is_not_told(our_bank, world):
    rm = our_bank.staff["rm"]
    own = (await rm.ask("GET", f"/v1/customers/{world[MINE]}/ownerships")).json()["items"]
    assert [(one["before"], one["standing"]) for one in own] == [(None, "owner")]
    assert (await rm.ask("GET", f"/v1/customers/{world[THEIRS]}/ownerships")).status_code == 404


async def test_of_referral_only_the_own_code_is_open(our_bank):
    programme = f"/v1/referral-programmes/{new_id()}"
    rm = our_bank.staff["rm"]
    asked = await rm.ask("POST", f"{programme}/staff-code")
    assert (asked.status_code, asked.json()["code"]) == (404, "referral.programme_unknown"), "let in, and found nothing"
    for path in ("/staff-poster", "/invited"):
        assert (await rm.ask("GET", f"{programme}{path}")).status_code == 404, path
    assert (await rm.ask("GET", "/v1/staff-codes")).json()["items"] == []
    for path in ("", "/bonds", "/cascade"):
        assert (await rm.ask("GET", f"{programme}{path}")).status_code == 403, path
    assert (await our_bank.staff["teller"].ask("POST", f"{programme}/staff-code")).status_code == 403


async def test_no_money_no_segments_and_no_files(our_bank):
    held = PERMISSIONS[Role.RM]
    assert held == {"customer.read", "warning.read", "warning.act", "lead.read", "referral.invite", "lobby.host",
                    "review.hold"}  # fmt: skip
    closed = ("budgets", "segments", "campaigns", "tags", "grid", "cascades", "referral-programmes")
    for name in closed:
        assert (await our_bank.staff["rm"].ask("GET", f"/v1/{name}")).status_code == 403, name
    wanted = [
        {
            "operation": "list_customers",
            "title": "客户",
            "columns": [{"field": "customer_no", "title": "客户号"}],
            "reason": "自用",
        }
    ]
    assert (await our_bank.staff["branch_operator"].ask("POST", "/v1/exports", json=wanted)).status_code == 201
    assert (await our_bank.staff["rm"].ask("POST", "/v1/exports", json=wanted)).status_code == 403
