"""The types of points a bank has. One person asks for a type or a change of one, another decides (rule D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.points import store, tables
from huoke.reward.points.model import (
    PointType,
    TypeChanged,
    TypeOpen,
    TypeUnfit,
    TypeUnknown,
    check_type,
    cost_of,
)


class AskedType(msgspec.Struct, frozen=True, kw_only=True):
    """A type somebody wants, and why."""

    type: PointType
    reason: str


class TypeRequest(Request, frozen=True, kw_only=True):
    """A type as it was asked for."""

    wanted: PointType


async def types(tx: Tx) -> list[PointType]:
    """Every type of points of the bank, open ones first."""
    return await store.types(tx, None)


async def get_types(tx: Tx, codes: Sequence[str]) -> dict[str, PointType]:
    """Types by code; raises `TypeUnknown`."""
    found = {one.code: one for one in await store.types(tx, codes)}
    for missing in (code for code in codes if code not in found):
        raise TypeUnknown(f"There is no type of points '{missing}'.", type=missing)
    return found


_FIELDS = (
    ("name", "名称", "Name"), ("name_en", "英文名称", "English name"),
    ("unit_cost_fen", "每千分成本（分）", "Cost of 1,000 points (fen)"), ("funder", "出资预算", "Funded by budget"),
    ("expiry", "有效期", "Expiry"), ("pending_days", "待生效天数", "Days until active"),
    ("debt", "追回时可欠分", "May be owed"), ("transferable", "可转赠", "May be given on"), ("state", "状态", "State"),
)  # fmt: skip


class TypeRequests(Requests[PointType]):
    """Types of points; what holds is the type itself."""

    kind = "point_type"
    table = tables.type_request
    shape = PointType
    group = "point_type"
    action = "points.type"
    subject_kind = "point_type"
    open = TypeOpen
    unfit = TypeUnfit
    pointer = "/type"
    replaces = False

    async def title(self, tx: Tx, wanted: PointType) -> str:
        """By the name the type is to have."""
        del tx
        return f"积分类型「{wanted.name}」 · Point type: {wanted.name_en}"

    async def require_fit(self, tx: Tx, wanted: PointType) -> None:
        """`TypeUnfit`; `ledger.UnknownBudget` for a funder that is none."""
        check_type(wanted)
        if wanted.funder is not None:
            await ledger.get_budgets(tx, [wanted.funder])

    async def held(self, tx: Tx, wanted: PointType) -> PointType | None:
        """The type as it is."""
        return next(iter(await store.types(tx, [wanted.code])), None)

    def diff(self, held: PointType | None, wanted: PointType) -> list[FieldChange]:
        """Field by field."""
        before: dict[str, Any] = msgspec.to_builtins(held) if held else {}
        after: dict[str, Any] = msgspec.to_builtins(wanted)
        return [
            FieldChange(
                path=path, label=label, label_en=label_en, before=before.get(path), after=after[path], group=self.group
            )
            for path, label, label_en in _FIELDS
            if before.get(path) != after[path]
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: PointType) -> None:
        """From now on points are credited so; what was credited before keeps its own expiry and cost."""
        await store.put_type(tx, wanted)

    def event(self, request_id: UUID) -> TypeChanged:
        """A type changed."""
        return TypeChanged(request_id=request_id)

    def asked(self, wanted: PointType) -> dict[str, Any]:
        """One request of a type is open at a time."""
        return {"code": wanted.code, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: PointType) -> str:
        """The type."""
        return wanted.code


REQUESTS = TypeRequests()


async def request_type(tx: Tx, asked: AskedType) -> UUID:
    """Ask for a type, or a change of one; another person decides. Returns the request's id.

    `TypeUnfit` also for what holds already; `TypeOpen`, `audit.ReasonMissing`, `ledger.UnknownBudget`.
    """
    return await REQUESTS.ask(tx, asked.type, asked.reason)


async def requests(tx: Tx, *, limit: int = 50) -> list[TypeRequest]:
    """Types that were asked for, latest first, by name of who asked."""
    return [TypeRequest(wanted=wanted, **fields) for wanted, fields in await REQUESTS.listed(tx, limit)]


class TypeApproval(Approval[PointType]):
    """Serves approvals of kind `point_type`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: PointType) -> Simulation:
        """What is outstanding, and what it would cost at the new price."""
        held_now = {one.currency: one.points for one in await ledger.standing(tx)}
        points = held_now.get(wanted.code, 0)
        held = await REQUESTS.held(tx, wanted)
        return Simulation(
            rows=(
                SimulationRow(
                    key="outstanding", label="客户手中的积分", label_en="Points customers hold", unit="points",
                    before=points, after=points,
                ),
                SimulationRow(
                    key="cost", label="按单价计的成本", label_en="What they cost at the unit cost", unit="fen",
                    before=cost_of(points, held.unit_cost_fen) if held else 0,
                    after=cost_of(points, wanted.unit_cost_fen),
                ),
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: PointType) -> list[Check]:
        """Points that never run out are a liability without end: said, not refused."""
        del tx
        endless = wanted.expiry.kind == "none"
        return [
            Check(
                rule="points",
                verdict=CheckVerdict.WARN if endless else CheckVerdict.PASS,
                detail="积分永不过期，负债不会自行减少" if endless else "积分有到期日",
                detail_en="These points never run out" if endless else "These points run out",
            )
        ]
