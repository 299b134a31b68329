"""Questions about tax: months, and the records of one."""

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants
from huoke.settle.tax import store
from huoke.settle.tax.model import Bearer, MonthState, MonthUnknown, Remittance, TaxMonth, Withholding, month_of

_REMITTED = {None: None, "requested": MonthState.REMITTING, "done": MonthState.REMITTED}
_FILED = frozenset({MonthState.CLOSED, MonthState.REMITTING, MonthState.REMITTED})
_STATES = {None: MonthState.OPEN, "requested": MonthState.REQUESTED, "done": MonthState.CLOSED}


async def months(tx: Tx, principal: Principal) -> list[TaxMonth]:
    """The last ten years' months in which something was withheld within the caller's units, latest first."""
    this = month_of(tx.now.astimezone(CHINA).date())
    return [_month(row, this, principal) for row in await store.months(tx, None, principal.units)]


async def find(
    tx: Tx, principal: Principal, month: date, *, q: str = "", before: UUID | None = None, limit: int = 50
) -> list[Withholding]:
    """Records of a month, latest first; `q` is a customer number. Raises `MonthUnknown` where it has none in scope."""
    if not await store.months(tx, month, principal.units):
        raise MonthUnknown("Nothing was withheld in that month.")
    seqs = None
    if q.strip():
        found = await customers.find_by_no(tx, [q.strip()])
        seqs = [int(seq) for seq in found.values()]
    rows = await store.find(tx, month, principal.units, seqs, before, limit)
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    held = await grants.find_grants(tx, grant_ids=[row["grant_id"] for row in rows], limit=limit)
    english = await catalogue.names_en(tx, {(one.sku_id, one.sku_version) for one in held})
    in_english = {one.id: english.get((one.sku_id, one.sku_version), "") for one in held}
    return [
        Withholding(
            **{name: row[name] for name in Withholding.__struct_fields__ if name in row.keys()}  # noqa: SIM118
            | {"bearer": Bearer(row["bearer"])},
            title_en=in_english.get(row["grant_id"], ""),
            customer_no=people[row["seq"]].customer_no if row["seq"] in people else "",
            name=(people[row["seq"]].name or "") if row["seq"] in people else "",
        )
        for row in rows
    ]


def _month(row: Record, this: date, principal: Principal) -> TaxMonth:
    state = _REMITTED[row["remittance_state"]] or _STATES[row["state"]]
    paid = state is MonthState.REMITTED
    verbs = []
    if state is MonthState.OPEN and row["month"] < this and principal.may("statement.write"):
        verbs.append("close")
    if state in _FILED and principal.may("statement.write"):
        verbs += ["remit", "file"] if state is MonthState.CLOSED and row["tax_fen"] else ["file"]
    names = ("month", "records", "people", "value_fen", "base_fen", "tax_fen")
    return TaxMonth(
        **{name: row[name] for name in names},
        state=state,
        change_id=row["remittance_change_id"] or row["change_id"],
        closed_at=row["ended_at"] if state in _FILED else None,
        remittance=msgspec.convert(row["remittance"], Remittance) if paid else None,
        can=verbs,
    )
