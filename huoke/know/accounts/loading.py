"""What importing accounts, holdings and transactions has in common: whose a row is, words read, money sealed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.accounts import store, store_undo
from huoke.know.accounts.model import DERIVED, AccountsArrived
from huoke.know.customers import CountUndone, EntityLoaded, Place, RowFlaw, Rows

FEN = 100
FEN_MAX = 10**16
UNDONE_AT_ONCE = 5_000


class Undone(Exception):  # noqa: N818 - named for what happened
    """A dry run's writes are taken back."""


class Picked(msgspec.Struct):
    """The rows of a chunk on their way: which still fit, and why the others do not."""

    rows: Rows
    flaws: dict[int, RowFlaw] = {}

    def refuse(self, place: int, column: str, cause: str, mend: str) -> None:
        """Refuse a row, for the first reason found."""
        self.flaws.setdefault(place, RowFlaw(place, column, cause, mend))

    @property
    def kept(self) -> list[int]:
        """Places of the rows that fit."""
        return [place for place in range(len(self.rows.lines)) if place not in self.flaws]

    def column(self, name: str) -> list[Any]:
        """A column of all rows; None everywhere where the file has none."""
        return self.rows.columns.get(name) or [None] * len(self.rows.lines)


async def owners_by_no(tx: Tx, picked: Picked, column: str = "customer_no") -> list[int | None]:
    """The customer of each row by the bank's number; rows of nobody are refused."""
    numbers = picked.column(column)
    known = await customers.find_by_no(tx, sorted({number for number in numbers if number}))
    for place, number in enumerate(numbers):
        if number not in known:
            picked.refuse(place, column, "customer_unknown", "No customer has this number: import customers first.")
    return [known.get(number) for number in numbers]


def read_words(picked: Picked, column: str, codes: Mapping[str, str | None]) -> None:
    """Refuse rows whose word is none of those known."""
    known = ", ".join(sorted({code for code in codes.values() if code}))
    for place, word in enumerate(picked.column(column)):
        if word is not None and codes[word] is None:
            picked.refuse(place, column, "word_unknown", f"Write one of {known}.")


def fen_of(picked: Picked, column: str) -> list[int | None]:
    """Yuan as whole fen; a row with a part of a fen, or too much, is refused."""
    amounts: list[int | None] = []
    for place, yuan in enumerate(picked.column(column)):
        fen = None if yuan is None else Decimal(yuan) * FEN
        if fen is not None and (fen != int(fen) or abs(fen) > FEN_MAX):
            picked.refuse(place, column, "money", "Write yuan with at most two digits after the point.")
            fen = None
        amounts.append(None if fen is None else int(fen))
    return amounts


async def sealed(tx: Tx, seqs: Sequence[int], texts: Sequence[str | None]) -> list[bytes | None]:
    """Texts under their customers' own keys."""
    return (await privacy.customer_keys(tx, seqs, make=True)).seal(seqs, texts)


async def write(
    tx: Tx, what: str, columns: Mapping[str, Sequence[Any]], place: Place, flaws: Sequence[RowFlaw]
) -> EntityLoaded:
    """Upsert rows and set what follows from them for their customers."""
    found = await store.upsert(tx, what, columns, place.import_id, place.as_of)
    await set_derived(tx, found.touched)
    if found.touched:
        event = AccountsArrived(what=what, import_id=place.import_id, added=found.added, changed=found.changed)
        tx.emit(event, members=CustomerSet.of(tx.tenant, found.touched).bitmap.serialize())
    return EntityLoaded(
        added=found.added, changed=found.changed, same=found.same, older=found.older, refused=tuple(flaws)
    )


async def take_back(what: str, place: Place, count: CountUndone) -> None:
    """Put rows that an import wrote last back to what they were, and set what follows from them anew."""
    found = UNDONE_AT_ONCE
    while found == UNDONE_AT_ONCE:
        async with place.database.begin(place.tenant, place.actor) as tx:
            found, undone, touched = await store_undo.take_back(tx, what, place.import_id, UNDONE_AT_ONCE)
            await set_derived(tx, touched)
            if touched:
                event = AccountsArrived(what=what, import_id=place.import_id, added=0, changed=undone)
                tx.emit(event, members=CustomerSet.of(tx.tenant, touched).bitmap.serialize())
            await count(tx, undone)


async def set_derived(tx: Tx, seqs: Sequence[int]) -> list[int]:
    """Set what follows from accounts and holdings as attributes of these customers; whose changed."""
    if not seqs:
        return []
    await customers.define_attributes(tx, DERIVED)
    today = tx.now.astimezone(CHINA).date()
    names = [attribute.name for attribute in DERIVED]
    rows = await store.derived(tx, seqs, today)
    values = {row["seq"]: {name: _json(row[name]) for name in names if row[name] is not None} for row in rows}
    return await customers.set_values(tx, names, values)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
