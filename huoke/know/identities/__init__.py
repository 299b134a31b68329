"""Identities: what a customer is known by and how strongly, who resembles whom, and joining two who are one.

found = await identities.resolve(tx, "13812345678")          one customer, or several for a person to decide
merge_id = await identities.request_join(tx, NewMerge(…))    another person decides; a dated alias leads on
"""

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
    Strength,
)
from huoke.know.identities.read import identities_of, matches, resolve, tell_apart

__all__ = [
    "Found",
    "Identities",
    "Identity",
    "IdentityKind",
    "Match",
    "Merge",
    "MergeApproval",
    "MergeOpen",
    "MergeState",
    "MergeUnknown",
    "MergeVerb",
    "NewApart",
    "NewMerge",
    "NewParting",
    "Strength",
    "identities_of",
    "matches",
    "merges",
    "request_join",
    "request_part",
    "resolve",
    "tell_apart",
]
