"""Plays for tests: prizes with pools of their own, drafts, the way through approval, draws."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, plays
from huoke.reward.plays import (
    Act,
    CheckIn,
    Doing,
    DrawOrder,
    Milestone,
    NewPlay,
    Page,
    PlayKind,
    PrizeDraft,
    Reward,
    Ways,
)
from tests.make import campaigns as make_campaigns
from tests.make import catalogue as make_catalogue
from tests.make.campaigns import World

NOTHING = PrizeDraft(title="谢谢参与", title_en="Not this time")


async def prize(
    world: World, odds_ppm: int, *, stock: int = 1_000, fallback: int | None = None, **changes: Any
) -> PrizeDraft:
    """A coffee voucher out of a pool of its own; `changes` are fields of the line, or `sku_id`."""
    async with world.begin() as tx:
        sku_id = changes.pop("sku_id", None) or await make_catalogue.voucher(tx, supplier_id=world.supplier_id)
        pool = grants.NewPool(sku_id=sku_id, unit_id=world.units.head, name="奖池", quantity=stock)
        pool_id = await grants.open_pool(tx, pool)
    told = {"title": "咖啡券", "title_en": "Coffee", "sku_id": sku_id, "pool_id": pool_id, "odds_ppm": odds_ppm}
    return PrizeDraft(**{**told, "fallback": fallback, **changes})


def nothing(odds_ppm: int) -> PrizeDraft:
    """The line that wins nothing."""
    return msgspec.structs.replace(NOTHING, odds_ppm=odds_ppm)


def draft(world: World, prizes: list[PrizeDraft], **changes: Any) -> NewPlay:
    """A wheel that is open now for ten days, with three chances a day."""
    now = world.database.clock.now()
    told: dict[str, Any] = {
        "name": "幸运转盘",
        "opens_at": now,
        "closes_at": now + timedelta(days=10),
        "budget_id": world.budget_id,
        "daily_chances": 3,
        "prizes": prizes,
        "zh": Page(title="幸运转盘", rules="每天三次机会，当天有效。"),
        "en": Page(title="Lucky wheel", rules="Three chances a day, good that day."),
    }
    return NewPlay(**{**told, **changes})


async def create(world: World, prizes: list[PrizeDraft], **changes: Any) -> UUID:
    """A draft."""
    async with world.begin(world.operator) as tx:
        return await plays.create(tx, world.operator, draft(world, prizes, **changes))


async def submit(world: World, play_id: UUID) -> UUID:
    """Its change, waiting for the first stage."""
    async with world.begin(world.operator) as tx:
        return await plays.submit(tx, world.operator, play_id)


async def live(world: World, prizes: list[PrizeDraft], **changes: Any) -> UUID:
    """A play that was approved by two people."""
    play_id = await create(world, prizes, **changes)
    change_id = await submit(world, play_id)
    await make_campaigns.approve(world, change_id)
    return play_id


async def draw(world: World, play_id: UUID, *seqs: int, request_no: str = "") -> list[Any]:
    """Draw once for each, in one batch."""
    async with world.begin() as tx:
        calls = [
            Call(DrawOrder(request_no=request_no or new_id().hex, play_id=play_id, seq=seq), SYSTEM, tx.now)
            for seq in seqs
        ]
        return list(await plays.draw(tx, calls))


async def get(world: World, play_id: UUID) -> plays.Play:
    """The play as it stands."""
    async with world.begin() as tx:
        return await plays.seen(tx, play_id, world.operator)


async def stock(world: World, one: PrizeDraft) -> int:
    """The units a prize's pool has."""
    assert one.pool_id is not None
    async with world.begin() as tx:
        [pool] = await grants.get_pools(tx, [one.pool_id])
    return pool.available


async def end(world: World, play_id: UUID) -> None:
    """The play is over and its seed known."""
    async with world.begin(world.operator) as tx:
        await plays.move(tx, world.operator, play_id, plays.PlayState.ENDED, "测试结束")


async def do(world: World, play_id: UUID, *seqs: int, act: Act = Act.CHECK_IN, **changes: Any) -> list[Any]:
    """Do something for each, in one batch."""
    async with world.begin() as tx:
        calls = [Call(Doing(play_id=play_id, seq=seq, act=act, **changes), SYSTEM, tx.now) for seq in seqs]
        return list(await plays.do(tx, calls))


def checkin_ways(*lines: int, milestones: dict[int, Reward] | None = None, **changes: Any) -> Ways:
    """A cycle of days, each giving a line; milestones by days of a streak."""
    told = [Milestone(days=days, gives=reward) for days, reward in (milestones or {}).items()]
    return Ways(checkin=CheckIn(days=[Reward(line=line) for line in lines], milestones=told, **changes))


async def calendar(world: World) -> UUID:
    """A day's coffee, a second line for three days on end, which also gives a draw; a draw always wins nothing."""
    coffee = await prize(world, 0, stock=100)
    cake = await prize(world, 0, stock=2, title="蛋糕券")
    ways = checkin_ways(0, milestones={3: Reward(line=1, chances=1)}, cards_a_month=1, back_days=3)
    return await live(world, [coffee, cake, nothing(1_000_000)], kind=PlayKind.CHECKIN, daily_chances=0, ways=ways)
