"""Exchanging points: what a customer would get, doing it, taking it back while nothing of it is spent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.language import day_of
from huoke.reward import ledger, points, tiers
from huoke.reward.exchange import store
from huoke.reward.exchange.model import (
    Bearer,
    Card,
    CardState,
    Direction,
    Exchanged,
    ExchangeUndone,
    Room,
    Trade,
    TradeState,
    WantedCard,
    Wish,
    quote,
    require_amount,
    same,
    undo_until,
)
from huoke.reward.exchange.refusals import (
    AmountUnfit,
    CardClosed,
    CardUnknown,
    LimitReached,
    LiquidityShort,
    NotUndoable,
    PointsFrozen,
    PointsShort,
    QuoteMoved,
    RequestTaken,
    TradeUnknown,
)
from huoke.reward.ledger import AccountKind, Burn, Credit, NewHold, Outcome, Swap, Transfer, TransferKind
from huoke.reward.points import PointType

SOURCE = "exchange"
OUT_LINE, IN_LINE, FEE_LINE, UNDO_LINE = 0, 1, 2, 3
"""Lines of an exchange's transfers: what goes, what comes, the fee; and the first of those that take it back."""
FEE_BACK_LINE = 6
HOLD_SECONDS = 10 * 366 * 86_400
"""What a partner was asked for stays held until the partner says what became of it, however long that takes."""


class _Book:
    """What is known of a batch before it is decided: cards, tiers, persons, whom nothing new is for (rule
    S2), and what was put in so far.
    """

    def __init__(
        self, cards: Mapping[UUID, WantedCard], tiers_: Mapping[int, str], persons: Mapping[int, int],
        rooms: dict[tuple[UUID, int], Room], gained: dict[UUID, int], unit_costs: Mapping[str, int],
        barred: Collection[int],
    ) -> None:  # fmt: skip
        self.cards, self.tiers, self.persons, self.rooms = cards, tiers_, persons, rooms
        self.gained, self.unit_costs, self.barred = gained, unit_costs, barred

    def room(self, card_id: UUID, seq: int) -> Room:
        """What was put in under a card by this person and by everybody."""
        own = self.rooms.get((card_id, self.persons.get(seq, seq)), Room())
        everybody = self.rooms.get((card_id, 0), Room())
        return Room(
            person_day=own.person_day, person_month=own.person_month, all_day=everybody.all_day,
            all_month=everybody.all_month,
        )  # fmt: skip

    def take(self, card_id: UUID, seq: int, amount: int, gained: int) -> None:
        """So many more, or fewer, were put in, and brought so many."""
        for key in ((card_id, self.persons.get(seq, seq)), (card_id, 0)):
            self.rooms[key] = self.rooms.get(key, Room()).more(amount)
        self.gained[card_id] = self.gained.get(card_id, 0) + gained

    def within_budget(self, card_id: UUID, gained: int) -> bool:
        """Whether a card may bring so many more this month."""
        card = self.cards[card_id].card
        cost = points.cost_of(self.gained.get(card_id, 0) + gained, self.unit_costs.get(card.target, 0))
        return not card.cost_month_fen or cost <= card.cost_month_fen


async def book_of(tx: Tx, card_ids: Sequence[UUID], seqs: Sequence[int], *, lock: bool) -> _Book:
    """Read, and lock, what a batch is decided by. Limits count the natural person (rule R1)."""
    cards = {one.id: one for one in await store.cards(tx, card_ids, lock=lock)}
    persons = {seq: seq for seq in seqs} | await customers.ever_one(tx, sorted(set(seqs)))
    day = datetime.combine(day_of(tx.now), time(), CHINA)
    rooms: dict[tuple[UUID, int], Room] = {}
    gained: dict[UUID, int] = {}
    for row in await store.used(tx, cards, day, day.replace(day=1), persons):
        used = (row["day"] or 0, row["month"] or 0)
        rooms[row["card_id"], row["person"] or 0] = Room(
            person_day=used[0], person_month=used[1], all_day=used[0], all_month=used[1]
        )
        if row["person"] is None:
            gained[row["card_id"]] = row["gained"] or 0
    capped = any(one.card.cost_month_fen for one in cards.values())
    unit_costs = {one.code: one.unit_cost_fen for one in await points.types(tx)} if capped else {}
    standings, barred = await tiers.standings(tx, sorted(set(seqs))), await consent.barred(tx, seqs)
    return _Book(cards, standings, persons, rooms, gained, unit_costs, barred)


