"""Looking at tiers whose period ended, and bringing everybody into another scheme; both in chunks."""

from datetime import timedelta

import numpy as np

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward.tiers import store
from huoke.reward.tiers.credit import lift
from huoke.reward.tiers.model import Cause, held_until, months_closed, months_counted, review
from huoke.reward.tiers.schemes import SCHEMES
from huoke.reward.tiers.tell import tell

CHUNK = 5_000


async def review_due(tx: Tx, *, limit: int = CHUNK) -> int:
    """Look at tiers whose period ended before today, at most `limit`; returns at how many, 0 when none is left.

    Growth of the period that ended decides; after days of protection, growth of the running period where it is more.
    """
    scheme = await SCHEMES.in_force(tx)
    today = tx.now.astimezone(CHINA).date()
    rows = [] if scheme is None else await store.due(tx, today, limit)
    if scheme is None or not rows:
        return 0
    seqs, was = [row["seq"] for row in rows], [row["tier"] for row in rows]
    grace = timedelta(days=scheme.protection_days)
    protected = np.array([row["protected"] for row in rows], np.bool_)
    ended = [row["held_until"] - (grace if row["protected"] else timedelta()) for row in rows]
    closed = np.array(await store.growth(tx, seqs, [months_closed(day) for day in ended]), np.int64)
    running = await store.growth(tx, seqs, [months_counted(scheme.period, today)] * len(seqs))
    growth = np.where(protected, np.maximum(closed, np.array(running, np.int64)), closed)
    places, keys = {key: place for place, key in enumerate(scheme.keys)}, scheme.keys
    tiers = np.array([places.get(tier, 0) for tier in was], np.int64)
    after = review(scheme, tiers, protected, growth)
    until = held_until(scheme.period, today)
    await store.put_standings(
        tx,
        [
            (
                row["seq"],
                keys[tier],
                row["since"] if keys[tier] == row["tier"] else today,
                row["held_until"] + grace if held else until,
                bool(held),
            )
            for row, tier, held in zip(rows, after.tiers, after.protected, strict=True)
        ],
    )
    moves = [
        (
            seqs[place],
            was[place],
            keys[after.tiers[place]],
            bool(after.tiers[place] > tiers[place]),
            int(growth[place]),
        )
        for place in np.flatnonzero(after.tiers != tiers).tolist()
    ]
    await tell(tx, scheme, moves, Cause.PERIOD)
    return len(rows)


async def carry_over(tx: Tx, above: int, *, limit: int = CHUNK) -> int | None:
    """Bring the next customers above a number into the scheme in force; returns the last of them, None after the last.

    Whoever has enough for a higher tier rises at once; nobody goes down before the own period ends.
    """
    scheme = await SCHEMES.in_force(tx)
    if scheme is None:
        return None
    rows = await store.after(tx, above, limit, scheme.keys[0])
    if not rows:
        return None
    await lift(tx, scheme, rows, Cause.SCHEME)
    return int(rows[-1]["seq"])
