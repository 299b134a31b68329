"""A refund its supplier knows nothing of: one person asks that it ends, or goes out again, another decides (rule D5).

A refund that went out and got no answer is asked after with its order. Where the supplier never heard of it, nothing
ends it: only after a while, with the supplier's word, two people may say that it never arrived. Sent again it keeps its
number, so a supplier that knew it all the same grants it once; ended, what the supplier says later is a contradiction
that reconciliation settles.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation
from huoke.govern.requests import Approval, Once, Request
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx
from huoke.settle.fulfilment import refund, store_refund, tables
from huoke.settle.fulfilment.refund_model import Refund, RefundState, RefundUnknown

WAIT_HOURS = tenants.declare("fulfilment.refund_wait_hours", int, 72, minimum=1, maximum=720, unit="hours")
"""So long a supplier may still tell of a refund, by call, callback or day file, before two people end it."""
WORD_MAX = 100
NEVER_ARRIVED = "never_arrived"


class EndVerb(StrEnum):
    """What is to become of it: it ends as not given back, or it goes out again under its number."""

    GIVE_UP = "give_up"
    SEND_AGAIN = "send_again"


class RefundEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A refund, what is to become of it, and the supplier's word that it knows nothing of it (a letter, a ticket)."""

    refund_id: UUID
    verb: EndVerb
    word: str


class AskedRefundEnd(msgspec.Struct, frozen=True, kw_only=True):
    """An end somebody wants for a refund, and why."""

    end: RefundEnd
    reason: str
    request_no: str | None = None


class RefundEndUnfit(Invalid):
    """This refund cannot be ended by people, or not yet."""

    code = "fulfilment.refund_end_unfit"


class RefundEndOpen(Conflict):
    """An end of this refund waits for its decision."""

    code = "fulfilment.refund_end_open"


class RefundEnds(Once[RefundEnd]):
    """Ends of refunds; done once, nothing stays in force."""

    kind = "refund_end"
    table = tables.refund_end
    shape = RefundEnd
    group = "money"
    action = "fulfilment.end_refund"
    subject_kind = "supplier_order"
    named = "了结供应商退款 · End of a supplier's refund"
    open = RefundEndOpen
    unfit = RefundEndUnfit
    pointer = "/end/refund_id"

    async def require_fit(self, tx: Tx, wanted: RefundEnd) -> None:
        """`RefundEndUnfit` for one that is not unknown, or asked for too lately; `RefundUnknown`."""
        if not 1 <= len(wanted.word.strip()) <= WORD_MAX:
            raise RefundEndUnfit(f"The supplier's word has 1 to {WORD_MAX} characters.", pointer="/end/word")
        found = await _refund(tx, wanted)
        if found.state is not RefundState.UNKNOWN:
            raise RefundEndUnfit("This refund waits for no word any more.", pointer=self.pointer)
        hours = await tenants.setting(tx, WAIT_HOURS)
        asked_at = (await store_refund.asked_last(tx, [found]))[found.id]
        if tx.now < asked_at + timedelta(hours=hours):
            raise RefundEndUnfit(f"The supplier may still tell: wait for {hours} hours.", pointer=self.pointer)

    def diff(self, held: RefundEnd | None, wanted: RefundEnd) -> list[FieldChange]:
        """Which refund, what becomes of it, and the supplier's word."""
        del held
        fields = (
            ("refund_id", "退款", "Refund", wanted.refund_id.hex),
            ("verb", "处理方式", "What becomes of it", wanted.verb.value),
            ("word", "供应商凭据", "The supplier's word", wanted.word.strip()),
        )
        return [
            FieldChange(path=path, label=label, label_en=english, before=None, after=value, group=self.group)
            for path, label, english, value in fields
        ]

    async def enact(self, tx: Tx, wanted: RefundEnd) -> None:
        """It goes out at the next turn, or is over; nothing was booked for it and nothing is."""
        if wanted.verb is EndVerb.SEND_AGAIN:
            await refund.send_again(tx, wanted.refund_id)
        else:
            await refund.give_up(tx, wanted.refund_id, NEVER_ARRIVED, wanted.word.strip())

    def asked(self, wanted: RefundEnd) -> dict[str, Any]:
        """One request of a refund is open at a time."""
        return {"refund_id": wanted.refund_id, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: RefundEnd) -> str:
        """The refund."""
        return str(wanted.refund_id)


ENDS = RefundEnds()


class RefundEndRequest(Request, frozen=True, kw_only=True):
    """An end as it was asked for."""

    wanted: RefundEnd


async def ask_end(tx: Tx, asked: AskedRefundEnd) -> UUID:
    """Ask for a refund to end; another person decides. `RefundEndUnfit`, `RefundEndOpen`, `RefundUnknown`."""
    return await ENDS.ask(tx, asked.end, asked.reason)


async def ends(tx: Tx, *, limit: int = 50) -> list[RefundEndRequest]:
    """Ends that were asked for, latest first."""
    return [RefundEndRequest(wanted=wanted, **fields) for wanted, fields in await ENDS.listed(tx, limit)]


class RefundEndApproval(Approval[RefundEnd]):
    """Serves approvals of kind `refund_end`."""

    kind = ENDS.kind
    requests = ENDS

    async def effects(self, tx: Tx, wanted: RefundEnd) -> Simulation:
        """No money moves by the decision itself."""
        del tx, wanted
        return Simulation(rows=())

    async def checks(self, tx: Tx, wanted: RefundEnd) -> list[Check]:
        """Its supplier has told nothing for the agreed time; what it says later is still heard."""
        await ENDS.require_fit(tx, wanted)
        return [
            Check(
                rule="fulfilment.refund_end", verdict=CheckVerdict.WARN,
                detail="供应商逾期未认此笔退款；事后若称已退款，列为差异核对",
                detail_en="The supplier knows nothing of it; what it says later is worked off as a difference",
            )
        ]  # fmt: skip


async def _refund(tx: Tx, wanted: RefundEnd) -> Refund:
    found = await store_refund.get(tx, wanted.refund_id)
    if found is None:
        raise RefundUnknown("There is no such refund.", pointer="/end/refund_id")
    return found
