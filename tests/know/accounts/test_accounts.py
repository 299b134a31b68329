"""Accounts and holdings: imported by number, kept with history, withheld, and what follows from them for sets."""

from datetime import timedelta

import pytest

from huoke.govern import privacy
from huoke.kernel.ids import Seq
from huoke.kernel.jobs import Sweep
from huoke.know import accounts, customers, events, language, segments
from huoke.know.accounts.jobs import roll
from huoke.know.language import Serves
from tests.make import accounts as make
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import people

SALARY = {"account_no": "6222 0000 1111 0001", "customer_no": "C1", "kind": "储蓄", "opened_on": "2019-05-09",
          "unit_code": "N", "balance": "12345.67"}  # fmt: skip
CARD = {"account_no": "6222000011110002", "customer_no": "C1", "kind": "credit_card", "opened_on": "2021-01-31",
        "unit_code": "", "balance": ""}  # fmt: skip
OTHERS = {"account_no": "6222000011110003", "customer_no": "C2", "kind": "loan", "opened_on": "", "unit_code": "",
          "balance": "-800000"}  # fmt: skip


@pytest.fixture
async def bank(own_bank):
    """A bank for each test: what one changes the next would see."""
    return own_bank


@pytest.fixture
async def units(database, bank):
    async with database.begin(bank) as tx:
        return await people.units(tx)


@pytest.fixture
async def seqs(database, bank, units):
    return await make_events.people(database, bank, "C1", "C2", "C3")


@pytest.fixture
async def brought(database, clickhouse, bank, seqs):
    return await make.bring(database, clickhouse, bank, "accounts", [SALARY, CARD, OTHERS])


@pytest.fixture
async def maturities(database, clickhouse, bank, brought, clock):
    """The days on which C1's holdings mature: one soon, one later, one is over; C2 has a loan."""
    today = clock.now().date()
    soon, later, over = (str(today + timedelta(days=days)) for days in (10, 90, -3))
    base = {"customer_no": "C1", "amount": "50000", "started_on": "2025-03-02"}
    await make.bring(database, clickhouse, bank, "holdings", [
        {**base, "holding_no": "H1", "product": "三年定期", "kind": "定期存款", "matures_on": soon},
        {**base, "holding_no": "H2", "product": "稳健理财", "kind": "理财", "matures_on": later},
        {**base, "holding_no": "H3", "product": "旧理财", "kind": "wealth", "matures_on": over},
        {**base, "holding_no": "H4", "product": "房贷", "kind": "贷款", "matures_on": "", "customer_no": "C2"},
    ])  # fmt: skip
    return soon, later, over


async def held(database, bank, seq):
    async with database.begin(bank) as tx:
        return await accounts.held_by(tx, seq)


async def attributes(database, bank, seq):
    async with database.begin(bank) as tx:
        return (await customers.state(tx, Seq(seq)))[2]


async def test_accounts_come_in_masked_with_their_balances_under_the_customers_own_key(
    database, bank, units, seqs, brought
):
    assert (brought.rows_added, brought.rows_refused) == (3, 0)
    first, second = (await held(database, bank, seqs["C1"])).accounts
    assert (first.number, first.kind, first.deposit, first.has_balance) == ("****0001", "savings", True, True)
    assert (first.unit_id, second.unit_id) == (units.north, None)
    assert (second.kind, second.deposit, second.has_balance) == ("credit_card", False, False)
    async with database.begin(bank) as tx:
        rows = await tx.fetch("SELECT t::text AS row FROM accounts.account AS t")
        text = " ".join(row["row"] for row in rows)
        assert "6222000011110001" not in text
        assert "1234567" not in text
        sealed = await tx.fetch_row("SELECT seq, balance_enc FROM accounts.account WHERE kind = 'savings'")
        keys = await privacy.customer_keys(tx, [sealed["seq"]])
        assert keys.open([sealed["seq"]], [sealed["balance_enc"]]) == ["1234567"]
    assert (await held(database, bank, seqs["C2"])).accounts[0].kind == "loan"


async def test_the_same_file_changes_nothing_and_a_changed_cell_is_kept_with_what_was_before(
    database, clickhouse, bank, seqs, brought
):
    again = await make.bring(
        database, clickhouse, bank, "accounts", [SALARY, CARD, {**OTHERS, "kind": "其他"}], name="2"
    )
    assert (again.rows_added, again.rows_changed, again.rows_same) == (0, 1, 2)
    async with database.begin(bank) as tx:
        former = await tx.fetch("SELECT what, seq, before FROM accounts.former")
    assert [(row["what"], row["seq"], row["before"]) for row in former] == [("account", seqs["C2"], {"kind": "loan"})]


async def test_a_dry_run_says_what_would_be_and_writes_nothing(database, clickhouse, bank, seqs, brought):
    row = {**SALARY, "account_no": "6222000011119999"}
    tried = await make.bring(database, clickhouse, bank, "accounts", [row, CARD], dry_run=True)
    assert (tried.rows_added, tried.rows_same) == (1, 1)
    assert len((await held(database, bank, seqs["C1"])).accounts) == 2


