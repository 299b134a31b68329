"""Who gets nothing new (rule S2), and the one sentence that says so without a reason."""

from collections.abc import Iterable

from huoke.kernel.refusals import Forbidden
from huoke.kernel.tx import Tx
from huoke.know.consent.fold import suppressed
from huoke.know.consent.model import SuppressionReason

BARRING = tuple(reason for reason in SuppressionReason if reason is not SuppressionReason.STAFF)
"""Lists that keep everything new from a customer. Staff and relatives stay out of draws and of what is handed out by
choosing (`suppressed` has them), and buy at the price as any customer does."""


class NotAvailable(Forbidden):
    """Nothing new is given, sold or offered to this customer at present. Risk is never told (rule P4): no reason here;
    staff see the list on the customer's page.
    """

    code = "consent.not_available"

    def __init__(self, *, pointer: str = "") -> None:
        super().__init__("This is not available to you at present; please ask your branch.", pointer=pointer)


async def barred(tx: Tx, seqs: Iterable[int]) -> set[int]:
    """Those of `seqs` to whom nothing new is given, sold or offered now; what they hold and are owed stays theirs."""
    wanted = set(seqs)
    if not wanted:
        return set()
    listed = await suppressed(tx, BARRING)
    return {seq for seq in wanted if seq in listed}
