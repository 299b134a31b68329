"""Relations of a bank: imported and taken back, looked at for a purpose, leads with their reason, rings judged."""

from datetime import timedelta

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers, relations
from huoke.know.relations import Kind, LookPurpose, PurposeClosed, RingState, RingUnknown, Verdict
from huoke.know.relations.evidence import find
from tests.conftest import START, open_bank
from tests.make import accounts as make_accounts
from tests.make import events as make_events
from tests.make import people

RINGED = [f"R{n}" for n in range(8)]
FAMILY = [f"F{n}" for n in range(4)]
STAFF = [f"S{n}" for n in range(6)]


@pytest.fixture
async def bank(own_bank):
    """A bank for each test."""
    return own_bank


@pytest.fixture
async def units(database, bank):
    async with database.begin(bank) as tx:
        return await people.units(tx)


def edge(no, kind, other, since="2026-01-05", **more):
    return {"customer_no": no, "kind": kind, "other": other, "since": since, "until": "", "weight": "1", **more}


EDGES = [
    *(edge(no, "device", f"D{n % 2}") for n, no in enumerate(RINGED)),
    edge("R0", "device", "D1"),
    *(edge("BOSS", "referral", no) for no in RINGED),
    *(edge(no, "设备", "TABLET") for no in FAMILY),
    edge("F0", "household", "F1"),
    edge("F1", "household", "F0"),
    edge("F0", "transfer", "6222 0000 0000 9999"),
    *(edge(no, "payroll", "绿洲科技") for no in STAFF),
    edge("F0", "payroll", "绿洲科技"),
]


@pytest.fixture
async def seqs(database, bank, units):
    return await make_events.people(database, bank, *RINGED, *FAMILY, *STAFF, "BOSS")


@pytest.fixture
async def brought(database, clickhouse, bank, seqs):
    customers.register_entity(relations.Relations())
    return await make_accounts.bring(database, clickhouse, bank, "relations", EDGES)


async def pay(database, feed, clickhouse, bank, *numbers):
    """Each pays on four days."""
    made = await make_events.source(database, bank)
    paid = [
        make_events.track(f"{no}-{ago}", no, "payment.made", timestamp=START - timedelta(days=ago))
        for no in numbers
        for ago in (1, 2, 3, 4)
    ]
    await make_events.take(database, bank, made, *paid)
    await make_events.ship(feed, clickhouse)


@pytest.fixture
async def lived(database, feed, clickhouse, bank, brought):
    """What is known of how somebody lives; without it nobody is called quiet."""
    await pay(database, feed, clickhouse, bank, "S0")


async def around(database, bank, seq, purpose=LookPurpose.FRAUD, **more):
    async with database.begin(bank) as tx:
        return await relations.around(tx, seq, purpose, **more)


async def agree(database, bank, *members):
    async with database.begin(bank) as tx:
        await consent.define_purposes(tx, [
            consent.Purpose(code=relations.CONSENTED, label="关系", label_en="Relations", data_kinds=("relations",),
                            text_version="1", text="我同意。"),
        ])  # fmt: skip
        await consent.record(tx, [consent.Statement(
            purpose=relations.CONSENTED, verdict=consent.Verdict.GIVEN, text_version="1",
            members=CustomerSet.of(bank, members, tx.now),
        )])  # fmt: skip


async def test_an_import_brings_edges_once_and_takes_them_back(database, clickhouse, bank, seqs, brought):
    again = await make_accounts.bring(database, clickhouse, bank, "relations", EDGES[::-1])
    assert (brought.rows_added, brought.rows_refused) == (len(EDGES) - 1, 0)
    assert (again.rows_added, again.rows_changed, again.rows_same) == (0, 0, len(EDGES))
    ended = edge("F0", "payroll", "绿洲科技", until="2026-02-01")
    later = await make_accounts.bring(database, clickhouse, bank, "relations", [ended])
    assert later.rows_changed == 1
    assert Kind.PAYROLL not in {link.kind for link in (await around(database, bank, seqs["F0"])).links}
    async with database.begin(bank) as tx:
        from huoke.know.relations import store

        assert await store.take_back(tx, later.id, 10) == 1
    assert Kind.PAYROLL in {link.kind for link in (await around(database, bank, seqs["F0"])).links}


async def test_rows_that_lead_nowhere_are_refused(database, clickhouse, bank, seqs):
    rows = [edge("R0", "referral", "nobody"), edge("R0", "household", "R0"), edge("R0", "cousin", "R1"),
            edge("X", "device", "D1"), edge("R0", "device", "D1", until="2020-01-01")]  # fmt: skip
    report = await make_accounts.bring(database, clickhouse, bank, "relations", rows)
    assert (report.rows_added, report.rows_refused) == (0, 5)


