"""Cards that go from customer to customer, pure: what is held, what may be given, and each move with its limits.

A card that is offered waits for its receiver and is nobody's to use; one that came as a gift is not given on. So the
cards of a play are those that were drawn, whoever holds them. Nothing is given for giving (rule M3).
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.card_gift import CardGift, GiftState
from huoke.reward.plays.deed import Own
from huoke.reward.plays.model import day_of
from huoke.reward.plays.refusals import CardNotFree, GiftLimit, GiftUnknown, NoGiving, OwnGift
from huoke.reward.plays.ways import Cards, Giving


class Move(StrEnum):
    """What a customer may do with cards."""

    OFFER = "offer"
    ASK = "ask"
    AGREE = "agree"
    TAKE_BACK = "take_back"


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's wish: offer or ask for a card of a line, agree to a gift by its code, take an own one back."""

    play_id: UUID
    seq: int
    move: Move
    line: int = 0
    code: str = ""


def sets_of(cards: Cards, held: Mapping[int, int]) -> int:
    """How many sets the cards make: what a set lacks, wild cards fill in."""
    wild = held.get(cards.wild, 0) if cards.wild is not None else 0
    sets = 0
    while sum(max(sets + 1 - held.get(line, 0), 0) for line in cards.lines) <= wild:
        sets += 1
    return sets


def held_of(own: Own) -> Counter[int]:
    """The cards of a natural person by line: drawn and received, without those given or waiting for a receiver."""
    return Counter(own.drawn) + _received(own) - _given(own)


def free_of(own: Own, claimed: int) -> set[int]:
    """The lines of which a card may be given: drawn by the person, and not needed by the sets that were claimed."""
    cards = own.draft.ways.cards
    assert cards is not None, "a play of cards has its way"
    held, mine = held_of(own), Counter(own.drawn) - _given(own)
    return {line for line in cards.lines if mine[line] and sets_of(cards, held - Counter([line])) >= claimed}


def given_today(own: Own) -> int:
    """How many cards the person has given today, those that wait for a receiver among them."""
    return sum(_on(own, one.closed_at if one.asked else one.made_at) for one in own.gifts if _out(own, one))


def taken(own: Own) -> tuple[int, int]:
    """How many cards the person received today, and in all."""
    done = [one for one in own.gifts if one.state is GiftState.DONE and one.to_seq in own.seqs]
    return sum(_on(own, one.closed_at) for one in done), len(done)


def giving_of(own: Own) -> Giving | NoGiving:
    """How cards are given in this play, or that they are not."""
    cards = own.draft.ways.cards
    if cards is None or cards.giving is None:
        return NoGiving("Cards of this play stay with who drew them.")
    return cards.giving


def offer(own: Own, giving: Giving, line: int, claimed: int) -> Refusal | None:
    """Why a card of a line may not be given now."""
    if line not in free_of(own, claimed):
        return CardNotFree("This card is not there to give.", line=line)
    if given_today(own) >= giving.gives_a_day:
        return GiftLimit("That was all for today; give more tomorrow.", limit=giving.gives_a_day)
    return None


def ask(own: Own, giving: Giving, line: int) -> Refusal | None:
    """Why a card of a line may not be asked for now."""
    cards = own.draft.ways.cards
    if cards is None or line not in cards.lines:
        return CardNotFree("This is no card of the set.", line=line)
    waiting = sum(one.asked and one.waits(own.now) for one in own.gifts if one.to_seq in own.seqs)
    return receive(own, giving, waiting=waiting)


def receive(own: Own, giving: Giving, *, waiting: int = 0) -> Refusal | None:
    """Why no card may be received now, beside those that are `waiting`."""
    today, ever = taken(own)
    if today + waiting >= giving.takes_a_day:
        return GiftLimit("That was all for today; ask again tomorrow.", limit=giving.takes_a_day)
    if ever + waiting >= giving.takes:
        return GiftLimit("As many cards were received as one may.", limit=giving.takes)
    return None


def agree(gift: CardGift | None, giver: Own, receiver: Own, giving: Giving, claimed: int) -> Refusal | None:
    """Why a card does not go from one to the other; `claimed` sets are the giver's."""
    if gift is None or not gift.waits(giver.now):
        return GiftUnknown("This gift is over.")
    if giver.seqs & receiver.seqs:
        return OwnGift("A card goes to somebody else.")
    refused = offer(giver, giving, gift.line, claimed) if gift.asked else None
    return refused or receive(receiver, giving)


def until(own: Own, giving: Giving, closes_at: datetime) -> datetime:
    """How long a gift waits: so many hours, and never beyond the play."""
    return min(own.now + timedelta(hours=giving.hours), closes_at)


def _out(own: Own, one: CardGift) -> bool:
    """Whether a card has left the person, for good or until somebody agrees."""
    if one.from_seq not in own.seqs:
        return False
    return one.state is GiftState.DONE or (not one.asked and one.waits(own.now))


def _given(own: Own) -> Counter[int]:
    return Counter(one.line for one in own.gifts if _out(own, one))


def _received(own: Own) -> Counter[int]:
    return Counter(one.line for one in own.gifts if one.state is GiftState.DONE and one.to_seq in own.seqs)


def _on(own: Own, at: datetime | None) -> bool:
    return at is not None and day_of(at) == own.today
