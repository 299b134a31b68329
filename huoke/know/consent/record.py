"""Recording what customers allow and who is left alone."""

from collections.abc import Sequence
from itertools import groupby

from huoke.kernel.tx import Tx
from huoke.know.consent import store
from huoke.know.consent.model import (
    DEFAULT_PURPOSES,
    Basis,
    ConsentsRecorded,
    Purpose,
    PurposeTextMissing,
    PurposeUnknown,
    Statement,
    SuppressionsRecorded,
    SuppressionStatement,
    Verdict,
)


async def record(tx: Tx, statements: Sequence[Statement]) -> None:
    """Append statements to the consent ledger, in order; a statement about nobody is passed over.

    Raises `PurposeUnknown`, and `PurposeTextMissing` for a consent that does not name the text agreed to (rule P1).
    """
    await check_statements(tx, statements)
    kept = [statement for statement in statements if statement.members]
    await store.append_consents(tx, kept)
    for statement in kept:
        tx.emit(
            ConsentsRecorded(
                purpose=statement.purpose,
                verdict=statement.verdict,
                basis=statement.basis,
                count=len(statement.members),
            ),
            members=statement.members.bitmap.serialize(),
        )


async def check_statements(tx: Tx, statements: Sequence[Statement]) -> None:
    """Raise what `record` would refuse, and record nothing."""
    known = {purpose.code for purpose in await list_purposes(tx)}
    for index, statement in enumerate(statements):
        if statement.purpose not in known:
            raise PurposeUnknown(
                f"There is no purpose '{statement.purpose[:80]}'; the bank's purposes are {', '.join(sorted(known))}.",
                pointer=f"/{index}/purpose",
            )
        if statement.verdict is Verdict.GIVEN and statement.basis is Basis.CONSENT and not statement.text_version:
            raise PurposeTextMissing(
                "A consent names the version of the text the customer agreed to.", pointer=f"/{index}/text_version"
            )


async def suppress(tx: Tx, statements: Sequence[SuppressionStatement]) -> None:
    """Put customers on suppression lists, or take them off (`verdict`), in order (rule S2)."""
    kept = [statement for statement in statements if statement.members]
    await store.append_suppressions(tx, kept)
    for statement in kept:
        tx.emit(
            SuppressionsRecorded(reason=statement.reason, verdict=statement.verdict, count=len(statement.members)),
            members=statement.members.bitmap.serialize(),
        )


async def list_purposes(tx: Tx) -> list[Purpose]:
    """The bank's purposes, by code: its own wording over the defaults."""
    defined = [*DEFAULT_PURPOSES, *await store.purposes(tx)]
    by_code = {code: list(same)[-1] for code, same in groupby(sorted(defined, key=_code), key=_code)}
    return list(by_code.values())


async def define_purposes(tx: Tx, purposes: Sequence[Purpose]) -> None:
    """Add purposes, or reword them."""
    await store.put_purposes(tx, purposes)


def _code(purpose: Purpose) -> str:
    return purpose.code
