"""Entering a play to do something: who may, who stands behind whom, and what they did before."""

from collections.abc import Sequence
from datetime import date

import msgspec

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.plays import store, store_deed, store_draw, store_gift
from huoke.reward.plays.deed import Own
from huoke.reward.plays.eligible import eligible
from huoke.reward.plays.model import Play, day_of
from huoke.reward.plays.seed import marks_of
from huoke.reward.plays.ways import Measure


class Scene(msgspec.Struct, frozen=True):
    """Customers in a play: person and unit of the active ones, who is meant, and each person's own standing."""

    persons: dict[int, int]
    units: dict[int, int]
    meant: set[int]
    own: dict[int, Own]


async def enter(tx: Tx, play: Play, seqs: Sequence[int], *, note: bool = True) -> Scene:
    """Look customers up in a play; `note` writes down who stands behind them, which a mere look does not."""
    facts = await customers.facts(tx, sorted(set(seqs)))
    found = facts.seqs.tolist()
    persons = dict(zip(found, facts.persons.tolist(), strict=True))
    units = dict(zip(found, facts.unit_ids.tolist(), strict=True))
    meant = await eligible(tx, play, found)
    if note and meant:
        await store.put_players(tx, play.id, {seq: persons[seq] for seq in meant})
    own = await own_of(tx, play, {persons[seq]: seq for seq in found})
    return Scene(persons, units, meant, own)


async def own_of(tx: Tx, play: Play, persons: dict[int, int]) -> dict[int, Own]:
    """What natural persons (person → one of their customers) did in a play, under whatever record."""
    kin = dict(await store_draw.numbers_of(tx, play.id, persons)) | {seq: person for person, seq in persons.items()}
    own = {person: nobody(tx, play) for person in persons}
    for deed in await store_deed.deeds(tx, play.id, kin):
        own[kin[deed.seq]].deeds.append(deed)
    missions = play.draft.ways.missions
    if missions:
        counts: dict[int, dict[tuple[int, date], int]] = {}
        for row in await store_deed.counts(tx, play.id, kin):
            mine = counts.setdefault(kin[row["seq"]], {})
            key = row["item"], row["day"]
            measure = missions[row["item"]].measure
            if measure is Measure.MOST:
                mine[key] = max(mine.get(key, 0), row["most"])
            else:
                mine[key] = mine.get(key, 0) + row["days" if measure is Measure.DAYS else "total"]
        for person, mine in counts.items():
            own[person].counts = mine
    if play.draft.ways.cards is not None:
        await _cards(tx, play, own, kin)
    return own


async def _cards(tx: Tx, play: Play, own: dict[int, Own], kin: dict[int, int]) -> None:
    """What draws gave to persons, and the cards that came to them or left them; `kin` are their records."""
    marks = await marks_of(tx, await privacy.keys(tx), play.id, own)
    for person, drawn in (await store_draw.lines_of(tx, marks)).items():
        own[person].drawn = drawn
    for person, one in own.items():
        one.seqs = {seq for seq, whose in kin.items() if whose == person}
    for gift in await store_gift.of(tx, play.id, kin):
        for person in {kin[seq] for seq in (gift.from_seq, gift.to_seq) if seq in kin}:
            own[person].gifts.append(gift)


def nobody(tx: Tx, play: Play) -> Own:
    """How a play looks to somebody who has done nothing in it."""
    opens_on = day_of(play.opens_at or play.draft.opens_at or tx.now)
    return Own(draft=play.draft, opens_on=opens_on, today=day_of(tx.now), now=tx.now, deeds=[], gifts=[])
