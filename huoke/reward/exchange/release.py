"""Letting go of an exchange its partner never answered: one person asks with the partner's word, another decides (D5).

A hold is freed by what it is for. What a partner was asked for is ended by its answer, its call back or its file of the
day; only where none of them comes, two people may say that nothing happened there. Should the partner say otherwise
afterwards, that is a late answer like any other: it is asked to take it back, or the bank makes good.
"""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Once, Request
from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx
from huoke.know.language import day_of
from huoke.reward.exchange import carry, store, tables
from huoke.reward.exchange.model import ON_THE_WAY, Direction, Said, Told, Trade
from huoke.reward.exchange.refusals import TradeUnknown

WAITED = timedelta(days=2)
"""From the beginning of its day (China): before that the file of the day, which comes the day after, may still tell."""
WORD_MAX = 100
RELEASED = "released"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange to let go of, and where the partner says that it gave nothing (a letter, a ticket)."""

    trade_id: UUID
    word: str


class AskedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release somebody wants, and why."""

    release: Release
    reason: str


class ReleaseRequest(Request, frozen=True, kw_only=True):
    """A release as it was asked for."""

    wanted: Release


class ReleaseUnfit(Invalid):
    """This exchange cannot be let go of."""

    code = "exchange.release_unfit"


class ReleaseOpen(Conflict):
    """A release of this exchange waits for its decision."""

    code = "exchange.release_open"


class ReleaseRequests(Once[Release]):
    """Releases; done once, nothing stays in force."""

    kind = "exchange_release"
    table = tables.release
    shape = Release
    group = "exchange"
    action = "exchange.release"
    subject_kind = "exchange_trade"
    named = "释放互换占用的积分 · Release points held for an exchange"
    open = ReleaseOpen
    unfit = ReleaseUnfit
    pointer = "/release/trade_id"

    async def require_fit(self, tx: Tx, wanted: Release) -> None:
        """`ReleaseUnfit` for one that is not on its way, or whose day's file may still come; `TradeUnknown`."""
        if not 1 <= len(wanted.word.strip()) <= WORD_MAX:
            raise ReleaseUnfit(f"The partner's word has 1 to {WORD_MAX} characters.", pointer="/release/word")
        trade = await _trade(tx, wanted)
        if trade.direction is not Direction.OUT or trade.state not in ON_THE_WAY:
            raise ReleaseUnfit("This exchange holds nothing any more.", pointer=self.pointer)
        if tx.now < datetime.combine(day_of(trade.asked_at), time(), CHINA) + WAITED:
            raise ReleaseUnfit("The partner may still answer: wait for its file of the day.", pointer=self.pointer)

    def diff(self, held: Release | None, wanted: Release) -> list[FieldChange]:
        """Which exchange, and the partner's word."""
        del held
        return [
            FieldChange(path="trade_id", label="互换单号", label_en="Exchange", before=None,
                        after=wanted.trade_id.hex, group=self.group),
            FieldChange(path="word", label="合作方凭据", label_en="The partner's word", before=None,
                        after=wanted.word.strip(), group=self.group),
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Release) -> None:
        """The customer has the points again, and what was set aside is free."""
        locked = (await store.lock(tx, [wanted.trade_id]))[wanted.trade_id]
        if locked.state not in ON_THE_WAY:
            raise ReleaseUnfit("This exchange holds nothing any more.", pointer=self.pointer)
        await carry.hear(tx, locked, Said(told=Told.FAILED, code=RELEASED, reason=wanted.word.strip()))

    def asked(self, wanted: Release) -> dict[str, Any]:
        """One request of an exchange is open at a time."""
        return {"trade_id": wanted.trade_id, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: Release) -> str:
        """The exchange."""
        return str(wanted.trade_id)


RELEASES = ReleaseRequests()


async def request_release(tx: Tx, asked: AskedRelease) -> UUID:
    """Ask to let go of an exchange; another person decides. `ReleaseUnfit`, `ReleaseOpen`, `TradeUnknown`."""
    return await RELEASES.ask(tx, asked.release, asked.reason)


async def releases(tx: Tx, *, limit: int = 50) -> list[ReleaseRequest]:
    """Releases that were asked for, latest first."""
    return [ReleaseRequest(wanted=wanted, **fields) for wanted, fields in await RELEASES.listed(tx, limit)]


class ReleaseApproval(Approval[Release]):
    """Serves approvals of kind `exchange_release`."""

    kind = RELEASES.kind
    requests = RELEASES

    async def effects(self, tx: Tx, wanted: Release) -> Simulation:
        """Points the customer has again, and units that are free to be exchanged."""
        trade = await _trade(tx, wanted)
        held = trade.points if trade.state in ON_THE_WAY else 0
        return Simulation(
            rows=(
                SimulationRow(key="points", label="占用积分", label_en="Points held", unit="points", before=held,
                              after=0),
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: Release) -> list[Check]:
        """Its partner has not answered, and its day's file was due; what it says later is still heard."""
        await RELEASES.require_fit(tx, wanted)
        return [
            Check(
                rule="exchange.release", verdict=CheckVerdict.WARN,
                detail="合作方逾期未答复；事后若称已入账，按迟到处理",
                detail_en="The partner has not answered; what it says later is dealt with as late",
            )
        ]  # fmt: skip


async def _trade(tx: Tx, wanted: Release) -> Trade:
    found = await store.get(tx, wanted.trade_id)
    if found is None:
        raise TradeUnknown("There is no such exchange.", pointer="/release/trade_id")
    return found
