"""The service desk over HTTP: who may what, cases and what is asked for in them as lists, codes read out by two."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import customers
from huoke.reward import card_codes, grants
from huoke.reward.grants import Handover, State, Terms
from tests.api.conftest import Caller
from tests.api.walking import walked
from tests.make import card_codes as make_codes
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import grants as make
from tests.make import identity as make_identity
from tests.make import ledger as make_ledger

NORTH, SOUTH = ("K1", "K2", "K3"), "K9"


@pytest.fixture(scope="module")
async def seqs(our_bank, database, cluster):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    people = [{"customer_no": no, "unit_code": "N", "name": "柳青青", "phone": f"1381234000{no[1]}"} for no in NORTH]
    people.append({"customer_no": SOUTH, "unit_code": "S", "name": "高远", "phone": "13812340009"})
    await make_customers.import_rows(database, our_bank.tenant, people, {})
    async with database.begin(our_bank.tenant) as tx:
        return {no: int(seq) for no, seq in (await customers.find_by_no(tx, [*NORTH, SOUTH])).items()}


@pytest.fixture(scope="module")
async def south(our_bank, database, client) -> Caller:
    """Somebody at the desk of the southern branch."""
    async with database.begin(our_bank.tenant) as tx:
        person = await make_identity.person(tx, Role.SERVICE_DESK, unit_id=our_bank.units.south)
    answer = await client.post(
        "/v1/session", json=msgspec.to_builtins(person.sign_in(our_bank.code, database.clock.now()))
    )
    cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    client.cookies.clear()
    token = (await client.get("/v1/session", headers={"Cookie": cookie})).json()["csrf_token"]
    client.cookies.clear()
    return Caller(client, {"Cookie": cookie, "X-CSRF-Token": token})


@pytest.fixture
def desk(our_bank) -> Caller:
    return our_bank.staff["service_desk"]


async def held(database, bank, seq) -> UUID:
    """A voucher that the customer can use at a counter."""
    async with database.begin(bank.tenant) as tx:
        sku_id = await make_catalogue.voucher(tx)
        budget_id = await make_ledger.budget(tx, 100_000)
        terms = {grants.EVERY_UNIT: Terms(budget_id, await make.pool(tx, 10, sku_id=sku_id))}
        offer = make.offer(terms, sku_id, tx.now)
        await grants.publish_offer(tx, offer)
        claim = msgspec.structs.replace(make.claim(offer.id, seq), unit_id=bank.units.north)
        [answer] = await make.claim_all(tx, claim)
    return answer.grant_id


async def done(caller, path, body):
    [result] = (await caller.ask("POST", path, json=[{"request_no": uuid4().hex, **body}])).json()
    assert result["status"] == "done", result
    return result["id"]


async def opened(desk, seq, **more) -> str:
    return await done(desk, "/v1/cases", {"seq": seq, "kind": "not_received", "title": "短信没收到", **more})


async def decide(bank, database, change_id, verdict=approvals.Verdict.APPROVE) -> None:
    async with database.begin(bank.tenant, Actor(ActorKind.STAFF, bank.staff_ids["approver"])) as tx:
        change = await approvals.find_change(tx, UUID(change_id))
        await approvals.decide(tx, change.id, verdict, "已核对", change.diff_hash)


WHO = {
    ("GET", "/v1/cases"): {"service_desk", "approver", "buyer"},
    ("GET", "/v1/compensations"): {"service_desk", "approver", "buyer"},
    ("GET", "/v1/extensions"): {"service_desk", "approver", "buyer"},
    ("GET", "/v1/service-offers"): {"service_desk", "approver", "buyer"},
    ("GET", "/v1/desk-colleagues"): {"service_desk", "approver", "buyer"},
    ("POST", "/v1/cases"): {"service_desk"},
    ("POST", "/v1/care-acts"): {"service_desk"},
    ("POST", "/v1/compensations"): {"service_desk"},
    ("POST", "/v1/extensions"): {"service_desk"},
    ("POST", "/v1/code-readings"): {"service_desk"},
    ("POST", "/v1/service-offers"): {"buyer"},
}


@pytest.mark.parametrize(("method", "path"), list(WHO))
async def test_each_role_is_let_in_or_refused(our_bank, method, path):
    options = {"json": []} if method == "POST" else {}
    let_in = set()
    for role, caller in our_bank.staff.items():
        answer = await caller.ask(method, path, **options)
        assert answer.status_code in (200, 201, 403), (role, answer.text)
        if answer.status_code == 403:
            assert answer.json()["code"] == "permission.missing", role
        else:
            let_in.add(role)
    assert let_in == WHO[method, path]


async def test_nobody_but_the_desk_looks_anybody_up(our_bank, desk, seqs):
    wanted = {"text": "K1", "purpose": "call"}
    found = (await desk.ask("POST", "/v1/desk-finds", json=wanted)).json()
    assert (found["kind"], [row["name"] for row in found["customers"]]) == ("customer", ["柳**"])
    assert [row["phone"] for row in found["customers"]] == ["138****0001"]
    for role in ("operator", "teller", "approver", "auditor"):
        assert (await our_bank.staff[role].ask("POST", "/v1/desk-finds", json=wanted)).status_code == 403, role
    for path in (f"/v1/customers/{seqs['K1']}/benefits", f"/v1/grants/{uuid4()}/story"):
        assert (await our_bank.staff["operator"].ask("GET", path)).status_code == 403
    assert (await desk.ask("POST", "/v1/desk-finds", json={"text": "K1", "purpose": "fun"})).status_code == 422


async def test_a_case_goes_from_hand_to_hand(our_bank, desk, south, seqs, database):
    case_id = await opened(desk, seqs["K1"], body="客户来电")
    path = f"/v1/cases/{case_id}"
    row = (await desk.ask("GET", path)).json()["row"]
    assert (row["customer_no"], row["name"], row["state"], row["notes"], row["overdue"]) == (
        "K1",
        "柳**",
        "open",
        1,
        False,
    )
    assert row["assigned_to"] == row["opened_by"] == our_bank.staff_ids["service_desk"]
    async with database.begin(our_bank.tenant) as tx:
        case = await tx.fetch_row("SELECT opened_at, due_at FROM care.case_file WHERE id = $1", UUID(case_id))
        north = await make_identity.person(tx, Role.SERVICE_DESK, unit_id=our_bank.units.north)
        far = await make_identity.person(tx, Role.SERVICE_DESK, unit_id=our_bank.units.south)
    assert case["due_at"] - case["opened_at"] == timedelta(hours=48)
    colleagues = (await desk.ask("GET", f"/v1/desk-colleagues?case_id={case_id}")).json()["items"]
    assert str(north.id) in [one["id"] for one in colleagues]
    assert str(far.id) not in [one["id"] for one in colleagues]
    refused = await desk.ask("POST", f"{path}/assignee", json={"staff_id": str(far.id)})
    assert (refused.status_code, refused.json()["code"]) == (422, "care.assignee_unfit")
    given = (await desk.ask("POST", f"{path}/assignee", json={"staff_id": str(north.id)})).json()
    assert given["row"]["assigned_to"] == str(north.id)
    mine = (await desk.ask("GET", "/v1/cases?view=mine")).json()["items"]
    assert case_id not in [one["id"] for one in mine]
    theirs = (await desk.ask("GET", f"/v1/cases?assigned={north.id}")).json()["items"]
    assert [one["id"] for one in theirs] == [case_id]
    for method, below, body in (
        ("GET", "", None),
        ("POST", "/assignee", {"staff_id": str(north.id)}),
        ("POST", "/closing", {"outcome": "已解决"}),
        ("POST", "/reopening", {"reason": "又来电"}),
    ):
        answer = await south.ask(method, f"{path}{below}", **({"json": body} if body else {}))
        assert (answer.status_code, answer.json()["code"]) == (404, "care.case_unknown"), below
    shut = (await desk.ask("POST", f"{path}/closing", json={"outcome": "已重发链接"})).json()
    assert (shut["row"]["state"], shut["can"]) == ("closed", ["note", "reopen"])
    late = await desk.ask("POST", f"{path}/assignee", json={"staff_id": str(north.id)})
    assert late.json()["code"] == "care.case_closed"


CASE_COLUMNS = ("number", "title", "kind", "customer", "unit", "notes", "by", "assigned", "opened", "due", "changed")


@pytest.fixture(scope="module")
async def five(our_bank, seqs):
    """Five cases that share most of what they are sorted by."""
    desk = our_bank.staff["service_desk"]
    return [
        await opened(desk, seqs[NORTH[n % 3]], title="排序甲" if n % 2 else "排序乙", body="来电" if n == 3 else "")
        for n in range(5)
    ]


@pytest.mark.parametrize("column", CASE_COLUMNS)
async def test_cases_are_sorted_by_any_column_page_after_page(desk, five, column):
    down, up = (
        await walked(desk, "/v1/cases", sort=f"-{column}", q="排序"),
        await walked(desk, "/v1/cases", sort=column, q="排序"),
    )
    assert sorted(down) == sorted(up) == sorted(five)
    assert down == up[::-1]
    if column == "number":
        assert up == five
    if column == "notes":
        assert down[0] == five[3]


async def test_an_order_there_is_not_and_a_cursor_of_another_are_refused(desk, five):
    refused = await desk.ask("GET", "/v1/cases?sort=phone")
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/sort")
    page = (await desk.ask("GET", "/v1/cases?sort=number&limit=2")).json()
    other = await desk.ask("GET", "/v1/cases", params={"sort": "-due", "cursor": page["next_cursor"]})
    assert (other.status_code, other.json()["pointer"]) == (422, "/cursor")


async def test_a_compensation_is_listed_asked_back_and_gone_with_two_people_each_time(
    our_bank, desk, south, seqs, database
):
    async with database.begin(our_bank.tenant) as tx:
        sku_id = await make_catalogue.voucher(tx)
        budget_id = await make_ledger.budget(tx, 100_000)
        closes_on = (tx.now + timedelta(days=60)).date().isoformat()
    offer = {
        "name": "咖啡券一张",
        "sku_id": str(sku_id),
        "budget_id": str(budget_id),
        "budget_fen": 19_800,
        "stock": 10,
    }
    offer_id = await done(our_bank.staff["buyer"], "/v1/service-offers", {**offer, "closes_on": closes_on})
    [row] = [one for one in (await desk.ask("GET", "/v1/service-offers")).json()["items"] if one["id"] == offer_id]
    await decide(our_bank, database, row["change_id"])
    case_id = await opened(desk, seqs["K2"])
    asked = {"case_id": case_id, "service_offer_id": offer_id, "reason": "门店设备故障未能核销"}
    compensation_id = await done(desk, "/v1/compensations", asked)
    path = f"/v1/compensations/{compensation_id}"
    waiting = (await desk.ask("GET", path)).json()
    assert (waiting["state"], waiting["amount_fen"], waiting["benefit"], waiting["customer_no"], waiting["can"]) == (
        "submitted", 1_980, "咖啡券一张", "K2", ["withdraw"],
    )  # fmt: skip
    assert (await our_bank.staff["buyer"].ask("GET", path)).json()["can"] == []
    await decide(our_bank, database, waiting["change_id"])
    assert (await desk.ask("GET", path)).json()["can"] == ["take_back"]
    for below, body in (("/taking-back", {"reason": "发错了"}), ("/withdrawal", None)):
        answer = await south.ask("POST", f"{path}{below}", **({"json": body} if body else {}))
        assert (answer.status_code, answer.json()["code"]) == (404, "care.compensation_unknown")
    back = (await desk.ask("POST", f"{path}/taking-back", json={"reason": "客户不需要了"})).json()
    assert (back["state"], back["back_reason"], back["can"]) == ("returning", "客户不需要了", ["withdraw"])
    await decide(our_bank, database, back["change_id"])
    listed = (await desk.ask("GET", f"/v1/compensations?q={waiting['case_number']}")).json()
    assert [(one["id"], one["state"]) for one in listed["items"]] == [(compensation_id, "taken_back")]
    assert (listed["total"], listed["counts"]) == (1, {"taken_back": 1})
    for query, count in (
        ("status=taken_back", 1), ("status=granted", 0), ("kind=complaint", 0), ("q=咖啡券", 1), ("q=K2", 1),
        (f"by={our_bank.staff_ids['service_desk']}", 1), (f"by={our_bank.staff_ids['buyer']}", 0),
        ("until=2001-01-01", 0), ("since=2001-01-01", 1),
    ):  # fmt: skip
        assert len((await desk.ask("GET", f"/v1/compensations?{query}")).json()["items"]) == count, query
    assert (await south.ask("GET", "/v1/compensations")).json()["items"] == []
    for column in ("benefit", "amount", "case", "kind", "customer", "unit", "by", "created", "state"):
        assert (await walked(desk, "/v1/compensations", sort=f"-{column}")) == [compensation_id], column
    async with database.begin(our_bank.tenant) as tx:
        await make.assert_sound(tx)


async def test_a_later_end_is_listed_and_withdrawn_and_asked_for_again(our_bank, desk, south, seqs, database):
    grant_id = await held(database, our_bank, seqs["K3"])
    case_id = await opened(desk, seqs["K3"], grant_id=str(grant_id))
    wanted = {"case_id": case_id, "grant_id": str(grant_id), "days": 7, "reason": "门店停业装修"}
    first = await done(desk, "/v1/extensions", wanted)
    story = (await desk.ask("GET", f"/v1/grants/{grant_id}/story")).json()
    assert ("extend" in story["can"], story["cannot"]["extend"]["zh"]) == (False, "延期申请正在等待复核")
    assert (await south.ask("POST", f"/v1/extensions/{first}/withdrawal")).status_code == 404
    gone = (await desk.ask("POST", f"/v1/extensions/{first}/withdrawal")).json()
    assert (gone["state"], gone["can"]) == ("withdrawn", [])
    again = await desk.ask("POST", f"/v1/extensions/{first}/withdrawal")
    assert (again.status_code, again.json()["code"]) == (409, "care.nothing_to_withdraw")
    second = await done(desk, "/v1/extensions", wanted)
    row = (await desk.ask("GET", f"/v1/extensions/{second}")).json()
    await decide(our_bank, database, row["change_id"])
    page = (await desk.ask("GET", "/v1/extensions?sort=-until")).json()
    assert {one["id"]: one["state"] for one in page["items"]} == {first: "withdrawn", second: "done"}
    assert page["counts"] == {"done": 1, "withdrawn": 1}
    assert await walked(desk, "/v1/extensions", sort="created") == [first, second]
    assert (await south.ask("GET", "/v1/extensions")).json()["items"] == []


async def test_a_lost_code_is_read_out_once_by_whoever_asked_after_somebody_else_agreed(
    our_bank, desk, south, seqs, database
):
    text = f"CODE-{uuid4().hex}"
    sku_id = await make_codes.stocked(database, our_bank.tenant, [text])
    async with database.begin(our_bank.tenant) as tx:
        budget_id = await make_ledger.budget(tx, 10_000_000)
        terms = {grants.EVERY_UNIT: Terms(budget_id, await make.pool(tx, 1, sku_id=sku_id))}
        offer = make.offer(terms, sku_id, tx.now, handover=Handover.CARD_CODE)
        await grants.publish_offer(tx, offer)
        claim = msgspec.structs.replace(make.claim(offer.id, seqs["K1"]), unit_id=our_bank.units.north)
        [claimed] = await make.claim_all(tx, claim)
    case_id = await opened(desk, seqs["K1"], grant_id=str(claimed.grant_id))
    wanted = {"case_id": case_id, "grant_id": str(claimed.grant_id), "reason": "客户换了手机"}
    reading_id = await done(desk, "/v1/code-readings", wanted)
    path = f"/v1/code-readings/{reading_id}"
    early = await desk.ask("POST", f"{path}/reveals")
    assert (early.status_code, early.json()["code"]) == (409, "care.reading_closed")
    await decide(our_bank, database, (await desk.ask("GET", path)).json()["change_id"])
    assert (await desk.ask("GET", path)).json()["can"] == ["read"]
    assert text not in (await desk.ask("GET", path)).text
    assert (await south.ask("POST", f"{path}/reveals")).status_code == 404
    assert (await our_bank.staff["operator"].ask("POST", f"{path}/reveals")).status_code == 403
    shown = await desk.ask("POST", f"{path}/reveals")
    assert (shown.status_code, shown.json()["plaintext"]) == (200, text)
    assert (await desk.ask("POST", f"{path}/reveals")).json()["code"] == "care.reading_closed"
    assert (await desk.ask("GET", path)).json()["state"] == "read"
    async with database.begin(our_bank.tenant) as tx:
        assert (await grants.get_grant(tx, claimed.grant_id)).state is State.USED
        assert (await card_codes.see(tx, claimed.grant_id)).code == text, "the same code, and no second one"
        assert await tx.fetch_value("SELECT count(*) FROM grants.grant WHERE offer_id = $1", offer.id) == 1
        assert await tx.fetch_value("SELECT count(*) FROM privacy.reveal WHERE kind = 'card_code'") == 1
        await make.assert_sound(tx)
