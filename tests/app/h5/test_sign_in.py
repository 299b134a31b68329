"""Signing in by a code: two factors, five tries, limits, and the same answer for a number nobody has."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from huoke.app.demo.sms_gateway import Gateway, Manners, SmsServer
from huoke.govern import tenants
from huoke.reach import channels, sign_in
from huoke.reach.channels import store
from tests.make import customers as make_customers

pytestmark = pytest.mark.usefixtures("clock")

KEY = bytes(range(32))
PHONE, SHARED, UNKNOWN = "13912345678", "13912340000", "13987654321"
FAMILY = [
    {"customer_no": "H5-A", "unit_code": "N", "name": "欧阳静", "phone": PHONE, "id_document": "330203199001015428"},
    {"customer_no": "H5-B", "unit_code": "N", "name": "齐远", "phone": SHARED, "id_document": "33020319880715123X"},
    {"customer_no": "H5-C", "unit_code": "S", "name": "齐安", "phone": SHARED, "id_document": "330203201507159911"},
]


@pytest.fixture(scope="module")
async def family(walk) -> None:
    await make_customers.import_rows(walk.world.database, walk.world.tenant, FAMILY, {})


@pytest.fixture
async def gateway(walk, family) -> AsyncIterator[Gateway]:
    """The bank's gateway: what phones receive is in its books."""
    world = walk.world
    played = Gateway("b", "huoke", KEY, "http://127.0.0.1:9", world.database.clock.machine, Manners(mute=1.0))
    with SmsServer([played]) as server:
        async with world.begin() as tx:
            new = channels.NewGateway(
                address=server.address("b"), sender="滨海银行", key=base64.b64encode(KEY).decode(), timeout_seconds=2
            )
            await channels.set_gateway(tx, new)
            await tx.execute("DELETE FROM sign_in.challenge")
        yield played
        async with world.begin() as tx:
            await tx.execute("UPDATE channels.gateway SET enabled = false")


async def code_of(gateway: Gateway, count: int = 1) -> str:
    """The digits of the last of `count` messages, once it has come."""
    for _ in range(500):
        if len(gateway.books) >= count:
            return re.search(r"\b\d{6}\b", list(gateway.books.values())[-1].text)[0]
        await asyncio.sleep(0.01)
    raise AssertionError(f"{len(gateway.books)} messages")


async def ask(phone, number: str, onward: str = "benefits"):
    return await phone.post("sign-in", data={"phone": number, "next": onward})


async def answer(phone, code: str, factor: str, onward: str = "benefits"):
    return await phone.post("sign-in/code", data={"code": code, "factor": factor, "next": onward})


async def started(walk) -> int:
    async with walk.world.begin() as tx:
        return await tx.fetch_value("SELECT count(*) FROM identity.customer_session")


@pytest.mark.parametrize("factor", ["5428", "H5-A", " ５４２８ "])
async def test_code_and_factor_let_a_customer_in_where_they_were(walk, gateway, factor):
    phone = await walk.phone()
    refused = await phone.get("benefits")
    assert refused.status_code == 401
    door = re.search(r'href="/h5/[^/]+/(sign-in\?next=benefits)"', refused.text)[1]
    assert 'autocomplete="tel-national"' in (await phone.get(door)).text
    sent = await ask(phone, PHONE)
    assert sent.headers["Location"] == f"{phone.home}/sign-in/code?next=benefits"
    assert "HttpOnly" in sent.headers["Set-Cookie"]
    assert "SameSite=lax" in sent.headers["Set-Cookie"]
    assert 'autocomplete="one-time-code"' in (await phone.get("sign-in/code")).text
    done = await answer(phone, await code_of(gateway), factor)
    assert done.headers["Location"] == f"{phone.home}/benefits"
    assert (await phone.get("benefits")).status_code == 200
    [message] = gateway.books.values()
    assert message.phone == PHONE
    assert message.text.startswith("【滨海银行】")
    assert "拒收" not in message.text


async def test_a_code_lets_in_once(walk, gateway):
    phone, other = await walk.phone(), await walk.phone()
    await ask(phone, PHONE)
    other.client.cookies.update(phone.client.cookies)
    code = await code_of(gateway)
    assert (await answer(phone, code, "5428")).status_code == 303
    before = await started(walk)
    assert (await answer(other, code, "5428")).status_code == 409
    assert await started(walk) == before


