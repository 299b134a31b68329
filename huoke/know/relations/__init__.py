"""Relations: who invited, pays, employs or lives with whom, what they share, and rings of abuse.

around = await relations.around(tx, seq, LookPurpose.MARKETING)     guarded kinds need consent (rule P11)
await relations.refresh(database, clickhouse, tenant)               rings, found anew; verdicts stay
members = await relations.ringed(tx)                                in what people judged to be rings
"""

from huoke.know.relations.edges import Relations
from huoke.know.relations.engine import Cascade, Graph, Rings, cascades, find_rings
from huoke.know.relations.leads import Lead, leads
from huoke.know.relations.model import (
    CONSENTED,
    Kind,
    LookPurpose,
    PurposeClosed,
    Ring,
    RingFacts,
    RingJudged,
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
    "Kind",
    "Lead",
    "Link",
    "LookPurpose",
    "Neighbourhood",
    "Node",
    "PersonalRelations",
    "PurposeClosed",
    "Ran",
    "Relations",
    "Ring",
    "RingFacts",
    "RingJudged",
    "RingState",
    "RingUnknown",
    "Rings",
    "RingsFound",
    "Verdict",
    "around",
    "cascades",
    "find_rings",
    "judge",
    "leads",
    "refresh",
    "ringed",
]
