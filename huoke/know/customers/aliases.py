"""Customers who were found to be one: the number of one leads to the other while a dated alias is open."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from pyroaring import BitMap

from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Conflict
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.customers import store_aliases
from huoke.know.customers.model import CustomersJoined, CustomersParted

Recount = Callable[[Tx, Mapping[int, int]], Awaitable[None]]
"""(tx, seq → natural person): what is counted by person counts these customers as these persons from now on."""

_RECOUNTS: dict[str, Recount] = {}


def register_recount(name: str, recount: Recount) -> None:
    """Say who counts something by natural person (rule R1): told in the transaction that joins or parts. For `app/`."""
    _RECOUNTS[name] = recount


class NotJoinable(Conflict):
    """Only two active customers can be joined, and only joined ones parted."""

    code = "customers.not_joinable"


async def join(tx: Tx, seq: Seq, kept: Seq) -> UUID:
    """Open an alias: whatever comes for `seq` is for `kept` from now on, and `seq` stands in no set. Its id.

    The row stays as it is, so that parting brings it back whole. Limits count both as one natural person from here on;
    who has more than a limit by what they took as two keeps it. `NotJoinable`.
    """
    if seq == kept or not await store_aliases.both_active(tx, seq, kept):
        raise NotJoinable("Both have to be active customers, and two.", seqs=[seq, kept])
    alias_id = new_id()
    await store_aliases.open_alias(tx, alias_id, seq, kept)
    await settle_persons(tx, [seq, kept])
    tx.emit(CustomersJoined(kept_seq=kept), seq=seq)
    return alias_id


async def part(tx: Tx, seq: Seq) -> Seq:
    """Close the alias of `seq`, who is a customer of their own again; returns whom it led to. `NotJoinable`."""
    kept = await store_aliases.close_alias(tx, seq)
    if kept is None:
        raise NotJoinable("This customer is joined to nobody.", seqs=[seq])
    await settle_persons(tx, [seq, kept])
    tx.emit(CustomersParted(kept_seq=kept), seq=seq)
    return Seq(kept)


async def numbers_of(tx: Tx, seq: Seq) -> list[Seq]:
    """A customer's own seq and, ascending, those that lead to it now."""
    return [seq, *(await joined_to(tx, [seq])).get(seq, [])]


async def joined_to(tx: Tx, seqs: Sequence[int]) -> dict[int, list[Seq]]:
    """The numbers that lead to each of `seqs` now, ascending; those nobody is joined to are left out."""
    found = await store_aliases.leading_to(tx, seqs)
    return {seq: [Seq(other) for other in others] for seq, others in found.items()}


async def survivors(tx: Tx, seqs: Sequence[int] | None) -> dict[int, Seq]:
    """Whom each of `seqs` (None: of everybody) leads to now; those that lead to nobody are left out."""
    return {source: Seq(kept) for source, kept in (await store_aliases.ends(tx, seqs)).items()}


async def ever_one(tx: Tx, seqs: Sequence[int]) -> dict[int, int]:
    """Everybody who is one natural person with any of `seqs` or once was, and the person each counts as now.

    For a recount that keeps sums by person only: these are all whose sums a joining or a parting can change.
    """
    return await store_aliases.ever_one(tx, seqs)


async def hold_persons(tx: Tx) -> None:
    """Keep natural persons as they are until the commit: before they are read to take from a limit (rule R1).

    Nobody waits for each other here but those who join or part.
    """
    await store_aliases.hold_persons(tx)


async def settle_persons(tx: Tx, seqs: Sequence[int]) -> None:
    """Work out anew whom customers count as, and have everything recounted that counts by person.

    Where nothing is to change nobody waits.
    """
    if not await store_aliases.unsettled(tx, seqs):
        return
    changed = await store_aliases.settle_persons(tx, seqs)
    if changed:
        for recount in _RECOUNTS.values():
            await recount(tx, changed)


async def current(tx: Tx, members: CustomerSet) -> CustomerSet:
    """A set that was kept earlier, as of now: those who were joined since stand in it as who they are now."""
    aliases = await store_aliases.ends(tx, None)
    if not aliases:
        return members
    joined = members.bitmap & BitMap(sorted(aliases))
    if not joined:
        return members
    now = (members.bitmap - joined) | BitMap(sorted({aliases[seq] for seq in joined}))
    return CustomerSet(members.tenant, now, members.as_of)


async def everybody(tx: Tx, members: CustomerSet) -> CustomerSet:
    """A set with all numbers of those in it: what is counted over them is missed under none."""
    aliases = await store_aliases.ends(tx, None)
    whole = BitMap(members.bitmap)
    whole |= BitMap([kept for seq, kept in aliases.items() if seq in members])
    whole |= BitMap([seq for seq, kept in aliases.items() if kept in whole])
    return CustomerSet(members.tenant, whole, members.as_of)
