"""For whom a play is: active customers whom nobody suppressed, who fulfil its condition."""

from collections.abc import Sequence

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, language, segments
from huoke.know.language import Analytics
from huoke.reward.plays.model import Play

_read: dict[str, Analytics] = {}
EVERYBODY = {"kind": "all", "of": []}


def read_from(told: Analytics) -> None:
    """Say where conditions on events are read and sets are counted; for `app/`."""
    _read["analytics"] = told


def analytics() -> Analytics:
    """Where sets are counted."""
    return _read["analytics"]


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
    clickhouse = _read["analytics"].clickhouse if _read else None
    verdicts = await segments.fulfil(tx, clickhouse, language.parse(condition.expression), scope, asked)
    return {seq for seq, fulfils in zip(asked, verdicts, strict=True) if fulfils}


async def all_eligible(tx: Tx, condition: segments.Segment | None) -> CustomerSet:
    """Everybody who may play now: `eligible` of all customers at once, with a play's condition; what asking refuses."""
    rule, scope = language.parse(EVERYBODY), segments.Scope(anybody=True)
    if condition is not None:
        rule = language.parse(condition.expression)
        scope = segments.Scope(purpose=condition.purpose, anybody=True, serves=condition.serves, basis=condition.basis)
    return await segments.members_of(tx, analytics(), rule, scope) - await consent.suppressed(tx)
