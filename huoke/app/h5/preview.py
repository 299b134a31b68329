"""A draft's page as its customers would see it, for staff: the real template over an offer that does not exist yet."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get

from huoke.app.h5 import campaign as page
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
    draft = drafted.draft
    skus = await catalogue.skus(tx, [draft.sku_id]) if draft.sku_id else {}
    sku = skus.get(draft.sku_id) if draft.sku_id else None
    pull = draft.mode is campaigns.CampaignMode.PULL
    left = 0 if state is Landing.SOLD_OUT else draft.stock
    return Shown(
        state=state,
        texts=draft.page_texts,
        offer=_offer(tx, drafted, sku),
        sku=sku,
        left=left if pull else None,
        stock=draft.stock,
        claimed=None,
    )


def _offer(tx: Tx, drafted: Campaign, sku: Sku | None) -> OfferItem:
    """The offer that approval would publish; what the draft leaves open is today, ten days long, and a voucher."""
    draft = drafted.draft
    opens_at = draft.opens_at or tx.now
    return OfferItem(
        id=drafted.id,
        line=0,
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
        choose=0,
        opens_at=opens_at,
        closes_at=draft.closes_at or opens_at + timedelta(days=10),
        valid_days=draft.valid_days,
        state=OfferState.OPEN,
    )


def _path(visit: Visit, campaign_id: UUID) -> str:
    return f"{visit.home}/preview/{campaign_id}"


routes = [preview, preview_rules]
