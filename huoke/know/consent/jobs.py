"""Folding the ledgers now and then, so that reading the sets of now stays quick."""

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know.consent.fold import refold


@subscriber("consent.refold", events={"consent.recorded", "consent.taken_back", "consent.suppression_recorded"})
async def refold_ledgers(tx: Tx, event: LoggedEvent) -> None:
    """Fold what has grown; most calls find little and do nothing."""
    del event
    await refold(tx)
