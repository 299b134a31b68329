"""Points customers give each other: to another customer of the bank, within limits, and back while nobody used them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.govern import privacy, tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.language import day_of
from huoke.reward import ledger
from huoke.reward.ledger import Outcome
from huoke.reward.points import store_gift
from huoke.reward.points.kinds import get_types
from huoke.reward.points.model import TypeState
from huoke.reward.points.store_gift import GiftLine

GIFT_MAX = tenants.declare("points.gift_max", int, 5_000, minimum=0, maximum=1_000_000, unit="points")
DAY_MAX = tenants.declare("points.gifts_per_day", int, 10_000, minimum=0, maximum=10_000_000, unit="points")
RECEIVERS_MAX = tenants.declare("points.receivers_per_day", int, 5, minimum=0, maximum=100)
LOOKS_MAX = tenants.declare("points.receiver_looks_per_day", int, 10, minimum=1, maximum=1_000)
BACK_MINUTES = tenants.declare("points.gift_back_minutes", int, 60, minimum=0, maximum=1_440, unit="minutes")
SOURCE = "points_gift"


class AskedGift(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a type for whoever has this phone number."""

    request_no: str
    giver: int
    phone: str
    type: str
    points: int


class Receiver(msgspec.Struct, frozen=True):
    """Who a phone number leads to; the name as it may be shown (rule F2)."""

    seq: int
    name: str


class PointsGiven(Event, frozen=True, kw_only=True):
    """A customer gave points to another; the giver is the event's member."""

    name: ClassVar[str] = "points.given"
    gift_id: UUID
    type: str
    points: int


class GiftTakenBack(Event, frozen=True, kw_only=True):
    """A gift went back, unused; the giver is the event's member."""

    name: ClassVar[str] = "points.gift_taken_back"
    gift_id: UUID
    type: str
    points: int


class GiftUnfit(Invalid):
    """These points are not given on, or not so many at once."""

    code = "points.gift_unfit"


class ReceiverUnknown(NotFound):
    """The number leads to no one other customer of the bank."""

    code = "points.receiver_unknown"


class GiftLimit(Conflict):
    """Enough points, or receivers, for one day."""

    code = "points.gift_limit"


class LookLimit(Conflict):
    """Enough phone numbers were tried for one day, whether or not they led to anybody."""

    code = "points.look_limit"


class GiftClosed(Forbidden):
    """This account cannot give points now."""

    code = "points.gift_closed"


class GiftShort(Conflict):
    """The giver has fewer points than that."""

    code = "points.gift_short"


class GiftUsed(Conflict):
    """The time is over, or some of the gift is used."""

    code = "points.gift_used"


class GiftUnknown(NotFound):
    """There is no such gift of this customer."""

    code = "points.gift_unknown"


async def receiver(tx: Tx, giver: int, phone: str) -> Receiver:
    """Who would get it: the one other natural person with this number; `ReceiverUnknown`, `GiftClosed`, `LookLimit`.

    Nobody is to find out by it who is a customer: a person may try so many numbers a day, and one who may not get
    points is answered for like one who is not there.
    """
    suppressed = await consent.suppressed(tx)
    if giver in suppressed:
        raise GiftClosed("Points cannot be given here. Please call the bank.")
    await _look(tx, giver, phone)
    found = await customers.with_phone(tx, phone, limit=5)
    persons = {seq: seq for seq in [giver, *found]} | await customers.ever_one(tx, [giver, *found])
    others = sorted({persons[seq]: seq for seq in found if persons[seq] != persons[giver]}.values())
    if len(others) != 1 or others[0] in suppressed:
        raise ReceiverUnknown("This number leads to no one other customer of the bank.", pointer="/phone")
    known = await customers.contacts(tx, others)
    name = known[others[0]].name if others[0] in known else ""
    return Receiver(others[0], privacy.mask(privacy.Field.NAME, name))


async def _look(tx: Tx, giver: int, phone: str) -> None:
    """Note, by its blind index, which number a natural person tries today (rule R1); `LookLimit` beyond the last."""
    [most] = await tenants.settings(tx, LOOKS_MAX)
    plain = privacy.normalise(privacy.Field.PHONE, phone)
    blind = (await privacy.keys(tx)).mac("points.look", plain)[:16]
    person = (await customers.ever_one(tx, [giver])).get(giver, giver)
    if await store_gift.look(tx, person, day_of(tx.now), blind) > most:
        raise LookLimit(f"At most {most} numbers a day. Please come back tomorrow.", pointer="/phone", most=most)


