"""Exchanges with partners: carried there, ended by what the partner says, made good where it says it late."""

import asyncio
import csv
import io
from collections.abc import Callable, Coroutine, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Database, Tx
from huoke.know.language import day_of
from huoke.reward import ledger
from huoke.reward.exchange import store, store_partner
from huoke.reward.exchange.connect import Endpoint, endpoint, member_of
from huoke.reward.exchange.model import (
    ON_THE_WAY,
    ExchangeUndone,
    Said,
    Step,
    Told,
    Trade,
    TradeState,
    back_off,
    heard,
)
from huoke.reward.exchange.rest import NoAnswer, NotTaken, RestPartner, WireExchange
from huoke.reward.exchange.trading import IN_LINE, SOURCE, UNDO_LINE, book_fees, drawn, tell
from huoke.reward.ledger import AccountKind, Burn, Outcome, TransferKind

AT_ONCE = 20
LATE_LINE = 7
"""Lines of what is taken again when a partner answers late: the points, and its units from what was set aside."""
SPARE_SECONDS = 30
FILE_COLUMNS = ["exchange_no", "status", "units"]


class FileUnfit(Invalid):
    """A day file that cannot be read."""

    code = "exchange.file_unfit"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call to make for an exchange; `member` is in clear."""

    trade: Trade
    operation: str
    member: str = ""


async def carry(database: Database, tenant: TenantId, code: str) -> int:
    """Make the calls that are due at a partner, once each; returns how many. No lock is held over a call.

    An exchange is `sent` before its call goes out: a worker that dies in between leaves one that is asked after.
    """
    async with database.begin(tenant) as tx:
        calls, place = await _take(tx, code)
    if not calls or place is None:
        return 0
    port = RestPartner(place, database.clock.machine)
    try:
        answers = await asyncio.gather(*[_ask(port, one) for one in calls])
    finally:
        await port.close()
    async with database.begin(tenant) as tx:
        locked = await store.lock(tx, [one.trade.id for one in calls])
        await ledger.lock_held(tx, list(locked))
        for one, answer in zip(calls, answers, strict=True):
            await _after(tx, locked[one.trade.id], answer, fresh=one.operation == "exchange")
        await store_partner.let_go(tx, code)
    return len(calls)


async def _take(tx: Tx, code: str) -> tuple[list[Call], Endpoint | None]:
    place = await endpoint(tx, code)
    lease = tx.now + timedelta(seconds=place.timeout_seconds + SPARE_SECONDS)
    if not await store_partner.take_over(tx, code, lease):
        return [], None
    due = await store_partner.due(tx, code, AT_ONCE)
    if not due:
        await store_partner.let_go(tx, code)
        return [], None
    await ledger.lock_held(tx, [one.id for one in due])
    calls, after = [], []
    for one in due:
        match one.state:
            case TradeState.ASKED:
                member = await member_of(tx, one.seq, code)
                if member is None:
                    await _release(tx, one, Said(told=Told.FAILED, code="member_unknown"))
                    continue
                calls.append(Call(trade=one, operation="exchange", member=member))
                after.append(msgspec.structs.replace(one, state=TradeState.SENT, due_at=lease))
            case TradeState.REVERSING:
                calls.append(Call(trade=one, operation="reverse"))
                after.append(msgspec.structs.replace(one, due_at=lease))
            case _:
                calls.append(Call(trade=one, operation="query"))
                after.append(msgspec.structs.replace(one, state=TradeState.UNKNOWN, due_at=lease))
    await store.put(tx, after)
    if not calls:
        await store_partner.let_go(tx, code)
    return calls, place


async def _ask(port: RestPartner, call: Call) -> Said | NotTaken | NoAnswer:
    trade = call.trade
    makes: dict[str, Callable[[], Coroutine[Any, Any, Said]]] = {
        "exchange": lambda: port.exchange(trade.id.hex, day_of(trade.asked_at), call.member, trade.gained),
        "query": lambda: port.query(trade.id.hex),
        "reverse": lambda: port.reverse(trade.id.hex),
    }
    try:
        return await makes[call.operation]()
    except (NotTaken, NoAnswer) as error:
        return error


async def _after(tx: Tx, trade: Trade, answer: Said | NotTaken | NoAnswer, *, fresh: bool) -> None:
    if isinstance(answer, Said) and heard(trade.state, answer.told) is not Step.NOTHING:
        await hear(tx, trade, answer)
        return
    if trade.state not in ON_THE_WAY and trade.state is not TradeState.REVERSING:
        return
    state = trade.state
    if state is TradeState.SENT and fresh:
        state = TradeState.ASKED if isinstance(answer, NotTaken) else TradeState.UNKNOWN
    attempts = trade.attempts + 1
    waiting = msgspec.structs.replace(trade, state=state, attempts=attempts, due_at=tx.now + back_off(attempts))
    await store.put(tx, [waiting])


async def hear(tx: Tx, trade: Trade, said: Said) -> TradeState:
    """What a partner says of a locked exchange, by answer, callback or day file; returns how it stands then."""
    match heard(trade.state, said.told):
        case Step.COMMIT:
            return await _commit(tx, trade, said)
        case Step.RELEASE:
            return await _release(tx, trade, said)
        case Step.ASK_BACK:
            await _differ(tx, trade, "late", 0, said.units)
            return await _stand(tx, trade, TradeState.REVERSING, due_at=tx.now)
        case Step.CAME_BACK:
            await store_partner.settle_late(tx, trade.partner, trade.id.hex, "reversed by the partner")
            return await _stand(tx, trade, TradeState.FAILED, code="reversed", ended_at=tx.now)
        case Step.TAKE_AGAIN:
            return await _take_again(tx, trade)
        case Step.CONTRADICTS:
            await _differ(tx, trade, "state", trade.gained, 0)
    return trade.state


async def _commit(tx: Tx, trade: Trade, said: Said) -> TradeState:
    await ledger.commit_hold(
        tx, trade.id, source_kind=SOURCE, sink=AccountKind.POINTS_EXCHANGED, kind=TransferKind.EXCHANGE,
        partner=trade.partner,
    )  # fmt: skip
    await book_fees(tx, [trade])
    if said.units != trade.gained:
        await _differ(tx, trade, "amount", trade.gained, said.units)
    tell(tx, trade)
    return await _stand(tx, trade, TradeState.DONE, ended_at=tx.now)


async def _release(tx: Tx, trade: Trade, said: Said) -> TradeState:
    await ledger.release_hold(tx, trade.id)
    await ledger.reverse(tx, {(trade.id, IN_LINE): UNDO_LINE})
    code = said.code or "failed"
    tx.emit(ExchangeUndone(trade_id=trade.id, card_id=trade.card_id, partner=trade.partner, code=code), seq=trade.seq)
    return await _stand(tx, trade, TradeState.FAILED, code=code, reason=said.reason, ended_at=tx.now)


async def _take_again(tx: Tx, trade: Trade) -> TradeState:
    """The member keeps what a partner gave late: the points are taken after all, or the bank bears it."""
    try:
        async with tx.savepoint():
            await _take_both(tx, trade)
    except ledger.Overdrawn:
        await _draw_late(tx, trade)
        return await _stand(tx, trade, TradeState.BORNE, code="late", ended_at=tx.now)
    await book_fees(tx, [trade])
    await store_partner.settle_late(tx, trade.partner, trade.id.hex, "points taken after all")
    tell(tx, trade)
    return await _stand(tx, trade, TradeState.DONE, code="late", ended_at=tx.now)


async def _take_both(tx: Tx, trade: Trade) -> None:
    key = ledger.points_account(trade.seq, trade.source)
    account_id = (await ledger.open_accounts(tx, [key]))[key]
    burn = Burn(
        account_id=account_id, points=trade.points, source_kind=SOURCE, source_id=trade.id, line=LATE_LINE,
        sink=AccountKind.POINTS_EXCHANGED, kind=TransferKind.EXCHANGE, partner=trade.partner,
    )  # fmt: skip
    if await ledger.burn(tx, [burn]) != [Outcome.POSTED] or not await _draw_late(tx, trade):
        raise ledger.Overdrawn("Too few points, or too little set aside.")


async def _draw_late(tx: Tx, trade: Trade) -> bool:
    late = msgspec.structs.replace(await drawn(tx, trade), line=LATE_LINE + 1)
    return await ledger.post(tx, [late]) == [Outcome.POSTED]


async def _stand(tx: Tx, trade: Trade, state: TradeState, **more: Any) -> TradeState:
    due = {"due_at": None} | more
    await store.put(tx, [msgspec.structs.replace(trade, state=state, **due)])
    return state


async def _differ(tx: Tx, trade: Trade, kind: str, ours: int, theirs: int) -> None:
    found = [(trade.id.hex, kind, ours, theirs)]
    await store_partner.add_differences(tx, trade.partner, day_of(trade.asked_at), found)


async def take_file(tx: Tx, code: str, day: date, content: bytes) -> int:
    """Take a partner's file of a day, which has the last word on it: what is not in it did not happen.

    Ends what is still on its way, notes where both books differ; returns how many differences are new. `FileUnfit`.
    """
    theirs = {row.exchange_no: row for row in read_file(content)}
    since = datetime.combine(day, time(), CHINA)
    found = await store_partner.of_day(tx, code, since, since + timedelta(days=1))
    ours = await store.lock(tx, [one.id for one in found])
    await ledger.lock_held(tx, list(ours))
    differences = [
        (number, "missing_here", 0, row.units)
        for number, row in theirs.items()
        if row.status == Told.SUCCESS and _id(number) not in ours
    ]
    for trade in ours.values():
        row = theirs.get(trade.id.hex)
        said = row.said() if row else Said(told=Told.FAILED, code="not_in_file")
        assert said is not None, "statuses were checked as the file was read"
        if row is None and trade.state is TradeState.DONE:
            differences.append((trade.id.hex, "missing_there", trade.gained, 0))
            continue
        if trade.state is TradeState.DONE and said.told is Told.SUCCESS and said.units != trade.gained:
            differences.append((trade.id.hex, "amount", trade.gained, said.units))
        await hear(tx, trade, said)
    await store_partner.filed(tx, code, day)
    return await store_partner.add_differences(tx, code, day, differences)


def read_file(content: bytes) -> Sequence[WireExchange]:
    """The lines of a day file: exchange_no, status (success or failed), units; `FileUnfit` names the line."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode())))
    except UnicodeDecodeError as error:
        raise FileUnfit(f"Not UTF-8: {error}.") from None
    if not rows or rows[0] != FILE_COLUMNS:
        raise FileUnfit(f"The first line is {','.join(FILE_COLUMNS)}.")
    found = []
    for at, row in enumerate(rows[1:], 2):
        fits = len(row) == len(FILE_COLUMNS) and row[1] in {"success", "failed"} and row[2].isascii()
        if not (fits and row[2].isdigit()):
            raise FileUnfit(f"Line {at} is not a number, success or failed, and units.", line=at)
        found.append(WireExchange(exchange_no=row[0], status=row[1], units=int(row[2])))
    return found


def _id(number: str) -> UUID | None:
    try:
        return UUID(hex=number)
    except ValueError:
        return None


async def fetch_files(database: Database, tenant: TenantId, code: str, until: date) -> int:
    """Fetch and take a partner's files up to a day, each once, in order; returns how many. Stops where one is late."""
    async with database.begin(tenant) as tx:
        place = await endpoint(tx, code)
        last = (await store_partner.get(tx, code))["filed_on"]
    day, taken = (last + timedelta(days=1)) if last else until, 0
    port = RestPartner(place, database.clock.machine)
    try:
        while day <= until:
            content = await port.day_file(day)
            async with database.begin(tenant) as tx:
                await take_file(tx, code, day, content)
            day, taken = day + timedelta(days=1), taken + 1
    except (NotTaken, NoAnswer):
        return taken
    finally:
        await port.close()
    return taken
