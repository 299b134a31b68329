"""Routes of variants: who falls in which, before a bundle is published."""

from uuid import UUID

import msgspec
from litestar import post

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Principal
from huoke.kernel.sets import CustomerSet, SetServer
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, language, segments
from huoke.reward import variants
from huoke.reward.catalogue import Split, check_split, check_whom
from huoke.reward.variants import VariantCounts


class VariantQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Variants as they would be saved, asked of a segment or of everybody who may be chosen."""

    split: Split
    segment_id: UUID | None = None


@post(
    "/v1/bundles/variant-counts",
    operation_id="count_bundle_variants",
    tags=["catalogue"],
    summary="How many customers fall in each variant of a bundle now",
    status_code=200,
    opt={"permission": "benefit.read"},
)
async def count_variants(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: VariantQuestion
) -> VariantCounts:
    """Counted live, by sets: the first variant that fits a customer counts."""
    check_split(data.split)
    await check_whom(tx, data.split)
    analytics = language.Analytics(clickhouse, sets)
    universe = await _universe(tx, principal, analytics, data.segment_id)
    return variants.count(data.split, await variants.live(tx, analytics, data.split, universe), universe)


async def _universe(
    tx: Tx, principal: Principal, analytics: language.Analytics, segment_id: UUID | None
) -> CustomerSet:
    if segment_id is None:
        expression, scope = language.parse({"kind": "all", "of": []}), segments.Scope(units=principal.units)
    else:
        segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
        expression = language.parse(segment.expression)
        scope = segments.Scope(
            units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis
        )
    found = await segments.members_of(tx, analytics, expression, scope)
    return (await customers.persons(tx, found & await consent.selectable(tx, consent.MARKETING)))[0]


routes = [count_variants]
