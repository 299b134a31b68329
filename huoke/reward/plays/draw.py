"""The draw: a batch of customers, one chance each, outcomes in order of number, prizes granted in the same commit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.kernel import idempotency
from huoke.kernel.batch import Call
from huoke.kernel.idempotency import Earlier, RequestKey, RequestReused
from huoke.kernel.refusals import Conflict, Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import NotEligible
from huoke.reward import grants
from huoke.reward.grants import Claim, Claimed, Wanted
from huoke.reward.plays import chances, store, store_draw
from huoke.reward.plays.chance import Given, Past, bounds_of, outcome_of, settle
from huoke.reward.plays.eligible import eligible
from huoke.reward.plays.events import Drawn
from huoke.reward.plays.model import Draw, Play, PlayState, PrizeTable, day_begins, day_of
from huoke.reward.plays.refusals import DayLimit, Ended, NoChance, NotStarted, Paused, PlayUnknown
from huoke.reward.plays.seed import mark_of, marks_under, open_seed

OPERATION = "plays.draw"
SEEN_MAX = 1_000
WHY = {"grants.sold_out": "sold_out", "grants.budget_exhausted": "budget", "customers.not_eligible": "unit"}
"""Why grants would not give a unit, as a draw's step says it; anything else is a closed offer."""


class DrawOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's wish to draw once."""

    request_no: str
    play_id: UUID
    seq: int


class DrawDone(msgspec.Struct, frozen=True, kw_only=True):
    """What a draw gave: the line, its title, and the grant where it won something; `exists` answers a retry."""

    play_id: UUID
    number: int
    line: int
    title: str
    title_en: str
    grant_id: UUID | None
    exists: bool = False


Answer = DrawDone | Refusal


class _World(msgspec.Struct, frozen=True):
    """One play and all that its draws of a batch look at."""

    play: Play
    keys: privacy.TenantKeys
    seed: bytes
    table: PrizeTable
    persons: dict[int, int]
    units: dict[int, int]


class _Gone(Conflict):
    """Offers that had a unit when asked and none when claimed, such as a card code that was withdrawn."""

    code = "plays.gone"

    def __init__(self, offers: set[UUID]) -> None:
        super().__init__("An offer ran out between asking and claiming.")
        self.offers = offers


async def draw(tx: Tx, calls: Sequence[Call[DrawOrder]]) -> list[Answer]:
    """Draw for many customers at once; one answer per call, in order. Shaped for `kernel.batch`.

    Refused: `PlayUnknown`, `NotStarted`, `Paused`, `Ended`, `NotEligible`, `DayLimit`, `NoChance`, and `RequestReused`
    for a number used for another play or customer. A refused draw takes no chance and has no number.
    """
    orders = [call.value for call in calls]
    plays = await store.lock(tx, {order.play_id for order in orders})
    keys = [RequestKey(order.request_no, order.play_id.bytes + order.seq.to_bytes(4, "big")) for order in orders]
    answers: dict[int, Answer] = {}
    tables = await _tables(tx, plays)
    await _answer_known(tx, keys, tables, answers)
    first: dict[str, int] = {}
    for index, key in enumerate(keys):
        if index not in answers:
            first.setdefault(key.request_no, index)
    todo = [index for index in first.values() if index not in answers]
    for play_id in sorted({orders[index].play_id for index in todo}):
        indexes = [index for index in todo if orders[index].play_id == play_id]
        if play_id not in plays:
            answers |= dict.fromkeys(indexes, PlayUnknown(f"There is no play {play_id}."))
            continue
        answers |= await _draw_one(tx, *plays[play_id], tables.get(play_id, {}), orders, indexes)
    done = {
        keys[index]: {"play": str(found.play_id), "number": found.number}
        for index in todo
        if isinstance(found := answers[index], DrawDone)
    }
    if done:
        await idempotency.settle(tx, OPERATION, done)
    return [answers[i] if i in answers else _repeated(keys, i, first, answers) for i in range(len(calls))]


_seen_tables: dict[tuple[int, UUID, int], dict[int, PrizeTable]] = {}
"""Prize tables of plays as drawn on lately: a published version never changes, so what was read once is still so."""


async def _tables(tx: Tx, plays: Mapping[UUID, tuple[Play, bytes | None]]) -> dict[UUID, dict[int, PrizeTable]]:
    """Every version of the prize tables of locked plays, read once for each version in force."""
    names = {play_id: (tx.tenant, play_id, play.table_version) for play_id, (play, _) in plays.items()}
    missing = [play_id for play_id, name in names.items() if name not in _seen_tables]
    if missing:
        if len(_seen_tables) > SEEN_MAX:
            _seen_tables.clear()
        found = await store.tables(tx, missing)
        _seen_tables.update({names[play_id]: found.get(play_id, {}) for play_id in missing})
    return {play_id: _seen_tables[name] for play_id, name in names.items()}