async def exchange(tx: Tx, calls: Sequence[Call[Wish]]) -> list[Trade | Refusal]:
    """Exchange for many customers at once; one answer per call, in order. Shaped for `kernel.batch`.

    Of own types both sides move or neither; with a partner the points are held until it says what became of it. A
    repeated request number answers with what it did. Refused: `CardUnknown`, `CardClosed`, `AmountUnfit`,
    `LimitReached`, `QuoteMoved`, `PointsShort`, `PointsFrozen`, `LiquidityShort`, `RequestTaken`,
    `consent.NotAvailable`.
    """
    wishes = [call.value for call in calls]
    book = await book_of(tx, [one.card_id for one in wishes], [one.seq for one in wishes], lock=True)
    names = [_name(one, book) for one in wishes]
    desk = _Desk(tx, book, {one.code: one for one in await points.types(tx)}, await store.known(tx, names))
    answers = [await desk.take(wish, name) for wish, name in zip(wishes, names, strict=True)]
    await desk.settle()
    return [desk.refused.get(one.id, one) if isinstance(one, Trade) else one for one in answers]


class _Desk:
    """Takes wishes in their order; those that need not wait for each other go to the ledger together.

    A trade it planned may still be refused by the ledger: `refused`, by its id, once `settle` was called.
    """

    def __init__(
        self, tx: Tx, book: _Book, types: Mapping[str, PointType], known: Mapping[tuple[str, str, str], Trade]
    ) -> None:
        self._tx, self._book, self._types, self._known = tx, book, types, dict(known)
        self._waiting: dict[tuple[str, str, str], Trade] = {}
        self.refused: dict[UUID, Refusal] = {}

    async def take(self, wish: Wish, name: tuple[str, str, str]) -> Trade | Refusal:
        """Plan an exchange. Whoever asks again, or finds no room, waits until those before them are settled."""
        if name in self._waiting:
            await self.settle()
        if name in self._known:
            known = self._known[name]
            return known if same(known, wish) else RequestTaken("This number asked for something else.")
        planned = _plan(self._tx, wish, name, self._book)
        if isinstance(planned, LimitReached) and self._waiting:
            await self.settle()
            planned = _plan(self._tx, wish, name, self._book)
        if isinstance(planned, Trade):
            self._waiting[name] = planned
            self._book.take(wish.card_id, wish.seq, wish.points, planned.gained)
        return planned

    async def settle(self) -> None:
        """Move the points of those that wait, in their order; what the ledger refused counts in no limit."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        trades = list(waiting.values())
        outcomes = await self._move(trades)
        done = []
        for trade, outcome in zip(trades, outcomes, strict=True):
            if outcome is Outcome.POSTED:
                done.append(trade)
            else:
                self.refused[trade.id] = await _refusal(self._tx, trade, outcome)
                self._book.take(trade.card_id, trade.seq, -trade.points, -trade.gained)
        await note(self._tx, done)
        self._known |= {name: trade for name, trade in waiting.items() if trade.id not in self.refused}

    async def _move(self, trades: Sequence[Trade]) -> list[Outcome]:
        keys = {one.id: ledger.points_account(one.seq, one.source) for one in trades}
        accounts = await ledger.open_accounts(self._tx, list(keys.values()))
        outcomes: list[Outcome] = []
        for direction, part in groupby(trades, key=lambda one: one.direction):
            if direction is Direction.OUT:
                outcomes += [await _hold(self._tx, one, accounts[keys[one.id]]) for one in part]
            else:
                swaps = [self._swap(one, accounts[keys[one.id]]) for one in part]
                outcomes += await ledger.swap(self._tx, swaps)
        return outcomes

    def _swap(self, trade: Trade, account_id: UUID) -> Swap:
        card, kind = self._book.cards[trade.card_id].card, self._types[trade.target]
        burn = Burn(
            account_id=account_id, points=trade.points, source_kind=SOURCE, source_id=trade.id, line=OUT_LINE,
            sink=AccountKind.POINTS_EXCHANGED, kind=TransferKind.EXCHANGE,
        )  # fmt: skip
        return Swap(burn=burn, credit=coming(self._tx, trade, card, kind))


def _name(wish: Wish, book: _Book) -> tuple[str, str, str]:
    held = book.cards.get(wish.card_id)
    card = held.card if held else None
    direction = card.direction.value if card else Direction.OWN.value
    return card.partner if card else "", direction, f"{wish.seq}:{wish.request_no}"


def _plan(tx: Tx, wish: Wish, name: tuple[str, str, str], book: _Book) -> Trade | Refusal:
    held = book.cards.get(wish.card_id)
    if held is None or held.card.direction is Direction.IN:
        return CardUnknown("There is no such exchange.", pointer="/card_id")
    try:
        made = trade_for(tx, held, wish.seq, wish.points, name[2], book)
    except Refusal as refusal:
        return refusal
    if made.gained != wish.expected:
        return QuoteMoved(
            f"This would now bring {made.gained}.", pointer="/expected", expected=wish.expected, gained=made.gained
        )
    return made


def trade_for(tx: Tx, held: WantedCard, seq: int, amount: int, number: str, book: _Book) -> Trade:
    """The exchange of so many points under a card.

    Raises `CardClosed`, `consent.NotAvailable`, `AmountUnfit`, `LimitReached`.
    """
    card = held.card
    if held.state is not CardState.LIVE or not card.open_on(day_of(tx.now)):
        raise CardClosed("This exchange is not open today.")
    if seq in book.barred:
        raise consent.NotAvailable
    require_amount(card, amount, book.room(held.id, seq))
    said = quote(card, amount, book.tiers.get(seq, ""))
    if said.gained <= 0:
        raise AmountUnfit("So few points bring nothing after the fee.", pointer="/points")
    if not book.within_budget(held.id, said.gained):
        raise LimitReached("What this exchange may cost this month is used up.", pointer="/points", left=0)
    out = card.direction is Direction.OUT
    return Trade(
        id=new_id(), card_id=held.id, direction=card.direction, partner=card.partner, number=number, seq=seq,
        source=card.source, target=card.target, points=amount, fee=said.fee, gained=said.gained, takes=said.takes,
        gives=said.gives, state=TradeState.ASKED if out else TradeState.DONE, code="", reason="", attempts=0,
        due_at=tx.now if out else None, asked_at=tx.now, ended_at=None if out else tx.now,
        undo_until=undo_until(card, tx.now),
    )  # fmt: skip


def coming(tx: Tx, trade: Trade, card: Card, kind: PointType) -> Credit:
    """The points an exchange brings, with what they cost and who bears it; they end as the type's own do."""
    cost = 0 if card.bearer is Bearer.PARTNER else points.cost_of(trade.gained, kind.unit_cost_fen)
    return Credit(
        seq=trade.seq, currency=trade.target, points=trade.gained,
        expires_at=points.expires_at(kind.expiry, day_of(tx.now)), source_kind=SOURCE, source_id=trade.id,
        line=IN_LINE, funder=card.funder if card.bearer is Bearer.BUDGET else kind.funder, cost_fen=cost,
        origin=AccountKind.POINTS_LIQUIDITY, kind=TransferKind.EXCHANGE, partner=trade.partner,
    )  # fmt: skip


