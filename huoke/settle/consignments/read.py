"""Questions about consignments."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.settle import fulfilment
from huoke.settle.consignments import store
from huoke.settle.consignments.model import ADAPTER, Consignment, ConsignmentState

DAYS_SHOWN = 30


class WaitingDay(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a supplier's business day have not ended; whether its file can be asked for."""

    supplier_id: UUID
    supplier: str
    supplier_en: str
    business_on: date
    orders: int
    over: bool


async def find(
    tx: Tx,
    principal: Principal,
    supplier_id: UUID | None,
    state: ConsignmentState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Consignment]:
    """Consignments, the latest first; everybody's, so that nobody asks twice."""
    rows = await store.find(tx, supplier_id, state, before, limit)
    names = await supply.names(tx, {row["supplier_id"] for row in rows})
    people = await staff.names(tx, {str(row["staff_id"]) for row in rows})
    return [_shown(tx, row, principal, names, people) for row in rows]


def _shown(
    tx: Tx, row: Record, principal: Principal, names: dict[UUID, tuple[str, str]], people: dict[str, str]
) -> Consignment:
    own = str(row["staff_id"]) == principal.actor.id
    state = ConsignmentState(row["state"])
    can = []
    if principal.may("supply.write"):
        if state is ConsignmentState.DONE:
            can += ["download"] if own and row["expires_at"] > tx.now else []
            can += ["answer"] if principal.covers(row["unit_id"]) else []
        elif own and state in (ConsignmentState.PENDING, ConsignmentState.APPROVED):
            can.append("cancel")
    name, name_en = names.get(row["supplier_id"], ("", ""))
    told = {key: row[key] for key in Consignment.__struct_fields__ if key in row.keys()}  # noqa: SIM118 - a record
    return Consignment(
        **{
            **told,
            "state": state,
            "supplier": name,
            "supplier_en": name_en,
            "asked_by": people.get(str(row["staff_id"]), str(row["staff_id"])),
            "can": can,
        }
    )


async def days(tx: Tx) -> list[WaitingDay]:
    """Business days of the last thirty with goods to send by suppliers without an interface, the latest first."""
    today = tx.now.astimezone(CHINA).date()
    suppliers = [one.supplier_id for one in await supply.connections(tx) if one.adapter == ADAPTER]
    if not suppliers:
        return []
    names = await supply.names(tx, suppliers)
    return [
        WaitingDay(
            supplier_id=one.supplier_id,
            supplier=names[one.supplier_id][0],
            supplier_en=names[one.supplier_id][1],
            business_on=one.on,
            orders=one.orders,
            over=one.on < today,
        )
        for one in await fulfilment.goods_by_day(tx, suppliers, today - timedelta(days=DAYS_SHOWN))
    ]
