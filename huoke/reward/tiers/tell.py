"""Telling others who came to another tier: one event for each way that was gone."""

from collections import defaultdict
from collections.abc import Sequence

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.reward.tiers import store
from huoke.reward.tiers.model import Cause, Scheme, TiersChanged


async def tell(tx: Tx, scheme: Scheme, moves: Sequence[tuple[int, str, str, bool, int]], cause: Cause) -> None:
    """Append moves (customer, was, tier, up, growth), and emit them as sets."""
    if not moves:
        return
    await store.add_moves(tx, moves, cause)
    ways: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for seq, was, tier, up, _ in moves:
        ways[was, tier, up].append(seq)
    places = {key: place for place, key in enumerate(scheme.keys)}
    for (was, tier, up), seqs in sorted(ways.items(), key=lambda way: (places[way[0][1]], way[0][0])):
        event = TiersChanged(was=was, tier=tier, up=up, cause=cause.value, count=len(seqs))
        tx.emit(event, members=CustomerSet.of(tx.tenant, seqs).bitmap.serialize())
