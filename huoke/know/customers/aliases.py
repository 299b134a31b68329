"""Customers who were found to be one: the number of one leads to the other while a dated alias is open."""

from collections.abc import Sequence
from uuid import UUID

from pyroaring import BitMap

from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Conflict
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.customers import store_aliases
from huoke.know.customers.model import CustomersJoined, CustomersParted


class NotJoinable(Conflict):
    """Only two active customers can be joined, and only joined ones parted."""

    code = "customers.not_joinable"


async def join(tx: Tx, seq: Seq, kept: Seq) -> UUID:
    """Open an alias: whatever comes for `seq` is for `kept` from now on, and `seq` stands in no set. Its id.

    The row stays as it is, so that parting brings it back whole. `NotJoinable`.
    """
    if seq == kept or not await store_aliases.both_active(tx, seq, kept):
        raise NotJoinable("Both have to be active customers, and two.", seqs=[seq, kept])
    alias_id = new_id()
    await store_aliases.open_alias(tx, alias_id, seq, kept)
    tx.emit(CustomersJoined(kept_seq=kept), seq=seq)
    return alias_id


async def part(tx: Tx, seq: Seq) -> Seq:
    """Close the alias of `seq`, who is a customer of their own again; returns whom it led to. `NotJoinable`."""
    kept = await store_aliases.close_alias(tx, seq)
    if kept is None:
        raise NotJoinable("This customer is joined to nobody.", seqs=[seq])
    tx.emit(CustomersParted(kept_seq=kept), seq=seq)
    return Seq(kept)


async def numbers_of(tx: Tx, seq: Seq) -> list[Seq]:
    """A customer's own seq and, ascending, those that lead to it now."""
    return [seq, *(Seq(other) for other in await store_aliases.leading_to(tx, seq))]


async def survivors(tx: Tx, seqs: Sequence[int]) -> dict[int, Seq]:
    """Whom each of `seqs` leads to now; those that lead to nobody are left out."""
    return {source: Seq(kept) for source, kept in (await store_aliases.ends(tx, seqs)).items()}


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
