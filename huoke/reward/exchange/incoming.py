"""What partners ask and tell of their own accord, signed: points for their members, reversals, how exchanges stand."""

import re
from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.refusals import Invalid, Refusal, Unauthorised
from huoke.kernel.signing import NONCE_HEADER, is_signed_call, sign_answer
from huoke.kernel.tx import Database, Tx
from huoke.know.language import day_of
from huoke.reward import ledger, points
from huoke.reward.exchange import store
from huoke.reward.exchange.carry import hear
from huoke.reward.exchange.connect import Endpoint, customer_of, endpoint
from huoke.reward.exchange.model import CardState, Direction, Told, Trade, TradeState, WantedCard
from huoke.reward.exchange.refusals import LiquidityShort, NotUndoable, PartnerUnknown
from huoke.reward.exchange.rest import WireExchange
from huoke.reward.exchange.trading import book_of, coming, note, take_back, trade_for
from huoke.reward.ledger import Outcome, Swap

S = TypeVar("S", bound=msgspec.Struct)
_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CallRefused(Unauthorised):
    """The call is not signed by this partner, or is too old."""

    code = "exchange.call_refused"


class CallUnfit(Invalid):
    """A signed body that cannot be read."""

    code = "exchange.call_unfit"


class PartnerCall(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's call as it came: `target` is path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


class PartnerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back: signed, so that no proxy's page can pass for it."""

    status: int
    body: bytes
    headers: dict[str, str]


class AskedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Points a partner's member wants for `units` of the partner's; `exchange_no` is the partner's."""

    exchange_no: str
    member_no: str
    units: int


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """How an exchange from a partner stands: success with the points given, failed with a reason, or reversed."""

    exchange_no: str
    status: str
    points: int = 0
    reason_code: str = ""


async def answer_partner(
    database: Database, bank_code: str, partner: str, call: PartnerCall, number: str | None, verb: str
) -> PartnerAnswer:
    """Answer one call: `verb` is exchange, query, reverse or tell. `CallRefused` where nobody of ours signed it."""
    try:
        tenant = await tenants.find_by_code(database, bank_code)
    except tenants.TenantUnknown:
        raise _refused() from None
    async with database.begin(tenant) as tx:
        place = await _signed(tx, partner, call, database)
        status, body = await _answer(tx, partner, call, number, verb)
    content = msgspec.json.encode(body)
    signed = sign_answer(place.key, status, call.headers[NONCE_HEADER], content, database.clock.machine())
    return PartnerAnswer(status=status, body=content, headers=signed)


async def _signed(tx: Tx, partner: str, call: PartnerCall, database: Database) -> Endpoint:
    try:
        place = await endpoint(tx, partner)
    except PartnerUnknown:
        raise _refused() from None
    now = database.clock.machine()
    if not is_signed_call(place.key, place.key_id, call.method, call.target, call.headers, call.body, now):
        raise _refused()
    return place


async def _answer(
    tx: Tx, partner: str, call: PartnerCall, number: str | None, verb: str
) -> tuple[int, Given | WireExchange]:
    match verb:
        case "exchange":
            return 200, await give(tx, partner, _read(call.body, AskedIn))
        case "tell":
            return 200, await told(tx, partner, _read(call.body, WireExchange))
        case "query":
            found = await _known(tx, partner, number or "")
            return (404, Given(exchange_no=number or "", status="absent")) if found is None else (200, _given(found))
        case _:
            return await _reverse(tx, partner, number or "")


async def give(tx: Tx, partner: str, asked: AskedIn) -> Given:
    """Give a member points for a partner's units, once; a number known answers with how it stands.

    Refused, in the partner's words: card_closed, member_unknown, not_available (rule S2, and no reason goes with it),
    amount_unfit, limit_reached, liquidity_short.
    """
    if not _NUMBER.fullmatch(asked.exchange_no):
        raise CallUnfit("A number has 1 to 64 of A-Z, a-z, 0-9, dash and underscore.", pointer="/exchange_no")
    live = [one for one in await store.cards(tx) if _takes(one, partner, tx)]
    held = await store.cards(tx, [live[0].id], lock=True) if live else []
    if known := await _known(tx, partner, asked.exchange_no):
        return _given(known)
    if not held:
        return Given(exchange_no=asked.exchange_no, status="failed", reason_code="card_closed")
    seq = await customer_of(tx, partner, asked.member_no)
    if seq is None:
        return Given(exchange_no=asked.exchange_no, status="failed", reason_code="member_unknown")
    try:
        trade = await _credit(tx, held[0], seq, asked)
    except Refusal as refusal:
        _, _, code = refusal.code.partition(".")
        return Given(exchange_no=asked.exchange_no, status="failed", reason_code=code)
    return _given(trade)


def _takes(one: WantedCard, partner: str, tx: Tx) -> bool:
    card = one.card
    mine = card.partner == partner and card.direction is Direction.IN
    return mine and one.state is CardState.LIVE and card.open_on(day_of(tx.now))


async def _credit(tx: Tx, held: WantedCard, seq: int, asked: AskedIn) -> Trade:
    book = await book_of(tx, [held.id], [seq], lock=False)
    trade = trade_for(tx, held, seq, asked.units, asked.exchange_no, book)
    kind = (await points.get_types(tx, [held.card.target]))[held.card.target]
    [outcome] = await ledger.swap(tx, [Swap(credit=coming(tx, trade, held.card, kind))])
    if outcome is not Outcome.POSTED:
        raise LiquidityShort("What was set aside for this exchange is used up for now.")
    await note(tx, [trade])
    return trade


async def told(tx: Tx, partner: str, said: WireExchange) -> WireExchange:
    """A partner tells how one of our exchanges with it stands; late and repeated words are harmless."""
    words = said.said()
    if words is None:
        raise CallUnfit("status is processing, success, failed or reversed.", pointer="/status")
    try:
        trade_id = UUID(hex=said.exchange_no)
    except ValueError:
        raise _refused() from None
    trade = (await store.lock(tx, [trade_id])).get(trade_id)
    if trade is None or trade.partner != partner or trade.direction is not Direction.OUT:
        raise _refused()
    state = await hear(tx, trade, words)
    return WireExchange(exchange_no=said.exchange_no, status=state.value, units=trade.gained)


async def _reverse(tx: Tx, partner: str, number: str) -> tuple[int, Given]:
    found = await _known(tx, partner, number)
    if found is None:
        return 404, Given(exchange_no=number, status="absent")
    trade = (await store.lock(tx, [found.id]))[found.id]
    if trade.state is TradeState.DONE:
        try:
            await take_back(tx, trade, "reversed")
        except NotUndoable:
            return 200, msgspec.structs.replace(_given(trade), reason_code="spent")
    return 200, Given(exchange_no=number, status=Told.REVERSED.value)


async def _known(tx: Tx, partner: str, number: str) -> Trade | None:
    if not _NUMBER.fullmatch(number):
        return None
    name = (partner, Direction.IN.value, number)
    return (await store.known(tx, [name])).get(name)


def _given(trade: Trade) -> Given:
    if trade.state is TradeState.UNDONE:
        return Given(exchange_no=trade.number, status=Told.REVERSED.value)
    return Given(exchange_no=trade.number, status=Told.SUCCESS.value, points=trade.gained)


def _read(body: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise CallUnfit(f"The body cannot be read: {error}.") from None


def _refused() -> CallRefused:
    return CallRefused("This is not signed by a partner of ours, or its clock is off by more than five minutes.")
