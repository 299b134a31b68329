"""All customers of a relationship manager for another one, or for the pool: one person asks, another decides."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern.approvals import Check, FieldChange, Simulation, SimulationRow
from huoke.govern.people import staff
from huoke.govern.requests import Approval, Requests, RequestState
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import HandOver, OwnershipUnfit
from huoke.know.ownership import tables
from huoke.know.ownership.model import HandOverOpen, HandOverRequest, NewHandOver

POOL = "公共池 · Public pool"


class HandOverRequests(Requests[HandOver]):
    """Hand-overs; who looks after whom stands with customers."""

    kind = "hand_over"
    table = tables.hand_over
    shape = HandOver
    group = "ownership"
    action = "ownership.hand_over"
    subject_kind = "staff"
    open = HandOverOpen
    unfit = OwnershipUnfit
    pointer = "/login"
    applied = RequestState.DONE
    replaces = False

    async def title(self, tx: Tx, wanted: HandOver) -> str:
        """By the names of both."""
        giver, receiver = await _name(tx, wanted.login), await _name(tx, wanted.to)
        if receiver:
            return f"移交客户：{giver} → {receiver} · Customers of {giver} to {receiver}"
        return f"移交客户：{giver} → 公共池 · Customers of {giver} to the pool"

    async def require_fit(self, tx: Tx, wanted: HandOver) -> None:
        """`OwnershipUnfit` where there is nobody to hand over, too."""
        done = await customers.hand_over(tx, wanted, trial=True)
        if done.owned + done.shared == 0:
            raise OwnershipUnfit(
                "There is no customer to hand over: this manager has none, or none within the receiver's units.",
                pointer="/login",
            )

    async def held(self, tx: Tx, wanted: HandOver) -> HandOver | None:
        """As it is: with whom they are now."""
        del tx
        return HandOver(login=wanted.login, to=wanted.login)

    def diff(self, held: HandOver | None, wanted: HandOver) -> list[FieldChange]:
        """Whose they are."""
        return [
            FieldChange(
                path="to", label="客户经理", label_en="Relationship manager", before=held.to if held else None,
                after=wanted.to or POOL, group=self.group,
            )
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: HandOver) -> None:
        """In this transaction."""
        await customers.hand_over(tx, wanted)

    def asked(self, wanted: HandOver) -> dict[str, Any]:
        """Columns of their own."""
        return {"login": wanted.login, "to_login": wanted.to}

    def read(self, row: Record) -> HandOver:
        """From columns of their own."""
        return HandOver(login=row["login"], to=row["to_login"])


REQUESTS = HandOverRequests()


async def request_hand_over(tx: Tx, new: NewHandOver, *, scope: Iterable[UnitId] | None = None) -> UUID:
    """Ask to hand over all customers of a manager of the units of `scope`; another person decides. The request's id.

    `OwnershipUnfit`, `HandOverOpen`, `audit.ReasonMissing`.
    """
    wanted = HandOver(login=new.login.strip().lower(), to=new.to.strip().lower())
    await customers.hand_over(tx, wanted, scope=scope, trial=True)
    return await REQUESTS.ask(tx, wanted, new.reason)


async def hand_overs(tx: Tx, *, limit: int = 100) -> list[HandOverRequest]:
    """Requests, latest first, by the names of all."""
    return [
        HandOverRequest(
            login=wanted.login,
            to=wanted.to,
            giver=await _name(tx, wanted.login),
            receiver=await _name(tx, wanted.to),
            **fields,
        )
        for wanted, fields in await REQUESTS.listed(tx, limit)
    ]


class HandOverApproval(Approval[HandOver]):
    """Serves approvals of kind `hand_over`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: HandOver) -> Simulation:
        """How many customers change their manager, and how many stay because the receiver does not reach them."""
        done = await customers.hand_over(tx, wanted, trial=True)
        rows = (
            ("owned", "更换客户经理", "Change their owner", done.owned),
            ("shared", "更换协办客户经理", "Change a co-owner", done.shared),
            ("left", "机构不符，不变", "Stay: outside the receiver's units", done.left),
        )
        return Simulation(
            rows=tuple(
                SimulationRow(key=key, label=label, label_en=label_en, unit="customers", before=None, after=count)
                for key, label, label_en, count in rows
            )
        )

    async def checks(self, tx: Tx, wanted: HandOver) -> list[Check]:
        """None: who receives is checked with the request itself."""
        del tx, wanted
        return []


async def _name(tx: Tx, login: str) -> str:
    person = await staff.by_login(tx, login) if login else None
    return person.name if person else login