async def _answer_known(
    tx: Tx, keys: Sequence[RequestKey], tables: Mapping[UUID, dict[int, PrizeTable]], answers: dict[int, Answer]
) -> None:
    known = await idempotency.remember(tx, OPERATION, keys)
    places = {
        index: (UUID(one.ref["play"]), int(one.ref["number"]))
        for index, one in enumerate(known)
        if isinstance(one, Earlier)
    }
    draws = await store_draw.draws_of(tx, places.values()) if places else {}
    for index, one in enumerate(known):
        if isinstance(one, Refusal):
            answers[index] = one
        elif one is not None:
            play_id, _ = place = places[index]
            answers[index] = _done(play_id, tables[play_id][draws[place].version], draws[place], exists=True)


def _repeated(
    keys: Sequence[RequestKey], index: int, first: Mapping[str, int], answers: Mapping[int, Answer]
) -> Answer:
    original = first[keys[index].request_no]
    if keys[index].body_hash != keys[original].body_hash:
        return RequestReused("This request number was already used for another draw.", pointer="/request_no")
    answer = answers[original]
    return answer if isinstance(answer, Refusal) else msgspec.structs.replace(answer, exists=True)


async def _draw_one(
    tx: Tx,
    play: Play,
    sealed: bytes | None,
    tables: Mapping[int, PrizeTable],
    orders: Sequence[DrawOrder],
    indexes: Sequence[int],
) -> dict[int, Answer]:
    if closed := closed_to_all(play, tx):
        return dict.fromkeys(indexes, closed)
    assert sealed is not None, "a live play has a seed"
    await customers.hold_persons(tx)
    facts = await customers.facts(tx, sorted({orders[index].seq for index in indexes}))
    seqs = facts.seqs.tolist()
    meant = await eligible(tx, play, seqs)
    persons = dict(zip(seqs, facts.persons.tolist(), strict=True))
    units = dict(zip(seqs, facts.unit_ids.tolist(), strict=True))
    keys = await privacy.keys(tx)
    world = _World(play, keys, open_seed(keys, play.id, sealed), tables[play.table_version], persons, units)
    players = await store.put_players(tx, play.id, {seq: persons[seq] for seq in meant})
    marks = marks_under(keys, play.id, {persons[seq] for seq in meant}, players)
    past = await store_draw.past(tx, marks, day_begins(tx.now)) if _looks_back(world.table) else {}
    answers: dict[int, Answer] = {}
    going: list[int] = []
    drawn = Counter({person: one.today for person, one in past.items()})
    for index in indexes:
        seq = orders[index].seq
        if seq not in meant:
            answers[index] = NotEligible()
        elif 0 < world.table.draws_a_day <= drawn[persons[seq]]:
            answers[index] = DayLimit("That was all for today; come back tomorrow.", limit=world.table.draws_a_day)
        else:
            drawn[persons[seq]] += 1
            going.append(index)
    burned = await chances.burn(tx, play, persons, [orders[index].seq for index in going]) if going else []
    answers |= {index: NoChance("No chance is left.") for index, took in zip(going, burned, strict=True) if not took}
    going = [index for index, took in zip(going, burned, strict=True) if took]
    if going:
        made = await _give(tx, world, past, [orders[index].seq for index in going])
        answers |= {index: _done(play.id, world.table, one) for index, one in zip(going, made, strict=True)}
    return answers


def _looks_back(table: PrizeTable) -> bool:
    """Whether anything of a table depends on what somebody drew before."""
    return bool(table.draws_a_day or table.guarantee_after or any(prize.per_person for prize in table.prizes))


def closed_to_all(play: Play, tx: Tx) -> Refusal | None:
    """Why nobody can play now, or None."""
    if play.state in (PlayState.DRAFT, PlayState.SUBMITTED):
        return PlayUnknown(f"There is no play {play.id}.")
    assert play.opens_at is not None, "a published play has a window"
    assert play.closes_at is not None, "a published play has a window"
    if play.state is PlayState.ENDED or tx.now >= play.closes_at:
        return Ended("This play is over.", closes_at=play.closes_at.isoformat())
    if play.state is PlayState.PAUSED:
        return Paused("This play is paused; chances are kept.")
    if tx.now < play.opens_at:
        return NotStarted("This play has not started.", opens_at=play.opens_at.isoformat())
    return None


