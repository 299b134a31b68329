"""Points: their types, the rules by which customers earn them, corrections by two people, days that close to zero.

kinds = await points.types(tx)                        the types a bank has
earned = await points.earn(tx, ready, events)         a batch of events through all rules, each once
rolled = await points.close_day(tx, day)              opening + moved = closing, difference 0
"""

from huoke.reward.points.adjust import (
    AdjustmentApproval,
    AskedAdjustment,
    AskedFreeze,
    FreezeApproval,
    request_adjustment,
    request_freeze,
)
from huoke.reward.points.close import close_day, closings, roll
from huoke.reward.points.earn import Earned, activate_due, earn
from huoke.reward.points.earning import (
    Caps,
    EarnRule,
    Link,
    Multiplier,
    RuleForbidden,
    RuleStanding,
    RuleState,
    RuleUnfit,
    Target,
    check_products,
)
from huoke.reward.points.engine import Ready
from huoke.reward.points.gift import (
    AskedGift,
    GiftClosed,
    GiftLimit,
    GiftShort,
    GiftUnfit,
    GiftUnknown,
    GiftUsed,
    LookLimit,
    Receiver,
    ReceiverUnknown,
    back_until,
    check,
    gifts_of,
    give,
    take_back,
)
from huoke.reward.points.kinds import AskedType, TypeApproval, get_types, request_type, types
from huoke.reward.points.model import Expiry, ExpiryKind, PointType, TypeState, cost_of, expires_at
from huoke.reward.points.past import Simulated, simulate
from huoke.reward.points.personal import PersonalPoints
from huoke.reward.points.prepare import prepare
from huoke.reward.points.read import EarningLine, Held, PointsAccount, account_of, earnings_of
from huoke.reward.points.recount import recount
from huoke.reward.points.rulebook import AskedRule, RuleApproval, change_of, request_rule, rules
from huoke.reward.points.sql_past import happened
from huoke.reward.points.store_gift import GiftLine

__all__ = [
    "AdjustmentApproval",
    "AskedAdjustment",
    "AskedFreeze",
    "AskedGift",
    "AskedRule",
    "AskedType",
    "Caps",
    "EarnRule",
    "Earned",
    "EarningLine",
    "Expiry",
    "ExpiryKind",
    "FreezeApproval",
    "GiftClosed",
    "GiftLimit",
    "GiftLine",
    "GiftShort",
    "GiftUnfit",
    "GiftUnknown",
    "GiftUsed",
    "Held",
    "Link",
    "LookLimit",
    "Multiplier",
    "PersonalPoints",
    "PointType",
    "PointsAccount",
    "Ready",
    "Receiver",
    "ReceiverUnknown",
    "RuleApproval",
    "RuleForbidden",
    "RuleStanding",
    "RuleState",
    "RuleUnfit",
    "Simulated",
    "Target",
    "TypeApproval",
    "TypeState",
    "account_of",
    "activate_due",
    "back_until",
    "change_of",
    "check",
    "check_products",
    "close_day",
    "closings",
    "cost_of",
    "earn",
    "earnings_of",
    "expires_at",
    "get_types",
    "gifts_of",
    "give",
    "happened",
    "prepare",
    "recount",
    "request_adjustment",
    "request_freeze",
    "request_rule",
    "request_type",
    "roll",
    "rules",
    "simulate",
    "take_back",
    "types",
]
