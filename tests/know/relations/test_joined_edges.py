"""Edges of customers who are joined count for the kept number, and go back with a parting; chains of referrals."""

import pytest

from huoke.govern.audit.model import ReasonMissing
from huoke.kernel.sets import CustomerSet
from huoke.know import customers, relations
from huoke.know.relations import Kind, LeadSort, LookPurpose, RingState, Verdict, Wanted, evidence, store
from huoke.know.relations.model import Joined
from tests.know.relations.test_relations import RINGED, bank, edge, lived, pay, seqs, units  # noqa: F401
from tests.know.relations.test_relations import brought as brought
from tests.make import accounts as make_accounts
from tests.make import customers as make_customers

CHAIN = [
    edge("S0", "referral", "S1", "2026-01-01"),
    edge("S0", "referral", "S2", "2026-01-02"),
    edge("S1", "referral", "S3", "2026-01-03"),
    edge("S2", "referral", "S3", "2026-01-04"),
    edge("S3", "referral", "S4", "2026-01-05"),
    edge("F0", "referral", "S5", "2026-01-05"),
]


@pytest.fixture
async def chain(database, clickhouse, bank, brought):  # noqa: F811
    return await make_accounts.bring(database, clickhouse, bank, "relations", CHAIN)


async def kinds_around(database, bank, seq):  # noqa: F811
    async with database.begin(bank) as tx:
        seen = await relations.around(tx, seq, LookPurpose.FRAUD)
        own = {node.id for node in seen.nodes if node.step == 0}
    return {link.kind for link in seen.links if {link.source, link.target} & own}


async def brought_by(database, bank, seq):  # noqa: F811
    async with database.begin(bank) as tx:
        tree = await relations.tree(tx, seq)
    return [(one.customer_no, one.by, one.generation) for one in tree.people], tree.generations


async def test_edges_of_a_joined_customer_are_the_kept_ones_until_they_part(database, bank, seqs, brought):  # noqa: F811
    kept, other = seqs["S5"], seqs["F0"]
    assert await kinds_around(database, bank, kept) == {Kind.PAYROLL}
    async with database.begin(bank) as tx:
        await customers.join(tx, other, kept)
    assert await kinds_around(database, bank, kept) == {Kind.PAYROLL, Kind.DEVICE, Kind.HOUSEHOLD, Kind.TRANSFER}
    async with database.begin(bank) as tx:
        rows = await store.edges_of(tx, Joined({}), [kept], [kind.value for kind in Kind], 100)
        assert {row["kind"] for row in rows} == {"payroll"}, "without the aliases they would be lost"
        found = await relations.leads(tx, CustomerSet.of(bank, [seqs[no] for no in ("S0", "S1", "S2")], tx.now))
        assert [(lead.customer_no, lead.staff) for lead in found] == [("S3", 6), ("S4", 6), ("S5", 6)]
        await customers.part(tx, other)
    assert await kinds_around(database, bank, kept) == {Kind.PAYROLL}
    assert await kinds_around(database, bank, other) >= {Kind.DEVICE, Kind.HOUSEHOLD}


async def test_a_chain_of_referrals_counts_the_first_inviter_only(database, bank, seqs, chain):  # noqa: F811
    people, generations = await brought_by(database, bank, seqs["S0"])
    assert people == [("S0", None, 0), ("S1", 0, 1), ("S2", 0, 1), ("S3", 1, 2), ("S4", 3, 3)]
    assert generations == [1, 2, 1, 1]
    assert (await brought_by(database, bank, seqs["S2"]))[1] == [1]


async def test_a_joining_brings_two_chains_together_and_a_parting_takes_them_apart(database, bank, seqs, chain):  # noqa: F811
    async with database.begin(bank) as tx:
        await customers.join(tx, seqs["F0"], seqs["S4"])
    assert (await brought_by(database, bank, seqs["S0"]))[1] == [1, 2, 1, 1, 1]
    async with database.begin(bank) as tx:
        await customers.part(tx, seqs["F0"])
    assert (await brought_by(database, bank, seqs["S0"]))[1] == [1, 2, 1, 1]


async def test_the_largest_chains_are_listed_and_nobody_outside_the_scope_is_named(
    database,
    clickhouse,
    bank,  # noqa: F811  # noqa: F811
    seqs,  # noqa: F811  # noqa: F811
    units,  # noqa: F811  # noqa: F811
    chain,
):
    await relations.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        found, after = await relations.inviters(tx, limit=2)
        rest, end = await relations.inviters(tx, limit=2, after=after)
        elsewhere, _ = await relations.inviters(tx, scope=[units.south])
        read = await relations.reading(tx)
    assert [(one.customer_no, one.size, one.depth, one.direct) for one in found] == [("BOSS", 8, 1, 8), ("S0", 4, 3, 2)]
    assert [one.size for one in rest] == [2, 1]
    assert end is not None or len(rest) == 2
    assert {one.name for one in elsewhere} == {None}
    assert read.edges[Kind.REFERRAL] == len(RINGED) + len(CHAIN)
    assert read.groups == {"2": 0, "3-5": 1, "6-8": 1, "9+": 0}


