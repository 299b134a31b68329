"""The demo's booked visits: the kit from online to the branch, set up and approved the day before; its customers booked
on the phone, and today one waits, one was received, one has yet to come and one did not come. Two others have filled in
their own profile.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from huoke.app.demo import kitting
from huoke.app.demo.banks import BANKS
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern import privacy
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA, SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, ActorKind, Database
from huoke.know import customers, profiles
from huoke.know.language import Analytics
from huoke.know.profiles import Said
from huoke.reach import campaigns, kits
from huoke.reach.kits import NewSetup, PartKind, VisitPlan
from huoke.reward import bookings, grants, plays
from huoke.reward.bookings import Booked, Booking, Serving

KEY, NAME = "branch_visit", "到网点坐坐"
STOCK_MAX = 100
OPEN, DAYS = timedelta(days=1), 14
TIMES = (time(9), time(10, 30), time(14), time(15, 30))
MINUTES, CAPACITY = 30, 3
BEFORE = timedelta(hours=2)
"""So long before the present slot is the one that somebody missed."""
ASKED, BOOKERS = 60, 5
ACTOR = Actor(ActorKind.SYSTEM, "demo")
PROFILES = (
    {"job": "教师", "life_stage": "育儿家庭", "contact_time": "晚上"},
    {"job": "技术人员", "life_stage": "单身青年", "contact_time": "只发消息"},
)


async def receive(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Set the kit up and let customers book and come; done before, nothing happens."""
    if bank.plan is not BANKS[0]:
        return
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if await kits.find(tx, operator, q=NAME):
            return
    now = runtime.clock.now()
    clock = SetClock(now - OPEN)
    database = Database(runtime.database.pool, clock)
    near = now.astimezone(CHINA).replace(minute=now.minute // MINUTES * MINUTES, second=0, microsecond=0)
    visit_id, campaign_id = await _set_up(runtime, database, bank, near)
    booked = await _book(database, bank, visit_id, campaign_id, seqs, near)
    clock.set(now)
    await _come(database, bank, booked)


async def _set_up(runtime: Runtime, database: Database, bank: Filled, near: datetime) -> tuple[UUID, UUID]:
    """The kit live since yesterday: the visit, and the campaign that gives it."""
    operator, rm = bank.actors[Role.OPERATOR], bank.actors[Role.RM]
    assert rm.unit_id is not None, "a relationship manager is of a branch"
    times = sorted({*TIMES, near.time(), (near - BEFORE).time()})
    async with database.begin(bank.tenant, operator.actor) as tx:
        chosen, cost_fen = await kitting.choose(tx, 1, STOCK_MAX)
        new = NewSetup(
            key=KEY,
            name=NAME,
            benefits=chosen,
            budget_id=bank.budget_id,
            budget_fen=cost_fen,
            opens_at=tx.now,
            closes_at=tx.now + timedelta(days=DAYS),
            control_percent=0,
            visit=VisitPlan(unit_ids=[rm.unit_id], times=times, minutes=MINUTES, capacity=CAPACITY),
        )
        setup_id = await kits.set_up(tx, operator, new)
        analytics = Analytics(runtime.clickhouse, runtime.sets)
        for change_id in await kits.submit(tx, database, operator, analytics, setup_id):
            await approve(tx, bank, change_id, by=(Role.CONSUMER_REVIEWER, Role.APPROVER))
        parts = (await kits.get(tx, operator, setup_id)).parts
    [visit_id] = [one.id for one in parts if one.kind is PartKind.SERVICE]
    return visit_id, next(one.id for one in parts if one.kind is PartKind.CAMPAIGN)


async def _book(
    database: Database, bank: Filled, visit_id: UUID, campaign_id: UUID, seqs: Sequence[Seq], near: datetime
) -> list[Booking]:
    """The manager's own customers who may claim a visit do, and book: three now, one who misses it, one tomorrow."""
    operator, rm = bank.actors[Role.OPERATOR], bank.actors[Role.RM]
    async with database.begin(bank.tenant, rm.actor) as tx:
        own = sorted(int(one.seq) for one in await customers.masked_rows(tx, list(seqs)))[:ASKED]
    async with database.begin(bank.tenant) as tx:
        campaign = await campaigns.get(tx, operator, campaign_id)
        assert campaign.offer_id is not None, "a running campaign has an offer"
        claims = [grants.OwnClaim(request_no=f"demo:visit:{seq}", offer_id=campaign.offer_id, seq=seq) for seq in own]
        calls = [Call(one, Actor(ActorKind.CUSTOMER, str(one.seq)), tx.now) for one in claims]
        answers = await grants.claim_own(tx, calls)
        held = [(seq, one.grant_id) for seq, one in zip(own, answers, strict=True) if not isinstance(one, Refusal)]
        today = near.date()
        found = await bookings.slots(tx, operator, today - OPEN, today + OPEN, visit_id)
        slots = {one.starts_at: one.id for one in found if one.starts_at > tx.now}
        wanted = (near, near, near - BEFORE, near.replace(hour=15, minute=30) + OPEN, near)
        wishes = [
            Booking(grant_id=grant_id, slot_id=slots[at], seq=seq)
            for (seq, grant_id), at in zip(held[:BOOKERS], wanted, strict=False)
            if at in slots
        ]
        answered = await bookings.book(tx, [Call(one, ACTOR, tx.now) for one in wishes])
    return [one for one, answer in zip(wishes, answered, strict=True) if isinstance(answer, Booked)]


async def _come(database: Database, bank: Filled, booked: Sequence[Booking]) -> None:
    """The first two check in at the door and the first of them is received; who is overdue is noted as missed."""
    rm = bank.actors[Role.RM]
    assert rm.unit_id is not None, "a relationship manager is of a branch"
    async with database.begin(bank.tenant) as tx:
        door, _ = plays.code_now(await privacy.keys(tx), rm.unit_id, None, tx.now)
        came = await plays.scan(tx, [Call(plays.Scan(seq=one.seq, code=door), ACTOR, tx.now) for one in booked[:2]])
        await bookings.miss_due(tx)
    arrived = [one for answer in came if not isinstance(answer, Refusal) for one in answer.booked]
    async with database.begin(bank.tenant, rm.actor) as tx:
        for one in arrived[:1]:
            await bookings.serve(tx, rm, Serving(booking_id=one.booking_id))


async def fill_in(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """The bank asks for the fields of the house, and two customers say what they are; said again it changes nothing."""
    if bank.plan is not BANKS[0]:
        return
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        await profiles.open_fields(tx)
    for seq, values in zip(seqs[1:], PROFILES, strict=False):
        async with runtime.database.begin(bank.tenant, Actor(ActorKind.CUSTOMER, str(seq))) as tx:
            await profiles.complete(tx, seq, Said(values=values, agrees=True))
