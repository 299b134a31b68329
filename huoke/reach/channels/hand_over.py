"""Handing messages over, slice by slice: take them and look again at everyone's wishes, call with no transaction open,
write what came back.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.govern import tenants
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know import consent, customers, exclusions
from huoke.reach.channels import store
from huoke.reach.channels.gateway import endpoint, get_gateway, has_gateway, note_call, open_port
from huoke.reach.channels.leaving import unsubscribe_paths
from huoke.reach.channels.model import (
    ASK_AFTER,
    LOST_AFTER,
    Gateway,
    Heard,
    MessageState,
    NoAnswer,
    NotTaken,
    Outgoing,
    Plan,
    PlanState,
    SmsGateway,
    Told,
    Withheld,
    back_off,
    heard,
)
from huoke.reach.channels.plan import next_awake, queue, withdrawn_from
from huoke.reach.channels.store import Due, Move
from huoke.reach.channels.text import segments
from huoke.reach.channels.write import write

PER_DAY = tenants.declare("contact_policy.messages_per_day", int, 1, minimum=1, maximum=100, rule="M2")
PER_WEEK = tenants.declare("contact_policy.messages_per_week", int, 3, minimum=1, maximum=500, rule="M2")
SPARE = timedelta(seconds=30)
"""Beyond the longest a call may take, before another worker may take its messages up."""


class Slice(msgspec.Struct, frozen=True):
    """Messages that were taken: some go out, some are asked after; `more` says the slice was full."""

    outgoing: list[Outgoing]
    asked: list[UUID]
    port: SmsGateway
    more: bool


async def hand_over(database: Database, tenant: TenantId) -> bool:
    """Hand over one slice of what is due; returns whether there may be more to do at once.

    Who withdrew, was suppressed, left, or had enough messages since it was queued gets none; quiet hours put it off.
    """
    taken = await _take(database, tenant)
    if taken is None:
        return False
    answers: list[Heard] = []
    answered, silent, not_taken = True, False, False
    try:
        if taken.outgoing:
            answers += await taken.port.submit(taken.outgoing)
        if taken.asked:
            answers += await taken.port.query([one.hex for one in taken.asked])
    except NotTaken:
        answered, not_taken = False, True
    except NoAnswer:
        answered, silent = False, True
    finally:
        await taken.port.close()
    async with database.begin(tenant) as tx:
        told = {UUID(hex=answer.number) for answer in answers}
        sent = [UUID(hex=one.number) for one in taken.outgoing]
        left = [one for one in sent if one not in told]
        await hear(tx, answers)
        await _unheard(tx, left, MessageState.QUEUED if not_taken else MessageState.UNKNOWN)
        await _ask_again(tx, [one for one in taken.asked if one not in told])
        await note_call(tx, answered=answered)
    return taken.more and not silent and not not_taken


async def hear(tx: Tx, answers: Sequence[Heard]) -> int:
    """Write what the gateway said, in answers and in receipts; returns how many messages moved.

    Numbers nobody knows, repeats and late news move nothing.
    """
    by_finality = sorted(answers, key=lambda answer: answer.told in (Told.DELIVERED, Told.FAILED))
    wanted = {UUID(hex=answer.number): answer for answer in by_finality if _is_number(answer.number)}
    locked = await store.lock(tx, wanted)
    moves, same = [], []
    for message_id, message in locked.items():
        answer = wanted[message_id]
        state = heard(message.state, answer.told)
        if state is None:
            same.append(message)
            continue
        due_at = _look_again(message, state, tx.now)
        moves.append(
            Move(message=message, state=state, reason=answer.code, due_at=due_at, attempts=message.attempts + 1)
        )
    await store.write(tx, moves)
    await _ask_again(tx, [one.id for one in same if one.state in (MessageState.SENT, MessageState.UNKNOWN)])
    return len(moves)


async def _take(database: Database, tenant: TenantId) -> Slice | None:
    async with database.begin(tenant) as tx:
        if not await has_gateway(tx):
            return None
        at, settled = await endpoint(tx), await get_gateway(tx)
        if settled.rest_until is not None and settled.rest_until > tx.now:
            return None
        due = await store.take_due(tx, settled.batch_max)
        until = tx.now + timedelta(seconds=2 * settled.timeout_seconds) + SPARE
        fresh = [one for one in due if one.state is MessageState.QUEUED]
        outgoing = await _outgoing(tx, settled, fresh, until)
        lost = [one for one in due if one.state is MessageState.SENDING]
        await store.write(
            tx, [Move(message=one, state=MessageState.UNKNOWN, due_at=until, attempts=one.attempts) for one in lost]
        )
        asked = [one for one in due if one.state in (MessageState.SENT, MessageState.UNKNOWN)]
        await store.put_off(tx, asked, until)
        if not outgoing and not lost and not asked:
            return Slice([], [], _Nobody(), len(due) == settled.batch_max) if due else None
        port = open_port(at, database.clock.machine)
        return Slice(outgoing, [one.id for one in (*lost, *asked)], port, len(due) == settled.batch_max)


class _Nobody:
    """The port of a slice without calls."""

    async def submit(self, batch: Sequence[Outgoing]) -> Sequence[Heard]:
        raise AssertionError(f"{len(batch)} messages for nobody")

    async def query(self, numbers: Sequence[str]) -> Sequence[Heard]:
        raise AssertionError(f"{len(numbers)} numbers for nobody")

    async def close(self) -> None:
        """Nothing is open."""


async def _outgoing(tx: Tx, settled: Gateway, fresh: Sequence[Due], until: datetime) -> list[Outgoing]:
    """Whom the queued messages may still go to, as they go out; they are `sending` from here on."""
    fresh = await _forward(tx, fresh)
    if not fresh:
        return []
    plans = await store.plans(tx, {one.source_id for one in fresh})
    later = await next_awake(tx, tx.now)
    if later != tx.now:
        asleep = [one for one in fresh if not plans[one.source_id][0].service]
        await store.put_off(tx, asleep, later)
        fresh = [one for one in fresh if plans[one.source_id][0].service]
    contacts = await customers.contacts(tx, [one.seq for one in fresh])
    reasons = await _reasons(tx, fresh, plans, contacts)
    leaving = await unsubscribe_paths(tx, [one.seq for one in fresh])
    moves, outgoing = [], []
    for one in fresh:
        if reason := reasons.get(one.id):
            moves.append(Move(message=one, state=MessageState.WITHHELD, reason=reason.value))
            continue
        text = write(
            plans[one.source_id][0],
            contacts[one.seq].name,
            one.language,
            sender=settled.sender,
            link_address=settled.link_address,
            unsubscribe=leaving[one.seq],
        )
        outgoing.append(Outgoing(number=one.id.hex, phone=contacts[one.seq].phone, text=text))
        moves.append(
            Move(
                message=one,
                state=MessageState.SENDING,
                due_at=until,
                attempts=one.attempts + 1,
                segments=segments(text),
            )
        )
    await store.write(tx, moves)
    return outgoing


async def _forward(tx: Tx, fresh: Sequence[Due]) -> Sequence[Due]:
    """What waits for a joined number is queued for the customer it leads to, who gets it once; returns the others."""
    ends = await customers.survivors(tx, [one.seq for one in fresh])
    joined = [one for one in fresh if one.seq in ends]
    await store.write(
        tx, [Move(message=one, state=MessageState.WITHHELD, reason=Withheld.JOINED.value) for one in joined]
    )
    for source_id in sorted({one.source_id for one in joined}):
        await queue(tx, source_id, BitMap([ends[one.seq] for one in joined if one.source_id == source_id]))
    return [one for one in fresh if one.seq not in ends]


def _text(settled: Gateway, plan: Plan, name: str, language: str) -> str:
    return write(plan, name, language, sender=settled.sender, link_address=settled.link_address)


async def _reasons(
    tx: Tx,
    fresh: Sequence[Due],
    plans: dict[UUID, tuple[Plan, PlanState]],
    contacts: dict[int, customers.Contact],
) -> dict[UUID, Withheld]:
    """Why each of them may not go out, where it may not; consent and suppression as this transaction sees them."""
    seqs = [one.seq for one in fresh]
    wanted = await consent.selectable(tx, consent.MARKETING) - await consent.withdrawn(tx, consent.MARKETING_SMS)
    allowed = wanted.bitmap
    suppressed, excluded = (await consent.suppressed(tx)).bitmap, (await exclusions.excluded(tx)).bitmap
    parted = {source_id: await withdrawn_from(tx, plan) for source_id, (plan, _) in plans.items()}
    active = set((await customers.facts(tx, seqs)).seqs.tolist())
    again, day, week = await _told_before(tx, fresh, seqs)
    per_day, per_week = await tenants.setting(tx, PER_DAY), await tenants.setting(tx, PER_WEEK)
    reasons: dict[UUID, Withheld] = {}
    for one in fresh:
        plan, state = plans[one.source_id]
        over = state is PlanState.ENDED or (plan.until_at is not None and plan.until_at <= tx.now)
        commercial = not plan.service
        standing = (
            (Withheld.PLAN_ENDED, over),
            (Withheld.JOINED, one.id in again),
            (Withheld.NO_CONSENT, commercial and one.seq not in allowed),
            (Withheld.SUPPRESSED, one.seq in suppressed),
            (Withheld.EXCLUDED, commercial and one.seq in excluded),
            (Withheld.TAG_DELETED, one.seq in parted[one.source_id]),
            (Withheld.CLOSED, one.seq not in active),
            (Withheld.NO_PHONE, one.seq not in contacts),
            (Withheld.FREQUENCY, commercial and (day[one.seq] >= per_day or week[one.seq] >= per_week)),
        )
        reason = next((why for why, holds in standing if holds), None)
        if reason is not None:
            reasons[one.id] = reason
        else:
            day[one.seq] += 1
            week[one.seq] += 1
    return reasons


async def _told_before(
    tx: Tx, fresh: Sequence[Due], seqs: Sequence[int]
) -> tuple[set[UUID], Counter[int], Counter[int]]:
    """Messages whose customer had theirs under a joined number; what each was sent in a day and in a week."""
    joined = await customers.joined_to(tx, seqs)
    others = [number for numbers in joined.values() for number in numbers]
    told = await store.addressed(tx, {one.source_id for one in fresh}, others)
    day = Counter(await store.recent(tx, [*seqs, *others], tx.now - timedelta(days=1)))
    week = Counter(await store.recent(tx, [*seqs, *others], tx.now - timedelta(days=7)))
    for seq, numbers in joined.items():
        day[seq] += sum(day[number] for number in numbers)
        week[seq] += sum(week[number] for number in numbers)
    again = {one.id for one in fresh if any((one.source_id, number) in told for number in joined.get(one.seq, ()))}
    return again, day, week


async def _unheard(tx: Tx, ids: Sequence[UUID], state: MessageState) -> None:
    """Messages that went out and brought no answer: queued again where the call had no effect, else unknown."""
    locked = await store.lock(tx, ids)
    await store.write(
        tx,
        [
            Move(
                message=one,
                state=state,
                due_at=tx.now + (back_off(one.attempts) if state is MessageState.QUEUED else ASK_AFTER),
                attempts=one.attempts,
            )
            for one in locked.values()
            if one.state is MessageState.SENDING
        ],
    )


async def _ask_again(tx: Tx, ids: Sequence[UUID]) -> None:
    """Ask later after messages that stand as they stood, at growing pauses, as long as carriers may know."""
    locked = await store.lock(tx, ids)
    for one in locked.values():
        due_at = _look_again(one, one.state, tx.now)
        if due_at is not None:
            await store.put_off(tx, [one], due_at)


def _look_again(message: Due, state: MessageState, now: datetime) -> datetime | None:
    """When a message in this state is looked at again; None for never."""
    if state is MessageState.QUEUED:
        return now + back_off(message.attempts + 1)
    if state not in (MessageState.SENT, MessageState.UNKNOWN):
        return None
    since = now - (message.handed_at or now)
    if state is MessageState.SENT and since > LOST_AFTER:
        return None
    return now + max(ASK_AFTER, min(since, timedelta(hours=1)))


def _is_number(number: str) -> bool:
    try:
        return UUID(hex=number).hex == number
    except ValueError:
        return False
