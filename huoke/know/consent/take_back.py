"""Taking back what a source declared by mistake, as the undoing of an import does."""

from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.consent import store
from huoke.know.consent.model import ConsentsTakenBack, TakenBack


async def take_back(tx: Tx, source: str, among: CustomerSet) -> TakenBack:
    """Take back what `source` declared for customers of `among`, at most 10,000, where nothing was said since.

    The ledger keeps both entries. Whom it is taken back for counts as never asked.
    """
    back = kept = 0
    for entry in await store.declared_by(tx, source, [chunk for chunk, _ in among.chunks()]):
        whom = _whom(entry) & among.bitmap
        later, past = BitMap(), False
        for other in await store.mentioned(tx, store.CONSENT, entry["subject"], list(whom)) if whom else ():
            if past:
                later |= _whom(other)
            past = past or other["id"] == entry["id"]
        free = CustomerSet(tx.tenant, whom - later)
        if free:
            await store.append_taken_back(tx, entry, free)
            event = ConsentsTakenBack(purpose=entry["subject"], source=source, count=len(free))
            tx.emit(event, members=free.bitmap.serialize())
        back, kept = back + len(free), kept + len(whom & later)
    return TakenBack(back, kept)


def _whom(entry: Record) -> BitMap:
    return BitMap([entry["seq"]]) if entry["members"] is None else BitMap.deserialize(entry["members"])
