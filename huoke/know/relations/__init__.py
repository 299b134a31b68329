"""Relations: who invited, pays, employs or lives with whom, what they share, and rings of abuse.

around = await relations.around(tx, seq, LookPurpose.MARKETING)     guarded kinds need consent (rule P11)
await relations.refresh(database, clickhouse, tenant)               rings, found anew; verdicts stay
members = await relations.ringed(tx)                                in what people judged to be rings
"""

from huoke.know.relations.cascade import Inviter, Reading, Tree, inviters, reading, tree
from huoke.know.relations.crowds import crowded
from huoke.know.relations.edges import Relations
from huoke.know.relations.engine import Cascade, Graph, Rings, cascades, find_rings
from huoke.know.relations.evidence import page, ringed_rows
from huoke.know.relations.invited import note_invited
from huoke.know.relations.leads import Lead, LeadSort, Wanted, leads
from huoke.know.relations.model import (
    CONSENTED,
    Kind,
    LookPurpose,
    PurposeClosed,
    Ring,
    RingFacts,
    RingJudged,
    RingPage,
    RingsFound,
    RingState,
    RingUnknown,
)
from huoke.know.relations.neighbourhood import Link, Neighbourhood, Node, around
from huoke.know.relations.personal import PersonalRelations
from huoke.know.relations.rings import Ran, Verdict, judge, refresh, ringed

__all__ = [
    "CONSENTED",
    "Cascade",
    "Graph",
    "Inviter",
    "Kind",
    "Lead",
    "LeadSort",
    "Link",
    "LookPurpose",
    "Neighbourhood",
    "Node",
    "PersonalRelations",
    "PurposeClosed",
    "Ran",
    "Reading",
    "Relations",
    "Ring",
    "RingFacts",
    "RingJudged",
    "RingPage",
    "RingState",
    "RingUnknown",
    "Rings",
    "RingsFound",
    "Tree",
    "Verdict",
    "Wanted",
    "around",
    "cascades",
    "crowded",
    "find_rings",
    "inviters",
    "judge",
    "leads",
    "note_invited",
    "page",
    "reading",
    "refresh",
    "ringed",
    "ringed_rows",
    "tree",
]
