"""Messages from queue to phone: checked again at hand-over, sent once, whatever the gateway does."""

import sys
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from pyroaring import BitMap

from huoke.app.demo.sms_gateway import Gateway, Manners
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, exclusions, segments
from huoke.reach import channels
from huoke.reach.channels.hand_over import _take
from huoke.reach.channels.model import SignatureUnfit
from huoke.reach.channels.receive import take_receipts, take_replies
from huoke.reach.channels.rest import RestGateway
from tests.conftest import START

WITHDRAWN, GIVEN = consent.Verdict.WITHDRAWN, consent.Verdict.GIVEN


def receipts(gateway: Gateway, status: str = "") -> dict[str, list[dict[str, str]]]:
    return {
        "messages": [
            {"number": one.number, "status": status or one.end, "code": one.code} for one in gateway.books.values()
        ]
    }


async def say(desk, verdict, seqs):
    members = CustomerSet.of(desk.tenant, seqs)
    async with desk.database.begin(desk.tenant) as tx:
        said = consent.Statement(purpose=consent.MARKETING, verdict=verdict, members=members, text_version="1")
        await consent.record(tx, [said])


async def test_a_message_goes_out_once_and_its_receipt_ends_it(desk):
    source_id = await desk.plan()
    assert await desk.queue(source_id, desk.seqs[:3]) == 3
    assert await desk.queue(source_id, desk.seqs[:4]) == 1
    await desk.hand_over()
    assert set((await desk.states(source_id)).values()) == {"sent"}
    texts = sorted(one.text for one in desk.gateway.books.values())
    assert texts[0] == "【滨海银行】客户0您好，/c/AB 拒收请回复R"
    told = receipts(desk.gateway)
    assert (await take_receipts(desk.database, desk.code, desk.call("sms-receipts", told))).changed == 4
    assert (await take_receipts(desk.database, desk.code, desk.call("sms-receipts", told))).changed == 0
    assert Counter((await desk.states(source_id)).values()) == {"delivered": 4}
    await desk.hand_over()
    assert [one.times for one in await desk.on_phones()] == [1] * 4


async def test_nothing_of_text_or_number_is_kept(desk, owner):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[:1])
    await desk.hand_over()
    async with owner.begin_shared() as tx:
        rows = await tx.fetch("SELECT m::text AS row FROM channels.message m UNION SELECT s::text FROM channels.step s")
    assert rows
    assert not [row for row in rows if "13800" in row["row"] or "客户" in row["row"]]


async def test_whoever_withdrew_was_suppressed_or_left_since_gets_none(desk, owner):
    source_id = await desk.plan()
    one, two, three, four = desk.seqs[:4]
    await desk.queue(source_id, [one, two, three, four])
    await say(desk, WITHDRAWN, [one])
    suppressed = consent.SuppressionStatement(
        reason=consent.SuppressionReason.COMPLAINT, verdict=GIVEN, members=CustomerSet.of(desk.tenant, [two])
    )
    async with desk.database.begin(desk.tenant) as tx:
        await consent.suppress(tx, [suppressed])
        await tx.execute("UPDATE customers.customer SET status = 'closed' WHERE seq = $1", three)
    await desk.hand_over()
    assert await desk.states(source_id) == {
        one: "withheld:no_consent",
        two: "withheld:suppressed",
        three: "withheld:closed",
        four: "sent",
    }
    assert len(desk.gateway.books) == 1
    lifted = consent.SuppressionStatement(
        reason=consent.SuppressionReason.COMPLAINT, verdict=WITHDRAWN, members=CustomerSet.of(desk.tenant, [two])
    )
    async with desk.database.begin(desk.tenant) as tx:
        await consent.suppress(tx, [lifted])
        await tx.execute("UPDATE customers.customer SET status = 'active' WHERE seq = $1", three)
    await say(desk, GIVEN, [one])


async def test_enough_is_enough_over_all_campaigns(desk, clock):
    first, second = await desk.plan(), await desk.plan()
    seq = desk.seqs[5]
    for source_id in (first, second):
        await desk.queue(source_id, [seq])
    await desk.hand_over()
    assert sorted([(await desk.states(first))[seq], (await desk.states(second))[seq]]) == ["sent", "withheld:frequency"]
    clock.advance(timedelta(days=1, seconds=1))
    third = await desk.plan()
    await desk.queue(third, [seq])
    await desk.hand_over()
    assert await desk.states(third) == {seq: "sent"}


