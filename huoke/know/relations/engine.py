"""Rings of abuse among accounts that share devices, and cascades of referrals: arrays in, arrays out, no database.

A device joins accounts. Who also has a device nobody else uses stands on it alone where the shared one is a public one:
a counter's tablet joins nobody but those who have nothing else. Closed over what is left, each component is weighed by
what it does, not by its size: a household is few people who live differently, a ring many accounts that do nothing but
take rewards. An invitation is not evidence of who somebody is; it only weighs, and never joins.
"""

from typing import Any

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

MEMBERS_MIN = 6
"""Fewer share a device at many a kitchen table."""
FAMILY_DEVICE_MAX = 8
"""A device of more accounts may be a public one."""
QUIET_DAYS_MAX = 2
"""Who did something else on so few days does nothing but take rewards."""
BURST_DAYS = 7
ORGANISER_SHARE = 0.6
NOBODY = -1
BASE, SIZE, ANCHORLESS, CROWDING, QUIET, QUIET_FROM, BURST, INVITED = -3.8, 0.7, 1.5, 0.2, 9.0, 0.45, 1.5, 1.5
"""Log-odds, chosen on towns of other seeds than the bench's, before its unseen pattern was drawn."""


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts 0 … n-1. `inviter` is NOBODY where none; `opened` in days since any day, `lively` days within 90 on
    which an account did more than take rewards. `account[i]` was seen on `device[i]`; each pair once.
    """

    inviter: Ints
    opened: Ints
    lively: Ints
    account: Ints
    device: Ints


class Rings(msgspec.Struct, frozen=True, kw_only=True):
    """Rings, the surest first; members of ring i are `members[starts[i]:starts[i + 1]]`, organisers the last of them.

    `score` 0 … 1; the shares are of members: without a device of their own, quiet, opened within seven days, invited by
    each other or by one person.
    """

    members: Ints
    starts: NDArray[np.int64]
    organisers: Ints
    score: Floats
    devices: Ints
    anchorless: Floats
    quiet: Floats
    burst: Floats
    invited: Floats


class Cascade(msgspec.Struct, frozen=True):
    """How many an account brought, directly and through those it brought, and over how many steps."""

    size: Ints
    depth: Ints


def find_rings(graph: Graph) -> Rings:
    """Components of accounts joined by devices that look like rings."""
    account, device, own = _joining(graph)
    who, label, count = _components(account, device, len(graph.opened))
    sizes = np.bincount(label, minlength=count)
    large = sizes >= MEMBERS_MIN
    kept = large[label]
    renamed = np.cumsum(large) - 1
    who, label = who[kept], renamed[label[kept]].astype(np.int32)
    features = _features(graph, own, who, label, int(large.sum()), account, device)
    chosen = np.flatnonzero(features["score"] > 0)
    chosen = chosen[np.argsort(-features["score"][chosen], kind="stable")]
    return _as_rings(graph, who, label, chosen, features)


def sharing(graph: Graph) -> list[int]:
    """How many people each group of those who share devices has, groups of two and more."""
    account, device, _ = _joining(graph)
    _, label, count = _components(account, device, len(graph.opened))
    return [size for size in np.bincount(label, minlength=count).tolist() if size > 1]


def cascades(inviter: Ints) -> Cascade:
    """Size and depth of what each account set off by inviting; who invited each other in a circle counts as none."""
    count = len(inviter)
    size, depth = np.zeros(count, np.int32), np.zeros(count, np.int32)
    waiting = np.bincount(inviter[inviter != NOBODY], minlength=count)
    leaves = np.flatnonzero(waiting == 0)
    while len(leaves):
        leaves = leaves[inviter[leaves] != NOBODY]
        above = inviter[leaves]
        np.add.at(size, above, size[leaves] + 1)
        np.maximum.at(depth, above, depth[leaves] + 1)
        np.subtract.at(waiting, above, 1)
        leaves = np.unique(above)
        leaves = leaves[waiting[leaves] == 0]
    circle = waiting > 0
    size[circle] = depth[circle] = 0
    return Cascade(size, depth)


def _joining(graph: Graph) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """The pairs that join accounts, and who has a device of their own."""
    users = np.bincount(graph.device)[graph.device] if len(graph.device) else np.empty(0, np.int64)
    own = np.zeros(len(graph.opened), bool)
    own[graph.account[users == 1]] = True
    joins = (users > 1) & ((users <= FAMILY_DEVICE_MAX) | ~own[graph.account])
    return graph.account[joins], graph.device[joins], own


def _components(account: Ints, device: Ints, accounts: int) -> tuple[Ints, Ints, int]:
    """Accounts that are joined to anything, and the component of each."""
    there = np.zeros(accounts, bool)
    there[account] = True
    who = np.flatnonzero(there).astype(np.int32)
    place = (np.cumsum(there) - 1).astype(np.int32)
    hubs = np.zeros(int(device.max()) + 1 if len(device) else 0, bool)
    hubs[device] = True
    hub = (np.cumsum(hubs) - 1).astype(np.int32)[device] + len(who)
    nodes = len(who) + int(hubs.sum())
    links = scipy.sparse.coo_array((np.ones(len(account), np.int8), (place[account], hub)), shape=(nodes, nodes))
    count, labels = scipy.sparse.csgraph.connected_components(links.tocsr(), directed=False)
    return who, labels[: len(who)].astype(np.int32), int(count)


def _features(
    graph: Graph, own: NDArray[np.bool_], who: Ints, label: Ints, count: int, account: Ints, device: Ints
) -> dict[str, Any]:
    sizes = np.maximum(np.bincount(label, minlength=count), 1)

    def share(holds: NDArray[np.bool_]) -> Floats:
        found: Floats = np.bincount(label, holds, minlength=count) / sizes
        return found

    label_of = np.full(len(graph.opened), NOBODY, np.int32)
    label_of[who] = label
    devices = _devices(label_of[account], device, count)
    found: dict[str, Any] = {
        "devices": devices,
        "anchorless": share(~own[who]),
        "quiet": share(graph.lively[who] <= QUIET_DAYS_MAX),
        "burst": _burst(graph.opened[who], label, count) / sizes,
        "invited": share(_invited(graph.inviter[who], label, label_of)),
    }
    found["score"] = (
        BASE
        + SIZE * np.minimum(np.log(sizes / MEMBERS_MIN), 3)
        + CROWDING * np.clip(np.log2(sizes / np.maximum(devices, 1)), 0, 3)
        + ANCHORLESS * found["anchorless"]
        + QUIET * (found["quiet"] - QUIET_FROM)
        + BURST * found["burst"]
        + INVITED * found["invited"]
    )
    return found


def _devices(label: Ints, device: Ints, count: int) -> Ints:
    """How many different devices each component stands on; a device lies in one component only."""
    inside = label != NOBODY
    component = np.full(int(device.max()) + 1 if len(device) else 0, NOBODY, np.int32)
    component[device[inside]] = label[inside]
    return np.bincount(component[component != NOBODY], minlength=count).astype(np.int32)


def _burst(opened: Ints, label: Ints, count: int) -> NDArray[np.int64]:
    """The most members that were opened within `BURST_DAYS`."""
    width = np.int64(1) << 32
    keys = np.sort(label.astype(np.int64) * width + opened)
    until = np.searchsorted(keys, keys + BURST_DAYS)
    most = np.zeros(count, np.int64)
    np.maximum.at(most, keys // width, until - np.arange(len(keys)))
    return most


def _invited(inviter: Ints, label: Ints, label_of: Ints) -> NDArray[np.bool_]:
    """Who was invited by another member, or by somebody who invited at least a few members."""
    known = inviter != NOBODY
    inside = known & (label_of[np.where(known, inviter, 0)] == label)
    pairs = label.astype(np.int64) * (np.int64(1) << 32) + inviter
    order = np.argsort(pairs, kind="stable")
    _, starts, counts = np.unique(pairs[order], return_index=True, return_counts=True)
    by_same = np.empty(len(pairs), np.int64)
    by_same[order] = np.repeat(counts, counts)
    assert len(starts) == len(counts)
    found: NDArray[np.bool_] = inside | (known & (by_same >= MEMBERS_MIN // 2))
    return found


def _organisers(graph: Graph, ring_of: Ints) -> tuple[Ints, Ints]:
    """Who invited members and hardly anybody else, without being one; and of which ring."""
    invited = np.flatnonzero((graph.inviter != NOBODY) & (ring_of != NOBODY))
    all_of = np.bincount(graph.inviter[graph.inviter != NOBODY], minlength=len(graph.opened))
    pairs = graph.inviter[invited].astype(np.int64) * (np.int64(1) << 32) + ring_of[invited]
    found, counts = np.unique(pairs, return_counts=True)
    above, ring = (found >> 32).astype(np.int32), (found & 0xFFFFFFFF).astype(np.int32)
    chosen = (ring_of[above] == NOBODY) & (counts >= MEMBERS_MIN // 2) & (counts >= ORGANISER_SHARE * all_of[above])
    return above[chosen], ring[chosen]


def _as_rings(graph: Graph, who: Ints, label: Ints, chosen: NDArray[np.int64], features: dict[str, Any]) -> Rings:
    rank = np.full(len(features["score"]), NOBODY, np.int32)
    rank[chosen] = np.arange(len(chosen), dtype=np.int32)
    inside = rank[label] != NOBODY
    ring_of = np.full(len(graph.opened), NOBODY, np.int32)
    ring_of[who[inside]] = rank[label[inside]]
    above, above_ring = _organisers(graph, ring_of)
    members = np.concatenate([who[inside], above])
    rings = np.concatenate([rank[label[inside]], above_ring])
    leads = np.concatenate([np.zeros(int(inside.sum()), bool), np.ones(len(above), bool)])
    order = np.lexsort((members, leads, rings))
    return Rings(
        members=members[order],
        starts=np.concatenate([[0], np.cumsum(np.bincount(rings, minlength=len(chosen)))]).astype(np.int64),
        organisers=np.bincount(above_ring, minlength=len(chosen)).astype(np.int32),
        score=1 / (1 + np.exp(-features["score"][chosen])),
        **{name: features[name][chosen] for name in ("devices", "anchorless", "quiet", "burst", "invited")},
    )
