"""The timeline over HTTP."""

from datetime import date, datetime
from typing import Annotated

from litestar import get
from litestar.params import Parameter

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, decode_cursor, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.measure import timeline
from huoke.measure.timeline.model import Asked, Group, Kind, Line
from huoke.measure.timeline.standing import Standing

TAGS = ["customers"]
READ = {"permission": "customer.read"}


@get(
    "/v1/customers/{seq:int}/timeline",
    operation_id="get_customer_timeline",
    opt=READ,
    tags=TAGS,
    summary="What a customer did and what happened to them, latest first",
)
async def get_timeline(
    tx: Tx,
    clickhouse: ClickHouse,
    principal: Principal,
    seq: int,
    name: list[str] | None = None,
    kind: list[Kind] | None = None,
    channel: list[str] | None = None,
    group: Group | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    folded: Annotated[bool, Parameter(description="A day's visits and the like as one line")] = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Line]:
    """Narrowed by names, kinds, channels, group and time; properties of class C2 read ****."""
    size = page_limit(limit)
    asked = Asked(
        names=tuple(name or ()),
        kinds=tuple(kind or ()),
        channels=tuple(channel or ()),
        group=group,
        since=since,
        until=until,
        folded=folded,
        before=decode_cursor(cursor, tuple[datetime, str]),
        limit=size + 1,
    )
    found = await timeline.lines(tx, clickhouse, principal, seq, asked)
    more = encode_cursor(*found[size - 1].place) if len(found) > size else None
    return Page(items=found[:size], next_cursor=more)


@get(
    "/v1/customers/{seq:int}/standing",
    operation_id="get_customer_standing",
    opt=READ,
    tags=TAGS,
    summary="How a customer stood at the end of a day: record, consents, tags, products",
)
async def get_standing(tx: Tx, clickhouse: ClickHouse, principal: Principal, seq: int, day: date) -> Standing:
    """Values of class C2 read ****."""
    return await timeline.standing(tx, clickhouse, principal, seq, day)


routes = [get_timeline, get_standing]
