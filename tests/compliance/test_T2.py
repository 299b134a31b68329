"""Rule T2: payer, recipient, amount, base and bearer of tax on prizes are recorded, closed by two people and filed."""

import io
from datetime import date, timedelta
from zipfile import ZipFile

import asyncpg
import openpyxl
import pytest

from huoke.govern import approvals, tenants
from huoke.know import customers
from huoke.reach.campaigns import CampaignMode
from huoke.reward import catalogue, grants
from huoke.settle import tax
from huoke.settle.tax import Bearer, MonthState, owed
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants

VALUE, BASE, TAX = 2_800, 3_500, 700
"""A voucher worth 28 yuan, whose tax the bank bears: 20 % of the grossed-up 35 yuan are 7."""
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
async def world(ports, database, feed, clickhouse, own_bank, analytics, clock):
    return await make.world(database, feed, clickhouse, analytics, own_bank, count=12)


async def claimed(world, *seqs, **changes):
    """Vouchers in these customers' hands; the offer and the grants' ids."""
    campaign_id = await make.live(world, mode=CampaignMode.PULL, published=True, **changes)
    answers = await make.claim(world, campaign_id, *seqs)
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
    return offer.id, [answer.grant_id for answer in answers]


async def recorded(world, offer_id, *seqs):
    async with world.begin() as tx:
        return await tax.record(tx, offer_id, list(seqs))


async def months(world):
    async with world.begin(world.buyer) as tx:
        return {one.month: one for one in await tax.months(tx, world.buyer)}


async def close(world, month):
    async with world.begin(world.buyer) as tx:
        await tax.ask(tx, month, "按月申报")
    found = (await months(world))[month]
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, found.change_id)
        await approvals.decide(tx, found.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


@pytest.mark.parametrize(
    ("value", "bearer", "base", "tax_fen"),
    [
        (10_000, Bearer.CUSTOMER, 10_000, 2_000),
        (10_000, Bearer.BANK, 12_500, 2_500),
        (1, Bearer.BANK, 1, 0),
        (3, Bearer.CUSTOMER, 3, 1),
        (0, Bearer.BANK, 0, 0),
    ],
)
def test_what_the_bank_bears_is_grossed_up(value, bearer, base, tax_fen):
    assert owed(value, 200_000, bearer) == tax.Owed(base, tax_fen)


async def test_what_is_received_is_recorded_once_and_taken_back_when_it_goes(world):
    one, two = world.seqs[:2]
    offer_id, ids = await claimed(world, one, two)
    assert await recorded(world, offer_id, one, two) == 2
    assert await recorded(world, offer_id, one, two) == 0
    found = (await months(world))[MARCH]
    assert (found.records, found.people, found.value_fen, found.base_fen, found.tax_fen) == (
        2, 2, 2 * VALUE, 2 * BASE, 2 * TAX,
    )  # fmt: skip
    async with world.begin() as tx:
        await grants.return_(tx, [ids[0]], "客户退回")
    assert await recorded(world, offer_id, one, two) == 1
    assert await recorded(world, offer_id, one, two) == 0
    found = (await months(world))[MARCH]
    assert (found.records, found.base_fen, found.tax_fen) == (3, BASE, TAX)


async def test_the_bank_may_leave_the_tax_to_its_customers(world):
    async with world.begin() as tx:
        await tenants.set_setting(tx, tax.BEARER.key, "customer", "试点")
    offer_id, _ = await claimed(world, world.seqs[0])
    await recorded(world, offer_id, world.seqs[0])
    found = (await months(world))[MARCH]
    assert (found.base_fen, found.tax_fen) == (VALUE, 560)


async def test_a_benefit_that_is_no_prize_is_not_taxed(world):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, tax_code="discount_coupon")
    offer_id, _ = await claimed(world, world.seqs[0], sku_id=sku_id)
    assert await recorded(world, offer_id, world.seqs[0]) == 0
    assert await months(world) == {}


