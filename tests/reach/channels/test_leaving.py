"""Leaving by a link: honoured at the next hand-over; each message carries its own customer's link."""

import re

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import Statement, Verdict
from huoke.reach import channels


async def record(desk, seqs, verdict=Verdict.GIVEN, purpose="marketing"):
    async with desk.database.begin(desk.tenant) as tx:
        whom = CustomerSet.of(tx.tenant, seqs)
        await consent.record(tx, [Statement(purpose=purpose, verdict=verdict, members=whom, text_version="1")])


async def test_a_press_between_queue_and_hand_over_is_honoured(desk):
    first, second, third = desk.seqs[:3]
    await record(desk, [first, second, third])
    source_id = await desk.plan(texts={"zh": "{name}您好，退订 {unsubscribe}"})
    await desk.queue(source_id, [first, second, third])
    async with desk.database.begin(desk.tenant) as tx:
        paths = await channels.unsubscribe_paths(tx, [first, second])
        await channels.unsubscribe(tx, paths[first].rsplit("/", 1)[1])
    await record(desk, [third], Verdict.WITHDRAWN, consent.PROFILING)
    await desk.hand_over()
    states = await desk.states(source_id)
    assert states == {first: "withheld:no_consent", second: "sent", third: "withheld:no_consent"}
    [text] = [message.text for message in desk.gateway.books.values()]
    assert re.search(r"退订 \S*/h5/[^/]+/u/[a-z2-7]{23}", text)
    assert paths[second] in text


async def test_who_takes_it_back_is_written_to_again(desk):
    seq = desk.seqs[4]
    await record(desk, [seq])
    async with desk.database.begin(desk.tenant) as tx:
        token = (await channels.unsubscribe_paths(tx, [seq]))[seq].rsplit("/", 1)[1]
        assert (await channels.unsubscribe(tx, token)).undoable
        assert (await channels.subscribe_again(tx, token)).stopped_at is None
    source_id = await desk.plan()
    await desk.queue(source_id, [seq])
    await desk.hand_over()
    assert await desk.states(source_id) == {seq: "sent"}
