"""What sets a segment apart: its share of every tag beside that of all others, most telling first."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import CustomerSet, decode_group, to_groups
from huoke.kernel.tx import Tx
from huoke.know.language import KNOWN
from huoke.know.tags import store
from huoke.know.tags.sample import sampled, share
from huoke.know.tags.sql_profile import count_all

FALSE_DISCOVERIES = 0.05
"""Of the tags called significant, at most this share is so by chance (Benjamini and Hochberg 1995)."""

SAMPLED_MIN = 100
"""With fewer of the segment in the sample a share could be wrong by a tenth: all customers are counted instead."""


class ProfileRow(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a tag: how many of the segment and of all in scope have it, of those the tag can say it of.

    `rest_share` is the share of all others, `times` the segment's over it, None where no other has it; `z` how many
    standard errors lie between the two.
    """

    tag: str
    label: str
    label_en: str
    category: str
    value: str
    value_label: str
    value_label_en: str
    count: int
    universe_count: int
    share: float
    universe_share: float
    rest_share: float
    times: float | None
    z: float
    p: float
    significant: bool


class TagProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A segment beside all in scope. `sampled`: worked out from a fair sample, shares are right within `error`."""

    total: int
    universe: int
    tags: list[ProfileRow]
    tested: int
    sampled: bool
    error: float


Counts = Mapping[tuple[int, int], tuple[int, int]]
"""(tag's number, value's code) → how many of the segment, how many of the universe"""


async def profile(
    tx: Tx,
    clickhouse: ClickHouse,
    members: CustomerSet,
    universe: CustomerSet,
    *,
    purpose: str | None = None,
    deposits: bool = True,
    from_sample: bool = False,
    limit: int = 200,
) -> TagProfile:
    """The tags in use whose shares differ most between `members` and the rest of `universe`, at most `limit` values.

    Only those that may be used for `purpose`; without `deposits` none taken from deposit facts. A sample that holds
    fewer than `SAMPLED_MIN` of the members is not used.
    """
    size = _seen(members) if from_sample else len(members)
    from_sample = from_sample and size >= SAMPLED_MIN
    counts = await count_all(clickhouse, tx.tenant, members, universe, from_sample=from_sample)
    rows = await _rows(tx, counts, purpose, deposits=deposits, looked_at=share() if from_sample else 1.0)
    return TagProfile(
        total=len(members),
        universe=len(universe),
        tags=judged(rows)[:limit],
        tested=len(rows),
        sampled=from_sample,
        error=1.96 * 0.5 / max(size, 1) ** 0.5 if from_sample else 0.0,
    )


async def _rows(tx: Tx, counts: Counts, purpose: str | None, *, deposits: bool, looked_at: float) -> list[ProfileRow]:
    """`counts` stand for everybody; only the part `looked_at` of them was seen, and bears the significance."""
    rows = {row["number"]: row for row in await store.in_use(tx) if deposits or not row["deposit_derived"]}
    known = await store.definitions(tx, [(number, row["version"]) for number, row in rows.items()])
    found = []
    for number, one in known.items():
        size, whole = counts.get((number, KNOWN), (0, 0))
        if not size or whole <= size or (one.purposes and purpose is not None and purpose not in one.purposes):
            continue
        for value in one.values:
            inside, there = counts.get((number, rows[number]["codes"][value.name]), (0, 0))
            z = two_proportions(inside, size, there - inside, whole - size) * looked_at**0.5
            rest = (there - inside) / (whole - size)
            found.append(
                ProfileRow(
                    tag=one.name,
                    label=one.label,
                    label_en=one.label_en,
                    category=one.category,
                    value=value.name,
                    value_label=value.label,
                    value_label_en=value.label_en,
                    count=inside,
                    universe_count=there,
                    share=inside / size,
                    universe_share=there / whole,
                    rest_share=rest,
                    times=(inside / size) / rest if rest > 0 else None,
                    z=z,
                    p=float(2 * scipy.special.ndtr(-abs(z))),
                    significant=False,
                )
            )
    return found


def judged(rows: Sequence[ProfileRow]) -> list[ProfileRow]:
    """Rows with whether each stands when so many are looked at, most telling first."""
    significant = discoveries(np.array([row.p for row in rows]))
    told = [msgspec.structs.replace(row, significant=bool(flag)) for row, flag in zip(rows, significant, strict=True)]
    return sorted(told, key=lambda row: (not row.significant, -abs(row.z), row.tag, row.value))


def two_proportions(one: int, of_one: int, other: int, of_other: int) -> float:
    """The z statistic of two shares under one common share (pooled variance); 0 where nobody or everybody has it."""
    pooled = (one + other) / (of_one + of_other)
    variance = pooled * (1 - pooled) * (1 / of_one + 1 / of_other)
    return 0.0 if variance <= 0 else (one / of_one - other / of_other) / variance**0.5


def discoveries(p: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which p-values stand when many are looked at: Benjamini and Hochberg's step-up procedure."""
    order = np.argsort(p, kind="stable")
    edges = FALSE_DISCOVERIES * np.arange(1, len(p) + 1) / max(len(p), 1)
    fits = np.flatnonzero(p[order] <= edges)
    found = np.zeros(len(p), dtype=np.bool_)
    if len(fits):
        found[order[: fits[-1] + 1]] = True
    return found


def _seen(members: CustomerSet) -> int:
    """How many of a set are in the sample."""
    return sum(len(sampled(group, decode_group(payload))) for group, payload in to_groups(members).items())
