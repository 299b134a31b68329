"""Folded sets: the ledgers' entries up to a position as bitmaps, and the few entries since on top."""

from collections.abc import Iterable
from typing import Any

from pyroaring import BitMap

from huoke.kernel.sets import CustomerSet, from_rows, to_rows
from huoke.kernel.tx import Tx
from huoke.know.consent import store
from huoke.know.consent.model import PROFILING, SERVICE, SuppressionReason, Verdict

ENTRIES_MAX = 500
"""Entries on top of a fold that make it worth folding again."""


async def members(tx: Tx, purpose: str) -> CustomerSet:
    """Everyone for whom a legal basis for `purpose` stands now, as this transaction sees it (rule P1)."""
    return await _current(tx, store.CONSENT, purpose)


async def withdrawn(tx: Tx, purpose: str) -> CustomerSet:
    """Everyone who said no to `purpose` and did not say yes since; who was never asked is not among them."""
    return await _current(tx, store.WITHDRAWN, purpose)


async def selectable(tx: Tx, purpose: str) -> CustomerSet:
    """Everyone who may be chosen for `purpose` by what is known of them now: a basis stands, and they did not switch
    choosing off (rules P1, P4). A public offer asks nobody.
    """
    allowed = await members(tx, purpose)
    return allowed if purpose == SERVICE else allowed - await withdrawn(tx, PROFILING)


async def suppressed(tx: Tx, reasons: Iterable[SuppressionReason] = tuple(SuppressionReason)) -> CustomerSet:
    """Everyone on a suppression list now, as this transaction sees it (rule S2)."""
    everyone = CustomerSet.empty(tx.tenant, tx.now)
    for subject in await store.subjects(tx, store.SUPPRESSION):
        if subject in set(reasons):
            everyone |= await _current(tx, store.SUPPRESSION, subject)
    return everyone


async def refold(tx: Tx) -> int:
    """Fold every ledger that has many entries since its last fold; returns how many were folded."""
    folded = 0
    for ledger in (store.CONSENT, store.WITHDRAWN, store.SUPPRESSION):
        for subject in await store.subjects(tx, _entries(ledger)):
            since = await store.fold_position(tx, ledger, subject)
            floor = await store.snapshot_floor(tx)
            entries = await store.entries_since(tx, _entries(ledger), subject, since or 0)
            settled = [entry for entry in entries if entry["xid"] < floor]
            if len(settled) < (ENTRIES_MAX if since is not None else 1):
                continue
            base = await _folded(tx, ledger, subject, since)
            whole = CustomerSet(tx.tenant, _apply(base.bitmap, settled, _adding(ledger)))
            await store.put_fold(tx, ledger, subject, to_rows(whole), floor)
            folded += 1
    return folded


async def _current(tx: Tx, ledger: str, subject: str) -> CustomerSet:
    since = await store.fold_position(tx, ledger, subject)
    base = await _folded(tx, ledger, subject, since)
    entries = await store.entries_since(tx, _entries(ledger), subject, since or 0)
    return CustomerSet(tx.tenant, _apply(base.bitmap, entries, _adding(ledger)), tx.now)


def _entries(ledger: str) -> str:
    """The ledger whose entries a fold reads."""
    return store.CONSENT if ledger == store.WITHDRAWN else ledger


def _adding(ledger: str) -> Verdict:
    """The verdict that puts customers into a fold; the other takes them out."""
    return Verdict.WITHDRAWN if ledger == store.WITHDRAWN else Verdict.GIVEN


async def _folded(tx: Tx, ledger: str, subject: str, since: int | None) -> CustomerSet:
    rows = await store.fold_chunks(tx, ledger, subject) if since is not None else []
    return from_rows(tx.tenant, rows)


def _apply(base: BitMap, entries: Iterable[Any], adding: Verdict) -> BitMap:
    """Later entries win: each adds its customers or takes them out."""
    current = BitMap(base)
    for entry in entries:
        whom = BitMap([entry["seq"]]) if entry["members"] is None else BitMap.deserialize(entry["members"])
        if entry["verdict"] == adding:
            current |= whom
        else:
            current -= whom
    return current