async def _hold(tx: Tx, trade: Trade, account_id: UUID) -> Outcome:
    """Hold what goes to a partner, and take what it will get from what was set aside: both or neither."""
    hold = NewHold(
        id=trade.id, account_id=account_id, amount=trade.points, ttl_seconds=HOLD_SECONDS, source_kind=SOURCE
    )  # fmt: skip
    [outcome] = await ledger.hold(tx, [hold])
    if outcome is not Outcome.POSTED:
        return outcome
    [outcome] = await ledger.post(tx, [await drawn(tx, trade)])
    if outcome is not Outcome.POSTED:
        await ledger.release_hold(tx, trade.id)
    return outcome


async def drawn(tx: Tx, trade: Trade) -> Transfer:
    """What a partner will give, taken from what was set aside in its units."""
    keys = [
        ledger.liquidity_account(trade.target, trade.partner),
        ledger.AccountKey(AccountKind.POINTS_EXCHANGED, "partner", trade.partner, trade.target),
    ]
    accounts = await ledger.open_accounts(tx, keys)
    return Transfer(
        source_kind=SOURCE, source_id=trade.id, line=IN_LINE, debit_account=accounts[keys[0]],
        credit_account=accounts[keys[1]], amount=trade.gained, kind=TransferKind.EXCHANGE,
    )  # fmt: skip


async def _refusal(tx: Tx, trade: Trade, outcome: Outcome) -> Refusal:
    if outcome is Outcome.FROZEN:
        return PointsFrozen("These points are frozen.")
    key = ledger.liquidity_account(trade.target, trade.partner)
    there = (await ledger.stored_balances(tx, [key]))[key]
    if there < trade.gained:
        return LiquidityShort("What was set aside for this exchange is used up for now.", left=there)
    return PointsShort("There are not that many points to spend.")


async def note(tx: Tx, trades: Sequence[Trade]) -> None:
    """Write new exchanges whose points moved, and tell of those that are done."""
    if not trades:
        return
    await store.add(tx, trades)
    await book_fees(tx, [one for one in trades if one.state is TradeState.DONE])
    for one in trades:
        if one.state is TradeState.DONE:
            tell(tx, one)


def tell(tx: Tx, trade: Trade) -> None:
    """Say that points were exchanged."""
    done = Exchanged(
        trade_id=trade.id, card_id=trade.card_id, source=trade.source, target=trade.target, points=trade.points,
        gained=trade.gained, partner=trade.partner,
    )  # fmt: skip
    tx.emit(done, seq=trade.seq)


