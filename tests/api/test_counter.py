"""Budgets, pools and the counter over HTTP: opened once, looked up, redeemed, undone, and out of scope for others."""

import pytest

from huoke.kernel.ids import new_id
from huoke.reward import grants
from tests.make import grants as make


@pytest.fixture
async def teller(our_bank):
    return our_bank.staff["teller"]


async def claimed(database, tenant, seq: int):
    async with database.begin(tenant) as tx:
        world = await make.world(tx)
        [answer] = await make.claim_all(tx, make.claim(world.offer.id, seq))
        code = await grants.redemption_code(tx, answer.grant_id, seq)
    return world, answer.grant_id, code.code


async def test_a_budget_is_opened_once_however_often_it_is_asked_for(our_bank):
    buyer, unit = our_bank.staff["buyer"], our_bank.units.head
    order = {"request_no": new_id().hex, "name": "年度预算", "unit_id": unit, "limit_fen": 5_000}
    first = (await buyer.ask("POST", "/v1/budgets", json=[order])).json()
    again = (await buyer.ask("POST", "/v1/budgets", json=[order])).json()
    other = (await buyer.ask("POST", "/v1/budgets", json=[{**order, "limit_fen": 6_000}])).json()
    assert (first[0]["status"], again[0]["id"]) == ("done", first[0]["id"])
    assert (other[0]["status"], other[0]["error"]["code"]) == ("failed", "request.reused")
    listed = (await buyer.ask("GET", "/v1/budgets")).json()["items"]
    assert [item["limit_fen"] for item in listed if item["id"] == first[0]["id"]] == [5_000]


@pytest.mark.parametrize("amount", [0, -1, 2**63, 5_001])
async def test_bad_amounts_are_refused_over_http(our_bank, amount):
    buyer, unit = our_bank.staff["buyer"], our_bank.units.head
    order = {"request_no": new_id().hex, "name": "预算", "unit_id": unit, "limit_fen": 5_000}
    head = (await buyer.ask("POST", "/v1/budgets", json=[order])).json()[0]["id"]
    child = {**order, "request_no": new_id().hex, "limit_fen": 0, "parent_id": head}
    branch = (await buyer.ask("POST", "/v1/budgets", json=[child])).json()[0]["id"]
    shift = {"request_no": new_id().hex, "child_id": branch, "amount_fen": amount}
    answer = await buyer.ask("POST", f"/v1/budgets/{head}/allocations", json=[shift])
    assert answer.status_code < 500
    assert answer.status_code == 422 or answer.json()[0]["status"] == "failed"
    items = {item["id"]: item for item in (await buyer.ask("GET", "/v1/budgets")).json()["items"]}
    assert (items[head]["limit_fen"], items[branch]["limit_fen"]) == (5_000, 0)


async def test_a_voucher_is_looked_up_redeemed_and_undone(our_bank, database, teller):
    _, grant_id, code = await claimed(database, our_bank.tenant, 1)
    found = await teller.ask("POST", "/v1/redemption-lookups", json={"code": code})
    assert (found.status_code, found.json()["grant_id"], found.json()["redeemable"]) == (200, str(grant_id), True)
    order = {"request_no": new_id().hex, "code": code}
    [done] = (await teller.ask("POST", "/v1/redemptions", json=[order])).json()
    [again] = (await teller.ask("POST", "/v1/redemptions", json=[order])).json()
    assert (done["status"], again["id"]) == ("done", done["id"])
    [row] = (await teller.ask("GET", "/v1/redemptions?mine=true")).json()["items"]
    assert (row["id"], row["can"], row["title"]) == (done["id"], ["undo"], "咖啡券")
    refused = await teller.ask("POST", f"/v1/redemptions/{done['id']}/undo", json={"reason": " "})
    assert refused.json()["code"] == "grants.reason_missing"
    undone = await teller.ask("POST", f"/v1/redemptions/{done['id']}/undo", json={"reason": "扫错"})
    assert (undone.status_code, undone.json()["id"]) == (200, str(grant_id))
    async with database.begin(our_bank.tenant) as tx:
        assert (await grants.get_grant(tx, grant_id)).state is grants.State.FULFILLED
        await make.assert_sound(tx)


async def test_wrong_codes_are_counted_though_each_answer_is_a_no(teller):
    for _ in range(10):
        refused = await teller.ask("POST", "/v1/redemption-lookups", json={"code": "000000000000"})
        assert (refused.status_code, refused.json()["code"]) == (404, "grants.unknown_code")
    stopped = await teller.ask("POST", "/v1/redemption-lookups", json={"code": "000000000000"})
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "300")


async def test_a_code_of_one_bank_says_nothing_in_another(our_bank, their_bank, database):
    _, _, code = await claimed(database, our_bank.tenant, 2)
    answer = await their_bank.staff["teller"].ask("POST", "/v1/redemption-lookups", json={"code": code})
    assert (answer.status_code, answer.json()["code"]) == (404, "grants.unknown_code")


async def test_only_a_customer_claims_and_only_a_teller_redeems(our_bank):
    claim = [{"request_no": "x", "offer_id": str(new_id())}]
    for role in our_bank.staff:
        answer = await our_bank.staff[role].ask("POST", "/v1/grants/claims", json=claim)
        assert answer.status_code == 401
    order = [{"request_no": "x", "code": "000000000000"}]
    assert (await our_bank.staff["analyst"].ask("POST", "/v1/redemptions", json=order)).status_code == 403
