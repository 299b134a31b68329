"""Points, tiers and exchange over HTTP: who may ask, what is refused, and partners who sign."""

import base64
import json

import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.signing import NONCE_HEADER, is_signed_answer, sign_call
from huoke.reward import exchange
from huoke.reward.exchange import NewPartner
from tests.make import exchange as make
from tests.make import points as make_points

KEY = b"p" * 32
TYPE = {"code": "APIPTS", "name": "积分", "name_en": "Points", "unit_cost_fen": 100, "expiry": {"kind": "none"}}


@pytest.fixture(scope="module")
async def sky(our_bank, database):
    """A partner that is known to our bank."""
    async with database.begin(our_bank.tenant) as tx:
        new = NewPartner(
            code="sky", name="云航", name_en="Sky", unit="MILES", unit_name="里程", unit_name_en="Miles",
            address="http://127.0.0.1:9", key_id="k1", key=base64.b64encode(KEY).decode(),
        )  # fmt: skip
        await make.connect(tx, new)
    return f"/v1/partner-exchanges/{our_bank.code}/sky"


async def call(client, clock, method, path, body=b"", key=KEY):
    headers = sign_call(key, "k1", method, path, body, clock.machine())
    answer = await client.request(method, path, content=body, headers={**headers, "Content-Type": "application/json"})
    return answer, headers[NONCE_HEADER]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/points/types/requests", {"type": TYPE, "reason": "年度方案"}),
        ("/v1/exchange/fundings", {"currency": "MISSING", "points": 5, "reason": "备付"}),
        ("/v1/exchange/partners/requests", {"partner": {"code": "x"}, "reason": "接入"}),
        ("/v1/exchange/releases", {"release": {"trade_id": str(new_id()), "word": "工单 7"}, "reason": "逾期未答"}),
        ("/v1/points/adjustments", {"items": [], "reason": "更正"}),
    ],
)
async def test_only_who_may_write_points_asks_and_only_for_the_whole_bank(our_bank, path, body):
    refused = await our_bank.staff["auditor"].ask("POST", path, json=[body])
    assert refused.status_code == 403
    asked = await our_bank.staff["operator"].ask("POST", path, json=[body])
    assert asked.status_code in {201, 422}, "let in; the body is judged then"


async def test_a_type_is_asked_for_once_and_waits(our_bank):
    operator = our_bank.staff["operator"]
    body = [{"type": {**TYPE, "code": "APIONE"}, "reason": "年度方案"}]
    [first] = (await operator.ask("POST", "/v1/points/types/requests", json=body)).json()
    [second] = (await operator.ask("POST", "/v1/points/types/requests", json=body)).json()
    assert (first["status"], second["error"]["code"]) == ("done", "points.type_open")
    listed = (await operator.ask("GET", "/v1/points/types")).json()
    assert "APIONE" not in {one["code"] for one in listed["items"]}
    assert [one["state"] for one in listed["requests"] if one["wanted"]["code"] == "APIONE"] == ["requested"]


async def test_a_rate_card_names_the_field_that_is_wrong(our_bank, database):
    async with database.begin(our_bank.tenant) as tx:
        await make_points.kind(tx, "POINTS")
        await make_points.kind(tx, "GOLD")
    card = {
        "name": "换", "name_en": "X", "source": "POINTS", "target": "GOLD", "takes": 0, "gives": 1,
        "from_on": "2026-01-01",
    }  # fmt: skip
    operator = our_bank.staff["operator"]
    body = [{"card": card, "reason": "方案"}]
    [refused] = (await operator.ask("POST", "/v1/exchange/cards/requests", json=body)).json()
    assert (refused["error"]["code"], refused["error"]["pointer"]) == ("exchange.card_unfit", "/card/takes")
    listed = (await operator.ask("GET", "/v1/exchange/cards")).json()
    assert (listed["requests"], listed["can"]) == ([], ["write"])


async def test_a_scheme_is_previewed_and_asked_for_by_who_may_decide(our_bank):
    tier = {"key": "basic", "name": "基础", "name_en": "Basic", "threshold": 0}
    top = {"key": "gold", "name": "金卡", "name_en": "Gold", "threshold": 100}
    operator = our_bank.staff["operator"]
    seen = await operator.ask("POST", "/v1/tiers/previews", json={"tiers": [tier, top]})
    assert [one["tier"] for one in seen.json()["tiers"]] == ["basic", "gold"]
    refused = await our_bank.staff["auditor"].ask(
        "POST", "/v1/tiers/schemes", json=[{"scheme": {"tiers": [tier]}, "reason": "x"}]
    )
    assert refused.status_code == 403


async def test_a_partner_is_answered_signed_and_nobody_else_is(our_bank, client, database, sky):
    clock = database.clock
    body = json.dumps({"exchange_no": new_id().hex, "member_no": "M123", "units": 10}).encode()
    answer, nonce = await call(client, clock, "POST", sky, body)
    assert (answer.status_code, answer.json()["reason_code"]) == (200, "card_closed")
    assert is_signed_answer(KEY, 200, nonce, answer.headers, answer.content, clock.machine())
    for path, key in (
        (sky, b"x" * 32),
        (sky.replace("/sky", "/other"), KEY),
        (sky.replace(our_bank.code, "none"), KEY),
    ):
        answer, _ = await call(client, clock, "POST", path, body, key)
        assert (answer.status_code, answer.json()["code"]) == (401, "exchange.call_refused")
    unsigned = await client.post(sky, content=body)
    assert unsigned.status_code == 401


async def test_a_partners_exchange_is_given_asked_after_and_taken_back(our_bank, client, database, sky):
    async with database.begin(our_bank.tenant) as tx:
        await make_points.kind(tx, "GOLD")
        back = {"direction": "in", "source": "MILES", "target": "GOLD", "partner": "sky", "fee_rate": 0}
        await make.open_card(tx, takes=1, gives=2, bearer="partner", **back)
        await make.set_aside(tx, 1_000, "GOLD", "sky")
        await exchange.link_member(tx, 4_000_000, "sky", "MEMBER77")
    clock, number = database.clock, new_id().hex
    body = json.dumps({"exchange_no": number, "member_no": "member 77", "units": 300}).encode()
    given, _ = await call(client, clock, "POST", sky, body)
    again, _ = await call(client, clock, "POST", sky, body)
    assert (
        given.json() == again.json() == {"exchange_no": number, "status": "success", "points": 600, "reason_code": ""}
    )
    found, _ = await call(client, clock, "GET", f"{sky}/{number}")
    absent, _ = await call(client, clock, "GET", f"{sky}/nothing")
    assert (found.json()["points"], absent.status_code) == (600, 404)
    for _ in range(2):
        back, _ = await call(client, clock, "POST", f"{sky}/{number}/reversal", b"{}")
        assert back.json()["status"] == "reversed"
    async with database.begin(our_bank.tenant) as tx:
        assert await make.liquidity(tx, "GOLD", "sky") == 1_000
