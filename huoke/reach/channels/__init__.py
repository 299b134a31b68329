"""Channels: messages to customers, checked again at hand-over, sent once, accounted for by receipts.

await channels.add_plan(tx, Plan(source_kind="campaign", source_id=…, texts={"zh": "{name}您好，{link}"}, …))
await channels.queue(tx, source_id, members)          the worker hands over what is due
"""

from huoke.reach.channels.at_once import Instant, hand_over_at_once
from huoke.reach.channels.gateway import cost_fen, get_gateway, has_gateway, set_gateway
from huoke.reach.channels.hand_over import hand_over
from huoke.reach.channels.leaving import (
    LinkUnfit,
    Subscription,
    UndoTooLate,
    subscribe_again,
    subscription,
    unsubscribe,
    unsubscribe_paths,
)
from huoke.reach.channels.model import (
    Gateway,
    GatewayMissing,
    GatewayUnfit,
    Message,
    MessageState,
    NewGateway,
    Plan,
    PlanTaken,
    TextUnfit,
    Totals,
    Withheld,
)
from huoke.reach.channels.plan import add_plan, check_texts, end, get_plan, hold, queue, register_withdrawn, resume
from huoke.reach.channels.reach_cost import ReachCost, reach_cost
from huoke.reach.channels.read import find, totals
from huoke.reach.channels.text import Language, compose, segments
from huoke.reach.channels.trial import (
    NewTrialPhone,
    Trial,
    TrialPhone,
    TrialPhoneUnfit,
    TrialPhoneUnknown,
    TrialsSpent,
    add_trial_phones,
    drop_trial_phone,
    trial_phones,
    try_out,
)
from huoke.reach.channels.write import Letter, Written, letter

__all__ = [
    "Gateway",
    "GatewayMissing",
    "GatewayUnfit",
    "Instant",
    "Language",
    "Letter",
    "LinkUnfit",
    "Message",
    "MessageState",
    "NewGateway",
    "NewTrialPhone",
    "Plan",
    "PlanTaken",
    "ReachCost",
    "Subscription",
    "TextUnfit",
    "Totals",
    "Trial",
    "TrialPhone",
    "TrialPhoneUnfit",
    "TrialPhoneUnknown",
    "TrialsSpent",
    "UndoTooLate",
    "Withheld",
    "Written",
    "add_plan",
    "add_trial_phones",
    "check_texts",
    "compose",
    "cost_fen",
    "drop_trial_phone",
    "end",
    "find",
    "get_gateway",
    "get_plan",
    "hand_over",
    "hand_over_at_once",
    "has_gateway",
    "hold",
    "letter",
    "queue",
    "reach_cost",
    "register_withdrawn",
    "resume",
    "segments",
    "set_gateway",
    "subscribe_again",
    "subscription",
    "totals",
    "trial_phones",
    "try_out",
    "unsubscribe",
    "unsubscribe_paths",
]
