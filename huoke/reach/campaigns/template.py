"""Beginning a campaign from another: templates of the house, the bank's own, and plain copies."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, segments
from huoke.reach.campaigns import store_template
from huoke.reach.campaigns.blueprints import BLUEPRINTS
from huoke.reach.campaigns.draft import create, draft_of, record, seen, unfit
from huoke.reach.campaigns.model import Draft, FieldProblem, NewCampaign
from huoke.reach.campaigns.problems import NAME_LENGTH_MAX
from huoke.reach.campaigns.refusals import TemplateUnknown
from huoke.reach.campaigns.template_model import Blueprint, NewTemplate, TemplateView, UseTemplate


async def templates(tx: Tx, principal: Principal) -> list[TemplateView]:
    """The bank's own templates in scope, latest first, then those of the house."""
    kept = await store_template.find(tx, principal.units)
    people = await staff.names(tx, sorted({row["created_by"] for row in kept}))
    known = {attribute.name for attribute in await customers.list_attributes(tx)}
    own = [_own(row, people.get(row["created_by"], row["created_by"])) for row in kept]
    return [*own, *(_view(blueprint, known, _facts(tx, blueprint)) for blueprint in BLUEPRINTS)]


async def use(tx: Tx, principal: Principal, template_id: str, wanted: UseTemplate) -> UUID:
    """Draft a campaign from a template and return its id; its segment is saved with it where the bank has the facts.

    Raises `TemplateUnknown`, and what `create` raises.
    """
    blueprint = next((each for each in BLUEPRINTS if each.key == template_id), None)
    if blueprint is None:
        draft = await _kept(tx, principal, template_id)
    else:
        segment_id = await _segment(tx, principal, blueprint)
        draft = msgspec.structs.replace(blueprint.draft, segment_id=segment_id)
    named = msgspec.structs.replace(draft, name=wanted.name.strip() or draft.name, template=template_id)
    return await create(tx, principal, _new(named, wanted.unit_id, wanted.request_no))


async def keep(tx: Tx, principal: Principal, new: NewTemplate) -> UUID:
    """Keep a campaign as a template of its unit and return its id: without window, money, stock and pilot.

    Raises `CampaignUnknown`, `DraftUnfit` for a name that cannot be.
    """
    campaign = await seen(tx, new.campaign_id, principal)
    name = new.name.strip()
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        raise unfit([FieldProblem(pointer="/name", code="name", detail=f"A name has 1 to {NAME_LENGTH_MAX} signs.")])
    template_id = new_id()
    timeless = _timeless(campaign.draft)
    lines = [msgspec.structs.replace(line, stock=0) for line in timeless.lines]
    draft = msgspec.structs.replace(timeless, name=name, budget_id=None, budget_fen=0, stock=0, lines=lines, shares=[])
    await store_template.insert(tx, template_id, campaign.unit_id, name, new.summary.strip()[:200], draft)
    await record(tx, "campaigns.keep_template", campaign.id, campaign.unit_id, after={"template_id": str(template_id)})
    return template_id


async def drop(tx: Tx, principal: Principal, template_id: UUID) -> None:
    """Throw one of the bank's own templates away; campaigns begun from it stay. Raises `TemplateUnknown`."""
    row = await _row(tx, principal, str(template_id))
    await store_template.delete(tx, row["id"])


async def copy(tx: Tx, principal: Principal, campaign_id: UUID, wanted: UseTemplate) -> UUID:
    """Draft the same campaign once more, without its window and pilot, and return its id; raises `CampaignUnknown`."""
    campaign = await seen(tx, campaign_id, principal)
    copied = _timeless(campaign.draft)
    name = wanted.name.strip() or f"{copied.name[: NAME_LENGTH_MAX - 3]} 副本"
    named = msgspec.structs.replace(copied, name=name)
    return await create(tx, principal, _new(named, wanted.unit_id or campaign.unit_id, wanted.request_no))


def _timeless(draft: Draft) -> Draft:
    message = draft.message
    if message is not None:
        message = msgspec.structs.replace(message, send_at=None)
    lines = [msgspec.structs.replace(line, pool_id=None) for line in draft.lines]
    return msgspec.structs.replace(
        draft, opens_at=None, closes_at=None, audience_id=None, pool_id=None, lines=lines, pilot=None, message=message
    )


def _new(draft: Draft, unit_id: int | None, request_no: str | None) -> NewCampaign:
    fields = msgspec.structs.asdict(draft_of(draft))
    return NewCampaign(**fields, unit_id=unit_id, request_no=request_no)


async def _segment(tx: Tx, principal: Principal, blueprint: Blueprint) -> UUID | None:
    """The template's segment saved for today; None where facts are missing or the caller may not save segments."""
    known = {attribute.name for attribute in await customers.list_attributes(tx)}
    if not principal.may("segment.write") or not known.issuperset(_facts(tx, blueprint)):
        return None
    today = tx.now.astimezone(CHINA).date()
    new = segments.NewSegment(
        name=f"{blueprint.name} {today:%m-%d}",
        expression=blueprint.expression(today),
        request_no=f"campaigns.template/{blueprint.key}/{today.isoformat()}",
    )
    return await segments.save(tx, new)


async def _kept(tx: Tx, principal: Principal, template_id: str) -> Draft:
    row = await _row(tx, principal, template_id)
    return msgspec.convert(row["draft"], Draft)


async def _row(tx: Tx, principal: Principal, template_id: str) -> Any:
    try:
        row = await store_template.get(tx, UUID(template_id))
    except ValueError:
        row = None
    if row is None or not principal.covers(row["unit_id"]):
        raise TemplateUnknown(f"There is no template {template_id}.")
    return row


def _own(row: Any, created_by: str) -> TemplateView:
    draft = msgspec.convert(row["draft"], Draft)
    return TemplateView(
        id=str(row["id"]),
        own=True,
        name=row["name"],
        name_en=row["name"],
        summary=row["summary"],
        summary_en=row["summary"],
        kind="",
        mode=draft.mode.value,
        metric=draft.metric,
        control_percent=draft.control_percent,
        missing=[],
        created_by=created_by,
        created_at=row["created_at"],
    )


def _view(blueprint: Blueprint, known: set[str], asked: list[str]) -> TemplateView:
    return TemplateView(
        id=blueprint.key,
        own=False,
        name=blueprint.name,
        name_en=blueprint.name_en,
        summary=blueprint.summary,
        summary_en=blueprint.summary_en,
        kind=blueprint.kind,
        mode=blueprint.draft.mode.value,
        metric=blueprint.draft.metric,
        control_percent=blueprint.draft.control_percent,
        missing=[name for name in asked if name not in known],
    )


def _facts(tx: Tx, blueprint: Blueprint) -> list[str]:
    """The attributes a template's rule asks for."""
    return sorted(set(_names(blueprint.expression(tx.now.astimezone(CHINA).date()))))


def _names(node: dict[str, Any]) -> Iterator[str]:
    if "name" in node and node["kind"] == "attr":
        yield node["name"]
    for part in node.get("of", []):
        yield from _names(part)