async def test_the_factor_says_who_of_a_family_it_is(walk, gateway):
    phone = await walk.phone()
    await ask(phone, SHARED)
    await answer(phone, await code_of(gateway), "9911")
    async with walk.world.begin() as tx:
        seq = await tx.fetch_value(
            "SELECT seq FROM identity.customer_session ORDER BY started_at DESC, id DESC LIMIT 1"
        )
        assert await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", seq) == "H5-C"


async def test_five_wrong_tries_end_a_code(walk, gateway):
    phone = await walk.phone()
    await ask(phone, PHONE)
    code = await code_of(gateway)
    before = await started(walk)
    wrong = [
        (code, "0000"),
        ("000000" if code != "000000" else "111111", "5428"),
        (code, ""),
        (code, "330203199001015428"),
    ]
    for left, (digits, factor) in zip((4, 3, 2, 1), wrong, strict=True):
        told = await answer(phone, digits, factor)
        assert told.status_code == 401
        assert f"还可以试 {left} 次" in told.text
    assert (await answer(phone, code, "1111")).status_code == 409
    over = await answer(phone, code, "5428")
    assert over.status_code == 409
    assert "验证码已失效" in over.text
    assert await started(walk) == before


async def test_a_number_nobody_has_is_answered_alike(walk, gateway):
    known, unknown = await walk.phone(), await walk.phone()
    answers = [await ask(known, PHONE), await ask(unknown, UNKNOWN)]
    code = await code_of(gateway)
    assert len({(one.status_code, one.headers["Location"]) for one in answers}) == 1
    pages = [re.sub(r'nonce="[^"]+"', "", (await one.get("sign-in/code")).text) for one in (known, unknown)]
    assert pages[0] == pages[1]
    wrong = [await answer(one, "000000" if code != "000000" else "111111", "5428") for one in (known, unknown)]
    assert {(one.status_code, "还可以试 4 次" in one.text) for one in wrong} == {(401, True)}
    async with walk.world.begin() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM sign_in.challenge") == 2
    assert [message.phone for message in gateway.books.values()] == [PHONE]


async def test_a_code_runs_out_after_five_minutes(walk, gateway, clock):
    phone = await walk.phone()
    await ask(phone, PHONE)
    code = await code_of(gateway)
    clock.advance(timedelta(minutes=5))
    assert (await answer(phone, code, "5428")).status_code == 409


async def test_a_new_code_ends_the_one_before(walk, gateway, clock):
    early, late = await walk.phone(), await walk.phone()
    await ask(early, PHONE)
    first = await code_of(gateway)
    clock.advance(timedelta(seconds=61))
    await ask(late, PHONE)
    second = await code_of(gateway, 2)
    assert (await answer(early, first, "5428")).status_code == 409
    assert (await answer(late, second, "5428")).status_code == 303


async def test_a_number_waits_a_minute_and_has_five_codes_a_day(walk, gateway, clock):
    phone = await walk.phone()
    for number in (UNKNOWN, PHONE):
        assert (await ask(phone, number)).status_code == 303
        soon = await ask(phone, number)
        assert soon.status_code == 429
        assert "验证码已在路上" in soon.text
        assert int(soon.headers["Retry-After"]) <= 60
        for _ in range(4):
            clock.advance(timedelta(seconds=61))
            assert (await ask(phone, number)).status_code == 303
        clock.advance(timedelta(seconds=61))
        enough = await ask(phone, number)
        assert enough.status_code == 429
        assert "今天的验证码已发够" in enough.text
    assert len(gateway.books) <= 5
    clock.advance(timedelta(days=1))
    assert (await ask(phone, PHONE)).status_code == 303


@pytest.mark.parametrize("setting", ["codes_per_address_an_hour", "codes_a_day"])
async def test_an_address_and_a_day_have_enough_too(walk, gateway, setting):
    world, key = walk.world, f"customer_sign_in.{setting}"
    async with world.begin() as tx:
        await tenants.set_setting(tx, key, 2, reason="试一试")
    phone = await walk.phone()
    try:
        answers = [await ask(phone, f"1390000000{n}") for n in range(3)]
        assert [one.status_code for one in answers] == [303, 303, 429]
    finally:
        async with world.begin() as tx:
            await tenants.set_setting(tx, key, 1_000, reason="恢复")


async def test_two_browsers_that_ask_at_once_get_one_code(walk, gateway):
    phones = [await walk.phone() for _ in range(4)]
    answers = await asyncio.gather(*(ask(phone, PHONE) for phone in phones))
    assert sorted(one.status_code for one in answers) == [303, 429, 429, 429]


