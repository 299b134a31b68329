"""Relations over HTTP: a customer's neighbourhood, leads around good customers, rings and what people say of them."""

from uuid import UUID

import msgspec
from litestar import get, post

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit, page_of
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet, SetServer
from huoke.kernel.tx import Tx
from huoke.know import segments, tags, temperature
from huoke.know.language import Analytics, parse
from huoke.know.relations import cascade, evidence, neighbourhood, rings
from huoke.know.relations.cascade import Inviter, Reading, Tree
from huoke.know.relations.jobs import ask_refresh
from huoke.know.relations.leads import Lead, LeadSort, Wanted, leads
from huoke.know.relations.model import Kind, LookPurpose, Ring, Ringed, RingPage, RingState, open_kinds
from huoke.know.relations.neighbourhood import Neighbourhood
from huoke.know.relations.rings import Verdict
from huoke.know.temperature import StageName

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
    opt={"permission": "lead.read"},
    tags=TAGS,
    summary="Colleagues of known good customers, with the reason",
)
async def list_leads(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    segment: UUID | None = None,
    tag: str = "",
    value: str = "yes",
    q: str = "",
    unit_id: int | None = None,
    sort: LeadSort = LeadSort.GOOD,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Lead]:
    """Good is who is in a segment, or has a value of a tag. At most 2,000 leads, counted within the caller's units.

    A relationship manager is told of own customers around own customers, who are good while their temperature is hot
    or warm.
    """
    size = page_limit(limit)
    good = await _good(tx, principal, Analytics(clickhouse, sets), segment, tag, value)
    wanted = Wanted(employer=q, unit_id=None if unit_id is None else UnitId(unit_id), sort=sort)
    found = await leads(tx, good, scope=principal.units, wanted=wanted)
    after = decode_cursor(cursor, tuple[int])
    start = after[0] if after else 0
    more = len(found) > start + size
    return Page(
        items=found[start : start + size], next_cursor=encode_cursor(start + size) if more else None, total=len(found)
    )


async def _good(
    tx: Tx, principal: Principal, analytics: Analytics, segment: UUID | None, tag: str, value: str
) -> CustomerSet:
    """The customers that are known to be good; nobody where neither a segment nor a tag is named."""
    if principal.actor.own_customers:
        return await temperature.members(tx, analytics.clickhouse, [StageName.HOT, StageName.WARM])
    if segment is not None:
        known = await segments.see(tx, segment, await segments.viewer_of(tx, principal))
        scope = segments.Scope(units=principal.units, basis=known.basis)
        return await segments.members_of(tx, analytics, parse(known.expression), scope)
    if tag:
        return await tags.members(tx, analytics.clickhouse, tag, value)
    return CustomerSet.of(tx.tenant, [])


@get(
    "/v1/cascades",
    operation_id="list_cascades",
    opt={"permission": "relation.read"},
    tags=TAGS,
    summary="Whose invitations brought most",
)
async def list_cascades(
    tx: Tx, principal: Principal, cursor: str | None = None, limit: int | None = None
) -> Page[Inviter]:
    """As read last night: the 1,000 largest; outside the caller's units without a name."""
    after = decode_cursor(cursor, tuple[int, int])
    found, place = await cascade.inviters(tx, after=after, limit=page_limit(limit), scope=principal.units)
    next_cursor = encode_cursor(*place) if place else None
    return Page(items=found, next_cursor=next_cursor, total=await cascade.count(tx))


@get(
    "/v1/customers/{seq:int}/cascade",
    operation_id="get_customer_cascade",
    opt={"permission": "relation.read"},
    tags=TAGS,
    summary="Who came because a customer invited them, generation by generation",
)
async def get_customer_cascade(tx: Tx, principal: Principal, seq: int) -> Tree:
    """As it stands now; up to 2,000 people, outside the caller's units without a name."""
    return await cascade.tree(tx, Seq(seq), scope=principal.units)


@get(
    "/v1/relation-readings/latest",
    operation_id="get_relation_reading",
    opt={"permission": "relation.read"},
    tags=TAGS,
    summary="What the graph of relations came to when it was last read",
)
async def get_relation_reading(tx: Tx, principal: Principal) -> Reading | None:
    """Edges by kind and how far invitations went; shared devices only for those who look for fraud (rule P11).

    Null where the graph was never read.
    """
    read = await cascade.reading(tx)
    if read is None or principal.may("ring.read"):
        return read
    allowed = open_kinds(LookPurpose.MARKETING)
    edges = {kind: count for kind, count in read.edges.items() if kind in allowed}
    return msgspec.structs.replace(read, edges=edges, groups={})


@get("/v1/rings", operation_id="list_rings", opt={"permission": "ring.read"}, tags=TAGS, summary="Rings of abuse")
async def list_rings(
    tx: Tx, status: RingState | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Ring]:
    """The surest first, each with what speaks for it and its first members."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[float, UUID])
    found = await evidence.find(tx, state=status, after=after, limit=size + 1)
    counts = await evidence.counts(tx)
    return page_of(found, size, lambda ring: (ring.score, ring.id), counts=counts, status=status)


@get(
    "/v1/rings/{ring_id:uuid}",
    operation_id="get_ring",
    opt={"permission": "ring.read"},
    tags=TAGS,
    summary="A ring with its evidence and everything that was said of it",
)
async def get_ring(tx: Tx, ring_id: UUID) -> RingPage:
    """Members, the devices they share, who invited them, verdicts."""
    return await evidence.page(tx, ring_id)


@get(
    "/v1/ring-members",
    operation_id="list_ring_members",
    opt={"permission": "ring.read"},
    tags=TAGS,
    summary="Members of rings, one row each: what risk takes away as a file",
)
async def list_ring_members(
    tx: Tx, status: RingState | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Ringed]:
    """Ring by ring, the surest first; `limit` counts rings."""
    after = decode_cursor(cursor, tuple[float, UUID])
    found, place = await evidence.ringed_rows(tx, state=status, after=after, limit=page_limit(limit))
    counts = await evidence.member_counts(tx)
    return Page(
        items=found,
        next_cursor=encode_cursor(*place) if place else None,
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


routes = [
    get_customer_relations,
    list_leads,
    list_cascades,
    get_customer_cascade,
    get_relation_reading,
    list_rings,
    get_ring,
    list_ring_members,
    judge_rings,
    refresh_rings,
]