async def book_fees(tx: Tx, trades: Sequence[Trade]) -> None:
    """Tell fees from what was exchanged, on the bank's own accounts."""
    paid = [one for one in trades if one.fee and one.direction is not Direction.IN]
    if not paid:
        return
    await ledger.book(tx, [await _fee(tx, one) for one in paid])


async def _fee(tx: Tx, trade: Trade) -> Transfer:
    out = trade.direction is Direction.OUT
    owner, name = ("partner", trade.partner) if out else ("bank", "")
    keys = [
        ledger.AccountKey(AccountKind.POINTS_EXCHANGED, owner, name, trade.source),
        ledger.AccountKey(AccountKind.POINTS_FEE, "bank", "", trade.source),
    ]
    accounts = await ledger.open_accounts(tx, keys)
    return Transfer(
        source_kind=SOURCE, source_id=trade.id, line=FEE_LINE, debit_account=accounts[keys[0]],
        credit_account=accounts[keys[1]], amount=trade.fee, kind=TransferKind.EXCHANGE,
    )  # fmt: skip


async def undo(tx: Tx, trade_id: UUID, seqs: Sequence[int]) -> None:
    """A customer takes an exchange of own types back: what came in goes, what went returns to its own lots, whole.

    `TradeUnknown` for what none of the customer's numbers exchanged; `NotUndoable` when the time is over or some of
    what came in is spent. Taken back already, nothing happens.
    """
    trade = (await store.lock(tx, [trade_id])).get(trade_id)
    if trade is None or trade.seq not in seqs:
        raise TradeUnknown("There is no such exchange.")
    if trade.state is TradeState.UNDONE:
        return
    if trade.state is not TradeState.DONE or trade.undo_until is None or trade.undo_until <= tx.now:
        raise NotUndoable("This exchange cannot be taken back any more.")
    await take_back(tx, trade, "undone")


async def take_back(tx: Tx, trade: Trade, code: str) -> None:
    """Take a done exchange into one of the bank's types back, fee and all; `NotUndoable` when some of it is spent."""
    back = ledger.Undo(
        source_id=trade.id, credit_line=IN_LINE, burn_line=OUT_LINE if trade.direction is Direction.OWN else None,
        line=UNDO_LINE,
    )  # fmt: skip
    try:
        await ledger.undo_swap(tx, back)
    except ledger.Overdrawn:
        raise NotUndoable("Some of what came in is spent, held or over by now.") from None
    if trade.fee and trade.direction is Direction.OWN:
        await ledger.reverse(tx, {(trade.id, FEE_LINE): FEE_BACK_LINE})
    await store.put(tx, [msgspec.structs.replace(trade, state=TradeState.UNDONE, code=code, ended_at=tx.now)])
    tx.emit(ExchangeUndone(trade_id=trade.id, card_id=trade.card_id, partner=trade.partner, code=code), seq=trade.seq)


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A card as one customer sees it: their rate, what they have, how much they may still put in; `free` of reasons
    against it (no room, nothing set aside, frozen, rule S2) or `why` not.
    """

    id: UUID
    card: Card
    takes: int
    gives: int
    balance: int
    most: int
    why: str = ""


async def offered(tx: Tx, seq: int, liquidity: Mapping[tuple[str, str], int]) -> list[Offered]:
    """The cards that are open to a customer today, with what they may put in."""
    today = day_of(tx.now)
    live = [
        one
        for one in await store.cards(tx)
        if one.state is CardState.LIVE and one.card.open_on(today) and one.card.direction is not Direction.IN
    ]
    book = await book_of(tx, [one.id for one in live], [seq], lock=False)
    held = {one.currency: one for one in await ledger.points_of(tx, [seq])}
    frozen = {code: await ledger.is_frozen(tx, seq, code) for code in {one.card.source for one in live}}
    found = []
    for one in live:
        card = one.card
        takes, gives = card.rate_of(book.tiers.get(seq, ""))
        balance = held[card.source].balance if card.source in held else 0
        room = max(book.room(one.id, seq).left(card), 0)
        liquid = liquidity.get((card.target, card.partner), 0)
        most = min(balance, room) // card.step * card.step
        checks = (
            (seq in book.barred, "barred"),
            (frozen[card.source], "frozen"),
            (balance < card.minimum, "short"),
            (room < card.minimum, "limit"),
            (liquid < (least := quote(card, card.minimum, book.tiers.get(seq, "")).gained), "dry"),
            (not book.within_budget(one.id, least), "dry"),
        )
        why = next((code for fails, code in checks if fails), "")
        found.append(Offered(id=one.id, card=card, takes=takes, gives=gives, balance=balance, most=most, why=why))
    return found
