"""Segments: the expression language over customers, counted live, explained, frozen as audiences.

segment_id = await segments.save(tx, NewSegment(name="近 30 岁", expression={...}))
count = await segments.count(tx, Analytics(clickhouse, sets), segments.parse(expression), Scope())
audience_id = await segments.freeze(database, analytics, tenant, actor, segment_id)
members = await segments.audience_members(tx, audience_id)
"""

from huoke.know.segments.behaviour import Happened
from huoke.know.segments.compile import Compiled, Rule, Vocabulary, compile_expression
from huoke.know.segments.count import LIVE_LAG, Analytics, Scope, count, members_of, sample
from huoke.know.segments.evaluate import Subject, evaluate
from huoke.know.segments.explain import explain
from huoke.know.segments.expression import Expression, ExpressionUnfit, content_hash, json_schema, parse
from huoke.know.segments.freeze import audience, audience_members, audiences, freeze, freeze_now, wait_for_data
from huoke.know.segments.model import (
    AttributeMissing,
    AttributeUse,
    Audience,
    AudienceUnknown,
    Count,
    DepositCondition,
    DepositSelection,
    EventMissing,
    Explanation,
    NewSegment,
    NewUpload,
    PropertySealed,
    ReferenceCircle,
    Segment,
    SegmentChange,
    SegmentUnknown,
    Serves,
    UploadReport,
    ValueUnfit,
    Verdict,
    VersionStale,
)
from huoke.know.segments.save import change, find, get, save, uses, versions
from huoke.know.segments.upload import find_uploads, get_upload, upload, upload_members
from huoke.know.segments.vocabulary import units_below, vocabulary

__all__ = [
    "LIVE_LAG",
    "Analytics",
    "AttributeMissing",
    "AttributeUse",
    "Audience",
    "AudienceUnknown",
    "Compiled",
    "Count",
    "DepositCondition",
    "DepositSelection",
    "EventMissing",
    "Explanation",
    "Expression",
    "ExpressionUnfit",
    "Happened",
    "NewSegment",
    "NewUpload",
    "PropertySealed",
    "ReferenceCircle",
    "Rule",
    "Scope",
    "Segment",
    "SegmentChange",
    "SegmentUnknown",
    "Serves",
    "Subject",
    "UploadReport",
    "ValueUnfit",
    "Verdict",
    "VersionStale",
    "Vocabulary",
    "audience",
    "audience_members",
    "audiences",
    "change",
    "compile_expression",
    "content_hash",
    "count",
    "evaluate",
    "explain",
    "find",
    "find_uploads",
    "freeze",
    "freeze_now",
    "get",
    "get_upload",
    "json_schema",
    "members_of",
    "parse",
    "sample",
    "save",
    "units_below",
    "upload",
    "upload_members",
    "uses",
    "versions",
    "vocabulary",
    "wait_for_data",
]
