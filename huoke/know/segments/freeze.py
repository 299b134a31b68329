"""Freezing: the set a segment gives now becomes an audience that never changes."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import TenantId, UnitId, new_id
from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import customers, tags
from huoke.know.language import Analytics, DataBehind, content_hash, data_version, parse
from huoke.know.segments import store
from huoke.know.segments.count import Scope, members_of
from huoke.know.segments.model import Audience, AudienceFrozen, AudienceUnknown, LeftOut
from huoke.know.segments.save import get
from huoke.know.segments.vocabulary import rules, tags_in

WAIT_SECONDS = 30.0
STEP_SECONDS = 0.05


LeaveOut = Callable[[Tx, CustomerSet], Awaitable[tuple[CustomerSet, list[LeftOut]]]]
_ports: dict[str, LeaveOut] = {}


def register_exclusions(leave_out: LeaveOut) -> None:
    """`app` says who knows whom the bank always leaves out."""
    _ports["exclusions"] = leave_out


async def without_excluded(tx: Tx, members: CustomerSet) -> tuple[CustomerSet, list[LeftOut]]:
    """A set without whom the bank always leaves out, and how many by which list.

    Where nobody registered who knows them nothing is frozen: an audience that lets them in could not be told from one
    that has none to leave out.
    """
    leave_out = _ports.get("exclusions")
    assert leave_out is not None, "register_exclusions comes before the first audience"
    return await leave_out(tx, members)


async def wait_for_data(
    database: Database, analytics: Analytics, tenant: TenantId, *, timeout_seconds: float = WAIT_SECONDS
) -> None:
    """Wait until every customer change committed by now is in ClickHouse; `DataBehind` when that takes too long."""
    async with database.begin(tenant) as tx:
        latest_xid, _ = await customers.latest_change(tx)
    try:
        async with asyncio.timeout(timeout_seconds):
            while (await data_version(analytics.clickhouse, tenant)).xid < latest_xid:  # noqa: ASYNC110 - another process ships
                await asyncio.sleep(STEP_SECONDS)
    except TimeoutError:
        raise DataBehind("The latest customers are still on their way to the analytic store; try again.") from None


async def freeze(
    database: Database,
    analytics: Analytics,
    tenant: TenantId,
    actor: Actor,
    segment_id: UUID,
    *,
    units: frozenset[UnitId] | None = None,
) -> UUID:
    """Freeze a segment's latest version within the caller's units; returns the audience's id.

    Raises `SegmentUnknown`, `DataBehind`, and the refusals of compiling.
    """
    await wait_for_data(database, analytics, tenant)
    async with database.begin(tenant, actor) as tx:
        return await freeze_now(tx, analytics, segment_id, units=units)


async def freeze_now(tx: Tx, analytics: Analytics, segment_id: UUID, *, units: frozenset[UnitId] | None = None) -> UUID:
    """`freeze` within a transaction, from what ClickHouse holds at this moment."""
    segment = await get(tx, segment_id, units=units)
    expression = parse(segment.expression)
    scope = Scope(units=units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    whole = await members_of(tx, analytics, expression, scope)
    members, left_out = await without_excluded(tx, whole)
    audience_id = new_id()
    fields = {
        "segment_id": segment_id,
        "segment_version": segment.version,
        "name": segment.name,
        "purpose": segment.purpose,
        "units": None if units is None else sorted(units),
        "hash": content_hash(expression),
        "left_out": msgspec.to_builtins(left_out),
    }
    await store.insert_audience(tx, audience_id, fields, members)
    if units is None:  # a branch counts its own customers alone
        await store.note_size(tx, segment_id, len(whole), whole.as_of)
    await audit.record(
        tx,
        audit.AuditEntry(
            action="segments.freeze",
            subject_kind="audience",
            subject_id=str(audience_id),
            after={"segment_id": str(segment_id), "version": segment.version, "size": len(members)},
        ),
    )
    tx.emit(
        AudienceFrozen(audience_id=audience_id, segment_id=segment_id, size=len(members)),
        members=members.bitmap.serialize(),
    )
    return audience_id


async def audience(tx: Tx, audience_id: UUID) -> Audience:
    """An audience without its members; `AudienceUnknown`."""
    row = await store.get_audience(tx, audience_id)
    if row is None:
        raise AudienceUnknown("There is no such audience.")
    return msgspec.convert(dict(row), Audience)


async def audiences(
    tx: Tx, *, segment_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Audience]:
    """Audiences, latest first."""
    return [msgspec.convert(dict(row), Audience) for row in await store.find_audiences(tx, segment_id, after, limit)]


async def audience_members(tx: Tx, audience_id: UUID) -> CustomerSet:
    """The members of an audience, as of its data's time, joined customers as who they are now; `AudienceUnknown`."""
    found = await audience(tx, audience_id)
    rows = await store.audience_chunks(tx, audience_id)
    return await customers.current(tx, from_rows(tx.tenant, rows, as_of=found.data_at))


async def hid_since(tx: Tx, audience_id: UUID) -> CustomerSet:
    """Who deleted, since an audience was frozen, a tag that its rule looks at (rule P4): no hand-over is for them.

    Whether they would be in it without the tag cannot be told any more, so that they are left out. `AudienceUnknown`.
    """
    found = await audience(tx, audience_id)
    tree = await store.expression_at(tx, found.segment_id, found.segment_version)
    expression = parse(tree)
    named = tags_in(expression).union(*(tags_in(one.expression) for one in (await rules(tx, expression)).values()))
    if not named:
        return CustomerSet.empty(tx.tenant, tx.now)
    return await customers.current(tx, await tags.hidden_since(tx, named, found.created_at))
