"""Identities: evidence, whom one means, who resembles whom; joining by two people, seen as one, and parted again."""

import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers, events, identities
from huoke.know.customers import CustomerStatus, NotJoinable
from huoke.know.identities import IdentityKind, NewMerge, NewParting, Strength
from tests.make import customers as make
from tests.make import events as make_events
from tests.make import people

DOCUMENT = "110101199003078515"
ROWS = [
    {"customer_no": "M1", "name": "王芳", "phone": "13800138001", "id_document": DOCUMENT, "unit_code": "N"},
    {"customer_no": "M2", "name": "王芳", "phone": "13800138001", "id_document": "", "unit_code": "N"},
    {"customer_no": "M3", "name": "王小芳", "phone": "13900139000", "id_document": DOCUMENT, "unit_code": "S"},
    {"customer_no": "M4", "name": "李雷", "phone": "13800138001", "id_document": "110101198003078519",
     "unit_code": "N"},
]  # fmt: skip


@pytest.fixture(scope="module")
async def seqs(database, bank, units):
    await make.import_rows(database, bank, ROWS, {})
    source = await make_events.source(database, bank)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, [row["customer_no"] for row in ROWS])
    message = events.Message(type="identify", message_id="i-1", user_id="M1", anonymous_id="device-123456")
    await make_events.take(database, bank, source, message)
    return seqs


async def pairs(database, bank, rule, **more):
    async with database.begin(bank) as tx:
        found = await identities.matches(tx, rule, **more)
    return [(one.first.customer_no, one.second.customer_no) for one in found]


async def test_every_identity_has_its_evidence(database, bank, seqs):
    async with database.begin(bank) as tx:
        found = await identities.identities_of(tx, seqs["M1"])
    told = [(one.kind, one.value, one.strength) for one in found.items]
    assert told == [
        (IdentityKind.CUSTOMER_NO, "M1", Strength.STRONG),
        (IdentityKind.ID_DOCUMENT, "110***********8515", Strength.STRONG),
        (IdentityKind.PHONE, "138****8001", Strength.MEDIUM),
        (IdentityKind.DEVICE, "****3456", Strength.WEAK),
    ]
    assert {one.source for one in found.items} == {"customers.csv", "events"}


async def test_an_identity_means_one_customer_or_several_for_a_person_to_decide(database, bank, units, seqs):
    async with database.begin(bank) as tx:
        assert [one.customer.customer_no for one in await identities.resolve(tx, "M3")] == ["M3"]
        shared = await identities.resolve(tx, "138 0013 8001")
        assert [(one.customer.customer_no, one.by) for one in shared] == [
            ("M1", IdentityKind.PHONE), ("M2", IdentityKind.PHONE), ("M4", IdentityKind.PHONE)
        ]  # fmt: skip
        assert await identities.resolve(tx, "13900139000", scope=[units.north]) == [], "another unit's"
        assert await identities.resolve(tx, "nobody") == []


async def test_duplicates_are_suggested_by_what_they_share(database, bank, units, seqs):
    assert await pairs(database, bank, "same_document") == [("M1", "M3")]
    assert await pairs(database, bank, "same_document", scope=[units.north]) == [], "one is another unit's"
    assert await pairs(database, bank, "same_phone_and_name") == [("M1", "M2")]
    assert await pairs(database, bank, "same_phone") == [("M1", "M4"), ("M2", "M4")]
    assert await pairs(database, bank, "") == [("M1", "M3"), ("M1", "M2")], "all that a person decides, by rule"
    async with database.begin(bank) as tx:
        await identities.tell_apart(tx, seqs["M4"], seqs["M1"])
    assert await pairs(database, bank, "same_phone") == [("M2", "M4")]


@pytest.fixture(scope="module")
async def actors(database, bank, units):
    """Who asks, and who decides."""
    approvals.register(identities.MergeApproval())
    async with database.begin(bank) as tx:
        asks = await people.staff(tx, Role.OPERATOR, unit_id=units.head, login="asks")
        decides = await people.staff(tx, Role.APPROVER, unit_id=units.head, login="decides")
    return people.actor(asks), people.actor(decides)


async def decided(database, bank, actors, ask, new):
    """Ask as one and decide as the other."""
    maker, checker = actors
    async with database.begin(bank, maker) as tx:
        merge_id = await ask(tx, new)
        [merge] = [one for one in await identities.merges(tx) if one.id == merge_id]
        change = await approvals.find_change(tx, merge.change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, maker) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank, checker) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return change


async def verdicts(tx, seq):
    return {one.purpose: one.verdict for one in await consent.consents_of(tx, seq)}


