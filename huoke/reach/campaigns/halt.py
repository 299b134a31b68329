"""One key for everything: pause or stop all live campaigns of a unit and of all units below it."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.govern.people import UnitUnknown, units
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reach.campaigns import state, store
from huoke.reach.campaigns.model import CampaignState
from huoke.reach.campaigns.refusals import NameMismatch


class HaltVerb(StrEnum):
    """Pause can be undone campaign by campaign; stop cannot: what is stopped gives back its money and stock."""

    PAUSE = "pause"
    STOP = "stop"


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, where, why, and the unit's name typed once more."""

    verb: HaltVerb
    unit_id: int
    reason: str
    name: str


class Halted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one campaign: `error` is the refusal's code where it stayed as it was."""

    id: UUID
    name: str
    state: CampaignState
    error: str | None = None


_REACHES = {
    HaltVerb.PAUSE: frozenset({CampaignState.RUNNING}),
    HaltVerb.STOP: frozenset({CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.PAUSED}),
}
_ACT: dict[HaltVerb, Callable[[Tx, Principal, UUID, str], Awaitable[None]]] = {
    HaltVerb.PAUSE: state.pause,
    HaltVerb.STOP: state.stop,
}


async def halt(database: Database, principal: Principal, wanted: Halt) -> list[Halted]:
    """Pause or stop every live campaign of a unit and below, each in its own transaction; says what became of each.

    Raises `OutOfScope`, `UnitUnknown`, `NameMismatch`, `audit.ReasonMissing` before anything is touched.
    """
    async with database.begin(principal.tenant, principal.actor) as tx:
        campaigns = await _meant(tx, principal, wanted)
    return [await _one(database, principal, wanted, campaign.id) for campaign in campaigns]


async def _meant(tx: Tx, principal: Principal, wanted: Halt) -> list[store.Stored]:
    principal.require_unit(wanted.unit_id)
    reason = audit.require_reason(wanted.reason)
    unit = next((unit for unit in await units.tree(tx) if unit.id == wanted.unit_id), None)
    if unit is None:
        raise UnitUnknown(f"There is no unit {wanted.unit_id}; take one of the list.", pointer="/unit_id")
    if wanted.name.strip() not in {unit.name, unit.name_en}:
        raise NameMismatch(f"Type '{unit.name}' to confirm.", pointer="/name")
    below = await units.descendants(tx, [wanted.unit_id])
    found = await store.in_states(tx, _REACHES[wanted.verb], below)
    entry = audit.AuditEntry(
        action=f"campaigns.{wanted.verb.value}_all",
        subject_kind="unit",
        subject_id=str(unit.id),
        unit_id=unit.id,
        reason=reason,
        after={"campaigns": [str(campaign.id) for campaign in found]},
    )
    await audit.record(tx, entry)
    return found


async def _one(database: Database, principal: Principal, wanted: Halt, campaign_id: UUID) -> Halted:
    error = None
    try:
        async with database.begin(principal.tenant, principal.actor) as tx:
            await _ACT[wanted.verb](tx, principal, campaign_id, wanted.reason)
    except Refusal as refusal:
        error = refusal.code
    async with database.begin(principal.tenant, principal.actor) as tx:
        [campaign] = await store.get_many(tx, [campaign_id])
    return Halted(id=campaign.id, name=campaign.name, state=campaign.state, error=error)
