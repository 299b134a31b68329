"""Builders for points: types and earn rules as two people would have decided them, and events that arrived."""

from datetime import datetime
from typing import Any
from uuid import UUID

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know.events import Taken
from huoke.reward.points import EarnRule, Expiry, ExpiryKind, PointType, RuleState, store, store_earn


async def kind(tx: Tx, code: str = "GOLD", **more: Any) -> PointType:
    """A type of points that costs a yuan for a thousand."""
    given = {"name": "金豆", "name_en": "Gold beans", "unit_cost_fen": 100, "expiry": Expiry(kind=ExpiryKind.NONE)}
    made = PointType(code=code, **given | more)
    await store.put_type(tx, made)
    return made


def earn_rule(**more: Any) -> EarnRule:
    """A point for every yuan paid."""
    given = {"name": "消费", "name_en": "Payment", "event": "payment.made", "type": "GOLD", "points": 1, "per_fen": 100}
    return EarnRule(**given | more)


async def rule(tx: Tx, **more: Any) -> UUID:
    """A live rule."""
    rule_id = new_id()
    await store_earn.put_rule(tx, rule_id, earn_rule(**more), RuleState.LIVE)
    return rule_id


def event(seq: int, at: datetime, name: str = "payment.made", *, amount_fen: int = 0, **properties: str) -> Taken:
    """An event that arrived."""
    return Taken(new_id(), seq, name, at, amount_fen, "", properties, (0, 0))