async def _give(tx: Tx, world: _World, past: Mapping[int, Past], seqs: Sequence[int]) -> list[Draw]:
    """Decide draws in order, claim what they won, and write them: all or, where a claim fails, decided once more."""
    gone: set[UUID] = set()
    while True:
        room = await grants.room(tx, [wanted for seq in seqs for wanted in _wanted(world, seq)])
        limited = any(prize.per_day for prize in world.table.prizes)
        today = await store_draw.given_on(tx, world.play.id, day_of(tx.now)) if limited else Counter[int]()
        decided = _decide(world, past, today, room, seqs, gone)
        won = {offer_id for _, given in decided if (offer_id := world.table.prizes[given.given].offer_id) is not None}
        if not won:
            return await _write(tx, world, seqs, decided, {})
        try:
            async with tx.savepoint() if room.may_lack(won) else nullcontext():
                grant_ids = await _claim(tx, world, room, seqs, decided)
        except _Gone as refusal:
            gone |= refusal.offers
            continue
        return await _write(tx, world, seqs, decided, grant_ids)


def _wanted(world: _World, seq: int) -> list[Wanted]:
    return [
        Wanted(prize.offer_id, world.units[seq], world.persons[seq])
        for prize in world.table.prizes
        if prize.offer_id is not None
    ]


def _decide(
    world: _World,
    past: Mapping[int, Past],
    today: Counter[int],
    room: grants.Room,
    seqs: Sequence[int],
    gone: set[UUID],
) -> list[tuple[int, Given]]:
    own = {person: Past(one.today, one.dry, Counter(one.won)) for person, one in past.items()}
    bounds = bounds_of(world.table)
    decided = []
    for number, seq in enumerate(seqs, world.play.drawn + 1):
        outcome = outcome_of(world.seed, world.play.id, number)

        def take(line: int, seq: int = seq) -> tuple[str, int]:
            offer_id = world.table.prizes[line].offer_id
            assert offer_id is not None
            if offer_id in gone:
                return "sold_out", 0
            wanted = Wanted(offer_id, world.units[seq], world.persons[seq])
            left = room.left(wanted)
            refusal = room.take(wanted)
            return ("" if refusal is None else WHY.get(refusal.code, "closed")), left

        mine = own.setdefault(world.persons[seq], Past())
        decided.append((outcome, settle(world.table, bounds, outcome, mine, today, take)))
    return decided


async def _claim(
    tx: Tx, world: _World, room: grants.Room, seqs: Sequence[int], decided: Sequence[tuple[int, Given]]
) -> dict[int, UUID]:
    """Claim what was won: draw's place → grant. Raises `_Gone`, and then nothing was claimed."""
    places: list[int] = []
    claims: list[Claim] = []
    for place, (seq, (_, given)) in enumerate(zip(seqs, decided, strict=True)):
        offer_id = world.table.prizes[given.given].offer_id
        if offer_id is None:
            continue
        places.append(place)
        number = f"play:{world.play.id.hex}:{world.play.drawn + 1 + place}"
        claims.append(
            Claim(request_no=number, offer_id=offer_id, seq=seq, unit_id=world.units[seq], person=world.persons[seq])
        )
    until = day_begins(tx.now) + timedelta(days=world.play.draft.claim_days + 1)
    answers = await grants.claim_taken(tx, room, claims, until)
    refused = {claim.offer_id for claim, answer in zip(claims, answers, strict=True) if isinstance(answer, Refusal)}
    if refused:
        raise _Gone(refused)
    return {
        place: answer.grant_id for place, answer in zip(places, answers, strict=True) if isinstance(answer, Claimed)
    }


async def _write(
    tx: Tx, world: _World, seqs: Sequence[int], decided: Sequence[tuple[int, Given]], grant_ids: Mapping[int, UUID]
) -> list[Draw]:
    marks = {seq: mark_of(world.keys, world.play.id, world.persons[seq]) for seq in set(seqs)}
    draws = [
        Draw(
            number=world.play.drawn + 1 + place,
            version=world.table.version,
            outcome=outcome,
            picked=given.picked,
            given=given.given,
            steps=given.steps,
            left=given.left,
            mark=marks[seq],
            at=tx.now,
            seq=seq,
            grant_id=grant_ids.get(place),
        )
        for place, (seq, (outcome, given)) in enumerate(zip(seqs, decided, strict=True))
    ]
    given = Counter(one.given for one in draws if one.grant_id is not None)
    await store_draw.insert_draws(tx, world.play.id, draws, day_of(tx.now), given)
    members = CustomerSet.of(tx.tenant, sorted(set(seqs))).bitmap.serialize()
    tx.emit(Drawn(play_id=world.play.id, count=len(draws), won=len(grant_ids)), members=members)
    return draws


def _done(play_id: UUID, table: PrizeTable, made: Draw, *, exists: bool = False) -> DrawDone:
    prize = table.prizes[made.given]
    return DrawDone(
        play_id=play_id,
        number=made.number,
        line=made.given,
        title=prize.title,
        title_en=prize.title_en,
        grant_id=made.grant_id,
        exists=exists,
    )
