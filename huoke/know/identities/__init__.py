"""Identities: what a customer is known by and how strongly, who resembles whom, and joining two who are one.

found = await identities.resolve(tx, "13812345678")          one customer, or several for a person to decide
merge_id = await identities.request_join(tx, NewMerge(…))    another person decides; a dated alias leads on
"""

from huoke.know.identities.jobs import join_all
from huoke.know.identities.match import matches
from huoke.know.identities.merge import MergeApproval, merges, request_join, request_part
from huoke.know.identities.model import (
    Found,
    Identities,
    Identity,
    IdentityKind,
    Match,
    Merge,
    MergeOpen,
    MergeState,
    MergeUnknown,
    MergeVerb,
    NewApart,
    NewMerge,
    NewParting,
    Shares,
    Strength,
)
from huoke.know.identities.read import identities_of, resolve, tell_apart
from huoke.know.identities.rule_model import (
    USUAL,
    Certainty,
    MatchRule,
    NewRules,
    RulesChanged,
    RuleSet,
    RulesOpen,
    RulesUnfit,
    RulesUnknown,
)
from huoke.know.identities.rules import RulesApproval, in_force, preview, request_rules, rule_requests

__all__ = [
    "USUAL",
    "Certainty",
    "Found",
    "Identities",
    "Identity",
    "IdentityKind",
    "Match",
    "MatchRule",
    "Merge",
    "MergeApproval",
    "MergeOpen",
    "MergeState",
    "MergeUnknown",
    "MergeVerb",
    "NewApart",
    "NewMerge",
    "NewParting",
    "NewRules",
    "RuleSet",
    "RulesApproval",
    "RulesChanged",
    "RulesOpen",
    "RulesUnfit",
    "RulesUnknown",
    "Shares",
    "Strength",
    "identities_of",
    "in_force",
    "join_all",
    "matches",
    "merges",
    "preview",
    "request_join",
    "request_part",
    "request_rules",
    "resolve",
    "rule_requests",
    "tell_apart",
]