async def test_marketing_does_not_see_transfers_households_and_devices(database, bank, seqs, brought):
    seen = await around(database, bank, seqs["F0"], LookPurpose.MARKETING)
    assert {link.kind for link in seen.links} == {Kind.PAYROLL}
    assert {*seen.closed} == {Kind.DEVICE, Kind.HOUSEHOLD, Kind.TRANSFER}
    with pytest.raises(PurposeClosed):
        await around(database, bank, seqs["F0"], LookPurpose.MARKETING, kinds=[Kind.DEVICE])
    whole = await around(database, bank, seqs["F0"])
    assert {link.kind for link in whole.links} == {Kind.PAYROLL, Kind.DEVICE, Kind.HOUSEHOLD, Kind.TRANSFER}
    assert "6222" not in str(whole)


async def test_a_guarded_edge_needs_the_consent_of_both_its_ends(database, bank, seqs, brought):
    await agree(database, bank, seqs["F0"])
    alone = await around(database, bank, seqs["F0"], LookPurpose.MARKETING)
    assert Kind.HOUSEHOLD not in {link.kind for link in alone.links}
    await agree(database, bank, seqs["F1"])
    both = await around(database, bank, seqs["F0"], LookPurpose.MARKETING)
    assert Kind.HOUSEHOLD in {link.kind for link in both.links}


async def test_customers_outside_the_scope_have_a_place_but_no_name(database, bank, seqs, brought, units):
    async with database.begin(bank) as tx:
        with pytest.raises(customers.CustomerUnknown):
            await relations.around(tx, seqs["F0"], LookPurpose.FRAUD, scope=[units.south])
    seen = await around(database, bank, seqs["F0"])
    assert {node.name for node in seen.nodes if node.seq} == {"张*"}


async def test_colleagues_of_good_customers_are_leads_with_the_reason(database, bank, seqs, brought):
    async with database.begin(bank) as tx:
        good = CustomerSet.of(bank, [seqs[no] for no in STAFF[:3]], tx.now)
        found = await relations.leads(tx, good)
        few = await relations.leads(tx, CustomerSet.of(bank, [seqs[no] for no in STAFF[:2]], tx.now))
    assert [(lead.customer_no, lead.employer, lead.good, lead.staff) for lead in found] == [
        (no, "绿洲科技", 3, 7) for no in ("F0", "S3", "S4", "S5")
    ]
    assert few == []


async def test_who_said_no_to_marketing_is_no_lead(database, bank, seqs, brought):
    async with database.begin(bank) as tx:
        await consent.record(tx, [consent.Statement(
            purpose=consent.MARKETING, verdict=consent.Verdict.WITHDRAWN, members=CustomerSet.of(bank, [seqs["S3"]]),
        )])  # fmt: skip
    async with database.begin(bank) as tx:
        found = await relations.leads(tx, CustomerSet.of(bank, [seqs[no] for no in STAFF[:3]], tx.now))
    assert [lead.customer_no for lead in found] == ["F0", "S4", "S5"]


async def test_a_ring_is_found_with_its_reasons_judged_and_exported(database, clickhouse, bank, seqs, lived):
    ran = await relations.refresh(database, clickhouse, bank)
    assert (ran.rings, ran.fresh) == (1, 1)
    async with database.begin(bank) as tx:
        (ring,) = await find(tx)
        assert [member.customer_no for member in ring.members] == ["BOSS", *RINGED]
        assert ring.reasons[0].text_en == "8 accounts share 2 devices"
        assert len(await relations.ringed(tx)) == 0
        await relations.judge(tx, Verdict(ring_id=ring.id, state=RingState.RING, note="同一批设备"))
    again = await relations.refresh(database, clickhouse, bank)
    assert (again.rings, again.fresh) == (1, 0)
    async with database.begin(bank) as tx:
        assert {*(await relations.ringed(tx)).array().tolist()} == {seqs[no] for no in (*RINGED, "BOSS")}
        assert (await find(tx, state=RingState.RING))[0].note == "同一批设备"


async def test_people_who_do_more_than_take_rewards_are_no_ring(database, clickhouse, feed, bank, seqs, brought):
    await pay(database, feed, clickhouse, bank, *RINGED)
    assert (await relations.refresh(database, clickhouse, bank)).rings == 0


async def test_where_nothing_is_known_of_how_people_live_nobody_is_called_a_ring(database, clickhouse, bank, brought):
    assert (await relations.refresh(database, clickhouse, bank)).rings == 0


async def test_a_ring_of_another_bank_cannot_be_judged(database, owner, clickhouse, bank, lived):
    neighbour = await open_bank(owner, clickhouse)
    await relations.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        (ring,) = await find(tx)
    async with database.begin(neighbour) as tx:
        with pytest.raises(RingUnknown):
            await relations.judge(tx, Verdict(ring_id=ring.id, state=RingState.RING, note="同一批设备"))
    async with database.begin(bank) as tx:
        assert (await find(tx))[0].state is RingState.NEW


async def test_an_erased_customer_leaves_no_edge_and_no_place_in_a_ring(database, clickhouse, bank, seqs, lived):
    await relations.refresh(database, clickhouse, bank)
    port = relations.PersonalRelations()
    async with database.begin(bank) as tx:
        assert (await port.prove(tx, [seqs["R0"]]))[0].what != ""
        await port.erase(tx, [seqs["R0"]])
        assert await port.prove(tx, [seqs["R0"]]) == []
        assert len((await find(tx))[0].members) == 8
