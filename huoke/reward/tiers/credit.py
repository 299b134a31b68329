"""Crediting growth: what was earned is appended, added to its month, and lifts whoever reaches a tier."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward.tiers import store
from huoke.reward.tiers.model import (
    GROWTH_MAX,
    SOURCES,
    Cause,
    GrowthCredit,
    Outcome,
    Scheme,
    earned,
    held_until,
    months_counted,
)
from huoke.reward.tiers.schemes import SCHEMES
from huoke.reward.tiers.tell import tell


async def credit_growth(tx: Tx, credits_: Sequence[GrowthCredit]) -> list[Outcome]:
    """Credit growth to customers, at most 10,000 at a time, and lift those who reach a tier.

    In order: POSTED; EXISTS for what was credited before under the same source and line; BAD_VALUE (0, or beyond
    10^12); SOURCE_UNFIT for a source growth never comes from (rules B1, B4). Growth counts in the month of `at`. Taking
    growth back lowers nobody at once: a tier is held to the end of its period.
    """
    verdicts = [_verdict(one) for one in credits_]
    fit = [one for one, verdict in zip(credits_, verdicts, strict=True) if verdict is Outcome.POSTED]
    if not fit:
        return verdicts
    scheme = await SCHEMES.in_force(tx)
    today = tx.now.astimezone(CHINA).date()
    seqs = sorted({one.seq for one in fit})
    until = today if scheme is None else held_until(scheme.period, today)
    rows = await store.lock_standings(tx, seqs, scheme.keys[0] if scheme else "", today, until)
    added = await store.add_gains(tx, fit)
    sums: dict[tuple[int, int], list[int]] = {}
    outcomes: list[Outcome] = []
    for one, verdict in zip(credits_, verdicts, strict=True):
        name = (one.source_id, one.line)
        if verdict is not Outcome.POSTED or name not in added:
            outcomes.append(verdict if verdict is not Outcome.POSTED else Outcome.EXISTS)
            continue
        added.remove(name)
        outcomes.append(Outcome.POSTED)
        local = one.at.astimezone(CHINA)
        sums.setdefault((one.seq, local.year), [0] * 12)[local.month - 1] += one.value
    if sums:
        await store.add_months(tx, sums)
        if scheme is not None:
            await lift(tx, scheme, rows, Cause.REACHED)
    return outcomes


async def lift(tx: Tx, scheme: Scheme, rows: Sequence[Any], cause: Cause) -> int:
    """Lift locked standings to the tier their growth is enough for; nobody goes down. Returns how many rose."""
    today = tx.now.astimezone(CHINA).date()
    seqs = [row["seq"] for row in rows]
    counted = months_counted(scheme.period, today)
    growth = np.array(await store.growth(tx, seqs, [counted] * len(seqs)), np.int64)
    places = {key: place for place, key in enumerate(scheme.keys)}
    tiers = np.array([places.get(row["tier"], 0) for row in rows], np.int64)
    enough = earned(scheme, growth)
    risen = np.flatnonzero(enough > tiers).tolist()
    if risen:
        until = held_until(scheme.period, today)
        keys = scheme.keys
        await store.put_standings(tx, [(seqs[i], keys[enough[i]], today, until, False) for i in risen])
        moves = [(seqs[i], rows[i]["tier"], keys[enough[i]], True, int(growth[i])) for i in risen]
        await tell(tx, scheme, moves, cause)
    return len(risen)


def _verdict(one: GrowthCredit) -> Outcome:
    if one.source_kind not in SOURCES:
        return Outcome.SOURCE_UNFIT
    return Outcome.POSTED if 0 < abs(one.value) <= GROWTH_MAX else Outcome.BAD_VALUE
