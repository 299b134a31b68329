"""Chances: units of the ledger in a currency of the play's own, credited by rule and burned by draws."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import Credit, Outcome, Spend
from huoke.reward.plays.model import Play, day_begins, day_of
from huoke.reward.plays.rain import now_on

CHANCE = "play_chance"
DRAW = "play_draw"


def allowances(tx: Tx, play: Play, seq: int, person: int) -> list[Credit]:
    """What a person may have by rule today: the day's chances, good until midnight, and the welcome's.

    Named by person and day, so that each is credited once however often and to whom of the person it is asked.
    """
    found = []
    if play.draft.daily_chances:
        name = uuid5(play.id, f"{person}:{day_of(tx.now)}")
        until = day_begins(tx.now) + timedelta(days=1)
        found.append(_credit(play, seq, play.draft.daily_chances, name, until))
    if play.draft.ways.rain is not None and (on := now_on(play.draft.ways.rain, tx.now)) is not None:
        begins, ends = on
        found.append(_credit(play, seq, 1, uuid5(play.id, f"{person}:rain:{begins.isoformat()}"), ends))
    if play.draft.welcome_chances:
        found.append(_credit(play, seq, play.draft.welcome_chances, uuid5(play.id, f"{person}:welcome"), None))
    return found


def _credit(play: Play, seq: int, chances: int, source_id: UUID, until: datetime | None) -> Credit:
    return Credit(
        seq=seq,
        currency=play.currency,
        points=chances,
        expires_at=until or play.closes_at,
        source_kind=CHANCE,
        source_id=source_id,
        line=0,
    )


async def left(tx: Tx, play: Play, seq: int, person: int) -> int:
    """How many chances a customer has now, those the next draw will credit included."""
    lots = await ledger.find_lots(tx, seq, play.currency)
    good = sum(lot.remaining for lot in lots if lot.expires_at is None or lot.expires_at > tx.now)
    due = allowances(tx, play, seq, person)
    known = await ledger.known_sources(tx, [item.source_id for item in due])
    return good + sum(item.points for item in due if item.source_id not in known)


async def burn(tx: Tx, play: Play, persons: Mapping[int, int], seqs: Sequence[int]) -> list[bool]:
    """Credit what is due to customers (seq → person), then take one chance a draw, in order: whether there was one."""
    due: dict[UUID, Credit] = {}
    for seq in dict.fromkeys(seqs):
        for item in allowances(tx, play, seq, persons[seq]):
            due.setdefault(item.source_id, item)
    burns = [
        Spend(seq=seq, currency=play.currency, points=1, source_kind=DRAW, source_id=burn_id, line=0)
        for seq, burn_id in zip(seqs, new_ids(len(seqs)), strict=True)
    ]
    outcomes = await ledger.credit_and_burn(tx, list(due.values()), burns, new=True)
    return [outcome is Outcome.POSTED for outcome in outcomes]
