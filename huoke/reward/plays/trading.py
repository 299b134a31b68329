"""Giving cards: a batch of customers who offer, ask, agree or take back; every card stays one card, in one commit."""

import secrets
from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import NotEligible
from huoke.reward.plays import gift, store, store_gift
from huoke.reward.plays.card_gift import CardGift, GiftState
from huoke.reward.plays.cards import claimed
from huoke.reward.plays.deed import Own
from huoke.reward.plays.draft import CODE_LENGTH, LETTERS
from huoke.reward.plays.draw import closed_to_all
from huoke.reward.plays.entering import Scene, enter
from huoke.reward.plays.events import CardsMoved
from huoke.reward.plays.gift import Move, Trade
from huoke.reward.plays.model import Play, PlayKind
from huoke.reward.plays.refusals import GiftUnknown, NoGiving, PlayUnknown
from huoke.reward.plays.ways import Giving

Answer = CardGift | Refusal


async def trade(tx: Tx, calls: Sequence[Call[Trade]]) -> list[Answer]:
    """Let many customers give cards at once; one answer per call, in order. Shaped for `kernel.batch`.

    What was agreed to or taken back before by the same customer is answered as it stands. Refused, and then no card
    moves: `PlayUnknown`, `NotStarted`, `Paused`, `Ended`, `NotEligible` for either end, `NoGiving`, `CardNotFree`,
    `GiftLimit`, `OwnGift`, `GiftUnknown`.
    """
    asked = [call.value for call in calls]
    locked = await store.lock(tx, {one.play_id for one in asked})
    answers: dict[int, Answer] = {}
    for play_id in sorted({one.play_id for one in asked}):
        places = [place for place, one in enumerate(asked) if one.play_id == play_id]
        play = locked[play_id][0] if play_id in locked else None
        closed = PlayUnknown(f"There is no play {play_id}.") if play is None else closed_to_all(play, tx)
        if play is None or closed is not None:
            answers |= {place: closed for place in places if closed is not None}
            continue
        found = await _trade_one(tx, play, [asked[place] for place in places])
        answers |= dict(zip(places, found, strict=True))
    return [answers[place] for place in range(len(asked))]


async def gift_at(tx: Tx, play: Play, code: str) -> CardGift:
    """A gift of a play by its address; `GiftUnknown`."""
    found = (await store_gift.by_codes(tx, play.id, [code])).get(code)
    if found is None:
        raise GiftUnknown("There is no such gift.")
    return found


async def _trade_one(tx: Tx, play: Play, asked: Sequence[Trade]) -> list[Answer]:
    if play.draft.kind is not PlayKind.CARDS:
        return [NoGiving("This play has no cards.") for _ in asked]
    await customers.hold_persons(tx)
    gifts = await store_gift.by_codes(tx, play.id, [one.code for one in asked if one.code])
    callers = {one.seq for one in asked}
    scene = await enter(tx, play, sorted(callers | {one.maker for one in gifts.values()}))
    turn = _Turn(tx, play, scene, gifts)
    answers = [turn.decide(one) for one in asked]
    if turn.changed:
        await store_gift.put(tx, play.id, list(turn.changed.values()))
    if moved := sum(one.state is GiftState.DONE for one in turn.changed.values()):
        tx.emit(CardsMoved(play_id=play.id, count=moved))
    return answers


class _Turn:
    """One play and one batch, decided in order; what an earlier call moves, a later one finds moved."""

    def __init__(self, tx: Tx, play: Play, scene: Scene, gifts: dict[str, CardGift]) -> None:
        self._tx, self._play, self._scene, self._gifts = tx, play, scene, gifts
        self.changed: dict[UUID, CardGift] = {}

    def decide(self, one: Trade) -> Answer:
        """What a call comes to."""
        if one.seq not in self._scene.meant:
            return NotEligible()
        own = self._own(one.seq)
        giving = gift.giving_of(own)
        if isinstance(giving, NoGiving):
            return giving
        if one.move is Move.AGREE:
            return self._agree(one, own, giving)
        if one.move is Move.TAKE_BACK:
            return self._take_back(one, own)
        return self._begin(one, own, giving)

    def _begin(self, one: Trade, own: Own, giving: Giving) -> Answer:
        asks = one.move is Move.ASK
        refused = gift.ask(own, giving, one.line) if asks else gift.offer(own, giving, one.line, claimed(own))
        if refused is not None:
            return refused
        assert self._play.closes_at is not None, "a published play has a window"
        made = CardGift(
            id=new_id(),
            code="".join(secrets.choice(LETTERS) for _ in range(2 * CODE_LENGTH)),
            line=one.line,
            asked=asks,
            from_seq=None if asks else one.seq,
            to_seq=one.seq if asks else None,
            state=GiftState.OPEN,
            made_at=self._tx.now,
            expires_at=gift.until(own, giving, self._play.closes_at),
        )
        return self._keep(made, own)

    def _agree(self, one: Trade, own: Own, giving: Giving) -> Answer:
        found = self._gifts.get(one.code)
        if found is not None and found.state is GiftState.DONE and {found.from_seq, found.to_seq} & own.seqs:
            return found
        if found is None or found.maker not in self._scene.meant:
            return GiftUnknown("This gift is over.")
        maker = self._own(found.maker)
        giver, receiver = (own, maker) if found.asked else (maker, own)
        refused = gift.agree(found, giver, receiver, giving, claimed(giver))
        if refused is not None:
            return refused
        ends = {"from_seq": one.seq} if found.asked else {"to_seq": one.seq}
        done = msgspec.structs.replace(found, state=GiftState.DONE, closed_at=self._tx.now, **ends)
        return self._keep(done, giver, receiver)

    def _take_back(self, one: Trade, own: Own) -> Answer:
        found = self._gifts.get(one.code)
        if found is None or found.maker not in own.seqs or found.state is GiftState.DONE:
            return GiftUnknown("This gift is over.")
        if found.state is GiftState.TAKEN_BACK:
            return found
        return self._keep(msgspec.structs.replace(found, state=GiftState.TAKEN_BACK, closed_at=self._tx.now), own)

    def _own(self, seq: int) -> Own:
        return self._scene.own[self._scene.persons[seq]]

    def _keep(self, made: CardGift, *ends: Own) -> CardGift:
        """Let everybody concerned stand as the gift does now."""
        self.changed[made.id] = self._gifts[made.code] = made
        for own in ends:
            own.gifts = [*(one for one in own.gifts if one.id != made.id), made]
        return made
