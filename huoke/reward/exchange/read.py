"""Questions about exchange: what stands open for a customer, what became of it, how the bank stands."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import day_of
from huoke.reward import points
from huoke.reward.exchange import cards as card_requests
from huoke.reward.exchange import store, store_partner, trading
from huoke.reward.exchange.model import Card, CardState, Quote, Trade, WantedCard, quote
from huoke.reward.exchange.refusals import CardUnknown, TradeUnknown
from huoke.reward.exchange.trading import Offered

DAYS = 30


class CardStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A card, what is set aside for it, and what was exchanged under it in the last 30 days.

    `cost_fen` is what it has cost in this month of the bank; `alarmed` where that has come to the card's alarm.
    """

    id: UUID
    card: Card
    state: CardState
    liquidity: int
    trades: int
    points: int
    fee: int
    gained: int
    on_the_way: int
    cost_fen: int
    alarmed: bool


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What a code of points is called, the bank's own or a partner's unit; whose it is."""

    name: str
    name_en: str
    partner: str = ""
    partner_en: str = ""


async def standings(tx: Tx) -> list[CardStanding]:
    """Every card of the bank, live ones first."""
    found = await store.cards(tx)
    since = datetime.combine(day_of(tx.now) - timedelta(days=DAYS), time(), CHINA)
    totals = {row["card_id"]: row for row in await store.totals(tx, since)}
    liquid = await card_requests.liquidity(tx, found)
    counted = ("trades", "points", "fee", "gained", "on_the_way")
    costs = await _costs(tx, found)
    return [
        CardStanding(
            id=one.id,
            card=one.card,
            state=one.state,
            liquidity=liquid[one.card.target, one.card.partner],
            cost_fen=costs[one.id],
            alarmed=0 < one.card.cost_month_fen * one.card.alarm_percent <= 100 * costs[one.id],
            **{name: totals[one.id][name] if one.id in totals else 0 for name in counted},
        )
        for one in found
    ]


async def _costs(tx: Tx, found: Sequence[WantedCard]) -> dict[UUID, int]:
    """What each card has cost in this month of the bank, in fen."""
    month = datetime.combine(day_of(tx.now).replace(day=1), time(), CHINA)
    gained = {
        row["card_id"]: row["gained"] or 0 for row in await store.used(tx, [one.id for one in found], month, month, {})
    }
    unit_costs = {one.code: one.unit_cost_fen for one in await points.types(tx)}
    return {
        one.id: points.cost_of(gained.get(one.id, 0), unit_costs.get(one.card.target, 0)) if one.card.costs else 0
        for one in found
    }


async def names(tx: Tx) -> dict[str, Names]:
    """What every code that can be exchanged is called."""
    own = {one.code: Names(name=one.name, name_en=one.name_en) for one in await points.types(tx)}
    theirs = {
        row["unit"]: Names(
            name=row["unit_name"], name_en=row["unit_name_en"], partner=row["name"], partner_en=row["name_en"]
        )
        for row in await store_partner.find(tx)
    }
    return theirs | own


async def offers_for(tx: Tx, seq: int) -> list[Offered]:
    """The exchanges that are open to a customer today."""
    liquid = await card_requests.liquidity(tx, await store.cards(tx))
    return await trading.offered(tx, seq, liquid)


async def quote_for(tx: Tx, seq: int, card_id: UUID, amount: int) -> tuple[Offered, Quote]:
    """What so many points would bring a customer now; raises `CardUnknown` and what asking would be refused for."""
    found = next((one for one in await offers_for(tx, seq) if one.id == card_id), None)
    if found is None:
        raise CardUnknown("There is no such exchange today.", pointer="/card_id")
    book = await trading.book_of(tx, [card_id], [seq], lock=False)
    trading.trade_for(tx, book.cards[card_id], seq, amount, "", book)
    return found, quote(found.card, amount, book.tiers.get(seq, ""))


async def own_trades(tx: Tx, seq: int, *, limit: int = 50) -> list[Trade]:
    """What a customer exchanged under every number that was joined, latest first."""
    return await store.of_customer(tx, await customers.numbers_of(tx, Seq(seq)), limit)


async def own_trade(tx: Tx, seqs: Sequence[int], trade_id: UUID) -> Trade:
    """One exchange of a customer; `TradeUnknown`."""
    for one in await store.of_customer(tx, seqs, 1_000):
        if one.id == trade_id:
            return one
    raise TradeUnknown("There is no such exchange.")


async def trades(
    tx: Tx, *, states: Sequence[str] | None = None, before: UUID | None = None, limit: int = 50
) -> list[Trade]:
    """Exchanges of the bank, latest first."""
    return await store.latest(tx, states, before, limit)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where a partner's books say otherwise: units as we have them and as they do; settled by whom, with what note."""

    id: UUID
    partner: str
    day: date
    number: str
    kind: str
    ours: int
    theirs: int
    found_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    note: str


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How a difference was settled, in words."""

    id: UUID
    note: str


class DifferenceUnknown(NotFound):
    """There is no such open difference in this bank."""

    code = "exchange.difference_unknown"


async def differences(tx: Tx, *, limit: int = 200) -> list[Difference]:
    """Open ones first, then latest first; whoever settled one by name."""
    rows = await store_partner.differences(tx, limit)
    named = await staff.names(tx, {row["settled_by"] for row in rows if row["settled_by"]})
    return [Difference(**dict(row) | {"settled_by": named.get(row["settled_by"], row["settled_by"])}) for row in rows]


async def settle(tx: Tx, one: Settlement) -> UUID:
    """Note how an open difference was settled; moves no points. `DifferenceUnknown`, `audit.ReasonMissing`."""
    note = audit.require_reason(one.note)
    row = await store_partner.settle_difference(tx, one.id, note)
    if row is None:
        raise DifferenceUnknown("There is no such open difference.", pointer="/id")
    entry = audit.AuditEntry(
        action="exchange.settle", subject_kind="exchange_difference", subject_id=str(one.id), reason=note,
        before=dict(row),
    )  # fmt: skip
    await audit.record(tx, entry)
    return one.id
