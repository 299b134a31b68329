"""Callbacks: signed, fresh and once; late, repeated and reordered ones change nothing."""

from datetime import timedelta

import msgspec
import pytest

from huoke.kernel.tx import Database
from huoke.settle import fulfilment
from huoke.settle.fulfilment import Call, CallbackRefused, CallbackUnfit, sign_call
from tests.make import supply as make


@pytest.fixture
async def code(database: Database, bank):
    async with database.begin_shared() as tx:
        return await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)


@pytest.fixture
async def waiting(new_shop):
    """A shop whose one order is accepted and not ended."""
    shop = await new_shop(later=1.0, seconds=3_600)
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"accepted": 1}
    return shop


def signed(shop, code, body, *, key=make.KEY, key_id="bank", now=None, target=None):
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    path = f"/v1/supplier-callbacks/{code}/{shop.fake.code}"
    headers = sign_call(key, key_id, "POST", target or path, content, now or shop.database.clock.machine())
    return Call(target=path, headers=headers, body=content)


def told(shop, status, **more):
    [order] = shop.fake.books.values()
    return {**order.wire(status), **more}


async def take(shop, code, call):
    return await fulfilment.take_callback(shop.database, code, shop.fake.code, call)


async def test_a_callback_ends_an_order(waiting, code):
    taken = await take(waiting, code, signed(waiting, code, told(waiting, "success")))
    assert (taken.state, taken.repeated) == ("success", False)
    waiting.server.end_all()
    await make.assert_equal_books(waiting)


async def test_a_later_processing_never_undoes_success(waiting, code):
    await take(waiting, code, signed(waiting, code, told(waiting, "success")))
    late = await take(waiting, code, signed(waiting, code, told(waiting, "processing")))
    assert late.state == "success"
    waiting.server.end_all()
    await make.assert_equal_books(waiting)


async def test_a_repeated_callback_changes_nothing(waiting, code):
    call = signed(waiting, code, told(waiting, "success"))
    await take(waiting, code, call)
    before = await waiting.money()
    again = await take(waiting, code, call)
    fresh = await take(waiting, code, signed(waiting, code, told(waiting, "success")))
    assert (again.repeated, again.state, fresh.repeated, fresh.state) == (True, "success", False, "success")
    assert await waiting.money() == before


async def test_the_opposite_of_an_end_is_told_to_the_log_and_moves_nothing(waiting, code):
    await take(waiting, code, signed(waiting, code, told(waiting, "success")))
    before = await waiting.money()
    await take(waiting, code, signed(waiting, code, told(waiting, "failed")))
    assert await waiting.states() == {"success": 1}
    assert await waiting.money() == before
    async with waiting.begin() as tx:
        found = await tx.fetch_value(
            "SELECT count(*) FROM kernel.event WHERE name = 'fulfilment.order_contradicted' AND seq = 1"
        )
    assert found == 1


async def test_a_callback_may_come_before_the_answer_of_its_call(new_shop, code, clock):
    shop = await new_shop(drop=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    await take(shop, code, signed(shop, code, told(shop, "success")))
    assert await shop.states() == {"success": 1}
    await make.assert_equal_books(shop)


@pytest.mark.parametrize(
    "forged",
    [
        {"key": bytes(32)},
        {"key_id": "other"},
        {"target": "/v1/supplier-callbacks/another/S1"},
    ],
)
async def test_what_is_not_signed_for_this_address_is_refused(waiting, code, forged):
    with pytest.raises(CallbackRefused):
        await take(waiting, code, signed(waiting, code, told(waiting, "success"), **forged))
    assert await waiting.states() == {"accepted": 1}


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_signature_out_of_the_window_is_refused(waiting, code, clock, minutes):
    now = clock.machine() + timedelta(minutes=minutes)
    with pytest.raises(CallbackRefused):
        await take(waiting, code, signed(waiting, code, told(waiting, "success"), now=now))


async def test_a_changed_body_is_refused(waiting, code):
    call = signed(waiting, code, told(waiting, "processing"))
    with pytest.raises(CallbackRefused):
        await take(waiting, code, msgspec.structs.replace(call, body=call.body.replace(b"processing", b"success")))


async def test_an_unknown_bank_supplier_and_order_are_refused_alike(waiting, code):
    good = told(waiting, "success")
    words = set()
    for bank_code, supplier_code, body in (
        ("nobody", waiting.fake.code, good),
        (code, "NOBODY", good),
        (code, waiting.fake.code, {**good, "order_no": "0" * 26}),
    ):
        with pytest.raises(CallbackRefused) as refused:
            await fulfilment.take_callback(waiting.database, bank_code, supplier_code, signed(waiting, code, body))
        words.add(refused.value.detail)
    assert len(words) == 1


async def test_a_signed_body_that_is_no_order_is_unfit(waiting, code):
    for body in (b"{", b"[]", {"order_no": "X", "status": "done"}):
        with pytest.raises(CallbackUnfit):
            await take(waiting, code, signed(waiting, code, body))


async def test_the_exchange_is_kept_without_anything_readable(waiting):
    [row] = await waiting.orders()
    async with waiting.begin() as tx:
        order = await fulfilment.get_order(tx, waiting.buyer, row.id)
    assert order.recipient == "138****8000"
    [exchange] = order.exchanges
    assert '"account":"138****8000"' in exchange.request
    async with waiting.begin() as tx:
        kept = await tx.fetch("SELECT * FROM fulfilment.exchange")
        orders = await tx.fetch("SELECT * FROM fulfilment.supplier_order")
    assert make.PHONE not in str([*map(dict, kept), *map(dict, orders)])


async def test_words_about_goods_on_their_way_are_kept_in_their_order_whenever_they_come(waiting, code, clock):
    at = waiting.database.clock.machine()
    words = [
        {"state": "sent", "at": (at + timedelta(hours=1)).isoformat(), "carrier": "示范速运", "tracking_no": "SY1"},
        {"state": "packed", "at": at.isoformat()},
        {"state": "problem", "at": (at + timedelta(hours=5)).isoformat(), "note": "地址无人签收"},
    ]
    for word in [*words, words[0]]:
        taken = await take(waiting, code, signed(waiting, code, told(waiting, "success", parcel=word)))
        assert taken.state == "success"
    async with waiting.database.begin(waiting.tenant) as tx:
        grant_id = await tx.fetch_value(
            "SELECT grant_id FROM fulfilment.supplier_order ORDER BY created_at DESC LIMIT 1"
        )
        [parcels] = (await fulfilment.parcels_of(tx, [grant_id])).values()
    assert [(one.state.value, one.tracking_no, one.note) for one in parcels] == [
        ("packed", "", ""), ("sent", "SY1", ""), ("problem", "", "地址无人签收"),
    ]  # fmt: skip
    with pytest.raises(CallbackUnfit):
        await take(
            waiting,
            code,
            signed(waiting, code, told(waiting, "success", parcel={"state": "lost", "at": at.isoformat()})),
        )
    waiting.server.end_all()
    await make.assert_equal_books(waiting)
