"""Which tags set a segment apart from all others in scope."""

from collections.abc import Collection

import msgspec

from huoke.kernel.sets import CustomerSet, Want
from huoke.kernel.tx import Tx
from huoke.know import language, tags
from huoke.know.language import Analytics, Expression, Serves, evaluate_plan
from huoke.know.segments.count import Scope, ask
from huoke.know.segments.portrait import PORTRAIT_MIN


async def profile(
    tx: Tx, analytics: Analytics, expression: Expression, scope: Scope, *, from_sample: bool = False
) -> tags.TagProfile:
    """A rule's customers beside the rest of all in scope with a basis; refusals as `count`.

    Below `PORTRAIT_MIN` customers nothing is told: it would show one of them. Tags taken from deposit facts are left
    out unless the rule may select on them (rule B1), and so are tags that look at nothing but attributes the rule asks
    for: they repeat it.
    """
    question = await ask(tx, analytics, expression, scope)
    members = await language.members(tx, analytics, question)
    found = (await evaluate_plan(tx, analytics, question, question.universe, Want(members=True))).members
    assert found is not None, "members were wanted"
    universe = CustomerSet(tx.tenant, found.bitmap, question.data_at)
    if len(members) < PORTRAIT_MIN:
        return tags.TagProfile(total=len(members), universe=len(universe), tags=[], tested=0, sampled=False, error=0.0)
    deposits = scope.serves is Serves.SELECTION and bool(scope.basis and scope.basis.strip())
    told = await tags.profile(
        tx, analytics.clickhouse, members, universe, purpose=scope.purpose, deposits=deposits, from_sample=from_sample
    )
    asked = frozenset(use.name for use in question.compiled.uses if not use.tag and not use.event)
    echoes = await _echoes(tx, {row.tag for row in told.tags}, asked)
    return msgspec.structs.replace(told, tags=[row for row in told.tags if row.tag not in echoes])


async def _echoes(tx: Tx, names: Collection[str], asked: frozenset[str]) -> set[str]:
    """Those of some tags that come from attributes asked for, and from nothing else."""
    if not asked:
        return set()
    counting = await tags.counting(tx, names)
    return {
        name
        for name, one in counting.items()
        if one.definition.statistic is None and one.attributes and {use.name for use in one.attributes} <= asked
    }
