"""Profiles: what customers say of themselves on the phone, field by field, under a consent they give with it.

own = await profiles.own(tx, seq)                                   the fields the bank asks, and what stands in them
done = await profiles.complete(tx, seq, Said({"job": "教师"}, agrees=True))   `profile.completed` once nothing lacks
await profiles.open_fields(tx)                                      from now on the bank asks
"""

from huoke.know.profiles.complete import complete, open_fields, own
from huoke.know.profiles.model import COMPLETED, FIELDS, ConsentMissing, Field, Own, OwnField, Said, ValueUnfit

__all__ = [
    "COMPLETED",
    "FIELDS",
    "ConsentMissing",
    "Field",
    "Own",
    "OwnField",
    "Said",
    "ValueUnfit",
    "complete",
    "open_fields",
    "own",
]
