"""Who invited whom, as it happens: edges beside those an import brings."""

from collections.abc import Sequence

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know.relations import store
from huoke.know.relations.model import Kind, NewEdge

SOURCE = "referral"


async def note_invited(tx: Tx, pairs: Sequence[tuple[Seq, Seq]]) -> int:
    """Note from today on that each first invited each second; how many were new. The same pair again is one edge."""
    today = tx.now.astimezone(CHINA).date()
    edges = {
        (one, other): NewEdge(kind=Kind.REFERRAL, seq=one, other_seq=other, since=today)
        for one, other in pairs
        if one != other
    }
    added, _ = await store.put(tx, list(edges.values()), SOURCE, None) if edges else (0, 0)
    return added
