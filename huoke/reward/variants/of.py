"""What those may choose from who ask: their variant, by the frozen sets or by the tier they stand on."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import tiers
from huoke.reward.catalogue import Bundle, Split, SplitBy
from huoke.reward.variants import store
from huoke.reward.variants.model import Offered, offered


async def of(tx: Tx, source_id: UUID, bundle: Bundle, seqs: Sequence[int]) -> list[Offered | None]:
    """For each customer what they may choose from now; None for nothing."""
    if bundle.split is None:
        return [offered(bundle, None)] * len(seqs)
    by_tier = bundle.split.by is SplitBy.TIER
    places = await (_by_tier(tx, bundle.split, seqs) if by_tier else _frozen(tx, source_id, seqs))
    return [offered(bundle, places.get(seq)) for seq in seqs]


async def _by_tier(tx: Tx, split: Split, seqs: Sequence[int]) -> dict[int, int]:
    held = await tiers.scheme(tx)
    if held is None:
        return {}
    standings = await tiers.standings(tx, seqs)
    on = {seq: standings.get(seq) or held.keys[0] for seq in seqs}
    first: dict[str, int] = {}
    for place, variant in enumerate(split.variants):
        for key in variant.tiers:
            first.setdefault(key, place)
    return {seq: first[key] for seq, key in on.items() if key in first}


async def _frozen(tx: Tx, source_id: UUID, seqs: Sequence[int]) -> dict[int, int]:
    """Whoever was several numbers when it was frozen falls in the first variant that any of them fell in."""
    joined = await customers.joined_to(tx, seqs)
    numbers = {seq: [seq, *map(int, joined.get(seq, ()))] for seq in seqs}
    chunks = sorted({number >> 16 for own in numbers.values() for number in own})
    parts: dict[int, list[bytes]] = {}
    for row in await store.chunks(tx, source_id, chunks):
        parts.setdefault(row["place"], []).append(row["members"])
    places: dict[int, int] = {}
    for place, rows in sorted(parts.items()):
        members: CustomerSet = from_rows(tx.tenant, rows)
        for seq in seqs:
            if seq not in places and any(number in members for number in numbers[seq]):
                places[seq] = place
    return places
