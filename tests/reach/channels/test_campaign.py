"""From an approved campaign to queued messages: planned with it, held and ended with it."""

import pytest

from huoke.kernel import log
from huoke.kernel.sets import SetServer
from huoke.know.language import Analytics
from huoke.reach import campaigns
from huoke.reach.campaigns.plan import MessageChannel, MessagePlan, MessageTexts
from huoke.reach.channels import jobs as channels_jobs
from tests.make import campaigns as make

SMS = MessagePlan(
    channel=MessageChannel.SMS,
    texts=MessageTexts(zh="{name}您好，{bank}送您{benefit}，{expires}前有效：{link}", en="Hello {name}: {link}"),
)


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank) -> make.World:
    return await make.world(database, feed, clickhouse, Analytics(clickhouse, SetServer()), bank, count=20)


async def hear(world):
    subscribers = log.subscribers_of([channels_jobs])
    await log.Dispatcher(world.database, world.feed, subscribers).run_once()


async def standing(world, campaign_id):
    async with world.begin() as tx:
        plan = await tx.fetch_row("SELECT * FROM channels.plan WHERE source_id = $1", campaign_id)
        rows = await tx.fetch("SELECT seq FROM channels.message WHERE source_id = $1", campaign_id)
    return plan, [row["seq"] for row in rows]


async def test_whom_a_campaign_reaches_is_written_to_once(world, clock):
    campaign_id = await make.live(world, message=SMS)
    await make.run(world, campaign_id, rows_max=7)
    await hear(world)
    await hear(world)
    plan, seqs = await standing(world, campaign_id)
    assert len(seqs) == len(set(seqs)) == 19, "twenty customers, two of them one person who has one grant"
    assert plan["variables"]["expires"] == "2026-03-12"
    assert plan["link"].startswith("/e/")
    assert plan["state"] == "active"


async def test_a_campaign_without_a_message_writes_to_nobody(world, clock):
    campaign_id = await make.live(world)
    await make.run(world, campaign_id)
    await hear(world)
    assert await standing(world, campaign_id) == (None, [])


async def test_a_paused_campaign_holds_its_messages_and_a_stopped_one_ends_them(world, clock):
    campaign_id = await make.live(world, message=SMS)
    states = []
    for step, why in ((campaigns.pause, "等待"), (campaigns.resume, "继续"), (campaigns.stop, "不再继续")):
        async with world.begin(world.operator) as tx:
            await step(tx, world.operator, campaign_id, why)
        await hear(world)
        states.append((await standing(world, campaign_id))[0]["state"])
    assert states == ["held", "active", "ended"]
