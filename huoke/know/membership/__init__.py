"""Followed segments: their members worked out every night, who entered and left by day, and who was in when.

await membership.follow(tx, segment_id)                                  the first reckoning follows at once
await membership.reckon_now(tx, analytics, segment_id)
before = await membership.members_on(tx, segment_id, day)                as of the end of a day
growth = await membership.growth(tx, segment_id, days=90)
"""

from huoke.know.membership.follow import ask, follow, followed, register_needs, unfollow
from huoke.know.membership.model import (
    Following,
    Growth,
    GrowthDay,
    Needed,
    NewFollowing,
    NotFollowed,
    SegmentEntered,
    SegmentLeft,
    Since,
)
from huoke.know.membership.personal import PersonalMembership
from huoke.know.membership.read import following, growth, members, members_on, since
from huoke.know.membership.reckon import reckon, reckon_now

__all__ = [
    "Following",
    "Growth",
    "GrowthDay",
    "Needed",
    "NewFollowing",
    "NotFollowed",
    "PersonalMembership",
    "SegmentEntered",
    "SegmentLeft",
    "Since",
    "ask",
    "follow",
    "followed",
    "following",
    "growth",
    "members",
    "members_on",
    "reckon",
    "reckon_now",
    "register_needs",
    "since",
    "unfollow",
]
