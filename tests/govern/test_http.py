"""The routes of the govern modules: cookies, CSRF, permissions, unit scope, problems."""

from datetime import timedelta

import pytest

from huoke.govern import approvals, audit, identity, people, privacy, tenants
from huoke.govern.people import Role
from huoke.kernel.ids import new_id
from tests.make import identity as make
from tests.make import people as make_people
from tests.make.approvals import Notes


@pytest.fixture
async def units(database, bank):
    async with database.begin(bank) as tx:
        return await make_people.units(tx)


@pytest.fixture
def person(database, bank, clock, units):
    async def add(*roles, **changes):
        async with database.begin(bank) as tx:
            return await make.person(tx, *roles, **changes)

    return add


async def test_me_says_who_where_and_what_they_may(enter, person, units, bank, database):
    operator = await person(Role.BRANCH_OPERATOR, unit_id=units.north, name="林晓舟")
    client, me = await enter(operator)
    async with database.begin(bank) as tx:
        code = (await tenants.get(tx)).code
    assert (me["name"], me["login"], me["idle_seconds"]) == ("林晓舟", operator.login, 1800)
    assert (me["tenant"]["code"], me["tenant"]["brand"]["brand"]) == (code, "#12589B")
    assert me["unit"] == {"id": units.north, "name": "城北分行", "name_en": "North"}
    assert me["units"] == sorted([units.north, units.harbour])
    assert me["roles"] == [{"role": "branch_operator", "unit_id": units.north}]
    assert "campaign.write" in me["permissions"]
    assert "customer.import" not in me["permissions"]
    assert (await client.get("/v1/session")).json() == me


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(connect, person, bank, database, clock):
    somebody = await person(Role.TELLER)
    async with database.begin(bank) as tx:
        code = (await tenants.get(tx)).code
    told = somebody.sign_in(code, clock.now())
    answer = await connect().post(
        "/v1/session", json={"tenant": code, "login": told.login, "password": told.password, "code": told.code}
    )
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("huoke_test_staff=")
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure", "path=/"))
    assert answer.headers["cache-control"] == "no-store"


