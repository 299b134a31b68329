"""Who is related to whom in a demo bank: families, employers, invitations, shared devices, and two rings of abuse.

Whom the rings are made of is written down as they are planted, so that the finding of them can be judged.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from huoke.app.demo.population import STAGES, Population

HOUSEHOLD_SHARE = 0.12
EMPLOYED_SHARE = 0.6
"""Of those whose salary comes here, how many the bank knows the employer of."""
STAFF = 35
"""Customers of an employer on average; few have hundreds."""
INVITED_SHARE = 0.06
TRANSFER_SHARE = 0.03
RINGS = ((14, 3), (9, 2))
"""Accounts and devices of each ring."""
RING_QUIET_DAYS = 100
TABLET_USERS = 24
_FAMILY = tuple(STAGES.index(stage) for stage in ("新婚", "育儿家庭", "成熟家庭"))
_HEADS = ("海晟", "蓝湾", "远帆", "恒屿", "长汀", "云岚", "嘉木", "星野", "启明", "锦程", "瑞丰", "同舟")
_TAILS = ("科技", "制造", "物流", "医药", "教育", "建筑", "食品", "设计", "能源", "纺织")
_FIELDS = ("customer_no", "kind", "other", "since", "until", "weight")
Row = tuple[str, str, str, int, int]
"""Customer number, kind, the other end, days ago, times seen."""


class RingTruth(msgspec.Struct, frozen=True, kw_only=True):
    """A ring as only its maker can know it: customer numbers, whoever invited them apart."""

    bank: str
    members: list[str]
    organiser: str


def relations_csv(people: Population, seed: int, bank: str) -> tuple[bytes, list[str], list[RingTruth]]:
    """The relations of some customers as a file for the import, its columns, and the rings in it."""
    random = np.random.default_rng([seed, len(people), 8])
    known = np.flatnonzero(~people.prospect)
    rings = list(_rings(random, people, known, bank))
    apart = {no for ring in rings for no in (*ring.members, ring.organiser)}
    free = np.array([who for who in known.tolist() if str(people.customer_no[who]) not in apart], dtype=int)
    told = [
        *_ring_rows(random, rings),
        *_households(random, people, free),
        *_employers(random, people, known),
        *_invitations(random, people, free),
        *_transfers(random, people, free),
        *_tablet(random, people, free),
    ]
    rows = list({row[:3]: row for row in told}.values())
    columns: Sequence[Sequence[str | int]] = list(zip(*rows, strict=True))
    since = np.datetime64(people.today) - np.array(columns[3], "timedelta64[D]")
    table = pa.table({
        "customer_no": columns[0], "kind": columns[1], "other": columns[2],
        "since": np.datetime_as_string(since, unit="D"), "until": [""] * len(rows),
        "weight": [str(times) for times in columns[4]],
    })  # fmt: skip
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(table, buffer)
    return buffer.getvalue(), list(_FIELDS), rings


def read_rings(home: Path) -> list[RingTruth]:
    """Every planted ring; none before the demo is there."""
    try:
        return msgspec.json.decode((home / "demo-rings.json").read_bytes(), type=list[RingTruth])
    except FileNotFoundError:
        return []


def write_rings(home: Path, bank: str, rings: Sequence[RingTruth]) -> None:
    """Write the rings of a bank in place of those written before."""
    kept = [ring for ring in read_rings(home) if ring.bank != bank]
    draft = home / "demo-rings.new"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode([*kept, *rings]), indent=2))
    draft.replace(home / "demo-rings.json")


def _rings(random: np.random.Generator, people: Population, known: NDArray[np.int_], bank: str) -> Iterator[RingTruth]:
    """Rings of customers who have long done nothing; a bank too small for that has none."""
    asleep = known[(people.quiet_days[known] >= RING_QUIET_DAYS) & (people.salary_day[known] == 0)]
    lively = known[people.quiet_days[known] == 0]
    asleep = random.permutation(asleep)
    if len(asleep) < 2 * sum(size for size, _ in RINGS):
        return
    organisers = random.choice(lively, len(RINGS), replace=False)
    start = 0
    for (size, _), organiser in zip(RINGS, organisers, strict=True):
        members = people.customer_no[asleep[start : start + size]]
        yield RingTruth(bank=bank, members=sorted(members.tolist()), organiser=str(people.customer_no[organiser]))
        start += size


def _ring_rows(random: np.random.Generator, rings: Sequence[RingTruth]) -> Iterator[Row]:
    """Every member on one device and some on two, all within a week; one person invited nearly all."""
    for place, (ring, (_, devices)) in enumerate(zip(rings, RINGS, strict=False)):
        began = int(random.integers(40, 70))
        for at, member in enumerate(ring.members):
            for device in {at % devices, (at // 2) % devices}:
                yield member, "device", f"farm-{place}-{device}", began - at % 5, 3
            if at % 6:
                yield ring.organiser, "referral", member, began - at % 5, 1
        yield ring.organiser, "device", f"phone-{ring.organiser}", 400, 90


def _households(random: np.random.Generator, people: Population, free: NDArray[np.int_]) -> Iterator[Row]:
    """Couples of one city, a third of whom share a tablet; each has a phone of their own."""
    family = free[np.isin(people.stage[free], _FAMILY)]
    chosen = random.permutation(family)[: int(len(free) * HOUSEHOLD_SHARE) // 2 * 2]
    chosen = chosen[np.argsort(people.city[chosen], kind="stable")]
    for one, other in zip(chosen[::2].tolist(), chosen[1::2].tolist(), strict=False):
        pair = [str(people.customer_no[one]), str(people.customer_no[other])]
        yield pair[0], "household", pair[1], int(min(people.joined_days[one], people.joined_days[other])), 1
        if (one + other) % 3 == 0:
            for number in pair:
                yield number, "device", f"tablet-{pair[0]}", 200, 8
                yield number, "device", f"phone-{number}", 300, 60


def _employers(random: np.random.Generator, people: Population, known: NDArray[np.int_]) -> Iterator[Row]:
    """Employers of very different sizes, each of one unit."""
    paid = known[people.salary_day[known] > 0]
    paid = paid[random.random(len(paid)) < EMPLOYED_SHARE]
    count = max(len(paid) // STAFF, 1)
    weights = np.arange(1, count + 1, dtype=np.float64) ** -0.9
    employer = random.choice(count, len(paid), p=weights / weights.sum())
    for who, place in zip(paid.tolist(), employer.tolist(), strict=True):
        name = f"{_HEADS[place % len(_HEADS)]}{_TAILS[place // len(_HEADS) % len(_TAILS)]}"
        beyond = place // (len(_HEADS) * len(_TAILS))
        full = f"{name}{beyond + 1}厂" if beyond else f"{name}有限公司"
        yield str(people.customer_no[who]), "payroll", full, int(min(people.joined_days[who], 900)), 6


def _invitations(random: np.random.Generator, people: Population, free: NDArray[np.int_]) -> Iterator[Row]:
    """Later customers invited by earlier ones; who invited some invites more, so that chains grow."""
    order = free[np.argsort(-people.joined_days[free], kind="stable")]
    count = int(len(free) * INVITED_SHARE)
    invitees = np.sort(random.choice(np.arange(len(order) // 10, len(order)), count, replace=False))
    inviters: list[int] = []
    for place in invitees.tolist():
        again = bool(inviters) and random.random() < 0.75
        by = inviters[int(random.integers(len(inviters)))] if again else int(order[random.integers(place)])
        who = int(order[place])
        if by != who:
            yield (str(people.customer_no[by]), "referral", str(people.customer_no[who]),
                   int(people.joined_days[who]), 1)  # fmt: skip
            inviters += [by, who] if random.random() < 0.35 else [by]


def _transfers(random: np.random.Generator, people: Population, free: NDArray[np.int_]) -> Iterator[Row]:
    pairs = random.choice(free, (int(len(free) * TRANSFER_SHARE), 2))
    for one, other in pairs.tolist():
        if one != other:
            yield (
                str(people.customer_no[one]),
                "transfer",
                str(people.customer_no[other]),
                60,
                int(random.integers(1, 12)),
            )


def _tablet(random: np.random.Generator, people: Population, free: NDArray[np.int_]) -> Iterator[Row]:
    """A tablet at a counter: many used it, and all have a phone of their own."""
    for who in random.choice(free, min(TABLET_USERS, len(free)), replace=False).tolist():
        number = str(people.customer_no[who])
        yield number, "device", "counter-tablet", 90, 1
        yield number, "device", f"phone-{number}", 300, 60
