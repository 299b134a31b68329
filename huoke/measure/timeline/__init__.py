"""The timeline: everything that happened to one customer, from every module, the latest first; how they stood on a day.

found = await timeline.lines(tx, clickhouse, principal, seq, Asked(kinds=(Kind.GRANT,), folded=True))
stood = await timeline.standing(tx, clickhouse, principal, seq, day)
"""

from huoke.measure.timeline.model import FOLDED, Asked, Group, Kind, Line
from huoke.measure.timeline.read import lines
from huoke.measure.timeline.standing import Fact, Had, Standing, standing

__all__ = ["FOLDED", "Asked", "Fact", "Group", "Had", "Kind", "Line", "Standing", "lines", "standing"]