@pytest.mark.parametrize(
    ("change", "column", "cause"),
    [
        ({"customer_no": "nobody"}, "customer_no", "customer_unknown"),
        ({"kind": "hat"}, "kind", "word_unknown"),
        ({"unit_code": "nowhere"}, "unit_code", "unit_code"),
        ({"balance": "1.005"}, "balance", "money"),
    ],
)
async def test_a_row_that_does_not_fit_is_refused_by_itself(
    database, clickhouse, bank, seqs, brought, change, column, cause
):
    good = {**SALARY, "account_no": f"99-{cause}-{column}", "customer_no": "C3"}
    found = await make.bring(
        database, clickhouse, bank, "accounts", [good, {**good, "account_no": "99-bad", **change}], dry_run=True
    )
    assert (found.rows_added, found.rows_refused) == (1, 1)
    [error] = found.report.errors
    assert (error.line, error.column, error.cause) == (3, column, cause)


async def test_what_follows_from_holdings_stands_in_segments_and_deposits_stay_marked(
    database, feed, clickhouse, bank, seqs, analytics, maturities
):
    soon, later, _ = maturities
    assert await attributes(database, bank, seqs["C1"]) == {
        "accounts_open": 2, "products_held": 3, "next_matures_on": soon,
        "products_held_no_deposit": 2, "next_matures_on_no_deposit": later,
    }  # fmt: skip
    assert [one.product for one in (await held(database, bank, seqs["C1"])).holdings] == [
        "旧理财", "三年定期", "稳健理财",
    ]  # fmt: skip
    await make_customers.ship(feed, clickhouse)
    rule = language.parse({"kind": "attr", "name": "next_matures_on_no_deposit", "op": "<=", "value": later})
    async with database.begin(bank) as tx:
        found = await segments.count(tx, analytics, rule, segments.Scope())
        assert found.total == 1
        deposit = language.parse({"kind": "attr", "name": "products_held", "op": ">=", "value": 1})
        with pytest.raises(language.DepositSelection):
            await segments.count(tx, analytics, deposit, segments.Scope())
        with pytest.raises(language.DepositCondition):
            await segments.count(tx, analytics, deposit, segments.Scope(serves=Serves.CONDITION))


async def test_when_a_maturity_has_passed_the_next_one_is_the_next(database, bank, seqs, maturities, clock):
    await roll.run(Sweep(database=database, tenant=bank, parts={}))
    before = await attributes(database, bank, seqs["C1"])
    clock.advance(timedelta(days=20))
    await roll.run(Sweep(database=database, tenant=bank, parts={}))
    after = await attributes(database, bank, seqs["C1"])
    assert before["next_matures_on"] < after["next_matures_on"] == before["next_matures_on_no_deposit"]


async def test_an_account_that_changes_hands_leaves_nothing_under_the_earlier_key(
    database, clickhouse, bank, seqs, brought
):
    moved = {"account_no": OTHERS["account_no"], "customer_no": "C3", "kind": "loan"}
    found = await make.bring(database, clickhouse, bank, "accounts", [moved])
    assert found.rows_changed == 1
    [account] = (await held(database, bank, seqs["C3"])).accounts
    assert (account.number, account.has_balance) == ("****0003", False)
    assert (await held(database, bank, seqs["C2"])).accounts == []
    assert "accounts_open" not in await attributes(database, bank, seqs["C2"])


async def test_transactions_are_events_of_the_accounts_customer_in_order_and_known_again(
    database, clickhouse, bank, seqs, brought
):
    base = {"account_no": SALARY["account_no"], "posted_on": "2026-02-27", "type": "转账", "counterparty": ""}
    rows = [
        {**base, "transaction_no": "T1", "direction": "支", "amount": "100", "balance": "900.10", "counterparty": "王"},
        {**base, "transaction_no": "T2", "direction": "收", "amount": "1000.10", "balance": "1000.10"},
        {**base, "transaction_no": "T3", "direction": "收", "amount": "1", "balance": "", "account_no": "x"},
    ]  # fmt: skip
    found = await make.bring(database, clickhouse, bank, "transactions", rows)
    assert (found.rows_added, found.rows_refused) == (2, 1)
    again = await make.bring(database, clickhouse, bank, "transactions", rows[:2], name="again")
    assert (again.rows_added, again.rows_same) == (0, 2)
    lines = await events.timeline(clickhouse, bank, seqs["C1"], names=["transaction.posted"])
    assert [line.amount_fen for line in lines] == [-10_000, 100_010], "what came in stands before what went out"
    assert lines[0].properties["counterparty"] == "****"
    assert lines[0].properties["account"] == "****0001"


async def test_nothing_of_accounts_is_left_after_an_erasure(database, bank, seqs, maturities):
    port = accounts.PersonalAccounts()
    async with database.begin(bank) as tx:
        assert (await port.export(tx, seqs["C1"]))["accounts"][0]["number"] == SALARY["account_no"]
        left = {one.column for one in await port.prove(tx, [seqs["C1"]])}
        assert {"accounts.account.number_enc", "accounts.holding.amount_enc"} <= left, "the search finds what is there"
        await port.erase(tx, [seqs["C1"]])
        assert await port.prove(tx, [seqs["C1"]]) == []


async def test_another_bank_sees_no_account(database, other_bank, seqs, brought):
    async with database.begin(other_bank) as tx:
        with pytest.raises(customers.CustomerUnknown):
            await accounts.held_by(tx, Seq(seqs["C1"]))