async def test_two_become_one_by_two_people_and_two_again(
    database, feed, clickhouse, bank, units, seqs, actors, analytics
):
    kept, other = seqs["M1"], seqs["M3"]
    refusal = consent.Statement(
        purpose=consent.MARKETING, verdict=consent.Verdict.WITHDRAWN, members=CustomerSet.of(bank, [other])
    )
    complaint = consent.SuppressionStatement(
        reason=consent.SuppressionReason.COMPLAINT, verdict=consent.Verdict.GIVEN, members=refusal.members
    )
    async with database.begin(bank) as tx:
        await consent.record(tx, [refusal])
        await consent.suppress(tx, [complaint])
        earlier = CustomerSet.of(bank, [seqs["M2"], other])
    source = await make_events.source(database, bank, "second")
    device = events.Message(type="identify", message_id="i-2", user_id="M3", anonymous_id="tablet-777")
    await make_events.take(database, bank, source, device, make_events.track("t-1", "M3"))
    change = await decided(
        database, bank, actors, identities.request_join, NewMerge(seq=other, kept_seq=kept, reason="同一身份证件")
    )
    assert [check.rule for check in change.checks] == ["P1", "R1"]
    async with database.begin(bank) as tx:
        assert await customers.find_by_no(tx, ["M1", "M3"]) == {"M1": kept, "M3": kept}
        assert (await customers.get(tx, other)).status is CustomerStatus.MERGED
        assert (await customers.facts(tx, [kept, other])).seqs.tolist() == [kept]
        assert list((await customers.current(tx, earlier)).array()) == [kept, seqs["M2"]]
        assert (await verdicts(tx, kept))[consent.MARKETING] is consent.Verdict.WITHDRAWN, "the stricter one holds"
        assert kept in (await consent.suppressed(tx)).bitmap
        card = await identities.identities_of(tx, kept)
        assert [row.customer_no for row in card.joined] == ["M3"]
        assert {one.seq for one in card.items} == {kept, other}
        assert (await identities.identities_of(tx, other)).leads_to == kept
        with pytest.raises(NotJoinable):
            await identities.request_join(tx, NewMerge(seq=other, kept_seq=seqs["M2"], reason="又一次"))
    assert await pairs(database, bank, "same_document") == []
    await make_events.take(database, bank, source, make_events.track("t-2", "M3"))
    await make_events.take(database, bank, source, make_events.track("t-3", None, anonymous_id="tablet-777"))
    async with database.begin(bank) as tx:
        whose = await tx.fetch("SELECT seq FROM events.event WHERE name = 'app.login' ORDER BY xid, ordinal")
    assert [row["seq"] for row in whose] == [other, kept, kept], "number and device lead on"
    await make_events.ship(feed, clickhouse)
    lines = [one async for one in timeline_of(database, clickhouse, bank, kept)]
    assert len(lines) >= 2, "what came before and after, under either number"

    await decided(database, bank, actors, identities.request_part, NewParting(seq=other, reason="合并错误"))
    async with database.begin(bank) as tx:
        assert await customers.find_by_no(tx, ["M1", "M3"]) == {"M1": kept, "M3": other}
        assert (await customers.get(tx, other)).status is CustomerStatus.ACTIVE
        assert (await verdicts(tx, kept))[consent.MARKETING] is consent.Verdict.GIVEN
        assert kept not in (await consent.suppressed(tx)).bitmap
        assert other in (await consent.suppressed(tx)).bitmap, "what was theirs stays theirs"
        assert list((await customers.current(tx, earlier)).array()) == [seqs["M2"], other]
        rows = await tx.fetch("SELECT closed_at FROM customers.alias")
    assert len(rows) == 1
    assert rows[0]["closed_at"] is not None, "the alias is dated, not removed"


async def timeline_of(database, clickhouse, bank, seq):
    async with database.begin(bank) as tx:
        numbers = await customers.numbers_of(tx, seq)
    for number in numbers:
        for line in await events.timeline(clickhouse, bank, number, names=["app.login"]):
            yield line


async def test_a_request_that_is_refused_moves_nothing(database, bank, units, seqs, actors):
    maker, checker = actors
    async with database.begin(bank, maker) as tx:
        merge_id = await identities.request_join(
            tx, NewMerge(seq=seqs["M2"], kept_seq=seqs["M1"], reason="同一手机与姓名")
        )
        with pytest.raises(identities.MergeOpen):
            await identities.request_join(tx, NewMerge(seq=seqs["M2"], kept_seq=seqs["M4"], reason="再来一次"))
        [merge] = [one for one in await identities.merges(tx) if one.id == merge_id]
        change = await approvals.find_change(tx, merge.change_id)
    async with database.begin(bank, checker) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.REJECT, "证据不足", change.diff_hash)
    async with database.begin(bank) as tx:
        assert (await identities.merges(tx))[0].state == "refused"
        assert (await customers.get(tx, seqs["M2"])).status is CustomerStatus.ACTIVE
        assert await customers.survivors(tx, [seqs["M2"]]) == {}


async def test_nobody_joins_customers_of_another_unit_or_bank(database, bank, other_bank, units, seqs, actors):
    new = NewMerge(seq=seqs["M3"], kept_seq=seqs["M1"], reason="同一身份证件")
    async with database.begin(bank, actors[0]) as tx:
        with pytest.raises(customers.CustomerUnknown):
            await identities.request_join(tx, new, scope=[units.north])
    async with database.begin(other_bank, actors[0]) as tx:
        with pytest.raises(customers.CustomerUnknown):
            await identities.request_join(tx, new)
