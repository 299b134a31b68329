"""Segments: saved expressions over customers, counted live, explained, frozen as audiences.

segment_id = await segments.save(tx, NewSegment(name="近 30 岁", expression={...}))
count = await segments.count(tx, language.Analytics(clickhouse, sets), language.parse(expression), Scope())
audience_id = await segments.freeze(database, analytics, tenant, actor, segment_id)
members = await segments.audience_members(tx, audience_id)
"""

from huoke.know.segments.count import LIVE_LAG, Scope, count, members_of, sample
from huoke.know.segments.explain import explain
from huoke.know.segments.freeze import audience, audience_members, audiences, freeze, freeze_now, wait_for_data
from huoke.know.segments.fulfil import fulfil
from huoke.know.segments.model import (
    Audience,
    AudienceUnknown,
    Count,
    Explanation,
    NewSegment,
    NewUpload,
    NotYours,
    Portrait,
    PortraitTrait,
    PortraitValue,
    ReferenceCircle,
    Segment,
    SegmentChange,
    SegmentUnknown,
    Sharing,
    UploadReport,
    VersionStale,
)
from huoke.know.segments.offer import offer
from huoke.know.segments.portrait import portrait
from huoke.know.segments.profile import profile
from huoke.know.segments.save import (
    Viewer,
    archive,
    change,
    check_references,
    copy,
    find,
    get,
    revert,
    save,
    see,
    share,
    uses,
    versions,
    viewer_of,
)
from huoke.know.segments.upload import find_uploads, get_upload, upload, upload_members
from huoke.know.segments.using import (
    AudienceOverlap,
    SegmentUse,
    counts_of_uses,
    overlaps,
    readers_of,
    register_users,
    users_of_tags,
    uses_of,
)
from huoke.know.segments.vocabulary import vocabulary

__all__ = [
    "LIVE_LAG",
    "Audience",
    "AudienceOverlap",
    "AudienceUnknown",
    "Count",
    "Explanation",
    "NewSegment",
    "NewUpload",
    "NotYours",
    "Portrait",
    "PortraitTrait",
    "PortraitValue",
    "ReferenceCircle",
    "Scope",
    "Segment",
    "SegmentChange",
    "SegmentUnknown",
    "SegmentUse",
    "Sharing",
    "UploadReport",
    "VersionStale",
    "Viewer",
    "archive",
    "audience",
    "audience_members",
    "audiences",
    "change",
    "check_references",
    "copy",
    "count",
    "counts_of_uses",
    "explain",
    "find",
    "find_uploads",
    "freeze",
    "freeze_now",
    "fulfil",
    "get",
    "get_upload",
    "members_of",
    "offer",
    "overlaps",
    "portrait",
    "profile",
    "readers_of",
    "register_users",
    "revert",
    "sample",
    "save",
    "see",
    "share",
    "upload",
    "upload_members",
    "users_of_tags",
    "uses",
    "uses_of",
    "versions",
    "viewer_of",
    "vocabulary",
    "wait_for_data",
]