async def test_a_wrong_sign_in_is_a_problem_without_a_cookie(connect, person, bank):
    answer = await connect().post(
        "/v1/session", json={"tenant": "nowhere", "login": "nobody", "password": "wrong", "code": "1"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.sign_in_refused")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers


async def test_an_unsafe_request_without_the_sessions_token_is_refused(enter, person):
    client, _ = await enter(await person(Role.SYSTEM_ADMIN))
    for token in ("", "wrong", identity.csrf_of("1.another")):
        client.headers["X-CSRF-Token"] = token
        answer = await client.put(
            "/v1/settings", json=[{"key": "experiments.control_percent", "value": 11, "reason": "试一试"}]
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "session.csrf")
    assert (await client.get("/v1/settings")).json()["items"][0]["value"]


async def test_signing_out_ends_the_session(enter, person):
    client, _ = await enter(await person(Role.TELLER))
    assert (await client.delete("/v1/session")).status_code == 204
    assert (await client.get("/v1/session")).status_code == 401


async def test_a_setting_is_set_and_one_bad_item_fails_alone(enter, person):
    client, _ = await enter(await person(Role.SYSTEM_ADMIN))
    answer = await client.put(
        "/v1/settings",
        json=[
            {"key": "experiments.control_percent", "value": 99, "reason": "太多"},
            {"key": "session.idle_minutes", "value": 45, "reason": "柜面要求"},
            {"key": "no.such", "value": 1, "reason": "没有"},
        ],
    )
    assert [(item["status"], item["id"]) for item in answer.json()] == [
        ("failed", None),
        ("done", "session.idle_minutes"),
        ("failed", None),
    ]
    assert answer.json()[0]["error"]["code"] == "settings.unfit"
    values = {row["key"]: row["value"] for row in (await client.get("/v1/settings")).json()["items"]}
    assert (values["experiments.control_percent"], values["session.idle_minutes"]) == (10, 45)
    await client.put("/v1/settings", json=[{"key": "session.idle_minutes", "value": None, "reason": "恢复"}])


async def test_a_security_administrator_adds_enrols_changes_and_disables(enter, connect, person, units, bank, database):
    client, _ = await enter(await person(Role.SECURITY_ADMIN))
    new = {
        "login": "new.teller",
        "name": "新柜员",
        "post": "柜员",
        "unit_id": units.north,
        "roles": [{"role": "teller", "unit_id": units.north}],
    }
    added = (await client.post("/v1/staff", json=[new, new, {**new, "login": "BAD"}])).json()
    assert [item["status"] for item in added] == ["done", "failed", "failed"]
    assert added[1]["error"]["code"] == "people.login_taken"
    staff_id = added[0]["id"]

    offered = (await client.post(f"/v1/staff/{staff_id}/enrolments")).json()
    async with database.begin(bank) as tx:
        code = (await tenants.get(tx)).code
    enrolled = await connect().post(
        "/v1/enrolments",
        json={
            "tenant": code,
            "login": "new.teller",
            "enrolment_code": offered["code"],
            "password": make.PASSWORD,
        },
    )
    assert enrolled.json()["totp_uri"].startswith("otpauth://")
    assert 'xmlns="http://www.w3.org/2000/svg"' in enrolled.json()["totp_svg"], (
        "a picture of its own, not a part of a page"
    )
    teller, _ = await enter(make.Person(staff_id, "new.teller", enrolled.json()["totp_secret"]))

    changed = {**new, "id": staff_id, "post": "大堂"}
    del changed["login"]
    assert (await client.put("/v1/staff", json=[changed])).json()[0]["status"] == "done"
    shown = (await client.get(f"/v1/staff/{staff_id}")).json()
    assert (shown["post"], shown["can"]) == ("大堂", ["change", "disable", "enrol"])
    disabled = await client.post("/v1/staff/disablements", json=[{"id": staff_id, "reason": "离职"}])
    assert disabled.json()[0]["status"] == "done"
    assert (await teller.get("/v1/session")).status_code == 401
    listed = (await client.get("/v1/staff", params={"status": "disabled", "q": "new.teller"})).json()
    assert [item["login"] for item in listed["items"]] == ["new.teller"]


async def test_nobody_enrols_or_disables_themselves(enter, person):
    client, me = await enter(await person(Role.SECURITY_ADMIN))
    answer = await client.post(f"/v1/staff/{me['staff_id']}/enrolments")
    assert (answer.status_code, answer.json()["code"]) == (403, "people.own_roles")
    answer = await client.post("/v1/staff/disablements", json=[{"id": me["staff_id"], "reason": "自己"}])
    assert answer.json()[0]["error"]["code"] == "people.own_roles"


async def test_a_branchs_people_see_their_own_units_only(enter, person, units):
    client, _ = await enter(await person(Role.SECURITY_ADMIN, unit_id=units.north))
    far = await person(Role.TELLER, unit_id=units.south)
    near = await person(Role.TELLER, unit_id=units.harbour)
    logins = {item["login"] for item in (await client.get("/v1/staff", params={"limit": 200})).json()["items"]}
    assert near.login in logins
    assert far.login not in logins
    assert (await client.get(f"/v1/staff/{far.id}")).status_code == 403
    refused = await client.post("/v1/staff/disablements", json=[{"id": str(far.id), "reason": "越权"}])
    assert refused.json()[0]["error"]["code"] == "scope.unit"
    kinds = [unit["code"] for unit in (await client.get("/v1/units")).json()["items"]]
    assert kinds == ["N", "N1"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/audit"),
        ("GET", "/v1/staff"),
        ("GET", "/v1/settings"),
        ("GET", "/v1/approvals"),
        ("GET", "/v1/keys"),
        ("POST", "/v1/tickets"),
        ("POST", "/v1/customers/1/reveals"),
        ("POST", "/v1/audit/exports"),
    ],
)
async def test_without_the_permission_nothing_is_shown(enter, connect, person, method, path):
    client, _ = await enter(await person())
    answer = await client.request(method, path, json=[])
    assert (answer.status_code, answer.json()["code"]) == (403, "permission.missing")
    assert (await connect().request(method, path, json=[])).status_code == 401


async def test_a_key_lets_customers_in_and_does_nothing_else(enter, connect, person):
    async def resolve(tx, customer_no):
        return 7 if customer_no == "C7" else None

    identity.register_customer_resolver(resolve)
    client, _ = await enter(await person(Role.SECURITY_ADMIN))
    made = (await client.post("/v1/keys", json={"name": "手机银行", "permissions": ["ticket.issue"]})).json()
    backend = connect(Authorization=f"Bearer {made['key']}")
    issued = await backend.post("/v1/tickets", json={"customer_no": "C7", "entry_point": "poster"})
    assert issued.status_code == 201
    assert issued.json()["ticket"].partition(".")[2]
    unknown = await backend.post("/v1/tickets", json={"customer_no": "C8", "entry_point": "poster"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "identity.customer_unknown")
    assert (await backend.get("/v1/staff")).status_code == 403
    assert (await backend.get("/v1/session")).status_code == 403
    assert [key["name"] for key in (await client.get("/v1/keys")).json()["items"]] == ["手机银行"]
    assert (await client.delete(f"/v1/keys/{made['id']}")).status_code == 204
    assert (await backend.post("/v1/tickets", json={"customer_no": "C7", "entry_point": "x"})).status_code == 401


async def test_sessions_of_others_end_by_a_security_administrator_only(enter, person):
    teller, me = await enter(await person(Role.TELLER))
    other, _ = await enter(await person(Role.TELLER))
    admin, _ = await enter(await person(Role.SECURITY_ADMIN))
    (own,) = (await teller.get("/v1/sessions", params={"everyone": True})).json()["items"]
    assert (own["id"], own["current"], own["can"]) == (me["session_id"], True, ["end"])
    assert (await other.delete(f"/v1/sessions/{own['id']}")).status_code == 403
    everyone = (await admin.get("/v1/sessions", params={"everyone": True})).json()["items"]
    assert own["id"] in {session["id"] for session in everyone}
    assert (await admin.delete(f"/v1/sessions/{own['id']}")).status_code == 204
    assert (await teller.get("/v1/session")).status_code == 401
    assert (await admin.delete(f"/v1/sessions/{new_id()}")).status_code == 404


async def test_a_change_goes_from_submission_to_life_over_http(enter, person, units, database, bank):
    notes = Notes()
    approvals.register(notes)
    maker = await person(Role.OPERATOR, Role.APPROVER, name="林晓舟")
    checker = await person(Role.APPROVER, name="陈亦文")
    async with database.begin(bank, maker.actor) as tx:
        change_id = await approvals.submit(
            tx, notes.new_change("http", "水到渠成", units.head, office_no="OA-2026-33871")
        )
    making, _ = await enter(maker)
    checking, _ = await enter(checker)
    page = (await checking.get("/v1/approvals", params={"view": "to_decide"})).json()
    assert str(change_id) in {row["id"] for row in page["items"]}
    assert page["counts"]["to_decide"] >= 1
    shown = (await checking.get(f"/v1/approvals/{change_id}")).json()
    assert (shown["office_no"], shown["maker_name"], shown["can"]) == ("OA-2026-33871", "林晓舟", ["decide"])
    word = {"verdict": "approve", "diff_hash": shown["diff_hash"], "comment": "同意"}
    own = await making.post(f"/v1/approvals/{change_id}/decisions", json=word)
    assert (own.status_code, own.json()["code"]) == (403, "approvals.own_change")
    stale = await checking.post(f"/v1/approvals/{change_id}/decisions", json={**word, "diff_hash": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "approvals.stale")
    decided = await checking.post(f"/v1/approvals/{change_id}/decisions", json=word)
    assert (decided.status_code, decided.json()["state"]) == (201, "applied")
    assert notes.live["http"] == "水到渠成"
    again = await checking.post(f"/v1/approvals/{change_id}/decisions", json=word)
    assert (again.status_code, again.json()["code"]) == (409, "approvals.closed")
    assert (await making.delete(f"/v1/approvals/{change_id}")).json()["code"] == "approvals.closed"
    assert (await checking.get(f"/v1/approvals/{new_id()}")).status_code == 404


async def test_a_reveal_asks_for_a_fresh_second_factor(enter, person, clock):
    async def open_field(tx, seq, field):
        return privacy.Found("13800138000", 1)

    privacy.register_revealer("customer", open_field)
    operator = await person(Role.OPERATOR)
    client, _ = await enter(operator)
    asked = {"field": "phone", "reason": "客户来电"}
    shown = (await client.post("/v1/customers/7/reveals", json=asked)).json()
    assert shown["plaintext"] == "13800138000"
    for _ in range(3):
        clock.advance(timedelta(minutes=25))
        await client.get("/v1/session")
    late = await client.post("/v1/customers/7/reveals", json=asked)
    assert (late.status_code, late.json()["code"]) == (403, "privacy.proof_needed")
    wrong = await client.post("/v1/session/proofs", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "identity.proof_refused")
    assert (await client.post("/v1/session/proofs", json={"code": operator.code(clock.now())})).status_code == 204
    assert (await client.post("/v1/customers/7/reveals", json=asked)).status_code == 201


async def test_the_trail_names_the_request_and_pages(enter, person, database, bank):
    audit.register_names(people.staff.names)
    auditor, _ = await enter(await person(Role.AUDITOR, name="审计员"))
    page = (await auditor.get("/v1/audit", params={"action": "identity.sign_in", "limit": 1})).json()
    (row,) = page["items"]
    assert (row["actor_name"], len(row["request_id"])) == ("审计员", 32)
    following = await auditor.get("/v1/audit", params={"action": "identity.sign_in", "cursor": page["next_cursor"]})
    assert row["id"] not in {item["id"] for item in following.json()["items"]}
    asked = await auditor.post("/v1/audit/exports", json=[{"reason": "监管检查", "filter": {"action": "identity."}}])
    export_id = asked.json()[0]["id"]
    export = (await auditor.get(f"/v1/audit/exports/{export_id}")).json()
    assert (export["state"], export["filter"]) == ("queued", {"action": "identity."})
    bad = await auditor.get("/v1/audit", params={"cursor": "nonsense"})
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid")
    backwards = {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    assert (await auditor.get("/v1/audit", params=backwards)).status_code == 422


async def test_another_banks_objects_are_not_there(enter, person, database, other_bank, units):
    async with database.begin(other_bank) as tx:
        foreign = await make.person(tx, Role.SECURITY_ADMIN)
    admin, _ = await enter(await person(Role.SECURITY_ADMIN))
    stranger, me = await enter(foreign, tenant=other_bank)
    assert (await admin.get(f"/v1/staff/{foreign.id}")).status_code == 404
    assert (await admin.post(f"/v1/staff/{foreign.id}/enrolments")).status_code == 404
    assert (await admin.delete(f"/v1/sessions/{me['session_id']}")).status_code == 404
    assert (await stranger.get("/v1/session")).status_code == 200


async def test_somebody_chooses_another_password_and_other_sessions_end(enter, person, connect, clock, database, bank):
    owner = await person(Role.OPERATOR)
    first, me = await enter(owner)
    clock.advance(timedelta(seconds=31))
    second, _ = await enter(owner)
    clock.advance(timedelta(seconds=31))
    change = {"current": make.PASSWORD, "password": "another-harbour-77", "code": owner.code(clock.now())}

    assert (await first.put("/v1/session/password", json=change)).status_code == 204
    assert (await first.get("/v1/session")).status_code == 200
    assert (await second.get("/v1/session")).status_code == 401
    clock.advance(timedelta(seconds=31))
    tries = []
    for password in (make.PASSWORD, "another-harbour-77"):
        told = {"login": owner.login, "password": password, "code": owner.code(clock.now())}
        tries.append((await connect().post("/v1/session", json={"tenant": me["tenant"]["code"], **told})).status_code)
    assert tries == [401, 201]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"current": "not-the-password"}, "identity.proof_refused"),
        ({"code": "000000"}, "identity.proof_refused"),
        ({"password": "short"}, "identity.password_unfit"),
    ],
)
async def test_a_password_stays_when_a_proof_is_wrong(enter, person, connect, clock, changes, code):
    owner = await person(Role.OPERATOR)
    client, me = await enter(owner)
    clock.advance(timedelta(seconds=31))
    right = {"current": make.PASSWORD, "password": "another-harbour-77", "code": owner.code(clock.now())}
    refused = await client.put("/v1/session/password", json={**right, **changes})
    assert refused.json()["code"] == code
    clock.advance(timedelta(seconds=31))
    told = {"login": owner.login, "password": make.PASSWORD, "code": owner.code(clock.now())}
    answer = await connect().post("/v1/session", json={"tenant": me["tenant"]["code"], **told})
    assert answer.status_code == 201


async def test_a_setting_that_is_an_object_tells_its_shape(enter, person):
    client, _ = await enter(await person(Role.SYSTEM_ADMIN))
    rows = {row["key"]: row for row in (await client.get("/v1/settings")).json()["items"]}
    stages = rows["approvals.stages"]
    assert (stages["type"], stages["shape"]["$defs"]["Stage"]["properties"]["hours"]["type"]) == ("object", "integer")
    broken = {"key": "approvals.stages", "value": {"default": [], "kinds": {}}, "reason": "试一试"}
    assert (await client.put("/v1/settings", json=[broken])).json()[0]["error"]["code"] == "settings.unfit"
    rows = {row["key"]: row for row in (await client.get("/v1/settings")).json()["items"]}
    assert rows["approvals.stages"]["value"] == stages["value"]
