"""A member of staff's own codes: the programmes they may invite by, and who came."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.entry_points import Picture
from huoke.reward.referral import store, store_read
from huoke.reward.referral.model import BondState, ProgrammeState
from huoke.reward.referral.poster import address_of, poster
from huoke.reward.referral.programme import find, get
from huoke.reward.referral.refusals import ProgrammeUnknown

OPEN = (ProgrammeState.LIVE, ProgrammeState.PAUSED, ProgrammeState.STOPPED)


class StaffProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme the caller invites by, or may; `address`, where their code leads, is empty until it was opened.

    Figures are of the caller's own invitations.
    """

    id: UUID
    name: str
    act_label: str
    act_label_en: str
    state: ProgrammeState
    opens_at: datetime
    closes_at: datetime
    address: str = ""
    accepted: int = 0
    qualified: int = 0
    rewarded: int = 0
    can: list[str] = []


class StaffInvited(msgspec.Struct, frozen=True, kw_only=True):
    """Who came by the caller's code; `seq` and `name`, masked, are None where the caller may not see the customer."""

    id: UUID
    seq: int | None
    name: str | None
    state: BondState
    bound_at: datetime


async def staff_programmes(tx: Tx, principal: Principal, origin: str) -> list[StaffProgramme]:
    """What the caller may invite by and what they invited by before, the latest programme first.

    Addresses begin with `origin` where the bank has no domain of its own for them.
    """
    held = await store_read.staff_figures(tx, UUID(principal.actor.id))
    found = [one for one in await find(tx, states=OPEN) if not one.terms.help_hours]
    within = {one.id for one in found if principal.own_unit in await units.descendants(tx, [one.unit_id])}
    rows = []
    for one in found:
        may = one.state is ProgrammeState.LIVE and tx.now < one.terms.closes_at and one.id in within
        own = held.get(one.id)
        if own is None and not may:
            continue
        figures = {} if own is None else {key: own[key] for key in ("accepted", "qualified", "rewarded")}
        rows.append(
            StaffProgramme(
                id=one.id,
                name=one.terms.name,
                act_label=one.terms.act_label,
                act_label_en=one.terms.act_label_en,
                state=one.state,
                opens_at=one.terms.opens_at,
                closes_at=one.terms.closes_at,
                address=await address_of(tx, own["code"], origin) if own else "",
                can=["open"] if own is None else [],
                **figures,
            )
        )
    return rows


async def staff_poster(
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    origin: str,
    *,
    english: bool,
    kind: Picture = Picture.POSTER_SVG,
) -> bytes:
    """The poster of the caller's own code; `ProgrammeUnknown` where they have none, `entry_points.PngUnavailable`."""
    programme = await get(tx, programme_id)
    referrer = await _own(tx, principal, programme_id)
    return await poster(tx, programme.terms, referrer["code"], origin, english=english, kind=kind)


async def staff_invited(
    tx: Tx, principal: Principal, programme_id: UUID, *, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[StaffInvited]:
    """Who came by the caller's code in one programme, latest first; `ProgrammeUnknown` where they have none."""
    await get(tx, programme_id)
    referrer = await _own(tx, principal, programme_id)
    found = await store_read.bonds(tx, programme_id, referrer_id=referrer["id"], before=before, limit=limit)
    people = {int(row.seq): row for row in await customers.masked_rows(tx, [row["invitee_seq"] for row in found])}
    shown = {seq: row for seq, row in people.items() if principal.covers(row.unit_id)}
    return [
        StaffInvited(
            id=row["id"],
            seq=row["invitee_seq"] if row["invitee_seq"] in shown else None,
            name=shown[row["invitee_seq"]].name if row["invitee_seq"] in shown else None,
            state=BondState(row["state"]),
            bound_at=row["bound_at"],
        )
        for row in found
    ]


async def _own(tx: Tx, principal: Principal, programme_id: UUID) -> Any:
    row = await store.referrer(tx, programme_id, staff_id=UUID(principal.actor.id))
    if row is None:
        raise ProgrammeUnknown("You have no code in this programme.", pointer="/programme_id")
    return row
