"""Financial benefits carried to core banking: a file a day out, an answer a file in, and money that agrees."""

from datetime import date, timedelta

import pytest

from huoke.app.ports import register_ports
from huoke.kernel.settings import Settings
from huoke.know import customers
from huoke.reward import catalogue, grants, ledger, supply
from huoke.reward.catalogue import CatalogueUnfit, Instrument, ProductType, RewardForbidden
from huoke.reward.grants import BenefitKind, Handover
from huoke.settle import fulfilment, reconciliation
from huoke.settle.fulfilment import CoreAnswer, CoreFileUnfit, CoreLine, Issued, read_rows, send_files, write_answer
from huoke.settle.fulfilment.core_format import read_answer, write_file
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import grants as make_grants
from tests.make import supply as make
from tests.settle.fulfilment.test_chaos import TODAY

DAY = date(2026, 3, 2)
LINE = CoreLine(
    number="N1", customer_no="C1", instrument="fee_waiver", product_type="card", fee_code="ANNUAL", rate_bp=0,
    cap_fen=10_000, amount_fen=880,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def ports(cluster, schema):
    register_ports(
        Settings(
            home=cluster.home, instance="test", database_url=cluster.database_url,
            database_owner_url=cluster.database_owner_url, database_feed_url=cluster.database_feed_url,
            clickhouse_url=cluster.clickhouse_url, web_port=0,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace("C1", "C2"),
        lambda text: text.rsplit("T|", 1)[0],
        lambda text: text.replace("T|1|", "T|2|"),
        lambda text: text.replace("2026-03-02", "2026-03-03", 1),
        lambda text: text[:-1],
        lambda text: "",
    ],
)
def test_a_file_that_was_touched_is_read_by_nobody(clock, harm):
    content = write_file("binhai", DAY, clock.now(), [LINE])
    assert read_rows(content, DAY)[0][1:3] == ["N1", "C1"]
    with pytest.raises(CoreFileUnfit):
        read_rows(harm(content.decode()).encode(), DAY)


def test_an_answer_says_each_line_once_and_clearly():
    said = [CoreAnswer(number="N1", core_no="CB1", amount_fen=880), CoreAnswer(number="N2", code="no", reason="无账户")]
    assert read_answer(write_answer("core", DAY, said), DAY) == said
    with pytest.raises(CoreFileUnfit, match="twice"):
        read_answer(write_answer("core", DAY, [said[0], said[0]]), DAY)


@pytest.mark.parametrize("product", [ProductType.DEPOSIT, ProductType.WEALTH, ProductType.PAYMENT])
async def test_a_rate_is_lowered_on_credit_alone_and_no_deposit_earns_more(database, bank, clock, product):
    async with database.begin(bank) as tx:
        before = await catalogue.count_skus(tx)
        with pytest.raises((RewardForbidden, CatalogueUnfit)) as refused:
            terms = make_catalogue.financial_terms(Instrument.RATE_COUPON, product_type=product)
            new = catalogue.NewSku(
                item_id=await make_catalogue.item(tx), code="NEVER", kind=catalogue.SkuKind.FINANCIAL, terms=terms
            )
            await catalogue.add_sku(tx, new)
        assert refused.value.pointer == "/terms/details/product_type"
        assert await catalogue.count_skus(tx) == before


@pytest.fixture
async def core(database, bank, server, people, clock):
    """Core banking connected, a fee waiver it grants, and three customers; the third has no account there."""
    rows = [{"customer_no": f"K{n}", "unit_code": "N1"} for n in range(3)]
    await make_customers.import_rows(database, bank, rows, {})
    made = await make.shop(database, bank, server, *people, paid_fen=0)
    async with database.begin(bank, made.buyer.actor) as tx:
        code = (await supply.get(tx, made.supplier_id)).code
        await make.connect(tx, server, made.supplier_id, code, adapter="core_file", prepaid=False)
        details = catalogue.FinancialDetails(
            instrument=Instrument.FEE_WAIVER, product_type=ProductType.CARD, fee_code="ANNUAL", cap_fen=10_000,
            carried=True,
        )  # fmt: skip
        sku_id = await make_catalogue.financial(tx, details=details, supplier_id=made.supplier_id, cost_fen=880)
        assert (await catalogue.sku(tx, sku_id)).handover is catalogue.Handover.ORDER
        made.world = await make_grants.world(
            tx, kind=BenefitKind.FINANCIAL, handover=Handover.ORDER, supplier_id=made.supplier_id, cost_fen=880,
            sku_id=sku_id,
        )  # fmt: skip
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    made.fake.core.refused.add("K2")
    return made, [int(found[row["customer_no"]]) for row in rows]


async def claim(shop, seqs):
    async with shop.begin() as tx:
        answers = await make_grants.claim_all(tx, *(make_grants.claim(shop.world.offer.id, seq) for seq in seqs))
        offer = shop.world.offer
        issued = Issued(
            sku_id=offer.sku_id, kind="financial", supplier_id=shop.supplier_id, cost_fen=880,
            grant_ids=[one.grant_id for one in answers], seqs=seqs,
        )  # fmt: skip
        assert await fulfilment.create(tx, issued) == len(seqs)
    return [one.grant_id for one in answers]


async def states(shop, held):
    async with shop.begin() as tx:
        return [(await grants.get_grant(tx, grant_id)).state.value for grant_id in held]


async def test_what_core_banking_takes_is_used_and_what_it_refuses_goes_back(core, clock):
    shop, seqs = core
    held = await claim(shop, seqs)
    await shop.carry(3)
    assert [order.state for order in await shop.orders()] == ["accepted"] * 3
    assert await send_files(shop.database, shop.tenant) == 0, "the day is not over"
    clock.advance(timedelta(days=1))
    assert await send_files(shop.database, shop.tenant) == 1
    assert await send_files(shop.database, shop.tenant) == 0, "once"
    file_id = await reconciliation.fetch(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY)
    assert await states(shop, held) == ["used", "used", "failed"]
    assert set(shop.fake.core.granted) == {order.number for order in await shop.orders() if order.state == "success"}
    async with shop.begin() as tx:
        assert await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id) == []
        file = await reconciliation.get_file(tx, file_id)
        assert (file.prepaid, file.ours_fen, file.theirs_fen, file.ledger_fen) == (False, 2 * 880, 2 * 880, 2 * 880)
        [budget] = await ledger.get_budgets(tx, [shop.world.budget_id])
        assert (budget.committed_fen, budget.reserved_fen) == (2 * 880, 0)
        assert await make_grants.pool_numbers(tx, shop.world.pool_id) == (100, 98, 0, 2, 0)
        await make_grants.assert_sound(tx)


async def test_an_answer_with_a_wrong_hash_moves_nothing(core, clock):
    shop, seqs = core
    held = await claim(shop, seqs[:2])
    await shop.carry(2)
    clock.advance(timedelta(days=1))
    await send_files(shop.database, shop.tenant)
    good = shop.fake.core.answers[TODAY.isoformat()]
    shop.fake.core.answers[TODAY.isoformat()] = good.replace(b"|880\n", b"|8800\n", 1)
    with pytest.raises(supply.NotTaken):
        await reconciliation.fetch(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY)
    assert await states(shop, held) == ["fulfilling"] * 2
    shop.fake.core.answers[TODAY.isoformat()] = good
    await reconciliation.fetch(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY)
    assert await states(shop, held) == ["used"] * 2
