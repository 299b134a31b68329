"""Budgets, pools and the counter over HTTP: opened once, looked up, redeemed, undone, and out of scope for others."""

from datetime import timedelta
from uuid import UUID

import pytest

from huoke.app.listings import all_listings
from huoke.govern import identity
from huoke.kernel.ids import new_id
from huoke.reward import grants, merchants
from huoke.reward.merchants import NewRule, Scope
from tests.make import grants as make
from tests.make import merchants as make_merchants
from tests.make import outlets as make_outlets


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


@pytest.fixture
async def shops(our_bank, database):
    """Two stores of one merchant, the bank's clerk bound to the first."""
    clerk_id = UUID(our_bank.staff_ids["merchant_clerk"])
    async with database.begin(our_bank.tenant) as tx:
        merchant_id = await make_merchants.merchant(tx, unit_id=our_bank.units.head)
        stores = [await make_merchants.store(tx, merchant_id, name=name) for name in ("天一店", "老外滩店")]
        await merchants.bind_clerk(tx, clerk_id, stores[0], units=None)
    yield stores
    async with database.begin(our_bank.tenant) as tx:
        for store_id in stores:
            await merchants.unbind_clerk(tx, clerk_id, store_id, units=None)


async def accepted(database, tenant, seq: int, stores: list[UUID]) -> str:
    """The code of a voucher that these stores accept."""
    world, _, code = await claimed(database, tenant, seq)
    async with database.begin(tenant) as tx:
        rule = NewRule(scope=Scope.SKU, scope_key=str(world.offer.sku_id), store_ids=stores)
        await merchants.add_rule(tx, rule, units=None)
    return code


async def test_a_clerk_redeems_in_their_store_sees_its_day_alone_and_no_customer_number(
    our_bank, database, teller, shops
):
    clerk = our_bank.staff["merchant_clerk"]
    place = (await clerk.ask("GET", "/v1/counter")).json()
    assert (place["is_clerk"], [store["name"] for store in place["stores"]]) == (True, ["天一店"])
    code = await accepted(database, our_bank.tenant, 31, [shops[0]])
    found = (await clerk.ask("POST", "/v1/redemption-lookups", json={"code": code})).json()
    assert (found["redeemable"], found["customer_no"], found["customer_unit_id"]) == (True, "", None)
    at_the_counter = (await teller.ask("POST", "/v1/redemption-lookups", json={"code": code})).json()
    assert at_the_counter["problem"]["code"] == "merchants.not_accepted_here"
    assert at_the_counter["problem"]["data"] == {"where": ["天一店"], "places": 1, "counters": False}
    [done] = (await clerk.ask("POST", "/v1/redemptions", json=[{"request_no": new_id().hex, "code": code}])).json()
    assert done["status"] == "done", done
    [row] = (await clerk.ask("GET", "/v1/redemptions")).json()["items"]
    assert (row["store_name"], row["customer_no"], row["can"], row["why_not"]) == ("天一店", "", ["undo"], None)
    totals = (await clerk.ask("GET", "/v1/redemptions/totals")).json()
    assert (totals["redeemed"], totals["undone"], len(totals["benefits"])) == (1, 0, 1)


async def test_a_clerk_neither_sees_nor_undoes_nor_redeems_elsewhere(our_bank, database, shops, teller):
    clerk = our_bank.staff["merchant_clerk"]
    _, _, code = await claimed(database, our_bank.tenant, 32)
    [at_counter] = (await teller.ask("POST", "/v1/redemptions", json=[{"request_no": "c-32", "code": code}])).json()
    seen = (await clerk.ask("GET", "/v1/redemptions?limit=200")).json()["items"]
    assert at_counter["id"] not in {row["id"] for row in seen}
    refused = await clerk.ask("POST", f"/v1/redemptions/{at_counter['id']}/undo", json={"reason": "不是我的"})
    assert (refused.status_code, refused.json()["code"]) == (404, "grants.unknown_redemption")
    for path in ("/v1/redemptions", "/v1/redemptions/totals"):
        answer = await clerk.ask("GET", f"{path}?store_id={shops[1]}")
        assert (answer.status_code, answer.json()["code"]) == (403, "merchants.not_your_store")
    other = await accepted(database, our_bank.tenant, 33, shops)
    order = {"request_no": "c-33", "code": other, "store_id": str(shops[1])}
    [elsewhere] = (await clerk.ask("POST", "/v1/redemptions", json=[order])).json()
    assert elsewhere["error"]["code"] == "merchants.not_your_store"
    looked = await clerk.ask("POST", "/v1/redemption-lookups", json={"code": other, "store_id": str(shops[0])})
    assert looked.json()["state"] == "fulfilled"


