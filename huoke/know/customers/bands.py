"""Bands of sealed values: what rules may tell of them one person asks for and another decides (rules F1, D5)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff, units
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Conflict, NotFound
from huoke.kernel.tx import ActorKind, Tx
from huoke.know.customers import attributes, store_bands
from huoke.know.customers.model import Attribute, BandsUnfit, check_bands

KIND = "attribute_bands"
PLENTY = 10
"""Edges beyond which a band says nearly what the value is, for who can see both."""


class BandsState(StrEnum):
    """A request waits for another person, then is done, or was refused or withdrawn."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NewBands(msgspec.Struct, frozen=True, kw_only=True):
    """The edges one attribute of class C2 is to have, ascending or not, and why; none closes it to rules again."""

    name: str
    bands: tuple[str, ...]
    reason: str


class BandsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as listed."""

    id: UUID
    name: str
    bands: tuple[str, ...]
    reason: str
    state: BandsState
    change_id: UUID | None
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None


class BandsOpen(Conflict):
    """Another request about this attribute waits for its decision."""

    code = "customers.bands_open"


class BandsUnknown(NotFound):
    """No such request in this bank."""

    code = "customers.bands_unknown"


class BandsUndecided(Conflict):
    """Bands are asked for under sealed values and decided by another person, not brought along with a definition."""

    code = "customers.bands_undecided"


async def request_bands(tx: Tx, new: NewBands) -> UUID:
    """Ask for the bands of an attribute of class C2; another person decides. Returns the request's id.

    `BandsUnfit` for no such attribute, edges that are none, or those it has; `BandsOpen`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    known = await _attribute(tx, new.name)
    if known is None or known.data_class != "C2":
        raise BandsUnfit(f"'{new.name[:80]}' is no attribute of class C2.", pointer="/name")
    wanted = msgspec.structs.replace(known, bands=tuple(edge.strip() for edge in new.bands))
    check_bands(wanted, "/bands")
    if wanted.bands == known.bands:
        raise BandsUnfit(f"'{known.name}' has these bands already.", pointer="/bands")
    request_id = new_id()
    if not await store_bands.add(tx, request_id, known.name, wanted.bands, why):
        raise BandsOpen("Another request about this attribute waits for its decision: see approvals.", pointer="/name")
    change = NewChange(
        kind=KIND,
        subject_id=str(request_id),
        title=f"申明分档 {known.label} · Bands of {known.label_en or known.name}",
        unit_id=(await units.tree(tx))[0].id,
        diff=_diff(known, wanted.bands, why),
    )
    await store_bands.set_change(tx, request_id, await approvals.submit(tx, change))
    return request_id


async def band_requests(tx: Tx, *, limit: int = 100) -> list[BandsRequest]:
    """Requests, latest first, by name of who asked."""
    rows = await store_bands.find(tx, limit)
    names = await staff.names(tx, {row["requested_by"] for row in rows})
    listed = [{**row, "requested_by": names.get(row["requested_by"], row["requested_by"])} for row in rows]
    return [msgspec.convert(one, BandsRequest, builtin_types=(UUID, datetime)) for one in listed]


async def check_decided(tx: Tx, wanted: Sequence[Attribute]) -> None:
    """Raise `BandsUndecided` where a member of staff brings bands along that nobody decided."""
    if tx.actor.kind is not ActorKind.STAFF:
        return
    known = {one.name: one.bands for one in await attributes.list_attributes(tx)}
    for one in wanted:
        if one.bands and one.bands != known.get(one.name):
            raise BandsUndecided(
                f"The bands of '{one.name}' are decided by another person: leave them out here, and ask for them"
                " under sealed values.",
                name=one.name,
                rule="D5",
            )


class BandsApproval:
    """Serves approvals of kind `attribute_bands`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many bands a rule can tell apart, before and after."""
        row = await _get(tx, subject_id)
        known = await _attribute(tx, row["name"])
        before = len(known.bands) + 1 if known and known.bands else 0
        after = len(row["bands"]) + 1 if row["bands"] else 0
        shown = SimulationRow(
            key="bands", label="可区分的分档", label_en="Bands rules can tell apart", unit="count", before=before,
            after=after,
        )  # fmt: skip
        return Simulation(rows=(shown,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Few edges are better than many: whoever knows them learns the band (rule F1)."""
        count = len((await _get(tx, subject_id))["bands"])
        return [
            Check(
                rule="F1",
                verdict=CheckVerdict.WARN if count > PLENTY else CheckVerdict.PASS,
                detail=f"规则只能看到所在分档；共 {count} 个分界点，越少越好",
                detail_en=f"Rules see the band only; {count} edges, and fewer are better",
                data={"edges": count},
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Declare them in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await _get(tx, subject_id, lock=True)
        known = await _attribute(tx, row["name"])
        stale = known is None or row["state"] != BandsState.REQUESTED
        if known is None or stale or approvals.diff_hash(_diff(known, row["bands"], row["reason"])) != diff_hash:
            raise approvals.Stale("These bands are no longer what was approved.")
        await attributes.declare_bands(tx, known, tuple(row["bands"]))
        await store_bands.end(tx, row["id"], BandsState.DONE.value)
        entry = audit.AuditEntry(
            action="customers.bands", subject_kind="attribute", subject_id=known.name, reason=row["reason"],
            before={"bands": list(known.bands)}, after={"bands": list(row["bands"])},
        )  # fmt: skip
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        ended = BandsState.WITHDRAWN if withdrawn else BandsState.REFUSED
        await store_bands.end(tx, UUID(subject_id), ended.value)


async def _attribute(tx: Tx, name: str) -> Attribute | None:
    return next((one for one in await attributes.list_attributes(tx) if one.name == name), None)


async def _get(tx: Tx, subject_id: str, *, lock: bool = False) -> Record:
    row = await store_bands.get(tx, UUID(subject_id), lock=lock)
    if row is None:
        raise BandsUnknown("There is no such request.")
    return row


def _diff(known: Attribute, wanted: Sequence[str], reason: str) -> tuple[FieldChange, ...]:
    label_en = known.label_en or known.name
    return (
        FieldChange(
            path="bands", label=f"{known.label} 的分界点", label_en=f"Edges of {label_en}",
            before="、".join(known.bands) or None, after="、".join(wanted) or None, group="privacy",
        ),
        FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group="privacy"),
    )  # fmt: skip
