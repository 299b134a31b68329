"""The route of prices."""

from datetime import date, timedelta
from uuid import UUID

from litestar import get

from huoke.govern.people import units
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Principal, decode_cursor, encode_cursor, page_limit
from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.measure import prices
from huoke.measure.prices.model import Asked, By, Kind, PriceLine, Status

DAYS = 90


@get(
    "/v1/price-spreads",
    operation_id="list_price_spreads",
    tags=["audit"],
    summary="What customers paid for the same thing, by group, and which registered reason explains it (rule P5)",
    opt={"permission": "price.read"},
)
async def list_price_spreads(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    by: By = By.TIER,
    segment_id: UUID | None = None,
    kind: Kind | None = None,
    status: Status | None = None,
    q: str = "",
    since_on: date | None = None,
    until_on: date | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[PriceLine]:
    """Of the whole bank, the last ninety days unless asked; `counts` are things, each in as many units as it costs."""
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    last = until_on or tx.now.astimezone(CHINA).date()
    asked = Asked(since_on=since_on or last - timedelta(days=DAYS - 1), until_on=last, by=by, kind=kind, q=q)
    segment = None
    if by is By.SEGMENT:
        if segment_id is None:
            raise Invalid("Say by which segment.", pointer="/segment_id")
        segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    found = await prices.spreads(tx, language.Analytics(clickhouse, sets), asked, segment)
    counts = {one.value: sum(line.status is one and not line.group for line in found) for one in Status}
    shown = [line for line in found if status is None or line.status is status]
    start = decode_cursor(cursor, tuple[int])[0] if cursor else 0
    end = start + size
    return Page(
        items=shown[start:end],
        next_cursor=encode_cursor(end) if end < len(shown) else None,
        total=len(shown),
        counts=counts,
    )


routes = [list_price_spreads]
