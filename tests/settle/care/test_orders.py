"""What the desk does about orders: asks now, cancels what was not sent, delivers again what definitely failed."""

import pytest

from huoke.govern.people import Role
from huoke.kernel.refusals import Refusal
from huoke.know import customers
from huoke.reward import grants
from huoke.settle import care, fulfilment
from huoke.settle.care import ActKind, CaseKind, NewAct, NewCase
from tests.make import customers as make_customers
from tests.make import people as make_people
from tests.make import supply as make
from tests.make.campaigns import _principal
from tests.settle.fulfilment.conftest import new_shop, people, server

__all__ = ["new_shop", "people", "server"]


@pytest.fixture(scope="module")
async def clerk(database, bank, people):
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        return await _principal(tx, Role.SERVICE_DESK, units.head)


@pytest.fixture(scope="module")
async def seq(database, bank, people) -> int:
    rows = [{"customer_no": f"O{n}", "unit_code": "HO", "name": "柳青青", "phone": make.PHONE} for n in range(3)]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        return int((await customers.find_by_no(tx, ["O2"]))["O2"])


async def act(shop, clerk, case_id, grant_id, kind):
    async with shop.begin(clerk) as tx:
        new = NewAct(case_id=case_id, grant_id=grant_id, kind=kind, reason="客户催促充值到账")
        act_id = await care.act(tx, clerk, new)
        return next(one for one in await care.acts(tx, case_id=case_id) if one.id == act_id)


async def opened(shop, clerk, seq, grant_id):
    async with shop.begin(clerk) as tx:
        new = NewCase(seq=seq, kind=CaseKind.ORDER_FAILED, title="充值没到账", grant_id=grant_id)
        return await care.open_case(tx, clerk, new)


async def test_what_definitely_failed_is_delivered_again_once_and_the_books_stay_equal(new_shop, clerk, seq):
    shop = await new_shop(reject=1.0)
    [grant_id] = await make.claim(shop, seq)
    await shop.carry()
    assert await make.grant_states(shop) == {"failed": 1}
    case_id = await opened(shop, clerk, seq, grant_id)
    shop.fake.manners.reject = 0.0
    first = await act(shop, clerk, case_id, grant_id, ActKind.DELIVER_AGAIN)
    again = await act(shop, clerk, case_id, grant_id, ActKind.DELIVER_AGAIN)
    assert (first.ref_id, first.by) == (again.ref_id, clerk.name)
    assert await make.grant_states(shop) == {"failed": 1, "fulfilling": 1}
    async with shop.begin() as tx:
        issued = fulfilment.Issued(
            sku_id=shop.world.offer.sku_id,
            kind="topup",
            supplier_id=shop.supplier_id,
            cost_fen=shop.world.offer.cost_fen,
            grant_ids=[first.ref_id],
            seqs=[seq],
        )
        assert await fulfilment.create(tx, issued) == 1
        assert (await grants.deliveries(tx, [first.ref_id]))[first.ref_id].phone == make.PHONE
    await shop.carry()
    assert await make.grant_states(shop) == {"failed": 1, "used": 1}
    await make.assert_equal_books(shop)


async def test_an_unknown_order_is_asked_after_and_never_delivered_again(new_shop, clerk, seq, clock):
    shop = await new_shop(drop=1.0)
    [grant_id] = await make.claim(shop, seq)
    await shop.carry()
    case_id = await opened(shop, clerk, seq, grant_id)
    for kind, refusal in ((ActKind.DELIVER_AGAIN, care.OrderNotFailed), (ActKind.CANCEL_ORDER, care.OrderSent)):
        with pytest.raises(refusal):
            await act(shop, clerk, case_id, grant_id, kind)
    assert await make.grant_states(shop) == {"fulfilling": 1}
    shop.fake.manners.drop = 0.0
    await act(shop, clerk, case_id, grant_id, ActKind.QUERY_ORDER)
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    async with shop.begin(clerk) as tx:
        assert [one.kind for one in await care.acts(tx, grant_id=grant_id)] == [ActKind.QUERY_ORDER]


async def test_an_order_that_was_not_sent_is_cancelled_and_everything_goes_back(new_shop, clerk, seq):
    shop = await new_shop()
    [grant_id] = await make.claim(shop, seq)
    case_id = await opened(shop, clerk, seq, grant_id)
    await act(shop, clerk, case_id, grant_id, ActKind.CANCEL_ORDER)
    await shop.carry()
    assert (await shop.states(), await make.grant_states(shop)) == ({"refunded": 1}, {"failed": 1})
    assert shop.fake.books == {}
    await make.assert_equal_books(shop)


async def test_a_refusal_leaves_no_act_behind(new_shop, clerk, seq):
    shop = await new_shop()
    [grant_id] = await make.claim(shop, seq)
    case_id = await opened(shop, clerk, seq, grant_id)
    for kind in (ActKind.LINK, ActKind.MESSAGE, ActKind.DELIVER_AGAIN):
        with pytest.raises(Refusal):
            await act(shop, clerk, case_id, grant_id, kind)
    async with shop.begin(clerk) as tx:
        assert await care.acts(tx, case_id=case_id) == []
