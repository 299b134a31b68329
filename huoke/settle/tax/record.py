"""Recording tax: on what customers received by chance, and off what went back, a batch at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.grants import HeldGrant, State
from huoke.settle.tax import store
from huoke.settle.tax.book import book
from huoke.settle.tax.model import Bearer, Method, month_of, next_month, owed

BEARER = tenants.declare("tax.bearer", Bearer, Bearer.BANK, rule="T2")
METHOD = tenants.declare("tax.method", Method, Method.GROSSED_UP, rule="T2")
RECEIVED = frozenset({State.FULFILLED, State.USED})
BOUGHT = frozenset({"mall", "group_buy"})
"""Sources whose benefits customers pay for, with points or money: what is bought is no income."""
GONE = frozenset({State.FAILED, State.EXPIRED, State.REVOKED, State.RETURNED})


async def record(tx: Tx, offer_id: UUID, seqs: Sequence[int]) -> int:
    """Bring the records of an offer's customers up to what they hold now; returns how many were written.

    Each enters the ledger with its record. Only benefits whose tax code says so are taxed (rule T1), and none that was
    bought. Doing it again writes nothing.
    """
    held = await grants.held_of(tx, offer_id, seqs)
    if not held or held[0].source_kind in BOUGHT:
        return 0
    sku = await catalogue.sku(tx, held[0].sku_id, version=held[0].sku_version)
    if not sku.withholding_ppm:
        return 0
    await store.lock_months(tx, alone=False)
    bearer = await tenants.setting(tx, BEARER)
    books = _Books(tx, await store.taken_months(tx), await tenants.setting(tx, METHOD))
    rows = [books.income(one, sku.withholding_ppm, bearer) for one in held if one.state in RECEIVED]
    gone = [one.id for one in held if one.state in GONE]
    rows += [books.back(row) for row in (await store.originals(tx, gone) if gone else [])]
    made = await store.append(tx, rows) if rows else []
    await book(tx, made)
    return len(made)


class _Books:
    """Which month takes what, now, and by which method."""

    def __init__(self, tx: Tx, taken: set[date], method: Method) -> None:
        self._tx = tx
        self._taken = taken
        self._method = method

    def income(self, held: HeldGrant, rate_ppm: int, bearer: Bearer) -> tuple[object, ...]:
        """The record of something received."""
        due = owed(held.face_value_fen, rate_ppm, bearer, self._method)
        month, corrects = self._month(held.received_at)
        return (
            new_id(), held.id, 0, held.seq, held.person, held.unit_id, held.source_kind, held.source_id, held.title,
            held.face_value_fen, rate_ppm, due.base_fen, due.tax_fen, bearer.value, held.received_at, month, corrects,
            self._tx.now,
        )  # fmt: skip

    def back(self, row: Record) -> tuple[object, ...]:
        """The record that takes another one back, in its own month while that is open."""
        month, corrects = self._month(row["earned_at"])
        return (
            new_id(), row["grant_id"], 1, row["seq"], row["person"], row["unit_id"], row["source_kind"],
            row["source_id"], row["title"], -row["value_fen"], row["rate_ppm"], -row["base_fen"], -row["tax_fen"],
            row["bearer"], row["earned_at"], month, corrects, self._tx.now,
        )  # fmt: skip

    def _month(self, at: datetime) -> tuple[date, date | None]:
        own = month = month_of(at.astimezone(CHINA).date())
        while month in self._taken:
            month = next_month(month)
        return month, own if month != own else None
