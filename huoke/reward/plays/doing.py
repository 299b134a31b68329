"""Doing something in a play: a batch of customers; what is done is written once, with what it gives, in one commit."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID, uuid5

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Conflict, Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM, Tx
from huoke.know import customers
from huoke.know.customers import NotEligible
from huoke.reward import grants, ledger
from huoke.reward.grants import Claim, Claimed, Wanted
from huoke.reward.ledger import Credit
from huoke.reward.plays import cards, checkin, missions, quiz, store, store_deed
from huoke.reward.plays.chances import CHANCE
from huoke.reward.plays.deed import Deed, Doing, NotThisPlay, Own, Planned, RewardGone
from huoke.reward.plays.draw import closed_to_all
from huoke.reward.plays.entering import Scene, enter
from huoke.reward.plays.events import Done
from huoke.reward.plays.model import Play, PlayKind, PrizeTable, day_begins
from huoke.reward.plays.refusals import PlayUnknown
from huoke.reward.plays.ways import Act, rewards

COUNTED = frozenset({PlayKind.MISSION, PlayKind.STEPS})
PLANS: Mapping[Act, tuple[frozenset[PlayKind], Callable[[Own, Doing], list[Planned] | Refusal]]] = {
    Act.CHECK_IN: (frozenset({PlayKind.CHECKIN}), checkin.check_in),
    Act.MAKE_UP: (frozenset({PlayKind.CHECKIN}), checkin.make_up),
    Act.TAKE: (COUNTED, missions.take),
    Act.BEGIN: (frozenset({PlayKind.QUIZ}), quiz.begin),
    Act.ANSWER: (frozenset({PlayKind.QUIZ}), quiz.answer),
    Act.SET: (frozenset({PlayKind.CARDS}), cards.claim),
}
"""What an act belongs to, and what would come of it."""


class DoneDeeds(msgspec.Struct, frozen=True, kw_only=True):
    """What doing something came to; nothing, where it was done before."""

    play_id: UUID
    deeds: list[Deed]


Answer = DoneDeeds | Refusal


class _Gone(Conflict):
    """Offers that had a unit when asked and none when claimed."""

    code = "plays.gone"

    def __init__(self, offers: set[UUID]) -> None:
        super().__init__("An offer ran out between asking and claiming.")
        self.offers = offers


async def do(tx: Tx, calls: Sequence[Call[Doing]]) -> list[Answer]:
    """Let many customers do something at once; one answer per call, in order. Shaped for `kernel.batch`.

    What was done before comes to nothing and is no refusal: deeds are named by person, kind, item and day (rule R1).
    Refused: `PlayUnknown`, `NotStarted`, `Paused`, `Ended`, `NotEligible`, `NotThisPlay`, `NotMissed`, `NoCard`,
    `NotReached`, `RewardGone`.
    """
    asked = [call.value for call in calls]
    locked = await store.lock(tx, {one.play_id for one in asked})
    tables = await store.tables(tx, locked)
    answers: dict[int, Answer] = {}
    for play_id in sorted({one.play_id for one in asked}):
        places = [place for place, one in enumerate(asked) if one.play_id == play_id]
        if play_id not in locked:
            answers |= dict.fromkeys(places, PlayUnknown(f"There is no play {play_id}."))
            continue
        play, _ = locked[play_id]
        if closed := closed_to_all(play, tx):
            answers |= dict.fromkeys(places, closed)
            continue
        table = tables[play_id][play.table_version]
        found = await _do_one(tx, play, table, [asked[place] for place in places])
        answers |= dict(zip(places, found, strict=True))
    return [answers[place] for place in range(len(asked))]


async def _do_one(tx: Tx, play: Play, table: PrizeTable, asked: Sequence[Doing]) -> list[Answer]:
    """All or, where a claim fails, decided once more without the offers that ran out."""
    await customers.hold_persons(tx)
    scene = await enter(tx, play, [one.seq for one in asked])
    lines = {reward.line for _, reward in rewards(play.draft.ways) if reward.line is not None}
    given = await store_deed.lines_given(tx, play.id, day_begins(tx.now)) if lines else Counter[int]()
    gone: set[UUID] = set()
    while True:
        turn = _Turn(tx, play, table, scene, Counter(given), gone)
        turn.room = await grants.room(tx, turn.wanted(lines, [one.seq for one in asked]))
        answers = [turn.decide(one) for one in asked]
        try:
            async with tx.savepoint():
                await _give(tx, play, table, scene, turn.done)
        except _Gone as refusal:
            gone |= refusal.offers
            continue
        deeds = {(one.seq, one.kind, one.item, one.day): one for one in turn.done}
        return [
            one
            if isinstance(one, Refusal)
            else DoneDeeds(play_id=play.id, deeds=[deeds[d.seq, d.kind, d.item, d.day] for d in one])
            for one in answers
        ]


class _Turn:
    """One play and one batch, decided in order; what an earlier call does, a later one has done."""

    room: grants.Room

    def __init__(
        self, tx: Tx, play: Play, table: PrizeTable, scene: Scene, given: Counter[int], gone: set[UUID]
    ) -> None:
        self._tx, self._play, self._table, self._scene = tx, play, table, scene
        self._given, self._gone = given, gone
        self._own = {person: msgspec.structs.replace(one, deeds=[*one.deeds]) for person, one in scene.own.items()}
        self.done: list[Deed] = []

    def wanted(self, lines: set[int], seqs: Sequence[int]) -> list[Wanted]:
        """All that this batch might come to claim."""
        offers = [offer for line in lines if (offer := self._table.prizes[line].offer_id) is not None]
        units, persons = self._scene.units, self._scene.persons
        return [Wanted(offer, units[seq], persons[seq]) for offer in offers for seq in set(seqs) & self._scene.meant]

    def decide(self, doing: Doing) -> list[Deed] | Refusal:
        """What a call comes to."""
        kinds, plan = PLANS[doing.act]
        if self._play.draft.kind not in kinds:
            return NotThisPlay("This play has no such thing to do.", pointer="/act")
        if doing.seq not in self._scene.meant:
            return NotEligible()
        own = self._own[self._scene.persons[doing.seq]]
        planned = plan(own, doing)
        if isinstance(planned, Refusal):
            return planned
        deeds = []
        for one in planned:
            line = None if one.reward.line is None else self._take(one.reward.line, doing.seq, own)
            if one.owed and line is None and one.reward.line is not None:
                return RewardGone("What this gives is used up for now; it stays yours to take.", line=one.reward.line)
            deeds.append(
                Deed(
                    kind=one.kind,
                    day=one.day,
                    item=one.item,
                    line=line,
                    chances=one.reward.chances,
                    cards=one.reward.cards,
                    note=one.note,
                    lacked=line is None and one.reward.line is not None,
                    at=self._tx.now,
                    seq=doing.seq,
                )
            )
        own.deeds += deeds
        self.done += deeds
        return deeds

    def _take(self, line: int, seq: int, own: Own) -> int | None:
        """Take a unit of a line's prize; None where its limits, stock or budget do not allow it."""
        prize = self._table.prizes[line]
        assert prize.offer_id is not None, "a reward is a prize"
        had = sum(deed.line == line for deed in own.deeds)
        full = 0 < prize.per_day <= self._given[line] or 0 < prize.per_person <= had or prize.offer_id in self._gone
        if full or self.room.take(Wanted(prize.offer_id, self._scene.units[seq], self._scene.persons[seq])):
            return None
        self._given[line] += 1
        return line


