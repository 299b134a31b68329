"""Rings of abuse: found in the graph, kept while they last, judged by a person."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.know.relations import sql_lively, store
from huoke.know.relations.engine import NOBODY, Graph, cascades, find_rings, sharing
from huoke.know.relations.model import Joined, RingJudged, RingsFound, RingState, RingUnknown

RINGS_MAX = 1_000
"""More than people can judge; the surest are kept."""
CASCADES_MAX = 1_000
GROUPS = {"2": (2, 2), "3-5": (3, 5), "6-8": (6, 8), "9+": (9, 1 << 31)}
"""People who share devices, by how many they are."""
SAME_SHARE = 0.8
"""A ring that keeps so many of its members is the one of before, and its verdict stays."""
NOTE_MAX = 500


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a ring, and why."""

    ring_id: UUID
    state: RingState
    note: str = ""


class Ran(msgspec.Struct, frozen=True):
    """How many rings there are, and how many were not there before."""

    rings: int
    fresh: int


async def refresh(database: Database, clickhouse: ClickHouse, tenant: TenantId) -> Ran:
    """Read the graph anew; rings that were judged keep their verdict, those that are gone unjudged are forgotten.

    Where nothing is known of how people live nobody can be called quiet, and there are no rings.
    """
    async with database.begin(tenant) as tx:
        today = tx.now.astimezone(CHINA).date()
        joined = Joined(await customers.survivors(tx, None))
        devices, referred = await store.device_pairs(tx, joined), await store.referrals(tx, joined)
    graph, seqs = _graph(devices, referred)
    found: list[tuple[list[int], dict[str, Any]]] = []
    if len(graph.device):
        lively = await sql_lively.lively(clickhouse, tenant, joined, today)
        if len(lively):
            days = _lively(seqs, lively.column("person").to_numpy(), lively.column("days").to_numpy())
            found = list(_found(msgspec.structs.replace(graph, lively=days), seqs))
    async with database.begin(tenant) as tx:
        await _note(tx, graph, seqs)
        before = await store.judged_rings(tx)
        fresh = 0
        for members, facts in found[:RINGS_MAX]:
            ring_id = _same(members, before)
            fresh += ring_id is None
            await store.put_ring(tx, ring_id or new_id(), members, facts)
        await store.drop_unseen(tx)
        ran = Ran(min(len(found), RINGS_MAX), fresh)
        tx.emit(RingsFound(rings=ran.rings, fresh=ran.fresh))
    return ran


async def judge(tx: Tx, verdict: Verdict) -> UUID:
    """Say that a ring is one, that it is innocent, or that it is open again, and why; all that was said is kept.

    `RingUnknown`, `audit.ReasonMissing`.
    """
    note = audit.require_reason(verdict.note)[:NOTE_MAX]
    row = await store.judge(tx, verdict.ring_id, verdict.state.value, note)
    if row is None:
        raise RingUnknown("There is no such ring.", ring_id=str(verdict.ring_id))
    await store.note_verdict(tx, verdict.ring_id, verdict.state.value, note, len(row["seqs"]))
    entry = audit.AuditEntry(
        action="relations.judge", subject_kind="ring", subject_id=str(verdict.ring_id), reason=note,
        after={"state": verdict.state.value, "members": len(row["seqs"])},
    )  # fmt: skip
    await audit.record(tx, entry)
    members = CustomerSet.of(tx.tenant, row["seqs"]).bitmap.serialize()
    tx.emit(RingJudged(ring_id=verdict.ring_id, state=verdict.state), members=members)
    return verdict.ring_id


async def ringed(tx: Tx) -> CustomerSet:
    """Everybody in what people judged to be rings, by today's numbers: for risk to hold rewards back (rule P11)."""
    return await customers.current(tx, CustomerSet.of(tx.tenant, await store.ringed(tx), tx.now))


def _graph(devices: Any, referred: Any) -> tuple[Graph, NDArray[np.int64]]:
    """Accounts that share or invite, and the seq of each; nobody is lively yet."""
    used = np.array((devices and devices["seqs"]) or [], np.int64)
    invitees = np.array((referred and referred["invitees"]) or [], np.int64)
    inviters = np.array((referred and referred["inviters"]) or [], np.int64)
    seqs = np.unique(np.concatenate([used, invitees, inviters]))
    account = np.searchsorted(seqs, used)
    opened = np.full(len(seqs), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(opened, account, np.array((devices and devices["since"]) or [], np.int32))
    inviter = np.full(len(seqs), NOBODY, np.int32)
    inviter[np.searchsorted(seqs, invitees)] = np.searchsorted(seqs, inviters)
    numbered = np.array((devices and devices["devices"]) or [], np.int32)
    lively = np.zeros(len(seqs), np.int32)
    return Graph(inviter=inviter, opened=opened, lively=lively, account=account.astype(np.int32), device=numbered), seqs


def _lively(seqs: NDArray[np.int64], persons: NDArray[Any], days: NDArray[Any]) -> NDArray[np.int32]:
    """On how many days each account did more than look around."""
    found = np.zeros(len(seqs), np.int32)
    known = np.isin(persons, seqs)
    found[np.searchsorted(seqs, persons[known])] = days[known]
    return found


def _found(graph: Graph, seqs: NDArray[np.int64]) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """The rings of a bank as seqs and facts, the surest first."""
    rings = find_rings(graph)
    for at in range(len(rings.score)):
        members = seqs[rings.members[rings.starts[at] : rings.starts[at + 1]]].tolist()
        names = ("organisers", "score", "devices", "anchorless", "quiet", "burst", "invited")
        yield members, {name: getattr(rings, name)[at].item() for name in names}


async def _note(tx: Tx, graph: Graph, seqs: NDArray[np.int64]) -> None:
    """Keep the largest cascades, and what the graph came to."""
    told = cascades(graph.inviter)
    direct = np.bincount(graph.inviter[graph.inviter != NOBODY], minlength=len(seqs))
    largest = np.lexsort((-seqs, -told.size))[:CASCADES_MAX]
    largest = largest[told.size[largest] > 0]
    columns = (seqs[largest], told.size[largest], told.depth[largest], direct[largest])
    await store.put_cascades(tx, list(zip(*(column.tolist() for column in columns), strict=True)))
    sizes = np.array(sharing(graph))
    groups = {name: int(((sizes >= low) & (sizes <= high)).sum()) for name, (low, high) in GROUPS.items()}
    invited = int((graph.inviter != NOBODY).sum())
    await store.note_reading(tx, groups, int((direct > 0).sum()), invited, int(told.depth.max(initial=0)))


def _same(seqs: Sequence[int], before: Sequence[Any]) -> UUID | None:
    """The ring of before that these are, if any."""
    now = {*seqs}
    for ring in before:
        if len(now.intersection(ring["seqs"])) >= SAME_SHARE * max(len(now), len(ring["seqs"])):
            found: UUID = ring["id"]
            return found
    return None