async def test_nobody_is_written_to_at_night(desk, clock):
    clock.set(START + timedelta(hours=12, minutes=30))
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[6:8])
    await desk.hand_over()
    assert not desk.gateway.books
    clock.set(START + timedelta(hours=22, minutes=59))
    await desk.hand_over()
    assert not desk.gateway.books
    clock.set(START + timedelta(hours=23))
    await desk.hand_over()
    assert len(desk.gateway.books) == 2


async def test_queued_by_day_and_overtaken_by_the_night_waits_for_the_morning(desk, clock):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[8:9])
    clock.set(START + timedelta(hours=13))
    await desk.hand_over()
    assert not desk.gateway.books
    clock.set(START + timedelta(hours=23))
    await desk.hand_over()
    assert len(desk.gateway.books) == 1


async def test_a_held_plan_waits_and_an_ended_one_withholds(desk):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[9:11])
    async with desk.database.begin(desk.tenant) as tx:
        await channels.hold(tx, source_id)
    await desk.hand_over()
    assert not desk.gateway.books
    async with desk.database.begin(desk.tenant) as tx:
        await channels.resume(tx, source_id)
        await channels.end(tx, source_id)
    await desk.hand_over()
    assert not desk.gateway.books
    assert set((await desk.states(source_id)).values()) == {"withheld:plan_ended"}


async def test_a_lost_answer_is_asked_after_and_not_sent_again(desk, clock):
    desk.gateway.manners = Manners(mute=1.0, drop=1.0)
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[11:13])
    await desk.hand_over()
    assert set((await desk.states(source_id)).values()) == {"unknown"}
    desk.gateway.manners = Manners(mute=1.0)
    clock.advance(timedelta(seconds=21))
    await desk.hand_over()
    assert set((await desk.states(source_id)).values()) <= {"sent", "delivered"}
    assert [one.times for one in await desk.on_phones()] == [1, 1]


async def test_a_busy_gateway_is_tried_again_and_then_left_alone(desk, clock):
    desk.gateway.manners = Manners(busy=1.0)
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[13:14])
    for _ in range(4):
        await desk.hand_over()
        clock.advance(timedelta(minutes=1))
    async with desk.database.begin(desk.tenant) as tx:
        resting = await channels.get_gateway(tx)
    assert resting.failures >= 3
    desk.gateway.manners = Manners(mute=1.0)
    clock.advance(timedelta(hours=1))
    await desk.hand_over()
    assert set((await desk.states(source_id)).values()) == {"sent"}
    async with desk.database.begin(desk.tenant) as tx:
        assert (await channels.get_gateway(tx)).failures == 0


async def test_a_worker_that_died_before_the_call_leaves_one_that_is_asked_after(desk, clock):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[14:16])
    taken = await _take(desk.database, desk.tenant)
    await taken.port.close()
    assert set((await desk.states(source_id)).values()) == {"sending"}
    for _ in range(5):
        clock.advance(timedelta(minutes=2))
        await desk.hand_over()
    assert set((await desk.states(source_id)).values()) <= {"sent", "delivered"}
    assert [one.times for one in await desk.on_phones()] == [1, 1]


async def test_receipts_out_of_order_undo_nothing(desk):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[16:17])
    await desk.hand_over()
    (number,) = desk.gateway.books
    news = [{"number": number, "status": "delivered"}, {"number": number, "status": "accepted"}]
    assert (await take_receipts(desk.database, desk.code, desk.call("sms-receipts", {"messages": news}))).changed == 1
    late = {"messages": [{"number": number, "status": "failed"}, {"number": "nobody", "status": "failed"}]}
    assert (await take_receipts(desk.database, desk.code, desk.call("sms-receipts", late))).changed == 0
    assert set((await desk.states(source_id)).values()) == {"delivered"}


async def test_what_the_gateway_did_not_sign_changes_nothing(desk, other_bank):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[17:18])
    await desk.hand_over()
    told = receipts(desk.gateway)
    forged = desk.call("sms-receipts", told, key=bytes(32))
    stranger = desk.call("sms-receipts", told, bank="no-such-bank")
    neighbour = desk.call("sms-receipts", told, bank=f"bank-{other_bank}")
    for code, call in ((desk.code, forged), ("no-such-bank", stranger), (f"bank-{other_bank}", neighbour)):
        with pytest.raises(SignatureUnfit):
            await take_receipts(desk.database, code, call)
    assert set((await desk.states(source_id)).values()) == {"sent"}


