"""Merchants' statements: what stores sold less what went back, equal to the ledger; agreed on, confirmed, paid."""

import contextlib
import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.app.demo.cashier_server import CashierServer
from huoke.govern import tenants
from huoke.govern.people import Role
from huoke.govern.people.model import PERMISSIONS
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId, UnitId, new_id
from huoke.kernel.log import LoggedEvent
from huoke.kernel.principal import Principal
from huoke.know import entry_points
from huoke.know.entry_points import Picture
from huoke.reward import grants, ledger, merchants, reductions, tills
from huoke.reward.merchants import NewMerchant, NewRule, NewStore, Scope
from huoke.reward.tills import SaleWish, jobs, picture
from huoke.settle import statements
from huoke.settle.statements import ExportFormat, NewStatement
from tests.make import payments as make_payments
from tests.make import people
from tests.make import reductions as make_reductions

TODAY = date(2026, 3, 2)


class Mall:
    """A merchant with two stores, a customer who pays there, and those who settle with it."""

    told = 0

    async def sell(self, store: int, price_fen: int, *, reduction=None, seq: int = 0):
        async with self.database.begin(self.bank) as tx:
            wish = SaleWish(
                request_no=new_id().hex, seq=seq or self.seq, store_id=self.stores[store], price_fen=price_fen,
                reduction=reduction,
            )  # fmt: skip
            rung = await tills.ring_up(tx, wish)
        await self.till.carry()
        assert self.till.fake.pay(rung.payment_id.hex)
        await self.hear()
        return rung

    async def undo(self, rung, price_fen: int):
        async with self.database.begin(self.bank, self.clerk) as tx:
            await tills.give_back(tx, rung.sale_id, price_fen, "顾客退货", stores=self.stores)
        await self.hear()

    async def hear(self):
        """Call the cashier, and give every event of payments to the tills, each of them twice."""
        await self.till.carry()
        for _ in range(3):
            await self.till.wait(self.database.clock, 61)
        async with self.database.begin(self.bank) as tx:
            rows = await tx.fetch(
                "SELECT id, name, payload, recorded_at FROM kernel.event WHERE name IN ('payments.paid',"
                " 'payments.closed', 'payments.refunded') ORDER BY xid, ordinal"
            )
        take = {
            "payments.paid": jobs.finish_sale,
            "payments.closed": jobs.close_sale,
            "payments.refunded": jobs.take_back,
        }
        for row in rows[self.told :]:
            for _ in range(2):
                async with self.database.begin(self.bank) as tx:
                    await take[row["name"]](tx, _logged(row))
        self.told = len(rows)

    async def state(self, since=TODAY, until=TODAY):
        self.database.clock.advance(timedelta(seconds=10))
        async with self.database.begin(self.bank, self.maker) as tx:
            return await statements.create(
                tx, NewStatement(merchant_id=self.merchant_id, since_on=since, until_on=until)
            )

    async def get(self, statement_id):
        async with self.database.begin(self.bank) as tx:
            assert await tills.verify(tx) == []
            assert await reductions.verify(tx) == []
            assert await ledger.verify(tx) == []
            assert await grants.verify(tx) == []
            return await statements.get(tx, self.principal, statement_id)

    async def do(self, actor, verb, *args):
        async with self.database.begin(self.bank, actor) as tx:
            await verb(tx, *args)