async def test_a_clerk_of_two_stores_says_in_which_one(our_bank, database, shops):
    clerk = our_bank.staff["merchant_clerk"]
    async with database.begin(our_bank.tenant) as tx:
        await merchants.bind_clerk(tx, UUID(our_bank.staff_ids["merchant_clerk"]), shops[1], units=None)
    code = await accepted(database, our_bank.tenant, 34, shops)
    asked = await clerk.ask("POST", "/v1/redemption-lookups", json={"code": code})
    assert (asked.status_code, asked.json()["code"]) == (422, "merchants.store_not_chosen")
    orders = [
        {"request_no": "c-34", "code": code, "store_id": str(shops[1])},
        {"request_no": "c-34", "code": code, "store_id": str(shops[1])},
        {"request_no": "c-35", "code": code},
    ]
    first, again, nowhere = (await clerk.ask("POST", "/v1/redemptions", json=orders)).json()
    assert (first["status"], again["id"]) == ("done", first["id"])
    assert nowhere["error"]["code"] == "merchants.store_not_chosen"
    [row] = (await clerk.ask("GET", f"/v1/redemptions?store_id={shops[1]}")).json()["items"]
    assert row["id"] == first["id"]


async def test_the_days_list_pages_finds_and_adds_up(our_bank, database, teller):
    ids = []
    for seq in range(41, 44):
        _, _, code = await claimed(database, our_bank.tenant, seq)
        [done] = (await teller.ask("POST", "/v1/redemptions", json=[{"request_no": f"p-{seq}", "code": code}])).json()
        ids.append(done["id"])
    await teller.ask("POST", f"/v1/redemptions/{ids[0]}/undo", json={"reason": "客户改主意"})
    whole = (await teller.ask("GET", "/v1/redemptions?mine=true&limit=200")).json()
    paged, cursor = [], ""
    while cursor is not None:
        page = (await teller.ask("GET", f"/v1/redemptions?mine=true&limit=2{cursor and '&cursor=' + cursor}")).json()
        paged += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert paged == [row["id"] for row in whole["items"]]
    assert whole["counts"]["done"] + whole["counts"]["undone"] == whole["total"] == len(paged)
    [undone] = [row for row in (await teller.ask("GET", "/v1/redemptions?mine=true&status=undone")).json()["items"]
                if row["id"] == ids[0]]  # fmt: skip
    assert (undone["can"], undone["why_not"], undone["reason"]) == ([], "undone", "客户改主意")
    assert (await teller.ask("GET", "/v1/redemptions?mine=true&q=no-such-benefit")).json()["items"] == []
    totals = (await teller.ask("GET", "/v1/redemptions/totals?mine=true")).json()
    assert totals["redeemed"] == whole["counts"]["done"]
    assert totals["face_value_fen"] == sum(row["face_value_fen"] for row in whole["items"] if not row["undone_at"])
    yesterday = database.clock.now() - timedelta(days=1)
    assert (await teller.ask("GET", f"/v1/redemptions?day={yesterday:%Y-%m-%d}")).json()["items"] == []


async def test_a_gift_is_counted_off_the_shelf_before_it_is_redeemed_and_after(our_bank, database, teller):
    """The look-up says how many lie there and refuses the last one's successor; an undo puts it back."""
    unit_id = our_bank.units.head
    async with database.begin(our_bank.tenant) as tx:
        sku_id = await make_outlets.stocked(tx, 1, unit_id=unit_id)
        claims = await make_outlets.claimed_gift(tx, sku_id, 51, 52)
        first, second = [
            (await grants.redemption_code(tx, one.grant_id, seq)).code
            for one, seq in zip(claims, (51, 52), strict=True)
        ]

    async def seen(code):
        found = (await teller.ask("POST", "/v1/redemption-lookups", json={"code": code})).json()
        return found["on_hand"], found["redeemable"], (found["problem"] or {}).get("code")

    assert await seen(first) == await seen(first) == (1, True, None)
    [done] = (await teller.ask("POST", "/v1/redemptions", json=[{"request_no": "g-51", "code": first}])).json()
    assert await seen(second) == (0, False, "outlets.empty")
    [refused] = (await teller.ask("POST", "/v1/redemptions", json=[{"request_no": "g-52", "code": second}])).json()
    assert refused["error"]["code"] == "outlets.empty"
    await teller.ask("POST", f"/v1/redemptions/{done['id']}/undo", json={"reason": "客户改主意"})
    assert await seen(second) == (1, True, None)


async def test_a_file_of_the_day_holds_what_its_owner_may_see(our_bank, database, shops):
    code = await accepted(database, our_bank.tenant, 61, [shops[0]])
    order = {"request_no": "f-61", "code": code}
    [done] = (await our_bank.staff["merchant_clerk"].ask("POST", "/v1/redemptions", json=[order])).json()
    day = all_listings()["list_redemptions"]
    async with database.begin(our_bank.tenant) as tx:
        clerk = await identity.principal_of_staff(tx, UUID(our_bank.staff_ids["merchant_clerk"]))
        mine = await day.rows(tx, clerk, {}, {"store_id": str(shops[0])}, None)
        assert [(row["id"], row["customer_no"]) for row in mine.items] == [(done["id"], "")]
        with pytest.raises(merchants.NotYourStore):
            await day.rows(tx, clerk, {}, {"store_id": str(shops[1])}, None)


async def test_wrong_codes_are_counted_though_each_answer_is_a_no(teller):
    """Last of this file: the teller is stopped for five minutes."""
    for _ in range(10):
        refused = await teller.ask("POST", "/v1/redemption-lookups", json={"code": "000000000000"})
        assert (refused.status_code, refused.json()["code"]) == (404, "grants.unknown_code")
    stopped = await teller.ask("POST", "/v1/redemption-lookups", json={"code": "000000000000"})
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "300")
