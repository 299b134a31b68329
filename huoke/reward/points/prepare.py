"""Making rules ready: conditions bound to the bank's events, and the customers they are for found."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from huoke.kernel.tx import Tx
from huoke.know import events, segments
from huoke.know.events import EventSchema
from huoke.know.language import Analytics, Behaviour, Comparison, DataBehind, Op, Serves, bind_behaviours, parse
from huoke.know.segments import Scope
from huoke.reward.points.earning import EarnRule
from huoke.reward.points.engine import Ints, Ready


async def prepare(tx: Tx, analytics: Analytics | None, rules: Sequence[tuple[UUID, EarnRule]]) -> list[Ready]:
    """Rules ready to be applied, in order; `DataBehind` where one looks at customers and nobody can be asked for them.

    Without a basis for marketing customers earn all the same: what somebody did is not advertised to them.
    """
    schemas = {one.name: one for one in await events.schemas(tx)}
    return [
        Ready(
            rule_id,
            rule,
            _where(rule, schemas),
            await _who(tx, analytics, rule.who),
            tuple([await _who(tx, analytics, one.who) for one in rule.multipliers]),
        )
        for rule_id, rule in rules
    ]


def _where(rule: EarnRule, schemas: Mapping[str, EventSchema]) -> tuple[Comparison, ...]:
    [bound] = bind_behaviours(
        Behaviour(name=rule.event, op=Op.AT_LEAST, value=1, where=rule.where), schemas, pointer="/rule"
    ).values()
    return bound.where


async def _who(tx: Tx, analytics: Analytics | None, tree: Any) -> Ints | None:
    if tree is None:
        return None
    if analytics is None:
        raise DataBehind("This rule is for some customers only, who cannot be looked up here.")
    scope = Scope(anybody=True, serves=Serves.CONDITION)
    members = await segments.members_of(tx, analytics, parse(tree, pointer="/rule/who"), scope)
    return members.array().astype(np.int64)
