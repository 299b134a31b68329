"""Statements: equal to the ledger to the fen, every redemption in exactly one, files that a spreadsheet reads."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.reward import grants, ledger
from huoke.settle import statements
from huoke.settle.statements import ExportFormat, NewStatement, StatementState
from tests.make import campaigns as make

TODAY = date(2026, 3, 2)


@pytest.fixture
async def redeemed(world, clock):
    """A campaign of the day with redemptions of three customers, one of them undone; returns the campaign."""
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    claimed = [answer.grant_id for answer in await make.claim(world, campaign_id, *world.seqs[:3])]
    done = await make.redeem(world, *claimed)
    async with world.begin(world.teller) as tx:
        await grants.undo_redeem(
            tx,
            done[0].redemption_id,
            teller=world.teller.actor.id,
            units=frozenset(),
            reason="柜员点错",
        )
    clock.advance(timedelta(minutes=1))
    return campaign_id


async def create(world, since_on=TODAY, until_on=TODAY, **more):
    async with world.begin(world.buyer) as tx:
        new = NewStatement(supplier_id=world.supplier_id, since_on=since_on, until_on=until_on, **more)
        return await statements.create(tx, new)


async def get(world, statement_id):
    async with world.begin() as tx:
        return await statements.get(tx, world.buyer, statement_id)


async def reverse(world, statement_id):
    async with world.begin(world.buyer) as tx:
        await statements.reverse(tx, statement_id, "供应商要求重出")


async def test_a_statement_equals_the_ledger_and_nets_what_was_undone(world, redeemed, clock):
    found = await get(world, await create(world))
    [line] = [line for line in found.lines if line.source_id == redeemed]
    assert (line.redeemed, line.undone, line.quantity) == (3, 1, 2)
    assert (line.unit_cost_fen, line.amount_fen, line.campaign) == (1_980, 3_960, "秋日咖啡季")
    async with world.begin() as tx:
        owed = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(world.supplier_id))
        balance = await ledger.balance(tx, owed)
    assert found.amount_fen == found.ledger_fen == balance == sum(line.amount_fen for line in found.lines)
    await reverse(world, found.id)


async def test_a_redemption_is_in_exactly_one_live_statement(world, redeemed, clock):
    first = await create(world)
    with pytest.raises((statements.PeriodTaken, statements.NothingOwed)):
        await create(world)
    clock.advance(timedelta(minutes=5))
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    [claimed] = await make.claim(world, campaign_id, world.seqs[5])
    await make.redeem(world, claimed.grant_id)
    clock.advance(timedelta(minutes=1))
    second = await create(world)
    one, two = await get(world, first), await get(world, second)
    assert one.until_at == two.since_at, "a day that is not over is continued"
    assert two.quantity == 1
    async with world.begin() as tx:
        whole = await ledger.payable(tx, world.supplier_id, one.since_at, two.until_at)
    assert one.amount_fen + two.amount_fen == whole
    with pytest.raises(statements.PeriodTaken):
        await create(world, TODAY - timedelta(days=1), TODAY + timedelta(days=1))
    for statement_id in (first, second):
        await reverse(world, statement_id)


async def test_a_reversed_statement_frees_its_period(world, redeemed, clock):
    first = await create(world)
    before = await get(world, first)
    await reverse(world, first)
    again = await get(world, await create(world))
    assert again.lines == before.lines
    assert again.number != before.number
    assert (await get(world, first)).state is StatementState.REVERSED
    with pytest.raises(statements.WrongState):
        await reverse(world, first)
    await reverse(world, again.id)


async def test_lines_that_do_not_match_the_ledger_refuse_the_statement(world, redeemed, clock):
    """The negative control: a payable that no redemption stands behind."""
    async with world.begin() as tx:
        cost = ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", "")
        owed = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(world.supplier_id))
        accounts = await ledger.open_accounts(tx, [cost, owed])
        stray = ledger.Transfer(
            source_kind="test",
            source_id=new_id(),
            line=0,
            debit_account=accounts[cost],
            credit_account=accounts[owed],
            amount=1,
            kind=ledger.TransferKind.PAYABLE,
        )
        assert await ledger.post(tx, [stray]) == [ledger.Outcome.POSTED]
    clock.advance(timedelta(minutes=1))
    try:
        with pytest.raises(statements.LedgerDiffers) as refused:
            await create(world)
        assert refused.value.data["ledger_fen"] - refused.value.data["amount_fen"] == 1
        async with world.begin() as tx:
            assert (await statements.count(tx)).get("draft", 0) == 0
    finally:
        async with world.begin() as tx:
            assert await ledger.reverse(tx, {(stray.source_id, 0): 1}) == [ledger.Outcome.POSTED]


async def test_the_maker_does_not_confirm(world, redeemed, clock):
    statement_id = await create(world)
    with pytest.raises(statements.SamePerson):
        async with world.begin(world.buyer) as tx:
            await statements.confirm(tx, statement_id)
    async with world.begin(world.other_buyer) as tx:
        await statements.confirm(tx, statement_id)
    found = await get(world, statement_id)
    assert (found.state, found.can) == (StatementState.CONFIRMED, ["export", "reverse"])
    await reverse(world, statement_id)


async def test_a_repeated_request_makes_one_statement(world, redeemed, clock):
    first = await create(world, request_no="st-1")
    assert await create(world, request_no="st-1") == first
    await reverse(world, first)


@pytest.mark.parametrize(
    ("since_on", "until_on"),
    [
        (TODAY, TODAY - timedelta(days=1)),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
        (date(2020, 1, 1), TODAY),
    ],
)
async def test_a_period_that_cannot_be_is_refused(world, clock, since_on, until_on):
    with pytest.raises(statements.PeriodUnfit):
        await create(world, since_on, until_on)


async def test_nothing_redeemed_makes_no_statement(world, clock):
    with pytest.raises(statements.NothingOwed):
        await create(world, TODAY - timedelta(days=9), TODAY - timedelta(days=8))


async def test_csv_has_headers_in_both_languages_and_no_formula(world, clock):
    statement_id = await _with_a_formula(world, clock)
    found = await get(world, statement_id)
    for lang, header in (("zh", "活动"), ("en", "Campaign")):
        file = statements.export(found, ExportFormat.CSV, lang)
        text = file.content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert any(header in row for row in rows)
        assert any(row[1:3] == ["'=1+1", "海岸咖啡 中杯券"] for row in rows if len(row) > 2)
        [total] = [row for row in rows if row and row[0] in ("合计", "Total")]
        assert total[-1] == str(statements_yuan(found.amount_fen))
        assert [row[-1] for row in rows[-2:]] == ["0.00", total[-1]], "nothing was paid ahead"
    await reverse(world, statement_id)


async def test_excel_holds_numbers_as_numbers_and_text_as_text(world, clock):
    statement_id = await _with_a_formula(world, clock)
    found = await get(world, statement_id)
    file = statements.export(found, ExportFormat.XLSX, "en")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    line = next(row for row in rows if row[1] == "=1+1")
    assert line[5:] == (1, 19.8, 19.8)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [row[0] for row in rows[-3:]] == ["Total", "Of it drawn from prepayment", "Still payable"]
    await reverse(world, statement_id)


async def test_a_statement_tells_what_was_paid_ahead_and_what_is_still_to_be_paid(world, redeemed, clock):
    async with world.begin() as tx:
        keys = [
            ledger.AccountKey(kind, "supplier", str(world.supplier_id))
            for kind in (ledger.AccountKind.PREPAYMENT, ledger.AccountKind.PREPAYMENT_DRAWN)
        ]
        cash = ledger.AccountKey(ledger.AccountKind.CASH, "bank", "")
        accounts = await ledger.open_accounts(tx, [cash, *keys])
        moves = [
            (accounts[cash], accounts[keys[0]], 5_000, ledger.TransferKind.PREPAY),
            (accounts[keys[0]], accounts[keys[1]], 1_500, ledger.TransferKind.DRAWDOWN),
            (accounts[keys[1]], accounts[keys[0]], 200, ledger.TransferKind.DRAWDOWN),
        ]
        await ledger.book(
            tx,
            [
                ledger.Transfer(
                    source_kind="test",
                    source_id=new_id(),
                    line=0,
                    debit_account=debit,
                    credit_account=credit,
                    amount=amount,
                    kind=kind,
                )
                for debit, credit, amount, kind in moves
            ],
        )
    clock.advance(timedelta(minutes=10))
    found = await get(world, await create(world))
    assert (found.prepaid_fen, found.payable_fen) == (1_300, found.amount_fen - 1_300)
    file = statements.export(found, ExportFormat.XLSX, "zh")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    assert [(row[0], row[-1]) for row in rows[-2:]] == [
        ("其中已从预付款扣除", 13.0), ("尚应支付", float(statements_yuan(found.payable_fen))),
    ]  # fmt: skip
    await reverse(world, found.id)


def statements_yuan(amount_fen):
    from huoke.settle.statements.export import yuan

    return yuan(amount_fen)


async def _with_a_formula(world, clock):
    campaign_id = await make.live(world, name="=1+1", published=True, stock=10, budget_fen=19_800)
    [claimed] = await make.claim(world, campaign_id, world.seqs[7])
    await make.redeem(world, claimed.grant_id)
    clock.advance(timedelta(minutes=1))
    assert clock.now().astimezone(CHINA).date() == TODAY
    return await create(world)