async def test_a_refusing_reply_withdraws_at_once(desk):
    seq = desk.seqs[18]
    body = {"replies": [{"phone": f"1380000{18:04d}", "text": " r "}, {"phone": f"1380000{19:04d}", "text": "谢谢"}]}
    assert (await take_replies(desk.database, desk.code, desk.call("sms-replies", body))).changed == 1
    async with desk.database.begin(desk.tenant) as tx:
        members = await consent.members(tx, consent.MARKETING)
        said = await consent.consents_of(tx, seq)
    assert seq not in members.bitmap
    assert desk.seqs[19] in members.bitmap
    assert [(one.verdict, one.channel) for one in said if one.purpose == consent.MARKETING] == [(WITHDRAWN, "sms")]
    await say(desk, GIVEN, [seq])


async def test_the_other_bank_sees_no_message(desk, other_bank):
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[19:20])
    async with desk.database.begin(other_bank) as tx:
        assert not await tx.fetch("SELECT 1 FROM channels.message WHERE source_id = $1", source_id)
        assert await channels.queue(tx, source_id, BitMap(desk.seqs)) == 0


@pytest.mark.parametrize("sound", [True, False], ids=["as it is", "a planted resend"])
async def test_a_gateway_in_all_its_moods_sends_each_message_once(desk, clock, monkeypatch, sound):
    """The planted bug hands unknown messages over again under new numbers: the phones must show it."""
    desk.gateway.manners = Manners(mute=0.3, twice=0.3, reorder=0.3, drop=0.3, busy=0.2, fail=0.1)
    source_id = await desk.plan()
    await desk.queue(source_id, desk.seqs[20:])
    if not sound:
        monkeypatch.setattr(sys.modules["huoke.reach.channels.hand_over"], "open_port", _Renumbering)
    for _ in range(120):
        await desk.hand_over()
        told = receipts(desk.gateway)
        await take_receipts(desk.database, desk.code, desk.call("sms-receipts", told))
        if not set((await desk.states(source_id)).values()) - {"delivered", "failed"}:
            break
        clock.advance(timedelta(minutes=3))
    per_phone = Counter(one.phone for one in await desk.on_phones() for _ in range(one.times))
    if sound:
        assert Counter((await desk.states(source_id)).values()).total() == len(desk.seqs[20:])
        delivered = [seq for seq, state in (await desk.states(source_id)).items() if state == "delivered"]
        assert sorted(per_phone) == [f"1380000{desk.seqs.index(seq):04d}" for seq in sorted(delivered)]
        assert set(per_phone.values()) == {1}
    else:
        assert max(per_phone.values()) > 1


class _Renumbering(RestGateway):
    """Planted: every call gives its messages numbers of its own, so that the gateway cannot know them again."""

    async def submit(self, batch):
        renamed = [msgspec.structs.replace(one, number=new_id().hex) for one in batch]
        answers = await super().submit(renamed)
        return [msgspec.structs.replace(a, number=one.number) for a, one in zip(answers, batch, strict=True)]


async def test_who_is_always_left_out_or_was_taken_back_gets_no_marketing(desk):
    """Who made a plan may take customers back (rule P4); a service message goes to who is left out all the same."""
    one, two, three = desk.seqs[:3]

    async def withdrawn(tx, _source_id):
        return CustomerSet.of(tx.tenant, [one], tx.now)

    channels.register_withdrawn("tests", withdrawn)
    async with desk.database.begin(desk.tenant) as tx:
        number = await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", two)
        upload_id = await segments.upload(tx, segments.NewUpload(name="员工", customer_nos=[number]))
        new = exclusions.NewExclusion(name="员工", kind=exclusions.Kind.STAFF, reason="本行员工", upload_id=upload_id)
        await exclusions.add(tx, None, new)
    for service, second in ((False, "withheld:excluded"), (True, "sent")):
        source_id = await desk.plan(source_kind="tests", service=service)
        await desk.queue(source_id, [one, two, three])
        await desk.hand_over()
        assert await desk.states(source_id) == {one: "withheld:tag_deleted", two: second, three: "sent"}
    async with desk.database.begin(desk.tenant) as tx:
        await tx.execute("DELETE FROM exclusions.exclusion")
