"""How accepted invitations go on by themselves: the act is seen, held, judged, rewarded; or it lapses.

Whoever is to get something must have done the act between accepting and `act_by`, must not have done it shortly
before, and must still have it done when the hold ends: an event that was taken back is a benefit that is not given.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know import customers, language
from huoke.know.language import Happened
from huoke.reward.referral import store_bond
from huoke.reward.referral.act import Act, compile_act
from huoke.reward.referral.bind import LOOK_SECONDS
from huoke.reward.referral.events import BondMoved
from huoke.reward.referral.give import Given, give
from huoke.reward.referral.model import Bond, BondState, Programme, Reason, Verdict, judge
from huoke.reward.referral.programme import find
from huoke.reward.referral.risk import facts_of

CHUNK_MAX = 500
LATE = timedelta(minutes=30)
"""How long after `act_by` an event may still arrive that happened before it."""
WAIT = timedelta(hours=1)
"""How long a benefit waits that is sold out or not paid for."""


class Seen(msgspec.Struct, frozen=True):
    """What an invitee did: whether the act is done, whether it was done before already, what it came to in fen."""

    done: bool
    before: bool
    value_fen: int


async def advance(tx: Tx, clickhouse: ClickHouse, *, limit: int = CHUNK_MAX) -> int:
    """Take on at most `limit` invitations that are due, those of paused programmes left alone; how many there were."""
    await customers.hold_persons(tx)
    bonds = await store_bond.due(tx, limit)
    if not bonds:
        return 0
    programmes = {one.id: one for one in await find(tx, {bond.programme_id for bond in bonds})}
    acts = {key: await compile_act(tx, one.terms.act) for key, one in programmes.items()}
    named = {name for act in acts.values() for name in act.events}
    happened = await language.happened_to(clickhouse, tx.tenant, {bond.invitee_seq for bond in bonds}, named)
    seen = {
        bond.id: look(
            bond, programmes[bond.programme_id], acts[bond.programme_id], happened.get(bond.invitee_seq, []), tx.now
        )
        for bond in bonds
    }
    facts = await facts_of(tx, [bond for bond in bonds if seen[bond.id].done])
    moved: list[Bond] = []
    ripe: list[Bond] = []
    for bond in bonds:
        programme = programmes[bond.programme_id]
        verdict = judge(facts[bond.id], programme.terms.haste(bond.channel)) if bond.id in facts else None
        went = step(bond, programme, seen[bond.id], verdict, tx.now)
        (ripe if went.state is BondState.REWARDED else moved).append(went)
    given = await give(tx, programmes, ripe)
    moved += [paid(bond, given[bond.id], tx.now) for bond in ripe]
    await keep(tx, bonds, moved)
    return len(bonds)


def look(bond: Bond, programme: Programme, act: Act, happenings: Sequence[Happened], now: datetime) -> Seen:
    """What an invitee did, as far as it is known; what it came to is the money of all events the act looks at."""
    until = min(bond.act_by, now)
    since = bond.bound_at - timedelta(days=programme.terms.fresh_days)
    return Seen(
        done=act.done(happenings, bond.bound_at, until),
        before=act.done(happenings, since, bond.bound_at),
        value_fen=sum(one.amount_fen or 0 for one in happenings if bond.bound_at < one.at <= until),
    )


def step(
    bond: Bond, programme: Programme, seen: Seen, verdict: tuple[Verdict, list[Reason]] | None, now: datetime
) -> Bond:
    """Where an invitation that is due goes; `rewarded` is where it would go if something can be granted."""
    if seen.before or not seen.done:
        return _undone(bond, seen, now)
    assert verdict is not None, "whoever did the act is judged"
    word, reasons = verdict
    if bond.state is BondState.BOUND:
        fresh = msgspec.structs.replace(bond, qualified_at=now, value_fen=seen.value_fen)
        return _judged(fresh, word, reasons, now + timedelta(days=programme.terms.hold_days) * _HOLDS[word])
    released = bond.verdict is Verdict.ALLOW and bool(bond.reasons)
    if word is Verdict.BLOCK and not released:
        return _judged(bond, word, reasons, now)
    return msgspec.structs.replace(bond, state=BondState.REWARDED, value_fen=seen.value_fen)


_HOLDS = {Verdict.ALLOW: 1, Verdict.DELAY: 2, Verdict.BLOCK: 0}
"""How many holds an invitation waits for; one that is blocked waits for people."""


def _undone(bond: Bond, seen: Seen, now: datetime) -> Bond:
    """Where an invitation goes whose act is not done, not done any more, or was done before."""
    if seen.before:
        return _ended(bond, BondState.LAPSED, [Reason.NOT_NEW], now)
    if bond.state is BondState.QUALIFIED:
        return _ended(bond, BondState.LAPSED, [Reason.UNDONE], now)
    if now > bond.act_by + LATE:
        return _ended(bond, BondState.LAPSED, [Reason.TOO_LATE], now)
    return msgspec.structs.replace(bond, due_at=now + timedelta(seconds=LOOK_SECONDS))


def _judged(bond: Bond, word: Verdict, reasons: list[Reason], due_at: datetime) -> Bond:
    blocked = word is Verdict.BLOCK
    return msgspec.structs.replace(
        bond,
        state=BondState.BLOCKED if blocked else BondState.QUALIFIED,
        verdict=word,
        reasons=reasons,
        due_at=None if blocked else due_at,
        steps=bond.steps + 1,
    )


def paid(bond: Bond, given: Given, now: datetime) -> Bond:
    """An invitation after its benefits were asked for: rewarded, waiting for stock or money, or over with nothing."""
    if given.waits:
        return msgspec.structs.replace(bond, state=BondState.QUALIFIED, due_at=now + WAIT)
    if not given.done:
        return _ended(bond, BondState.LAPSED, [Reason.NOTHING_GIVEN], now)
    return msgspec.structs.replace(bond, state=BondState.REWARDED, due_at=None, ended_at=now, steps=bond.steps + 1)


async def keep(tx: Tx, before: Sequence[Bond], after: Sequence[Bond], notes: Mapping[UUID, str] | None = None) -> None:
    """Write invitations that went on, and tell others of those that changed their state."""
    states = {bond.id: bond.state for bond in before}
    await store_bond.move(tx, after, notes or {})
    for bond in after:
        if bond.state is not states[bond.id]:
            moved = BondMoved(programme_id=bond.programme_id, bond_id=bond.id, state=bond.state.value)
            tx.emit(moved, seq=bond.invitee_seq)


def _ended(bond: Bond, state: BondState, reasons: list[Reason], now: datetime) -> Bond:
    return msgspec.structs.replace(bond, state=state, reasons=reasons, due_at=None, ended_at=now, steps=bond.steps + 1)
