"""An import of accounts or holdings is undone as a whole; what something else wrote since stays."""

import pytest

from huoke.kernel.ids import Seq
from huoke.kernel.tx import SYSTEM
from huoke.know import accounts, customers, events
from tests.make import accounts as make
from tests.make import events as make_events

FIRST = [
    {"account_no": "6217 0000 0000 0001", "customer_no": "A1", "kind": "savings", "opened_on": "2019-05-09",
     "balance": "10"},
    {"account_no": "6217 0000 0000 0002", "customer_no": "A1", "kind": "loan", "opened_on": "", "balance": ""},
]  # fmt: skip
SECOND = [
    {**FIRST[0], "customer_no": "A2", "balance": "20"},
    {**FIRST[1], "kind": "其他", "opened_on": "2020-01-01"},
    {**FIRST[0], "account_no": "6217 0000 0000 0003", "customer_no": "A3"},
]


@pytest.fixture
async def seqs(database, bank, units):
    return await make_events.people(database, bank, "A1", "A2", "A3")


async def undo(database, clickhouse, bank, import_id):
    async with database.begin(bank) as tx:
        await customers.undo(tx, import_id)
    return await customers.run_undo(database, bank, import_id, actor=SYSTEM, clickhouse=clickhouse)


async def shown(database, bank, seqs):
    """Every account of these customers in clear, and what follows from them."""
    found = {}
    for number, seq in seqs.items():
        async with database.begin(bank) as tx:
            held = (await accounts.held_by(tx, seq)).accounts
            copy = (await accounts.PersonalAccounts().export(tx, seq))["accounts"]
            open_accounts = (await customers.state(tx, Seq(seq)))[2].get("accounts_open")
        found[number] = ([(one.number, one.kind, one.standing) for one in held], copy, open_accounts)
    return found


async def test_accounts_are_as_they_were_and_new_ones_are_gone(database, clickhouse, bank, seqs):
    await make.bring(database, clickhouse, bank, "accounts", FIRST)
    before = await shown(database, bank, seqs)
    second = await make.bring(database, clickhouse, bank, "accounts", SECOND, name="2")
    assert (second.rows_added, second.rows_changed, second.can) == (1, 2, ["undo"])
    assert await shown(database, bank, seqs) != before
    undone = await undo(database, clickhouse, bank, second.id)
    assert (undone.status, undone.rows_undone, undone.rows_kept, undone.can) == ("undone", 3, 0, [])
    assert await shown(database, bank, seqs) == before
    async with database.begin(bank) as tx:
        kept = await tx.fetch("SELECT before FROM accounts.former WHERE seq = $1 ORDER BY version", seqs["A3"])
    assert [row["before"]["number_masked"] for row in kept] == ["****0003"], "its history says that it was here"
    again = await make.bring(database, clickhouse, bank, "accounts", SECOND, name="2")
    assert (again.rows_added, again.rows_changed) == (1, 2)


async def test_what_a_later_file_wrote_stays(database, clickhouse, bank, seqs):
    def row(number, kind):
        return {"holding_no": f"H{number}", "customer_no": "A1", "product": "稳利", "kind": kind, "amount": "100"}

    first = await make.bring(database, clickhouse, bank, "holdings", [row(1, "fund"), row(2, "fund")])
    await make.bring(database, clickhouse, bank, "holdings", [row(1, "bond")], name="2")
    undone = await undo(database, clickhouse, bank, first.id)
    assert (undone.rows_undone, undone.rows_kept) == (1, 1)
    async with database.begin(bank) as tx:
        held = (await accounts.held_by(tx, seqs["A1"])).holdings
        values = (await customers.state(tx, Seq(seqs["A1"])))[2]
    assert [(one.product, one.kind) for one in held] == [("稳利", "bond")]
    assert values["products_held"] == 1


async def test_what_an_erased_customer_left_is_not_touched(database, clickhouse, bank, seqs):
    first = await make.bring(database, clickhouse, bank, "accounts", FIRST)
    async with database.begin(bank) as tx:
        await accounts.PersonalAccounts().erase(tx, [seqs["A1"]])
        left = await tx.fetch("SELECT * FROM accounts.account ORDER BY id")
    undone = await undo(database, clickhouse, bank, first.id)
    assert (undone.rows_undone, undone.rows_kept) == (0, 2)
    async with database.begin(bank) as tx:
        rows = await tx.fetch("SELECT * FROM accounts.account ORDER BY id")
        assert await accounts.PersonalAccounts().prove(tx, [seqs["A1"]]) == []
    assert [row["version"] for row in rows] == [row["version"] for row in left]


async def test_postings_are_gone_from_the_timeline_and_come_again_as_new(database, clickhouse, bank, seqs):
    await make.bring(database, clickhouse, bank, "accounts", FIRST)
    rows = [
        {"transaction_no": f"T{n}", "account_no": FIRST[0]["account_no"], "posted_on": f"2026-02-0{n}", "amount": "8"}
        for n in (1, 2, 3)
    ]
    brought = await make.bring(database, clickhouse, bank, "transactions", rows[:2])
    other = await make.bring(database, clickhouse, bank, "transactions", rows[1:], name="2")
    assert (brought.rows_added, other.rows_added, other.rows_same) == (2, 1, 1)

    async def postings():
        return [one.at.day for one in await events.timeline(clickhouse, bank, seqs["A1"], names=["transaction.posted"])]

    before = await postings()
    undone = await undo(database, clickhouse, bank, brought.id)
    assert (undone.status, undone.rows_undone, undone.rows_kept) == ("undone", 2, 0)
    assert (len(before), len(await postings())) == (3, 1), "what the other file brought stays"
    again = await make.bring(database, clickhouse, bank, "transactions", rows[:2], name="3")
    assert (again.rows_added, again.rows_same) == (2, 0)
    assert await postings() == before
