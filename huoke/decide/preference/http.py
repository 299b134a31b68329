"""The route of preference: benefits for a segment, with the reason."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import Parameter

from huoke.decide import preference
from huoke.decide.preference import Suggestions
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know import language, segments


class BenefitSuggestions(msgspec.Struct, frozen=True, kw_only=True):
    """What suits a segment, by name."""

    segment_id: UUID
    segment: str
    found: Suggestions


@get(
    "/v1/segments/{segment_id:uuid}/benefit-suggestions",
    operation_id="suggest_benefits",
    tags=["library"],
    summary="Benefits of the library that suit a segment, with the reason",
    opt={"permission": "benefit.read"},
)
async def suggest_benefits(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    segment_id: UUID,
    region: Annotated[str | None, Parameter(pattern=r"^\d{6}$")] = None,
) -> BenefitSuggestions:
    """By payments of ninety days per category; whoever the caller may not see counts nowhere."""
    segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    analytics = language.Analytics(clickhouse, sets)
    scope = segments.Scope(units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    members = await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
    everybody = segments.Scope(units=principal.units, purpose=segment.purpose)
    universe = await segments.members_of(tx, analytics, language.parse({"kind": "all", "of": []}), everybody)
    found = await preference.suggest(tx, analytics, members, universe | members, region=region)
    return BenefitSuggestions(segment_id=segment_id, segment=segment.name, found=found)


routes = [suggest_benefits]
