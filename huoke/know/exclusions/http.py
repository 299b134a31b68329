"""Lists that are always left out, over HTTP."""

from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, each_once
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know import exclusions, segments
from huoke.know.exclusions.model import Exclusion, Lifting, LiftingAsked, NewExclusion, State
from huoke.know.language import Analytics

TAGS = ["exclusions"]
READ = {"permission": "segment.read"}
WRITE = {"permission": "exclusion.write"}


@get("/v1/exclusions", operation_id="list_exclusions", opt=READ, tags=TAGS, summary="Lists that are always left out")
async def list_exclusions(tx: Tx, principal: Principal) -> Page[Exclusion]:
    """Those that count first; how many they leave out is told to staff of the whole bank."""
    found = await exclusions.find(tx)
    names = await staff.names(tx, {one.owner for one in found})
    return Page(items=[_shown(one, principal, names) for one in found])


@post(
    "/v1/exclusions",
    operation_id="create_exclusions",
    opt=WRITE,
    tags=TAGS,
    summary="Leave the customers of a list or a segment out of everything",
)
async def create_exclusions(
    tx: Tx,
    database: Database,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    data: list[NewExclusion],
) -> list[Result]:
    """They are in no audience from this moment on; lifting one takes two people."""
    analytics = Analytics(clickhouse, sets)
    viewer = await segments.viewer_of(tx, principal)
    if any(new.segment_id for new in data):
        await segments.wait_for_data(database, analytics, principal.tenant)

    async def write(part: Tx, new: NewExclusion) -> UUID:
        if new.segment_id is not None:
            await segments.see(part, new.segment_id, viewer)
        return await exclusions.add(part, analytics, new)

    return await each_once(tx, "exclusions.add", data, write)


@post(
    "/v1/exclusions/{exclusion_id:uuid}/lifting",
    operation_id="lift_exclusion",
    opt=WRITE,
    tags=TAGS,
    summary="Ask that a list is left out no longer; another person decides",
)
async def lift_exclusion(tx: Tx, exclusion_id: UUID, data: Lifting) -> LiftingAsked:
    """It counts until then."""
    return LiftingAsked(change_id=await exclusions.ask_to_lift(tx, exclusion_id, data.reason))


def _shown(one: Exclusion, principal: Principal, names: dict[str, str]) -> Exclusion:
    liftable = principal.may("exclusion.write") and one.state is State.IN_FORCE
    return msgspec.structs.replace(
        one,
        owner=names.get(one.owner, one.owner),
        members=one.members if principal.units is None else None,
        can=["lift"] if liftable else [],
    )


routes = [list_exclusions, create_exclusions, lift_exclusion]
