"""Corrections by hand and freezes: one person asks, with a reason, another decides (rule D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Once, Request, Requests, RequestState
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import day_of
from huoke.reward import ledger
from huoke.reward.ledger import AccountKind, Outcome, TransferKind
from huoke.reward.points import tables
from huoke.reward.points.kinds import get_types
from huoke.reward.points.model import cost_of, expires_at

ITEMS_MAX = 100
POINTS_MAX = 1_000_000
SOURCE = "adjustment"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """So many points more (or less, negative) for a customer."""

    seq: int
    type: str
    points: int


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections decided together; `id` names their transfers."""

    id: UUID
    items: tuple[Correction, ...]


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's points of a type, frozen or free again."""

    seq: int
    type: str
    frozen: bool


class AskedAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections somebody wants, and why."""

    items: list[Correction]
    reason: str


class AskedFreeze(msgspec.Struct, frozen=True, kw_only=True):
    """A freeze, or its end, somebody wants, and why."""

    freeze: Freeze
    reason: str


class AdjustmentRequest(Request, frozen=True, kw_only=True):
    """Corrections as they were asked for."""

    wanted: Adjustment


class FreezeRequest(Request, frozen=True, kw_only=True):
    """A freeze as it was asked for."""

    wanted: Freeze


class AdjustmentUnfit(Invalid):
    """These corrections cannot be made."""

    code = "points.adjustment_unfit"


class AdjustmentOpen(Conflict):
    """These corrections wait for their decision."""

    code = "points.adjustment_open"


class FreezeUnfit(Invalid):
    """The account is frozen, or free, already."""

    code = "points.freeze_unfit"


class FreezeOpen(Conflict):
    """Another request for this customer waits for its decision."""

    code = "points.freeze_open"


class AdjustmentRequests(Once[Adjustment]):
    """Corrections of points; done once, nothing stays in force."""

    kind = "points_adjustment"
    table = tables.adjustment
    shape = Adjustment
    group = "points"
    action = "points.adjust"
    subject_kind = "points_adjustment"
    named = "人工调整积分 · Correct points by hand"
    open = AdjustmentOpen
    unfit = AdjustmentUnfit
    pointer = "/items"

    async def require_fit(self, tx: Tx, wanted: Adjustment) -> None:
        """`AdjustmentUnfit` for too many, too much, nothing, or more than a customer has."""
        if not 1 <= len(wanted.items) <= ITEMS_MAX:
            raise AdjustmentUnfit(f"1 to {ITEMS_MAX} corrections at a time.", pointer="/items")
        await get_types(tx, sorted({one.type for one in wanted.items}))
        for place, one in enumerate(wanted.items):
            if not 1 <= abs(one.points) <= POINTS_MAX:
                raise AdjustmentUnfit(
                    f"A correction is 1 to {POINTS_MAX} points, more or less.", pointer=f"/items/{place}/points"
                )
            await customers.state(tx, Seq(one.seq))
            has = sum(lot.remaining for lot in await ledger.find_lots(tx, one.seq, one.type))
            if has + one.points < 0:
                raise AdjustmentUnfit(
                    f"The customer has {has} points; {-one.points} cannot be taken.", pointer=f"/items/{place}/points"
                )

    def diff(self, held: Adjustment | None, wanted: Adjustment) -> list[FieldChange]:
        """A line for each customer."""
        del held
        return [
            FieldChange(
                path=f"items.{place}", label=f"客户 {one.seq} · {one.type}",
                label_en=f"Customer {one.seq} · {one.type}",
                before=None, after=f"{one.points:+d}", group=self.group,
            )
            for place, one in enumerate(wanted.items)
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Adjustment) -> None:
        """Credit and take; `AdjustmentUnfit` when a customer has less by now."""
        types = await get_types(tx, sorted({one.type for one in wanted.items}))
        for line, one in enumerate(wanted.items):
            outcome = await self._correct(tx, wanted.id, line, one, types[one.type])
            if outcome is not Outcome.POSTED:
                raise AdjustmentUnfit(f"The ledger refused: {outcome.value}.", pointer=f"/items/{line}/points")

    async def _correct(self, tx: Tx, source_id: UUID, line: int, one: Correction, kind: Any) -> Outcome:
        if one.points > 0:
            [outcome] = await ledger.credit(
                tx,
                [
                    ledger.Credit(
                        seq=one.seq,
                        currency=one.type,
                        points=one.points,
                        expires_at=expires_at(kind.expiry, day_of(tx.now)),
                        source_kind=SOURCE,
                        source_id=source_id,
                        line=line,
                        funder=kind.funder,
                        cost_fen=cost_of(one.points, kind.unit_cost_fen),
                        origin=AccountKind.POINTS_ADJUSTED,
                        kind=TransferKind.ADJUST,
                    )
                ],
            )
            return outcome
        key = ledger.points_account(one.seq, one.type)
        account_id = (await ledger.open_accounts(tx, [key]))[key]
        burn = ledger.Burn(
            account_id=account_id,
            points=-one.points,
            source_kind=SOURCE,
            source_id=source_id,
            line=line,
            sink=AccountKind.POINTS_ADJUSTED,
            kind=TransferKind.ADJUST,
        )
        return (await ledger.burn(tx, [burn]))[0]

    def asked(self, wanted: Adjustment) -> dict[str, Any]:
        """Many may wait beside each other."""
        return {"body": msgspec.to_builtins(wanted)}


ADJUSTMENTS = AdjustmentRequests()


class FreezeRequests(Requests[Freeze]):
    """Freezes of points; what holds is the account itself."""

    kind = "points_freeze"
    table = tables.freeze
    shape = Freeze
    group = "points"
    action = "points.freeze"
    subject_kind = "customer"
    open = FreezeOpen
    unfit = FreezeUnfit
    pointer = "/freeze"
    applied = RequestState.DONE
    replaces = False

    async def title(self, tx: Tx, wanted: Freeze) -> str:
        """What is to happen."""
        del tx
        return "冻结积分账户 · Freeze points" if wanted.frozen else "解冻积分账户 · Free points"

    async def require_fit(self, tx: Tx, wanted: Freeze) -> None:
        """`TypeUnknown`, `CustomerUnknown`."""
        await get_types(tx, [wanted.type])
        await customers.state(tx, Seq(wanted.seq))

    async def held(self, tx: Tx, wanted: Freeze) -> Freeze | None:
        """The account as it is."""
        frozen = await ledger.is_frozen(tx, wanted.seq, wanted.type)
        return Freeze(seq=wanted.seq, type=wanted.type, frozen=frozen)

    def diff(self, held: Freeze | None, wanted: Freeze) -> list[FieldChange]:
        """Frozen or free."""
        return [
            FieldChange(
                path="frozen", label=f"客户 {wanted.seq} · {wanted.type} 冻结", before=held and held.frozen,
                label_en=f"Customer {wanted.seq} · {wanted.type} frozen", after=wanted.frozen, group=self.group,
            )
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Freeze) -> None:
        """From now on nothing is spent, or it is again."""
        await ledger.freeze(tx, wanted.seq, wanted.type, frozen=wanted.frozen)

    def asked(self, wanted: Freeze) -> dict[str, Any]:
        """One request of a customer is open at a time."""
        return {"seq": wanted.seq, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: Freeze) -> str:
        """The customer."""
        return str(wanted.seq)


FREEZES = FreezeRequests()


async def request_adjustment(tx: Tx, asked: AskedAdjustment) -> UUID:
    """Ask for corrections; another person decides. `AdjustmentUnfit`, `TypeUnknown`, `audit.ReasonMissing`."""
    return await ADJUSTMENTS.ask(tx, Adjustment(id=new_id(), items=tuple(asked.items)), asked.reason)


async def request_freeze(tx: Tx, asked: AskedFreeze) -> UUID:
    """Ask for a freeze or its end; another person decides. `FreezeUnfit`, `FreezeOpen`, `TypeUnknown`."""
    return await FREEZES.ask(tx, asked.freeze, asked.reason)


async def adjustments(tx: Tx, *, limit: int = 50) -> Sequence[AdjustmentRequest]:
    """Corrections that were asked for, latest first."""
    return [AdjustmentRequest(wanted=wanted, **fields) for wanted, fields in await ADJUSTMENTS.listed(tx, limit)]


class AdjustmentApproval(Approval[Adjustment]):
    """Serves approvals of kind `points_adjustment`."""

    kind = ADJUSTMENTS.kind
    requests = ADJUSTMENTS

    async def effects(self, tx: Tx, wanted: Adjustment) -> Simulation:
        """Points given and taken."""
        del tx
        more = sum(one.points for one in wanted.items if one.points > 0)
        less = -sum(one.points for one in wanted.items if one.points < 0)
        return Simulation(
            rows=(
                SimulationRow(key="more", label="增加积分", label_en="Points given", unit="points",
                              before=0, after=more),
                SimulationRow(key="less", label="扣减积分", label_en="Points taken", unit="points",
                              before=0, after=less),
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: Adjustment) -> list[Check]:
        """Everybody still has what is to be taken."""
        await ADJUSTMENTS.require_fit(tx, wanted)
        return [Check(rule="points", verdict=CheckVerdict.PASS, detail="余额足够", detail_en="There is enough")]


class FreezeApproval(Approval[Freeze]):
    """Serves approvals of kind `points_freeze`."""

    kind = FREEZES.kind
    requests = FREEZES

    async def effects(self, tx: Tx, wanted: Freeze) -> Simulation:
        """Points that could not be spent."""
        points = sum(lot.remaining for lot in await ledger.find_lots(tx, wanted.seq, wanted.type))
        return Simulation(
            rows=(
                SimulationRow(
                    key="points", label="涉及积分", label_en="Points concerned", unit="points", before=points,
                    after=points,
                ),
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: Freeze) -> list[Check]:
        """Nothing speaks against it."""
        await FREEZES.require_fit(tx, wanted)
        return [Check(rule="points", verdict=CheckVerdict.PASS, detail="客户与积分类型有效", detail_en="Both exist")]