async def _give(tx: Tx, play: Play, table: PrizeTable, scene: Scene, done: list[Deed]) -> None:
    """Claim the prizes, credit the chances, write the deeds. Raises `_Gone`, and then nothing was claimed.

    A deed is there once, so its claim needs no number that a retry would know.
    """
    if not done:
        return
    claims, places = [], []
    for place, deed in enumerate(done):
        if deed.line is None:
            continue
        offer_id = table.prizes[deed.line].offer_id
        assert offer_id is not None, "a reward is a prize"
        unit, person = scene.units[deed.seq], scene.persons[deed.seq]
        claim = Claim(request_no=new_id().hex, offer_id=offer_id, seq=deed.seq, unit_id=unit, person=person)
        claims.append(Call(claim, SYSTEM, tx.now))
        places.append(place)
    answers = await grants.claim(tx, claims) if claims else []
    refused = {call.value.offer_id for call, one in zip(claims, answers, strict=True) if isinstance(one, Refusal)}
    if refused:
        raise _Gone(refused)
    for place, answer in zip(places, answers, strict=True):
        assert isinstance(answer, Claimed), "the others were refused"
        done[place] = msgspec.structs.replace(done[place], grant_id=answer.grant_id)
    credits_ = [_chances(play, deed) for deed in done if deed.chances]
    if credits_:
        await ledger.credit(tx, credits_)
    await store_deed.insert_deeds(tx, play.id, done)
    for kind in sorted({deed.kind for deed in done}):
        members = CustomerSet.of(tx.tenant, sorted({deed.seq for deed in done if deed.kind is kind}))
        count = sum(deed.kind is kind for deed in done)
        tx.emit(Done(play_id=play.id, kind=kind.value, count=count), members=members.bitmap.serialize())


def name_of(deed: Deed) -> str:
    """What tells a deed from all others of its play."""
    return f"{deed.seq}:{deed.kind.value}:{deed.item}:{deed.day}"


def _chances(play: Play, deed: Deed) -> Credit:
    return Credit(
        seq=deed.seq,
        currency=play.currency,
        points=deed.chances,
        expires_at=play.closes_at,
        source_kind=CHANCE,
        source_id=chances_of(play.id, deed),
        line=0,
    )


def chances_of(play_id: UUID, deed: Deed) -> UUID:
    """The name under which a deed's chances were credited; done again after it was taken back, it has another."""
    return uuid5(play_id, f"{name_of(deed)}:{deed.at.timestamp()}")
