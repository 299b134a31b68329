"""Drafting: begin, save, and find a campaign one may touch."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.govern.people import units
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store
from huoke.reach.campaigns.events import CampaignDrafted
from huoke.reach.campaigns.model import CampaignChange, CampaignState, Draft, FieldProblem, NewCampaign
from huoke.reach.campaigns.problems import limits
from huoke.reach.campaigns.refusals import CampaignUnknown, DraftUnfit, VersionMoved, WrongState
from huoke.reach.campaigns.store import Stored

OPERATION = "campaigns.create"


async def create(tx: Tx, principal: Principal, new: NewCampaign) -> UUID:
    """Draft a campaign for a unit in scope and return its id; a repeated request number returns the first one's.

    Raises `DraftUnfit`, `OutOfScope`, `RequestReused`.
    """
    keys = [RequestKey(new.request_no, idempotency.body_hash(new))] if new.request_no else []
    for earlier in await idempotency.remember(tx, OPERATION, keys):
        if isinstance(earlier, Earlier):
            return UUID(earlier.ref)
        if earlier is not None:
            raise earlier
    unit_id = new.unit_id if new.unit_id is not None else principal.unit_id
    if unit_id is None:
        raise DraftUnfit("Say which unit the campaign is of.", pointer="/unit_id")
    principal.require_unit(unit_id)
    draft = draft_of(new)
    await check_draft(tx, unit_id, draft)
    campaign_id = new_id()
    await store.insert(tx, campaign_id, unit_id, draft)
    await idempotency.settle(tx, OPERATION, dict.fromkeys(keys, str(campaign_id)))
    tx.emit(CampaignDrafted(campaign_id=campaign_id, campaign_version=1))
    await record(tx, "campaigns.create", campaign_id, unit_id, after=msgspec.to_builtins(draft))
    return campaign_id


async def change(tx: Tx, principal: Principal, campaign_id: UUID, wanted: CampaignChange) -> int:
    """Save a draft's next version and return its number.

    Raises `CampaignUnknown`, `WrongState` unless it is a draft, `VersionMoved`, `DraftUnfit`.
    """
    campaign = await locked(tx, campaign_id, principal)
    if campaign.state is not CampaignState.DRAFT:
        raise WrongState(f"The campaign is {campaign.state}; only a draft is edited.", state=campaign.state.value)
    if campaign.version != wanted.expected_version:
        raise VersionMoved(
            f"Version {campaign.version} was saved meanwhile; load it and make your change again.",
            pointer="/expected_version",
            version=campaign.version,
        )
    draft = draft_of(wanted)
    await check_draft(tx, campaign.unit_id, draft)
    if draft == campaign.draft:
        return campaign.version
    await store.save_draft(tx, campaign_id, draft, campaign.version + 1)
    tx.emit(CampaignDrafted(campaign_id=campaign_id, campaign_version=campaign.version + 1))
    before, after = _changed(campaign.draft, draft)
    await record(tx, "campaigns.change", campaign_id, campaign.unit_id, before=before, after=after)
    return campaign.version + 1


async def discard(tx: Tx, principal: Principal, campaign_id: UUID) -> None:
    """Throw a draft away that was never submitted; the trail keeps what it was.

    Raises `CampaignUnknown`, `WrongState` where it was submitted once.
    """
    campaign = await locked(tx, campaign_id, principal)
    if campaign.state is not CampaignState.DRAFT or campaign.change_id is not None:
        raise WrongState("Only a draft that was never submitted is thrown away.", state=campaign.state.value)
    await store.delete(tx, campaign_id)
    before = msgspec.to_builtins(campaign.draft)
    await record(tx, "campaigns.discard", campaign_id, campaign.unit_id, before=before)


async def seen(tx: Tx, campaign_id: UUID, principal: Principal) -> Stored:
    """A campaign in the caller's scope; `CampaignUnknown` outside it as well as outside the bank."""
    return _in_scope(await store.get(tx, campaign_id), campaign_id, principal)


async def locked(tx: Tx, campaign_id: UUID, principal: Principal | None = None) -> Stored:
    """A campaign locked until the transaction ends; `principal` None is the bank itself."""
    return _in_scope(await store.get(tx, campaign_id, lock=True), campaign_id, principal)


async def check_draft(tx: Tx, unit_id: int, draft: Draft) -> None:
    """Raise `DraftUnfit` with every field that no draft may hold."""
    problems = [*limits(draft)]
    if draft.shares and not problems:
        below = await units.descendants(tx, [unit_id])
        problems += _foreign_shares(draft, below)
    if problems:
        raise unfit(problems)


def unfit(problems: list[FieldProblem]) -> DraftUnfit:
    """Every problem as one refusal, at the first one's place."""
    return DraftUnfit(
        problems[0].detail, pointer=problems[0].pointer, problems=[msgspec.to_builtins(p) for p in problems]
    )


def draft_of(body: Draft) -> Draft:
    """The draft alone out of a request's body."""
    return Draft(**{name: getattr(body, name) for name in Draft.__struct_fields__})


async def record(
    tx: Tx,
    action: str,
    campaign_id: UUID,
    unit_id: int,
    *,
    reason: str = "",
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """A line in the trail about a campaign."""
    await audit.record(
        tx,
        audit.AuditEntry(
            action=action,
            subject_kind="campaign",
            subject_id=str(campaign_id),
            unit_id=unit_id,
            reason=reason,
            before=before,
            after=after,
        ),
    )


def _in_scope(campaign: Stored | None, campaign_id: UUID, principal: Principal | None) -> Stored:
    if campaign is None or (principal is not None and not principal.covers(campaign.unit_id)):
        raise CampaignUnknown(f"There is no campaign {campaign_id}.")
    return campaign


def _foreign_shares(draft: Draft, below: Iterable[int]) -> list[FieldProblem]:
    within = set(below)
    return [
        FieldProblem(
            pointer=f"/shares/{place}/unit_id", code="share_foreign", detail="This unit is not below the campaign's."
        )
        for place, share in enumerate(draft.shares)
        if share.unit_id not in within
    ]


def _changed(before: Draft, after: Draft) -> tuple[dict[str, object], dict[str, object]]:
    names = [name for name in Draft.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    first, second = (msgspec.to_builtins(draft) for draft in (before, after))
    return {name: first[name] for name in names}, {name: second[name] for name in names}
