"""Leaving customers out: of an audience as it is frozen, and of every hand-over after it."""

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.know.exclusions import store
from huoke.know.exclusions.keep import members_of
from huoke.know.language import day_of


async def excluded(tx: Tx) -> CustomerSet:
    """Everybody who is left out today, as this transaction sees it."""
    everyone = CustomerSet.empty(tx.tenant, tx.now)
    for row in await store.counting(tx, day_of(tx.now)):
        everyone |= await members_of(tx, row)
    return everyone


async def leave_out(tx: Tx, members: CustomerSet) -> tuple[CustomerSet, list[segments.LeftOut]]:
    """A set without those who are left out today, and how many by which list; who stands on two counts on both."""
    kept, told = members, []
    for row in await store.counting(tx, day_of(tx.now)):
        listed = await members_of(tx, row)
        if found := members & listed:
            before = len(kept)
            kept -= listed
            told.append(segments.LeftOut(id=row["id"], name=row["name"], count=len(found), alone=before - len(kept)))
    return CustomerSet(kept.tenant, kept.bitmap, members.as_of), told
