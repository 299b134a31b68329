"""Segments beside each other: how up to five overlap, and what tells two of them apart.

found = await comparisons.intersect(tx, analytics, [one, two, three])    every part, counted in one plan
beside = await comparisons.compare(tx, analytics, one, None)             with the rest of the bank
"""

from huoke.know.comparisons.compare import compare
from huoke.know.comparisons.intersect import intersect
from huoke.know.comparisons.model import Compared, Intersection, Part, SegmentComparison, SegmentsUnfit

__all__ = [
    "Compared",
    "Intersection",
    "Part",
    "SegmentComparison",
    "SegmentsUnfit",
    "compare",
    "intersect",
]
