"""Routes of the service desk: find, explain."""

from uuid import UUID

from litestar import get, post

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Principal
from huoke.kernel.tx import Tx
from huoke.measure import desk
from huoke.measure.desk.model import Asked, Asking, BenefitRow, Found, Reasons, Story

TAGS = ["desk"]
FIND = {"permission": "desk.find"}


@post(
    "/v1/desk-finds",
    operation_id="find_at_desk",
    tags=TAGS,
    summary="Who stands behind a number; recorded with its purpose",
    status_code=200,
    opt=FIND,
)
async def find_at_desk(tx: Tx, principal: Principal, data: Asked) -> Found:
    """In the body, so that no number of a customer stands in an address."""
    return await desk.find(tx, principal, data)


@get(
    "/v1/customers/{seq:int}/benefits",
    operation_id="list_benefits_of_customer",
    tags=TAGS,
    summary="A customer's benefits, latest first, each with how it stands",
    opt=FIND,
)
async def list_benefits(tx: Tx, principal: Principal, seq: int) -> Page[BenefitRow]:
    found = await desk.benefits(tx, principal, seq)
    return Page(items=found, total=len(found))


@get(
    "/v1/grants/{grant_id:uuid}/story",
    operation_id="get_story",
    tags=TAGS,
    summary="A benefit from first to last in plain words",
    opt=FIND,
)
async def get_story(tx: Tx, principal: Principal, grant_id: UUID) -> Story:
    return await desk.story(tx, principal, grant_id)


@get(
    "/v1/customers/{seq:int}/campaigns",
    operation_id="list_campaigns_for_customer",
    tags=TAGS,
    summary="Campaigns a customer may ask about",
    opt=FIND,
)
async def list_campaigns(tx: Tx, principal: Principal, seq: int) -> Page[Asking]:
    found = await desk.askable(tx, principal, seq)
    return Page(items=found, total=len(found))


@get(
    "/v1/customers/{seq:int}/campaigns/{campaign_id:uuid}/reasons",
    operation_id="get_reasons",
    tags=TAGS,
    summary="Why a campaign reached a customer or not, condition by condition",
    opt=FIND,
)
async def get_reasons(tx: Tx, clickhouse: ClickHouse, principal: Principal, seq: int, campaign_id: UUID) -> Reasons:
    return await desk.reasons(tx, clickhouse, principal, seq, campaign_id)


routes = [find_at_desk, list_benefits, get_story, list_campaigns, get_reasons]