@pytest.mark.parametrize(("source_kind", "records"), [("play", 1), ("mall", 0), ("group_buy", 0)])
async def test_what_is_bought_is_no_income(world, source_kind, records):
    async with world.begin() as tx:
        sku = await catalogue.sku(tx, world.sku_id)
        pool_id = await make_grants.pool(tx, 10, sku_id=sku.id)
        terms = {grants.EVERY_UNIT: grants.Terms(world.budget_id, pool_id)}
        offer = make_grants.offer(terms, sku.id, tx.now, source_kind=source_kind, sku_version=sku.version)
        await grants.publish_offer(tx, offer)
        await make_grants.claim_all(tx, make_grants.claim(offer.id, world.seqs[0]))
    assert await recorded(world, offer.id, world.seqs[0]) == records


async def test_a_month_is_closed_by_two_people_when_it_is_over_and_what_comes_later_corrects_it(world, clock):
    one = world.seqs[0]
    offer_id, ids = await claimed(world, one)
    await recorded(world, offer_id, one)
    async with world.begin(world.buyer) as tx:
        with pytest.raises(tax.MonthUnfit):
            await tax.ask(tx, MARCH, "还没过完")
    clock.set(clock.now() + timedelta(days=31))
    await close(world, MARCH)
    assert (await months(world))[MARCH].state is MonthState.CLOSED
    async with world.begin() as tx:
        await grants.return_(tx, ids, "客户退回")
    await recorded(world, offer_id, one)
    after = await months(world)
    assert (after[MARCH].tax_fen, after[APRIL].tax_fen) == (TAX, -TAX)
    async with world.begin(world.buyer) as tx:
        [row] = await tax.find(tx, world.buyer, APRIL)
        with pytest.raises(tax.MonthUnfit):
            await tax.ask(tx, MARCH, "再关一次")
    assert (row.corrects, row.tax_fen, row.name) == (MARCH, -TAX, row.name)


async def test_totals_that_changed_are_not_approved(world, clock):
    """Negative control of the agreement: what was withheld after the request goes to the next month, never into it."""
    one, two = world.seqs[:2]
    offer_id, _ = await claimed(world, one, two)
    await recorded(world, offer_id, one)
    clock.set(clock.now() + timedelta(days=31))
    async with world.begin(world.buyer) as tx:
        await tax.ask(tx, MARCH, "按月申报")
    await recorded(world, offer_id, two)
    found = await months(world)
    assert (found[MARCH].state, found[MARCH].tax_fen, found[APRIL].tax_fen) == (MonthState.REQUESTED, TAX, TAX)
    async with world.begin() as tx:  # somebody writes past the module
        await tx.execute("UPDATE tax.closing SET body = jsonb_set(body, '{tax_fen}', '1')")
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, found[MARCH].change_id)
        with pytest.raises((tax.MonthUnfit, approvals.Stale, approvals.CheckFailed)):
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)


async def test_the_file_names_payer_recipient_amount_base_and_bearer(world, clock):
    same = world.seqs[-2:]  # two numbers of one natural person
    offer_id, _ = await claimed(world, world.seqs[0], same[0])
    other_id, _ = await claimed(world, same[1])
    await recorded(world, offer_id, world.seqs[0], same[0])
    await recorded(world, other_id, same[1])
    async with world.begin(world.buyer) as tx:
        with pytest.raises(tax.MonthOpen):
            await tax.file(tx, MARCH)
    clock.set(clock.now() + timedelta(days=31))
    await close(world, MARCH)
    async with world.begin(world.buyer) as tx:
        content = await tax.file(tx, MARCH)
        who = await customers.filed_identities(tx, [world.seqs[0], same[0]])
    assert ZipFile(io.BytesIO(content)).testzip() is None
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert "扣缴义务人" in sheet.cell(1, 1).value
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [(line[2] or "", line[3] or "", line[6], line[7], line[9], line[10], line[11]) for line in lines] == [
        (who[world.seqs[0]].name, who[world.seqs[0]].id_document, 28, 35, 7, "支付单位", 1),
        (who[same[0]].name, who[same[0]].id_document, 56, 70, 14, "支付单位", 2),
    ]


async def test_a_record_is_never_changed(world):
    offer_id, _ = await claimed(world, world.seqs[0])
    await recorded(world, offer_id, world.seqs[0])
    async with world.begin() as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tx.savepoint():
                await tx.execute("UPDATE tax.withholding SET tax_fen = 0")
