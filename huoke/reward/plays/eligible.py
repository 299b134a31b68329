"""For whom a play is: active customers whom nobody suppressed, who fulfil its condition."""

from collections.abc import Sequence

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know import consent, language, segments
from huoke.reward.plays.model import Play

_events: dict[str, ClickHouse] = {}


def read_events_from(clickhouse: ClickHouse) -> None:
    """Say where conditions on events are read; for `app/`."""
    _events["clickhouse"] = clickhouse


async def eligible(tx: Tx, play: Play, seqs: Sequence[int]) -> set[int]:
    """Those of a few active customers who may play now: no staff, nobody suppressed (rule S2), the condition fulfilled.

    Raises `segments.DataBehind` where the condition looks at events and they cannot be read.
    """
    suppressed = await consent.suppressed(tx)
    asked = [seq for seq in seqs if seq not in suppressed]
    if play.draft.segment_id is None or not asked:
        return set(asked)
    condition = await segments.get(tx, play.draft.segment_id)
    scope = segments.Scope(purpose=condition.purpose, serves=condition.serves, basis=condition.basis)
    verdicts = await segments.fulfil(tx, _events.get("clickhouse"), language.parse(condition.expression), scope, asked)
    return {seq for seq, fulfils in zip(asked, verdicts, strict=True) if fulfils}
