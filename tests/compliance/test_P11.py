"""P11: transfers, devices and households serve against fraud; for anything else both ends must have allowed it."""

import pytest

from huoke.kernel import files
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers, relations
from huoke.know.relations import Kind, LookPurpose, PurposeClosed
from tests.make import accounts as make_accounts
from tests.make import events as make_events
from tests.make import people

GUARDED = {Kind.TRANSFER, Kind.DEVICE, Kind.HOUSEHOLD}
ACCOUNT = "6222 0000 0000 9999"


def edge(no, kind, other):
    return {"customer_no": no, "kind": kind, "other": other, "since": "2026-01-05", "until": "", "weight": "1"}


@pytest.fixture(scope="module")
async def seqs(database, clickhouse, bank, cluster, schema):
    """A couple with a shared device who send money to an account of nobody here, and a friend they invited."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(bank) as tx:
        await people.units(tx)
    found = await make_events.people(database, bank, "A", "B", "FRIEND")
    customers.register_entity(relations.Relations())
    edges = [
        edge("A", "household", "B"), edge("B", "household", "A"), edge("A", "device", "D1"), edge("B", "device", "D1"),
        edge("A", "transfer", ACCOUNT), edge("A", "referral", "FRIEND"),
    ]  # fmt: skip
    assert (await make_accounts.bring(database, clickhouse, bank, "relations", edges)).rows_refused == 0
    async with database.begin(bank) as tx:
        text = consent.Purpose(code=relations.CONSENTED, label="关系", label_en="Relations", data_kinds=("relations",),
                               text_version="1", text="我同意。")  # fmt: skip
        await consent.define_purposes(tx, [text])
    return found


async def around(database, bank, seq, purpose, **more):
    async with database.begin(bank) as tx:
        return await relations.around(tx, seq, purpose, **more)


async def allow(database, bank, seq, verdict=consent.Verdict.GIVEN):
    async with database.begin(bank) as tx:
        members = CustomerSet.of(bank, [seq], tx.now)
        said = consent.Statement(purpose=relations.CONSENTED, verdict=verdict, text_version="1", members=members)
        await consent.record(tx, [said])


async def test_against_fraud_all_is_seen_and_for_marketing_what_is_guarded_is_closed(database, bank, seqs):
    """The negative control is the other purpose: the same edges are there."""
    whole = await around(database, bank, seqs["A"], LookPurpose.FRAUD)
    assert {link.kind for link in whole.links} == {*GUARDED, Kind.REFERRAL}
    seen = await around(database, bank, seqs["A"], LookPurpose.MARKETING)
    assert {link.kind for link in seen.links} == {Kind.REFERRAL}
    assert {*seen.closed} == GUARDED
    assert seqs["B"] not in {node.seq for node in seen.nodes}
    for kind in GUARDED:
        with pytest.raises(PurposeClosed):
            await around(database, bank, seqs["A"], LookPurpose.MARKETING, kinds=[kind])


async def test_one_who_allowed_it_opens_nothing_of_one_who_did_not(database, bank, seqs):
    await allow(database, bank, seqs["A"])
    alone = await around(database, bank, seqs["A"], LookPurpose.MARKETING)
    assert Kind.HOUSEHOLD not in {link.kind for link in alone.links}
    assert seqs["B"] not in {node.seq for node in alone.nodes}, "nor over the device both use"
    await allow(database, bank, seqs["B"])
    both = await around(database, bank, seqs["A"], LookPurpose.MARKETING)
    assert Kind.HOUSEHOLD in {link.kind for link in both.links}
    await allow(database, bank, seqs["B"], consent.Verdict.WITHDRAWN)
    again = await around(database, bank, seqs["A"], LookPurpose.MARKETING)
    assert Kind.HOUSEHOLD not in {link.kind for link in again.links}


async def test_a_counterparty_who_is_no_customer_has_no_name_and_no_number(database, bank, seqs):
    whole = await around(database, bank, seqs["A"], LookPurpose.FRAUD)
    stranger = {link.target for link in whole.links if link.kind is Kind.TRANSFER}
    assert [node.name for node in whole.nodes if node.id in stranger and node.seq is None] == [None]
    assert "6222" not in str(whole)
    async with database.begin(bank) as tx:
        kept = await tx.fetch("SELECT r::text AS row FROM relations.edge AS r")
    assert kept
    assert all(ACCOUNT.replace(" ", "") not in one["row"] for one in kept)
