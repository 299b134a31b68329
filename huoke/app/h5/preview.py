"""A draft's page as its customers would see it, for staff: the real template over an offer that does not exist yet."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get

from huoke.app.h5 import campaign as page
from huoke.app.h5.bundle import Shelf, at_once, gather
from huoke.app.h5.campaign import Shown
from huoke.app.h5.landing import Landing
from huoke.app.h5.visit import Visit
from huoke.kernel.http import Principal
from huoke.kernel.tx import Tx
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign, CampaignUnknown
from huoke.reward import catalogue
from huoke.reward.catalogue import Sku
from huoke.reward.grants import BenefitKind, Handover, Mode, OfferItem, OfferState

STAFF: dict[str, Any] = {"permission": "campaign.read"}


@get("/preview/{campaign_id:uuid}", operation_id="preview_campaign_page", opt=STAFF, include_in_schema=False)
async def preview(
    visit: Visit, tx: Tx, principal: Principal, campaign_id: UUID, view: Landing = Landing.OPEN
) -> Response[bytes]:
    """The campaign's page as drafted, as the landing state `view` shows it."""
    drafted = await _drafted(visit, tx, principal, campaign_id)
    shown = await _shown(tx, drafted, view)
    values = page.page_of(shown, visit, str(campaign_id), tx.now)
    return visit.page("landing.html", **values | {"path": _path(visit, campaign_id)})


@get("/preview/{campaign_id:uuid}/rules", operation_id="preview_campaign_rules", opt=STAFF, include_in_schema=False)
async def preview_rules(visit: Visit, tx: Tx, principal: Principal, campaign_id: UUID) -> Response[bytes]:
    """The rules of a campaign as drafted."""
    drafted = await _drafted(visit, tx, principal, campaign_id)
    shown = await _shown(tx, drafted, Landing.OPEN)
    values = page.rules_of(shown, visit, str(campaign_id))
    return visit.page("rules.html", **values | {"path": _path(visit, campaign_id)})


async def _drafted(visit: Visit, tx: Tx, principal: Principal, campaign_id: UUID) -> Campaign:
    """A campaign in the caller's scope; another bank's page says that there is none."""
    if visit.bank.id != principal.tenant:
        raise CampaignUnknown(f"There is no campaign {campaign_id}.")
    return await campaigns.get(tx, principal, campaign_id)


async def _shown(tx: Tx, drafted: Campaign, state: Landing) -> Shown:
    """What the draft would show; of a bundle nothing is chosen yet, and all of it is once `state` says so."""
    draft = drafted.draft
    lines = [(line.sku_id, line.stock) for line in draft.lines] if draft.bundle_id else [(draft.sku_id, draft.stock)]
    skus = await catalogue.skus(tx, [sku_id for sku_id, _ in lines if sku_id])
    offers = [
        _offer(tx, drafted, place, skus.get(sku_id) if sku_id else None) for place, (sku_id, _) in enumerate(lines)
    ]
    pull = draft.mode is campaigns.CampaignMode.PULL
    shelves = [Shelf(left=0 if state is Landing.SOLD_OUT else stock, stock=stock, payable=True) for _, stock in lines]
    choice = None
    if drafted.bundle is not None and offers:
        given = [] if pull else [one for one in offers if one.sku_id in drafted.bundle.given]
        chosen = [(one, shelf) for one, shelf in zip(offers, shelves, strict=True) if one not in given]
        choice = gather([one for one, _ in chosen], [shelf for _, shelf in chosen], skus, None)
        choice = msgspec.structs.replace(
            choice,
            choose=max(drafted.bundle.choose - len(given), 0),
            options=(*at_once(given, skus, {}, frozenset()), *choice.options),
        )
        if state is Landing.CLAIMED:
            choice = msgspec.structs.replace(choice, chosen=choice.choose)
        shelves = [choice.together(shelves)]
    return Shown(
        state=state,
        texts=draft.page_texts,
        offer=offers[0] if offers else _offer(tx, drafted, 0, None),
        sku=skus.get(lines[0][0]) if lines and lines[0][0] else None,
        left=shelves[0].left if pull and shelves else None,
        stock=shelves[0].stock if shelves else 0,
        claimed=None,
        bundle=choice,
    )


def _offer(tx: Tx, drafted: Campaign, line: int, sku: Sku | None) -> OfferItem:
    """The offer that approval would publish; what the draft leaves open is today, ten days long, and a voucher."""
    draft = drafted.draft
    opens_at = draft.opens_at or tx.now
    return OfferItem(
        id=UUID(int=line + 1),
        line=line,
        sku_id=sku.id if sku else drafted.id,
        sku_version=sku.version if sku else 1,
        kind=BenefitKind(sku.kind.value) if sku else BenefitKind.VOUCHER,
        handover=Handover(sku.handover.value) if sku else Handover.COUNTER,
        mode=Mode(draft.mode.value),
        title=sku.name if sku else "—",
        cost_fen=sku.cost_fen if sku else 0,
        face_value_fen=sku.face_value_fen if sku else 0,
        points=sku.points if sku else 0,
        points_type="POINTS",
        person_limit=draft.person_limit,
        choose=drafted.bundle.choose if drafted.bundle else 0,
        opens_at=opens_at,
        closes_at=draft.closes_at or opens_at + timedelta(days=10),
        valid_days=draft.valid_days,
        state=OfferState.OPEN,
    )


def _path(visit: Visit, campaign_id: UUID) -> str:
    return f"{visit.home}/preview/{campaign_id}"


routes = [preview, preview_rules]
