"""Who opened the page of a finished campaign, through which way in: so that its funnel begins where people came in."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.app.demo import seasons
from huoke.app.demo.seasons import DAY_MS, UTC_AHEAD_MS
from huoke.know.entry_points import VIEWED

LOOKED_SHARE = 0.25
"""Of those who were reached and never claimed."""
LOOKED_DAYS = 10
FAVOURED = 0.5
"""The first way in has so much of the visits, the next so much of the rest, and so on."""
SECONDS_BEFORE = (5, 180)
"""How long before a claim its customer had opened the page."""


class Claims(msgspec.Struct, frozen=True):
    """Who claimed, and when (ms UTC); equal lengths."""

    seqs: NDArray[np.uint32]
    at_ms: NDArray[np.int64]


def visits(
    random: np.random.Generator,
    campaign_id: UUID,
    codes: Sequence[str],
    started_ms: int,
    treated: NDArray[np.uint32],
    claims: Claims,
) -> pa.Table:
    """Visits for `know.events.load_archive`: each claimant's just before the claim, and some who only looked."""
    others = np.setdiff1d(treated, claims.seqs)
    lookers = others[random.random(len(others)) < LOOKED_SHARE]
    before = random.integers(*SECONDS_BEFORE, len(claims.seqs)) * 1_000
    midnight = started_ms - (started_ms + UTC_AHEAD_MS) % DAY_MS
    days = random.integers(1, LOOKED_DAYS + 1, len(lookers))
    looked = midnight + days * DAY_MS + seasons.times_of_day(random, seasons.MEALS_AND_EVENING, len(lookers))
    through = np.minimum(random.geometric(FAVOURED, len(claims.seqs) + len(lookers)) - 1, len(codes) - 1)
    count = len(through)
    return pa.table(
        {
            "seq": pa.array(np.concatenate([claims.seqs, lookers]).astype(np.uint32)),
            "name": pa.array([VIEWED] * count),
            "at": pa.array(np.concatenate([claims.at_ms - before, looked]), pa.timestamp("ms", tz="UTC")),
            "entry_code": pa.array(np.array(codes)[through]),
            "p_campaign": pa.array([str(campaign_id)] * count),
            "p_channel": pa.array(["h5"] * count),
        }
    )
