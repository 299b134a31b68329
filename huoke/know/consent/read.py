"""What stands for one customer now."""

from collections.abc import Iterable, Iterator, Sequence

from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.ids import Seq
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.consent import store
from huoke.know.consent.model import (
    TAKEN_BACK,
    Basis,
    ConsentState,
    SuppressionReason,
    SuppressionState,
    Verdict,
)
from huoke.know.consent.record import list_purposes


async def consents_of(tx: Tx, seq: Seq) -> list[ConsentState]:
    """What holds for a customer, purpose by purpose; purposes never asked for have `verdict` None."""
    last = {entry["subject"]: entry for entry in _about(await store.entries_of(tx, store.CONSENT, seq), seq)}
    last = {purpose: entry for purpose, entry in last.items() if entry["verdict"] != TAKEN_BACK}
    states = []
    for purpose in await list_purposes(tx):
        entry = last.get(purpose.code)
        states.append(
            ConsentState(
                purpose=purpose.code,
                label=purpose.label,
                label_en=purpose.label_en,
                verdict=Verdict(entry["verdict"]) if entry else None,
                basis=Basis(entry["basis"]) if entry else None,
                text_version=entry["text_version"] if entry else "",
                channel=entry["channel"] if entry else "",
                at=entry["at"] if entry else None,
            )
        )
    return states


async def suppressions_of(tx: Tx, seq: Seq) -> list[SuppressionState]:
    """The suppression lists a customer stands on now."""
    last = {entry["subject"]: entry for entry in _about(await store.entries_of(tx, store.SUPPRESSION, seq), seq)}
    return [
        SuppressionState(reason=SuppressionReason(subject), source=entry["source"], at=entry["at"])
        for subject, entry in sorted(last.items())
        if entry["verdict"] == Verdict.GIVEN
    ]


def _about(entries: Iterable[Record], seq: Seq) -> Iterator[Record]:
    for entry in entries:
        if entry["members"] is None or seq in BitMap.deserialize(entry["members"]):
            yield entry


async def never_asked(tx: Tx, purpose: str, seqs: Sequence[int]) -> CustomerSet:
    """Those of `seqs` about whom the ledger says nothing for `purpose`: no basis given that stands, none withdrawn."""
    asked = BitMap()
    for entry in await store.mentioned(tx, store.CONSENT, purpose, seqs) if seqs else ():
        whom = BitMap([entry["seq"]]) if entry["members"] is None else BitMap.deserialize(entry["members"])
        asked = asked - whom if entry["verdict"] == TAKEN_BACK else asked | whom
    return CustomerSet(tx.tenant, BitMap(seqs) - asked, tx.now)