async def test_an_inviter_who_is_erased_leaves_the_chain(database, clickhouse, bank, seqs, chain):  # noqa: F811
    await relations.refresh(database, clickhouse, bank)
    port = relations.PersonalRelations()
    async with database.begin(bank) as tx:
        await port.erase(tx, [seqs["S0"]])
        assert await port.prove(tx, [seqs["S0"]]) == []
        assert "S0" not in {one.customer_no for one in (await relations.inviters(tx))[0]}
        assert (await relations.tree(tx, seqs["S0"])).generations == [1]


async def test_leads_are_sorted_filtered_and_counted_within_the_scope(database, bank, seqs, units, brought):  # noqa: F811
    async with database.begin(bank) as tx:
        good = CustomerSet.of(bank, [seqs[no] for no in ("S0", "S1", "S2")], tx.now)
        assert await relations.leads(tx, good, wanted=Wanted(employer="蓝天")) == []
        assert len(await relations.leads(tx, good, wanted=Wanted(employer="绿洲", sort=LeadSort.SHARE))) == 4
        assert await relations.leads(tx, good, scope=[units.south]) == [], "good ones of other units count for nobody"


async def test_a_branch_is_told_of_its_own_leads_by_its_own_colleagues_alone(database, bank, seqs, units, brought):  # noqa: F811
    elsewhere = [{"customer_no": no, "name": "张三", "phone": "", "unit_code": "S"} for no in ("S4", "S5")]
    await make_customers.import_rows(database, bank, elsewhere, {})
    async with database.begin(bank) as tx:
        good = CustomerSet.of(bank, [seqs[no] for no in ("S0", "S1", "S2", "S4")], tx.now)
        own = await relations.leads(tx, good, scope=[units.harbour])
        other = await relations.leads(tx, CustomerSet.of(bank, [seqs["S4"]], tx.now), scope=[units.south])
        whole = await relations.leads(tx, good)
    assert [(lead.customer_no, lead.good, lead.staff) for lead in own] == [("F0", 3, 5), ("S3", 3, 5)]
    assert other == []
    assert [(lead.customer_no, lead.good, lead.staff) for lead in whole] == [
        ("F0", 4, 7), ("S3", 4, 7), ("S5", 4, 7)
    ]  # fmt: skip


async def test_every_verdict_is_kept_and_needs_a_reason(database, clickhouse, bank, seqs, lived):  # noqa: F811
    await relations.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        (ring,) = await evidence.find(tx)
        with pytest.raises(ReasonMissing):
            await relations.judge(tx, Verdict(ring_id=ring.id, state=RingState.RING, note=" "))
        assert (await relations.page(tx, ring.id)).verdicts == []
    for state, note in ((RingState.RING, "同一批设备"), (RingState.INNOCENT, "一个宿舍")):
        async with database.begin(bank) as tx:
            await relations.judge(tx, Verdict(ring_id=ring.id, state=state, note=note))
    async with database.begin(bank) as tx:
        page = await relations.page(tx, ring.id)
        rows, _ = await relations.ringed_rows(tx, state=RingState.INNOCENT)
        assert await evidence.member_counts(tx) == {RingState.INNOCENT: len(rows)}
        assert len(await relations.ringed(tx)) == 0
    assert {(one.state, one.note) for one in page.verdicts} == {("ring", "同一批设备"), ("innocent", "一个宿舍")}
    assert {(len(one.seqs), one.shared_by) for one in page.devices} == {(4, 4), (5, 5)}
    assert [(one.seq, one.invited) for one in page.invitations] == [(seqs["BOSS"], 8)]
    assert [row.customer_no for row in rows] == ["BOSS", *RINGED]


async def test_ringed_members_are_told_by_todays_numbers(database, clickhouse, bank, seqs, lived):  # noqa: F811
    await relations.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        (ring,) = await evidence.find(tx)
        await relations.judge(tx, Verdict(ring_id=ring.id, state=RingState.RING, note="同一批设备"))
        await customers.join(tx, seqs["R0"], seqs["S5"])
    async with database.begin(bank) as tx:
        members = {*(await relations.ringed(tx)).array().tolist()}
    assert seqs["S5"] in members
    assert seqs["R0"] not in members
