"""Relations over HTTP: a customer's neighbourhood, leads around good customers, rings and what people say of them."""

from uuid import UUID

from litestar import get, post

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import tags
from huoke.know.relations import neighbourhood, rings
from huoke.know.relations.jobs import ask_refresh
from huoke.know.relations.leads import Lead, leads
from huoke.know.relations.model import Kind, LookPurpose, Ring, RingState
from huoke.know.relations.neighbourhood import Neighbourhood
from huoke.know.relations.rings import Verdict

TAGS = ["relations"]


@get(
    "/v1/customers/{seq:int}/relations",
    operation_id="get_customer_relations",
    opt={"permission": "customer.read"},
    tags=TAGS,
    summary="Who is around a customer, two steps far",
)
async def get_customer_relations(
    tx: Tx, principal: Principal, seq: int, kind: list[Kind] | None = None
) -> Neighbourhood:
    """Those who judge rings look for fraud and see every kind; all others what the customer lets marketing see."""
    purpose = LookPurpose.FRAUD if principal.may("ring.read") else LookPurpose.MARKETING
    return await neighbourhood.around(tx, Seq(seq), purpose, kinds=kind, scope=principal.units)


@get(
    "/v1/leads",
    operation_id="list_leads",
    opt={"permission": "relation.read"},
    tags=TAGS,
    summary="Colleagues of known good customers, with the reason",
)
async def list_leads(tx: Tx, principal: Principal, clickhouse: ClickHouse, tag: str, value: str = "yes") -> Page[Lead]:
    """Good is who has a value of a tag; at most 500 leads, of the caller's units."""
    good = await tags.members(tx, clickhouse, tag, value)
    found = await leads(tx, good, scope=principal.units)
    return Page(items=found, total=len(found))


@get("/v1/rings", operation_id="list_rings", opt={"permission": "ring.read"}, tags=TAGS, summary="Rings of abuse")
async def list_rings(
    tx: Tx, status: RingState | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Ring]:
    """The surest first, each with what speaks for it."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[float, UUID])
    found = await rings.find(tx, state=status, after=after, limit=size + 1)
    counts = await rings.counts(tx)
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(found[size - 1].score, found[size - 1].id) if len(found) > size else None,
        counts=counts,
        total=counts.get(status, 0) if status else sum(counts.values()),
    )


@post(
    "/v1/rings/verdicts",
    operation_id="judge_rings",
    opt={"permission": "ring.judge"},
    tags=TAGS,
    summary="Say of rings that they are, or that they are innocent",
)
async def judge_rings(tx: Tx, data: list[Verdict]) -> list[Result]:
    """Each on its own; the state `new` opens a verdict again."""

    async def judge(inner: Tx, verdict: Verdict) -> UUID:
        return await rings.judge(inner, verdict)

    return await each(tx, data, judge)


@post(
    "/v1/rings/refreshes",
    operation_id="refresh_rings",
    opt={"permission": "ring.judge"},
    tags=TAGS,
    summary="Have the graph read for rings now",
    status_code=202,
)
async def refresh_rings(tx: Tx) -> None:
    """In the background; asked again within a minute it is one reading."""
    await ask_refresh(tx, f"{tx.now:%Y-%m-%dT%H:%M}")


routes = [get_customer_relations, list_leads, list_rings, judge_rings, refresh_rings]