async def check(tx: Tx, asked: AskedGift) -> Receiver:
    """Who would get it, after everything but the balance was looked at; raises what `give` refuses."""
    kind = (await get_types(tx, [asked.type]))[asked.type]
    gift_max, day_max, receivers_max = await tenants.settings(tx, GIFT_MAX, DAY_MAX, RECEIVERS_MAX)
    if not kind.transferable or kind.state is not TypeState.OPEN:
        raise GiftUnfit("These points cannot be given on.", pointer="/type")
    if not 1 <= asked.points <= gift_max:
        raise GiftUnfit(f"1 to {gift_max} points at a time.", pointer="/points", most=gift_max)
    taker = await receiver(tx, asked.giver, asked.phone)
    since = datetime.combine(day_of(tx.now), time(), CHINA)
    persons = {asked.giver: asked.giver} | await customers.ever_one(tx, [asked.giver])
    mine = [seq for seq, person in persons.items() if person == persons[asked.giver]]
    today = await store_gift.given_since(tx, mine, since)
    if sum(one.points for one in today) + asked.points > day_max:
        raise GiftLimit(f"At most {day_max} points a day.", pointer="/points", most=day_max)
    if len({one.taker for one in today} | {taker.seq}) > receivers_max:
        raise GiftLimit(f"At most {receivers_max} receivers a day.", pointer="/phone", most=receivers_max)
    return taker


async def give(tx: Tx, asked: Sequence[AskedGift]) -> list[GiftLine | Refusal]:
    """Give points, one after another: both sides or neither. A known number answers with what it did.

    Refused: `TypeUnknown`, `GiftUnfit`, `ReceiverUnknown`, `LookLimit`, `GiftLimit`, `GiftClosed` (also for a frozen
    account), `GiftShort`. Limits count the giver's natural person (rule R1).
    """
    answers: list[GiftLine | Refusal] = []
    for one in asked:
        # The giver's account is locked first: two gifts at once are counted one after the other.
        await ledger.stored_balances(tx, [ledger.points_account(one.giver, one.type)], lock=True)
        known = await store_gift.known(tx, one.giver, one.request_no)
        try:
            answers.append(known or await _give(tx, one))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


async def _give(tx: Tx, asked: AskedGift) -> GiftLine:
    taker = await check(tx, asked)
    made = GiftLine(
        id=new_id(), request_no=asked.request_no, giver=asked.giver, taker=taker.seq, currency=asked.type,
        points=asked.points, state="given", given_at=tx.now, ended_at=None,
    )  # fmt: skip
    gift = ledger.Gift(
        giver=made.giver, taker=made.taker, currency=made.currency, points=made.points, source_kind=SOURCE,
        source_id=made.id,
    )  # fmt: skip
    [outcome] = await ledger.give(tx, [gift])
    if outcome is Outcome.FROZEN:
        raise GiftClosed("Points cannot be given here. Please call the bank.")
    if outcome is not Outcome.POSTED:
        raise GiftShort("There are not that many points to give.", pointer="/points")
    await store_gift.add(tx, made)
    tx.emit(PointsGiven(gift_id=made.id, type=made.currency, points=made.points), seq=made.giver)
    return made


async def take_back(tx: Tx, gift_id: UUID, seqs: Sequence[int]) -> None:
    """The giver takes a gift back into the lots it came from. Taken back already, nothing happens.

    `GiftUnknown` for what none of the numbers gave; `GiftUsed` when the time is over or some of it is used.
    """
    found = await store_gift.lock(tx, gift_id)
    if found is None or found.giver not in seqs:
        raise GiftUnknown("There is no such gift.")
    if found.state == "taken_back":
        return
    [minutes] = await tenants.settings(tx, BACK_MINUTES)
    if tx.now >= found.given_at + timedelta(minutes=minutes):
        raise GiftUsed("The time to take it back is over.")
    try:
        await ledger.take_gift_back(tx, gift_id)
    except ledger.Overdrawn:
        raise GiftUsed("Some of it is used by now.") from None
    await store_gift.end(tx, gift_id)
    tx.emit(GiftTakenBack(gift_id=gift_id, type=found.currency, points=found.points), seq=found.giver)


async def gifts_of(tx: Tx, seq: int, *, limit: int = 20) -> list[GiftLine]:
    """What a customer, under every number that was joined, gave and got, latest first."""
    return await store_gift.of_customer(tx, await customers.numbers_of(tx, Seq(seq)), limit)


async def back_until(tx: Tx, gift: GiftLine) -> datetime | None:
    """Until when its giver may take it back; None where that is over."""
    [minutes] = await tenants.settings(tx, BACK_MINUTES)
    until = gift.given_at + timedelta(minutes=minutes)
    return until if gift.state == "given" and until > tx.now else None
