"""How somebody stands in a play that is done: their deeds, what counts so far, and why it may be closed to them."""

import msgspec

from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.plays.deed import Own
from huoke.reward.plays.draw import closed_to_all
from huoke.reward.plays.eligible import eligible
from huoke.reward.plays.entering import nobody, own_of
from huoke.reward.plays.model import Play


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor's standing; `closed` is a refusal's code, or "" where they may do something."""

    own: Own
    closed: str


async def mine(tx: Tx, play: Play, seq: int | None) -> Mine:
    """The standing of a customer (None: somebody nobody knows); nothing is written by looking."""
    refusal = None if play.published_at is None else closed_to_all(play, tx)
    closed = refusal.code if refusal else ""
    if seq is None:
        return Mine(own=nobody(tx, play), closed=closed)
    facts = await customers.facts(tx, [seq])
    if not len(facts.seqs):
        return Mine(own=nobody(tx, play), closed=closed or "customers.not_eligible")
    person = int(facts.persons[0])
    own = (await own_of(tx, play, {person: seq}))[person]
    if not closed and seq not in await eligible(tx, play, [seq]):
        closed = "customers.not_eligible"
    return Mine(own=own, closed=closed)
