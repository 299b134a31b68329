"""Sets of customers: values that combine with `& | -`, their forms in the engines, and the server that holds them."""

from huoke.kernel.sets.buckets import PPM, bucket_numbers, hash_numbers, sample_numbers
from huoke.kernel.sets.cache import Absent, SetCache
from huoke.kernel.sets.client import SetServer
from huoke.kernel.sets.codecs import decode_group, encode_group, from_groups, from_rows, to_groups, to_rows
from huoke.kernel.sets.customer_set import CustomerSet, ForeignSet
from huoke.kernel.sets.evaluate import make_ready
from huoke.kernel.sets.plan import All, Any_, Bucket, Evaluation, Leaf, Not, Plan, Sample, Want, keys
from huoke.kernel.sets.wire import Source

__all__ = [
    "PPM",
    "Absent",
    "All",
    "Any_",
    "Bucket",
    "CustomerSet",
    "Evaluation",
    "ForeignSet",
    "Leaf",
    "Not",
    "Plan",
    "Sample",
    "SetCache",
    "SetServer",
    "Source",
    "Want",
    "bucket_numbers",
    "decode_group",
    "encode_group",
    "from_groups",
    "from_rows",
    "hash_numbers",
    "keys",
    "make_ready",
    "sample_numbers",
    "to_groups",
    "to_rows",
]