async def test_nothing_readable_of_a_code_is_kept(walk, gateway):
    phone = await walk.phone()
    await ask(phone, PHONE)
    code = await code_of(gateway)
    async with walk.world.begin() as tx:
        [row] = await tx.fetch("SELECT * FROM sign_in.challenge")
        seqs = row["seqs"]
        kept = repr(dict(row))
        assert code not in kept
        assert PHONE not in kept
        port = sign_in.PersonalSignIn()
        assert [one.what for one in await port.prove(tx, seqs)] == ["1 rows"]
        await port.erase(tx, seqs)
        assert await port.prove(tx, seqs) == []
    asked = sign_in.Asked(token="t", phone=PHONE, code=code, expires_at=walk.world.database.clock.now())
    assert repr(asked) == "Asked(…)"


async def test_no_link_leads_out_of_the_bank(walk, gateway):
    phone = await walk.phone()
    for onward in ("https://evil.test", "//evil.test", "../../x", "c/ab/claim", "benefits?x=1"):
        page = await phone.get("sign-in", params={"next": onward})
        assert 'name="next" value="benefits"' in page.text
        assert "evil" not in page.text
    await ask(phone, PHONE, "//evil.test")
    done = await answer(phone, await code_of(gateway), "5428", "//evil.test")
    assert done.headers["Location"] == f"{phone.home}/benefits"


async def test_what_is_no_number_is_told_at_its_field(walk, gateway):
    phone = await walk.phone()
    told = await ask(phone, "12345", "benefits")
    assert told.status_code == 422
    assert "请填写 11 位手机号" in told.text
    assert 'aria-invalid="true"' in told.text


async def test_a_bank_without_gateway_lets_in_through_its_app_only(walk, family):
    phone = await walk.phone()
    page = await phone.get("sign-in")
    assert page.status_code == 404
    assert "请从" in page.text
    assert "sign-in" not in (await phone.get("benefits")).text
    assert (await ask(phone, PHONE)).status_code == 404


async def test_a_gateway_that_is_silent_changes_no_answer(walk, gateway):
    gateway.manners.drop = 1.0
    phone = await walk.phone()
    assert (await ask(phone, PHONE)).status_code == 303
    done = await answer(phone, await code_of(gateway), "5428")
    assert done.status_code == 303
    assert len(gateway.books) == 1


async def test_signing_out_ends_the_session(walk):
    phone = await walk.phone(walk.world.seqs[0])
    assert (await phone.get("benefits")).status_code == 200
    await phone.post("sign-out")
    assert (await phone.get("benefits")).status_code == 401


async def test_a_code_is_a_message_that_is_listed_and_paid_for_and_counts_against_no_cap(walk, gateway):
    world = walk.world
    async with world.begin() as tx:
        await tx.execute("UPDATE channels.gateway SET price_fen_per_thousand = 45000")
    await ask(await walk.phone(), UNKNOWN)
    for count in (1, 2):
        await ask(await walk.phone(), PHONE)
        await code_of(gateway, count)
        async with world.begin() as tx:
            await tx.execute("UPDATE sign_in.challenge SET made_at = made_at - interval '2 minutes'")
    sent = await handed_over(walk, gateway)
    assert [(row["state"], row["segments"], row["source_kind"]) for row in sent] == [("sent", 1, "sign_in")] * 2
    assert len({row["seq"] for row in sent}) == 1
    async with world.begin() as tx:
        assert await store.recent(tx, [sent[0]["seq"]], tx.now - timedelta(days=1)) == {}
        told = await channels.totals(tx, world.operator, source_id=sign_in.MESSAGES.source_id)
        whole = await channels.totals(tx, world.operator)
    assert told.segments >= len(sent)
    assert told.kinds == {"sign_in": 45 * told.segments}
    assert whole.kinds["sign_in"] == told.cost_fen == 45 * told.segments


async def handed_over(walk, gateway):
    """The messages of the codes in the gateway's books, once each has its answer."""
    for _ in range(500):
        async with walk.world.begin() as tx:
            rows = await tx.fetch(
                "SELECT m.id, m.seq, m.state, m.segments, p.source_kind FROM channels.message AS m"
                " JOIN channels.plan AS p USING (source_id) WHERE m.id = ANY($1::uuid[])",
                list(gateway.books),
            )
        if len(rows) == len(gateway.books) and all(row["state"] != "sending" for row in rows):
            return rows
        await asyncio.sleep(0.01)
    raise AssertionError(f"{[dict(row) for row in rows]}")