def _logged(row) -> LoggedEvent:
    return LoggedEvent(
        tenant=TenantId(0), id=row["id"], name=row["name"], version=1, data_class="", recorded_at=row["recorded_at"],
        actor_kind="system", actor_id="", seq=None, members=None, payload=row["payload"], xid=0, ordinal=0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with CashierServer([]) as running:
        yield running


@pytest.fixture
async def mall(database, own_bank, server, clock):
    made = Mall()
    made.database, made.bank, made.seq = database, own_bank, 7
    made.till = await make_payments.till(database, own_bank, server, mute=1.0)
    async with database.begin(own_bank) as tx:
        head = (await people.units(tx)).head
        buyer = await people.staff(tx, Role.BUYER)
        made.maker = people.actor(buyer)
        made.principal = Principal(
            tenant=own_bank, actor=made.maker, unit_id=UnitId(head), units=None, permissions=PERMISSIONS[Role.BUYER]
        )
        made.checker = people.actor(await people.staff(tx, Role.BUYER))
        made.clerk = people.actor(await people.staff(tx, Role.MERCHANT_CLERK))
        new = NewMerchant(code="M1", name="海岸咖啡", unit_id=head)
        made.merchant_id = await merchants.add_merchant(tx, new, units=None)
        made.stores = [
            await merchants.add_store(
                tx,
                NewStore(
                    merchant_id=made.merchant_id, code=f"M1-{n}", name=f"{n} 号店", region="330200", street="中山路"
                ),
                units=None,
            )
            for n in (1, 2)
        ]
        made.sku_id = await make_reductions.sku(tx, face_fen=500, merchant_fen=200, threshold_fen=1_500)
        rule = NewRule(scope=Scope.SKU, scope_key=str(made.sku_id), merchant_ids=[made.merchant_id])
        await merchants.add_rule(tx, rule, units=None)
    return made


async def give(mall):
    async with mall.database.begin(mall.bank) as tx:
        return (await make_reductions.give(tx, mall.sku_id, [mall.seq]))[mall.seq][0]


async def test_a_merchant_is_owed_the_price_less_its_own_share(mall):
    mine = await give(mall)
    first = await mall.sell(0, 2_000, reduction=mine)
    await mall.sell(1, 990)
    await mall.undo(first, 500)
    found = await mall.get(await mall.state())
    lines = {
        one.store: (one.done, one.undone, one.price_fen, one.reduction_fen, one.own_fen) for one in found.store_lines
    }
    assert lines == {"1 号店": (1, 1, 1_500, 375, 150), "2 号店": (1, 0, 990, 0, 0)}
    assert found.amount_fen == found.ledger_fen == 1_500 - 150 + 990
    assert found.lines == []
    assert (await mall.till.check()).paid_fen == 1_500 + 990


async def test_it_is_agreed_on_confirmed_by_another_and_paid_once(mall):
    await mall.sell(0, 880)
    found = await mall.state()
    own = [mall.merchant_id]
    with pytest.raises(statements.NotAgreed):
        await mall.do(mall.checker, statements.confirm, found)
    with pytest.raises(statements.StatementUnknown):
        await mall.do(mall.clerk, statements.agree, found, [new_id()])
    await mall.do(mall.clerk, statements.dispute, found, own, "3 月 2 日少了一笔")
    await mall.do(mall.checker, statements.answer, found, "那一笔在 3 月 3 日到账")
    await mall.do(mall.clerk, statements.agree, found, own)
    with pytest.raises(statements.SamePerson):
        await mall.do(mall.maker, statements.confirm, found)
    await mall.do(mall.checker, statements.confirm, found)
    with pytest.raises(statements.SamePerson):
        await mall.do(mall.maker, statements.pay, found, "HV-2026-0001")
    with pytest.raises(statements.ReferenceMissing):
        await mall.do(mall.checker, statements.pay, found, " ")
    await mall.do(mall.checker, statements.pay, found, "HV-2026-0001")
    with pytest.raises(statements.WrongState):
        await mall.do(mall.checker, statements.pay, found, "HV-2026-0002")
    with pytest.raises(statements.WrongState):
        await mall.do(mall.checker, statements.reverse, found, "重出一份")
    shown = await mall.get(found)
    assert (shown.state, shown.paid_reference, shown.answer) == ("confirmed", "HV-2026-0001", "那一笔在 3 月 3 日到账")


async def test_what_goes_back_later_counts_against_the_next_statement(mall, clock):
    rung = await mall.sell(0, 1_000)
    clock.advance(timedelta(days=1))
    first = await mall.get(await mall.state())
    await mall.undo(rung, 400)
    clock.advance(timedelta(minutes=1))
    second = await mall.get(await mall.state(TODAY + timedelta(days=1), TODAY + timedelta(days=1)))
    assert (first.amount_fen, second.amount_fen) == (1_000, -400)


async def test_a_store_of_somebody_else_and_a_place_that_does_not_accept_it_are_refused(mall):
    mine = await give(mall)
    rung = await mall.sell(0, 1_600)
    async with mall.database.begin(mall.bank, mall.clerk) as tx:
        with pytest.raises(tills.SaleUnknown):
            await tills.give_back(tx, rung.sale_id, 100, "顾客退货", stores=[mall.stores[1]])
        elsewhere = NewMerchant(code="M2", name="别家", unit_id=(await merchants.find_merchants(tx))[0].unit_id)
        other = await merchants.add_merchant(tx, elsewhere, units=None)
        shop = await merchants.add_store(
            tx, NewStore(merchant_id=other, code="M2-1", name="别家店", region="330200", street="中山路"), units=None
        )
        with pytest.raises(reductions.ReductionNotHere):
            await tills.ring_up(
                tx, SaleWish(request_no="x", seq=mall.seq, store_id=shop, price_fen=2_000, reduction=mine)
            )


@settings(
    max_examples=5, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    steps=st.lists(st.tuples(st.integers(0, 1), st.integers(100, 3_000), st.booleans()), min_size=3, max_size=5),
    cut=st.integers(0, 4),
)
async def test_two_cuts_of_one_batch_at_any_place_give_the_same(mall, clock, steps, cut):
    """What is stated in two statements is what one over both says, line by line."""
    begin = clock.now().astimezone(CHINA).date()
    for place, (store, price_fen, undone) in enumerate(steps):
        rung = await mall.sell(store, price_fen)
        if undone:
            await mall.undo(rung, max(price_fen // 3, 1))
        clock.advance(timedelta(seconds=10))
        if place == cut:
            with contextlib.suppress(statements.NothingOwed):
                await mall.state(begin, begin + timedelta(days=30))
    parts = []
    with contextlib.suppress(statements.NothingOwed):
        await mall.state(begin, begin + timedelta(days=30))
    async with mall.database.begin(mall.bank) as tx:
        rows = [
            one
            for one in await statements.find(tx, mall.principal)
            if one.state != "reversed" and one.since_on >= begin
        ]
    for row in rows:
        parts += (await mall.get(row.id)).store_lines
        await mall.do(mall.checker, statements.reverse, row.id, "合并重出")
    whole = (await mall.get(found := await mall.state(begin, begin + timedelta(days=30)))).store_lines
    await mall.do(mall.checker, statements.reverse, found, "换一段时间")
    assert _summed(parts) == _summed(whole)
    clock.advance(timedelta(days=40))


def _summed(lines):
    sums = {}
    for one in lines:
        key = (one.store_id, one.on_day, one.kind, one.title)
        held = sums.get(key, (0,) * 6)
        row = (one.done, one.undone, one.price_fen, one.reduction_fen, one.own_fen, one.amount_fen)
        sums[key] = tuple(a + b for a, b in zip(held, row, strict=True))
    return sums


async def test_its_lines_are_a_file_whose_sums_are_the_statement_and_whose_names_are_no_formula(mall):
    async with mall.database.begin(mall.bank) as tx:
        new = NewStore(merchant_id=mall.merchant_id, code="M1-3", name="=1+1 店", region="330200", street="中山路")
        mall.stores.append(await merchants.add_store(tx, new, units=None))
    mine = await give(mall)
    sold = await mall.sell(2, 2_000, reduction=mine)
    await mall.sell(0, 990)
    await mall.undo(sold, 500)
    found = await mall.get(await mall.state())
    for lang, (merchant, header, total) in {
        "zh": ("商户", "门店", "合计"),
        "en": ("Merchant", "Store", "Total"),
    }.items():
        file = statements.export(found, ExportFormat.CSV, lang)
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert (rows[1], rows[6][2]) == ([merchant, "海岸咖啡"], header)
        assert [row[2] for row in rows[7:-1]] == ["1 号店", "'=1+1 店"]
        assert rows[-1] == [total, "", "", "", "2", "1", "24.90", "3.75", "1.50", "23.40"]
        assert float(rows[-1][-1]) * 100 == found.amount_fen
    sheet = openpyxl.load_workbook(io.BytesIO(statements.export(found, ExportFormat.XLSX, "en").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == "=1+1 店"} == {"s"}
    assert [cell.value for cell in cells[-4:]] == [24.9, 3.75, 1.5, 23.4]


async def test_a_stores_code_leads_to_its_own_page_and_ends_with_the_store(mall):
    async with mall.database.begin(mall.bank) as tx:
        code = (await tenants.get(tx)).code
        drawn = {
            kind: await picture.draw(tx, mall.stores[0], kind, "https://bank.test/", english=False) for kind in Picture
        }
        assert "扫码付款" in drawn[Picture.POSTER_SVG].decode()
        address = f"https://bank.test/h5/{code}/stores/{mall.stores[0]}/pay"
        assert drawn[Picture.QR_SVG] == entry_points.qr_svg(address)
        assert drawn[Picture.QR_PNG].startswith(b"\x89PNG")
        assert drawn[Picture.POSTER_PDF].startswith(b"%PDF")
        assert entry_points.qr_svg(address) != entry_points.qr_svg(
            address.replace(str(mall.stores[0]), str(mall.stores[1]))
        )
        await merchants.retire_store(tx, mall.stores[0], units=None)
        with pytest.raises(tills.StoreClosed):
            await picture.draw(tx, mall.stores[0], Picture.QR_SVG, "https://bank.test", english=True)
