"""Messages to customers who turn out to be one: the person gets each of them once, whichever number it was for."""

import pytest

from huoke.know import customers


@pytest.fixture
async def joined(desk, owner):
    """A way to join two of the bank's customers, who part when the test is over."""
    opened = []

    async def join(seq, kept):
        async with desk.database.begin(desk.tenant) as tx:
            await customers.join(tx, seq, kept)
        opened.append(seq)

    yield join
    async with desk.database.begin(desk.tenant) as tx:
        for seq in reversed(opened):
            await customers.part(tx, seq)


async def test_what_waits_for_a_joined_number_goes_to_whom_it_leads_to_and_only_once(desk, joined):
    source_id, both = await desk.plan(service=True), await desk.plan(service=True)
    other, kept = desk.seqs[:2]
    await desk.queue(source_id, [other])
    await desk.queue(both, [other, kept])
    await joined(other, kept)
    await desk.hand_over()
    await desk.hand_over()
    assert await desk.states(source_id) == {other: "withheld:joined", kept: "sent"}
    assert await desk.states(both) == {other: "withheld:joined", kept: "sent"}
    assert [(one.phone, one.times) for one in await desk.on_phones()] == [("13800000001", 1)] * 2


async def test_who_was_told_under_the_other_number_is_not_told_again(desk, joined):
    source_id = await desk.plan(service=True)
    other, kept = desk.seqs[2:4]
    await desk.queue(source_id, [other])
    await desk.hand_over()
    await joined(other, kept)
    assert await desk.queue(source_id, [other, kept]) == 0
    assert await desk.states(source_id) == {other: "sent"}


async def test_what_waited_for_the_kept_one_is_not_sent_after_the_other_was_told(desk, joined):
    source_id = await desk.plan(service=True)
    other, kept = desk.seqs[4:6]
    await desk.queue(source_id, [other])
    await desk.hand_over()
    await desk.queue(source_id, [kept])
    await joined(other, kept)
    await desk.hand_over()
    assert await desk.states(source_id) == {other: "sent", kept: "withheld:joined"}


async def test_two_who_are_two_are_told_both(desk, joined):
    """The negative control: the same without a joining."""
    source_id = await desk.plan(service=True)
    await desk.queue(source_id, desk.seqs[6:7])
    await desk.hand_over()
    await desk.queue(source_id, desk.seqs[7:8])
    await desk.hand_over()
    assert set((await desk.states(source_id)).values()) == {"sent"}


async def test_what_both_numbers_were_told_counts_towards_how_often_one_is_written_to(desk, joined):
    first, second = await desk.plan(), await desk.plan()
    other, kept = desk.seqs[8:10]
    await desk.queue(first, [other])
    await desk.hand_over()
    await joined(other, kept)
    await desk.queue(second, [kept])
    await desk.hand_over()
    assert await desk.states(second) == {kept: "withheld:frequency"}


async def test_what_comes_for_a_joined_number_later_is_queued_for_the_kept_one(desk, joined):
    source_id = await desk.plan()
    other, kept = desk.seqs[10:12]
    await joined(other, kept)
    assert await desk.queue(source_id, [other]) == 1
    assert await desk.states(source_id) == {kept: "queued"}
