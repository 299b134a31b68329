"""What is done with a kit that was set up: handed to approval, stopped, taken back; always all of its parts."""

from collections.abc import Sequence
from uuid import UUID

from huoke.govern import audit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know import segments
from huoke.know.language import Analytics
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignState
from huoke.reach.kits import store
from huoke.reach.kits.model import KitRemoved, KitStopped, KitUnknown, PartKind, Stage, WrongStage, stage_of
from huoke.reach.kits.set_up import record
from huoke.reward import catalogue, plays
from huoke.reward.plays import PlayState

_STOPS = frozenset({CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.PAUSED})
_ENDS = frozenset({PlayState.LIVE, PlayState.PAUSED})


async def submit(tx: Tx, database: Database, principal: Principal, analytics: Analytics, setup_id: UUID) -> list[UUID]:
    """Send every draft of the kit to its own approval by others; returns the changes, none where all were sent.

    All or nothing: raises what the first part that is not ready refuses, `KitUnknown`.
    """
    unit_id, parts = await _locked(tx, principal, setup_id)
    states = await _states(tx, parts)
    changes = []
    for kind, ref in parts:
        if kind is PartKind.CAMPAIGN and states[ref] == CampaignState.DRAFT:
            changes.append(await campaigns.submit(tx, database, principal, analytics, ref))
        elif kind is PartKind.PLAY and states[ref] == PlayState.DRAFT:
            changes.append(await plays.submit(tx, principal, ref))
    await record(tx, "kits.submit", setup_id, unit_id, after={"changes": [str(change) for change in changes]})
    return changes


async def stop(tx: Tx, principal: Principal, setup_id: UUID, reason: str) -> int:
    """Stop every campaign and end every play of the kit that runs; returns how many. What was claimed stays good.

    Raises `KitUnknown`, `WrongStage` where nothing runs, `audit.ReasonMissing`.
    """
    unit_id, parts = await _locked(tx, principal, setup_id)
    reason = audit.require_reason(reason)
    states = await _states(tx, parts)
    stopped = 0
    for kind, ref in parts:
        if kind is PartKind.CAMPAIGN and states[ref] in _STOPS:
            await campaigns.stop(tx, principal, ref, reason)
            stopped += 1
        elif kind is PartKind.PLAY and states[ref] in _ENDS:
            await plays.move(tx, principal, ref, PlayState.ENDED, reason)
            stopped += 1
    if not stopped:
        raise WrongStage("Nothing of the kit runs.")
    tx.emit(KitStopped(setup_id=setup_id))
    await record(tx, "kits.stop", setup_id, unit_id, reason=reason)
    return stopped


async def remove(tx: Tx, principal: Principal, setup_id: UUID) -> None:
    """Take a kit back that is no more than drafts: campaigns and play are thrown away, the rest is put away.

    Raises `KitUnknown`, `WrongStage` once a part was submitted.
    """
    unit_id, parts = await _locked(tx, principal, setup_id)
    if stage_of(list((await _states(tx, parts)).values())) is not Stage.DRAFT:
        raise WrongStage("A part of the kit was submitted already; stop it instead.")
    for kind, ref in reversed(parts):
        if kind is PartKind.CAMPAIGN:
            await campaigns.discard(tx, principal, ref)
        elif kind is PartKind.PLAY:
            await plays.discard(tx, principal, ref)
        elif kind is PartKind.BUNDLE:
            await catalogue.retire_bundle(tx, ref)
        elif kind is PartKind.SERVICE:
            await catalogue.retire(tx, ref)
        else:
            await segments.archive(tx, ref, away=True)
    await store.delete(tx, setup_id)
    tx.emit(KitRemoved(setup_id=setup_id))
    await record(tx, "kits.remove", setup_id, unit_id)


async def _states(tx: Tx, parts: Sequence[tuple[PartKind, UUID]]) -> dict[UUID, str]:
    """How the campaigns and plays of a kit stand."""
    refs = [ref for _, ref in parts]
    return await campaigns.states(tx, refs) | await plays.states(tx, refs)


async def _locked(tx: Tx, principal: Principal, setup_id: UUID) -> tuple[int, list[tuple[PartKind, UUID]]]:
    row = await store.get(tx, setup_id, lock=True)
    if row is None or not principal.covers(row["unit_id"]):
        raise KitUnknown(f"There is no kit {setup_id}.")
    return row["unit_id"], (await store.parts(tx, [setup_id]))[setup_id]
