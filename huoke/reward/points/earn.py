"""Earning: a batch of events goes through all rules at once; each rule gives for an event once, however often it comes.

What waits becomes active after its days or when its confirming event comes; a reversing event takes points back, those
already spent as a debt.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np

from huoke.kernel.ids import new_id, new_ids
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.events import Taken
from huoke.know.language import day_of
from huoke.reward import ledger, tiers
from huoke.reward.points import engine, store_earn
from huoke.reward.points.earning import EarnRule, PointsEarned, RuleStanding, RuleState, Target, due_at
from huoke.reward.points.engine import Arrival, Columns, Key, Ready
from huoke.reward.points.kinds import get_types
from huoke.reward.points.model import PointType, cost_of, expires_at
from huoke.reward.points.rulebook import links
from huoke.reward.points.store_earn import Earning

SOURCE = "earn_rule"
PENDING, ACTIVE, CANCELLED = "pending", "active", "cancelled"


class Earned(msgspec.Struct, frozen=True):
    """What a batch of events came to: how many gave something, points of all types and growth, of which waiting."""

    earnings: int = 0
    points: int = 0
    waiting: int = 0


async def earn(tx: Tx, ready: Sequence[Ready], taken: Sequence[Taken]) -> Earned:
    """Apply rules to events in the order they arrived; what a rule gave for an event before it does not give again.

    `ready` are rules as `prepare` made them; those that changed since are left to whoever prepares them anew. At most
    some 500 events at a time: an event may give under many rules, and every earning is a handful of rows.
    """
    standing = {one.id: one for one in await store_earn.rules(tx, lock=True)}
    usable = [one for one in ready if one.id in standing and standing[one.id].rule == one.rule]
    listened = frozenset[str]().union(*(one.rule.events for one in usable))
    heard = [one for one in taken if one.name in listened]
    if not heard:
        return Earned()
    arrivals = await _known_people(tx, heard)
    live = [one for one in usable if standing[one.id].state is RuleState.LIVE]
    types = await get_types(tx, sorted({one.rule.type for one in usable if one.rule.type}))
    fresh = await _award(tx, live, arrivals, standing, types)
    await _follow_links(tx, usable, arrivals, fresh, types)
    told = Earned(
        len(fresh), sum(one.points for one in fresh), sum(one.points for one in fresh if one.state == PENDING)
    )
    if fresh:
        tx.emit(PointsEarned(earnings=told.earnings, points=told.points, waiting=told.waiting))
    return told


async def _known_people(tx: Tx, taken: Sequence[Taken]) -> list[Arrival]:
    """The events of active customers, with the natural person of each (rule R1); joined customers under one number."""
    ends = await customers.survivors(tx, sorted({one.seq for one in taken}))
    meant = [ends.get(one.seq, one.seq) for one in taken]
    active, persons = await customers.persons(tx, CustomerSet.of(tx.tenant, set(meant), tx.now))
    who = dict(zip(active.array().tolist(), persons.tolist(), strict=True))
    return [
        Arrival(one.id, seq, who[seq], one.name, one.at, one.amount_fen, one.entry_code, one.properties)
        for one, seq in zip(taken, meant, strict=True)
        if seq in who
    ]


async def _award(
    tx: Tx,
    live: Sequence[Ready],
    arrivals: Sequence[Arrival],
    standing: Mapping[UUID, RuleStanding],
    types: Mapping[str, PointType],
) -> list[Earning]:
    columns = Columns.of(arrivals)
    known = await store_earn.known(tx, [one.id for one in arrivals], [one.id for one in live])
    found = [_without(engine.candidates(columns, one), arrivals, known) for one in live]
    before = await store_earn.earned(tx, set[Key]().union(*(engine.keys(columns, one) for one in found)))
    items, added, given = [], dict[Key, int](), dict[UUID, int]()
    for one in found:
        points = engine.cut(columns, one, before, standing[one.ready.id].given)
        kept = points > 0
        places, points = one.places[kept], points[kept]
        given[one.ready.id] = int(points.sum())
        for name, _, since in engine.spans(columns, engine.Candidates(one.ready, places, points)):
            for person, first, more in zip(
                columns.persons[places].tolist(), since.tolist(), points.tolist(), strict=True
            ):
                key = (one.ready.id, person, name, first)
                added[key] = added.get(key, 0) + more
        items += _earnings(tx, one.ready, [arrivals[place] for place in places.tolist()], points.tolist(), types)
    if items:
        await store_earn.insert_earnings(tx, items)
        await store_earn.add_earned(tx, added, {rule: points for rule, points in given.items() if points})
        await _credit(tx, [one for one in items if one.state == ACTIVE], {one.id: one.rule for one in live}, types)
    return items


def _without(found: engine.Candidates, arrivals: Sequence[Arrival], known: set[tuple[UUID, UUID]]) -> engine.Candidates:
    """Leave out events the rule gave for before, and repeats within the batch."""
    seen: set[UUID] = set()
    keep = np.zeros(len(found.places), np.bool_)
    for index, place in enumerate(found.places.tolist()):
        event_id = arrivals[place].id
        keep[index] = event_id not in seen and (found.ready.id, event_id) not in known
        seen.add(event_id)
    return engine.Candidates(found.ready, found.places[keep], found.points[keep])


def _earnings(
    tx: Tx, ready: Ready, arrivals: Sequence[Arrival], points: Sequence[int], types: Mapping[str, PointType]
) -> list[Earning]:
    rule = ready.rule
    days = types[rule.type].pending_days if rule.type else 0
    items = []
    for one, more, item_id in zip(arrivals, points, new_ids(len(arrivals)), strict=True):
        due = due_at(rule, days, one.at)
        items.append(
            Earning(
                id=item_id,
                rule_id=ready.id,
                event_id=one.id,
                seq=one.seq,
                points=more,
                amount_fen=one.amount_fen,
                key=one.properties.get(rule.key) if rule.key else None,
                happened_at=one.at,
                state=ACTIVE if due is not None and due <= tx.now else PENDING,
                due_at=due,
            )
        )
    return items


async def _credit(
    tx: Tx, items: Sequence[Earning], rules: Mapping[UUID, EarnRule], types: Mapping[str, PointType]
) -> None:
    """Put what is active where it belongs: lots of points, or growth."""
    points = [one for one in items if rules[one.rule_id].target is Target.POINTS and one.points > one.clawed]
    today = day_of(tx.now)
    ends: dict[str, datetime | None] = {code: expires_at(one.expiry, today) for code, one in types.items()}
    credits_ = []
    for one in points:
        kind = types[rules[one.rule_id].type]
        left = one.points - one.clawed
        credits_.append(
            ledger.Credit(
                seq=one.seq,
                currency=kind.code,
                points=left,
                expires_at=ends[kind.code],
                source_kind=SOURCE,
                source_id=one.id,
                line=0,
                funder=kind.funder,
                cost_fen=cost_of(left, kind.unit_cost_fen),
            )
        )
    outcomes = await ledger.credit(tx, credits_)
    assert all(outcome is ledger.Outcome.POSTED for outcome in outcomes), "an earning is credited once"
    growth = [one for one in items if rules[one.rule_id].target is Target.GROWTH and one.points > one.clawed]
    if growth:
        await tiers.credit_growth(
            tx,
            [
                tiers.GrowthCredit(
                    seq=one.seq,
                    value=one.points - one.clawed,
                    source_kind=SOURCE,
                    source_id=one.id,
                    line=0,
                    at=one.happened_at,
                )
                for one in growth
            ],
        )


class _Call(msgspec.Struct, frozen=True):
    """An event that confirms, or else reverses, what a customer earned under a key."""

    place: int
    arrival: Arrival
    ready: Ready
    key: str
    confirms: bool

    def means(self, earning: Earning) -> bool:
        """Whether it is about this earning."""
        mine = (earning.rule_id, earning.seq, earning.key) == (self.ready.id, self.arrival.seq, self.key)
        return mine and earning.state != CANCELLED


async def _follow_links(
    tx: Tx,
    usable: Sequence[Ready],
    arrivals: Sequence[Arrival],
    fresh: Sequence[Earning],
    types: Mapping[str, PointType],
) -> None:
    """Confirm and reverse what was earned, in the order events arrived; what comes before its event finds nothing."""
    calls = _calls(usable, arrivals)
    if not calls:
        return
    new = await store_earn.remember_reversals(tx, [(one.ready.id, one.arrival.id) for one in calls])
    linked = {
        one.id: one
        for one in await store_earn.linked(tx, [one.arrival.seq for one in calls], [one.key for one in calls])
    }
    own = {one.event_id for one in fresh}
    places = {one.id: place for place, one in enumerate(arrivals) if one.id in own}
    activated: list[UUID] = []
    claws: list[ledger.ClawBack] = []
    changed: set[UUID] = set()
    for call in [one for one in calls if (one.ready.id, one.arrival.id) in new]:
        for now in [one for one in linked.values() if call.means(one) and places.get(one.event_id, -1) < call.place]:
            if not call.confirms:
                linked[now.id], claw = reverse(now, call.arrival.amount_fen)
                if claw and now.state == ACTIVE and now.id not in activated:
                    claws.append(_claw(now, claw, debt=types[call.ready.rule.type].debt))
            elif now.state == PENDING:
                linked[now.id] = msgspec.structs.replace(now, state=ACTIVE)
                activated.append(now.id)
            changed.add(now.id)
    if changed:
        await store_earn.change(tx, [linked[one] for one in sorted(changed)])
        await _credit(tx, [linked[one] for one in activated], {one.id: one.rule for one in usable}, types)
        await ledger.claw_back(tx, claws)


def _calls(usable: Sequence[Ready], arrivals: Sequence[Arrival]) -> list[_Call]:
    listening: dict[str, list[tuple[Ready, str, bool]]] = {}
    for one in usable:
        for link, confirms in links(one.rule):
            listening.setdefault(link.event, []).append((one, link.key, confirms))
    return [
        _Call(place, arrival, ready, key, confirms)
        for place, arrival in enumerate(arrivals)
        for ready, property_, confirms in listening.get(arrival.name, ())
        if (key := arrival.properties.get(property_))
    ]


def reverse(earning: Earning, amount_fen: int) -> tuple[Earning, int]:
    """An earning after a reversal of so much of its amount, and the points to take back.

    Shares add up: all reversals together take what one of their sum would. Without amounts a reversal takes everything.
    """
    whole = earning.amount_fen
    back = min(earning.reversed_fen + amount_fen, whole) if whole > 0 and amount_fen > 0 else whole
    total = earning.points * back // whole if whole > 0 else earning.points
    claw = max(total - earning.clawed, 0)
    over = earning.clawed + claw >= earning.points
    state = CANCELLED if over else earning.state
    return msgspec.structs.replace(earning, state=state, clawed=earning.clawed + claw, reversed_fen=back), claw


def _claw(earning: Earning, points: int, *, debt: bool) -> ledger.ClawBack:
    return ledger.ClawBack(
        of_source=earning.id,
        of_line=0,
        points=points,
        source_kind="reversal",
        source_id=new_id(),
        line=0,
        debt=debt,
    )


async def activate_due(tx: Tx, *, limit: int = 1_000) -> int:
    """Points that have waited long enough become active; returns how many earnings did."""
    due = await store_earn.due(tx, limit)
    if not due:
        return 0
    rules = {one.id: one.rule for one in await store_earn.rules(tx)}
    types = await get_types(tx, sorted({one.type for one in rules.values() if one.type}))
    active = [msgspec.structs.replace(one, state=ACTIVE) for one in due]
    await store_earn.change(tx, active)
    await _credit(tx, active, rules, types)
    return len(due)


def ids_of(rules: Iterable[RuleStanding]) -> list[tuple[UUID, EarnRule]]:
    """Rules as `prepare` takes them."""
    return [(one.id, one.rule) for one in rules]
