"""Rings of abuse: found in the graph, shown with what speaks for each, judged by a person."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.know.relations import sql_lively, store
from huoke.know.relations.engine import NOBODY, Graph, find_rings
from huoke.know.relations.model import (
    Reason,
    Ring,
    RingFacts,
    RingJudged,
    RingMember,
    RingsFound,
    RingState,
    RingUnknown,
    reasons,
)

RINGS_MAX = 1_000
"""More than people can judge; the surest are kept."""
SAME_SHARE = 0.8
"""A ring that keeps so many of its members is the one of before, and its verdict stays."""
SHOWN_MAX = 60
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
        devices, referred = await store.device_pairs(tx), await store.referrals(tx)
    found: list[tuple[list[int], dict[str, Any]]] = []
    if devices is not None and devices["seqs"]:
        lively = await sql_lively.lively(clickhouse, tenant, today)
        if len(lively):
            found = list(_found(devices, referred, lively.column("seq").to_numpy(), lively.column("days").to_numpy()))
    async with database.begin(tenant) as tx:
        before = await store.judged_rings(tx)
        fresh = 0
        for seqs, facts in found[:RINGS_MAX]:
            ring_id = _same(seqs, before)
            fresh += ring_id is None
            await store.put_ring(tx, ring_id or new_id(), seqs, facts)
        await store.drop_unseen(tx)
        ran = Ran(min(len(found), RINGS_MAX), fresh)
        tx.emit(RingsFound(rings=ran.rings, fresh=ran.fresh))
    return ran


async def find(
    tx: Tx, *, state: RingState | None = None, after: tuple[float, UUID] | None = None, limit: int = 50
) -> list[Ring]:
    """Rings, the surest first, with up to 60 members each."""
    return await _shown(tx, await store.rings(tx, state or "", after, limit))


async def counts(tx: Tx) -> dict[str, int]:
    """How many rings there are by state."""
    return await store.ring_counts(tx)


async def judge(tx: Tx, verdict: Verdict) -> UUID:
    """Say that a ring is one, that it is innocent, or that it is open again; `RingUnknown`."""
    row = await store.judge(tx, verdict.ring_id, verdict.state.value, verdict.note.strip()[:NOTE_MAX])
    if row is None:
        raise RingUnknown("There is no such ring.", ring_id=str(verdict.ring_id))
    members = CustomerSet.of(tx.tenant, row["seqs"]).bitmap.serialize()
    tx.emit(RingJudged(ring_id=verdict.ring_id, state=verdict.state), members=members)
    return verdict.ring_id


async def ringed(tx: Tx) -> CustomerSet:
    """Everybody in what people judged to be rings: for risk to hold rewards back, and for nothing else (rule P11)."""
    return CustomerSet.of(tx.tenant, await store.ringed(tx), tx.now)


def _found(
    devices: Any, referred: Any, lively_seqs: NDArray[Any], lively_days: NDArray[Any]
) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """The rings of a bank as seqs and facts, the surest first."""
    used = np.array(devices["seqs"], np.int64)
    invitees = np.array(referred["invitees"] or [], np.int64)
    inviters = np.array(referred["inviters"] or [], np.int64)
    seqs = np.unique(np.concatenate([used, invitees, inviters]))
    place = {"used": np.searchsorted(seqs, used)}
    opened = np.full(len(seqs), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(opened, place["used"], np.array(devices["since"], np.int32))
    lively = np.zeros(len(seqs), np.int32)
    known = np.isin(lively_seqs, seqs)
    lively[np.searchsorted(seqs, lively_seqs[known])] = lively_days[known]
    inviter = np.full(len(seqs), NOBODY, np.int32)
    inviter[np.searchsorted(seqs, invitees)] = np.searchsorted(seqs, inviters)
    graph = Graph(
        inviter=inviter, opened=opened, lively=lively, account=place["used"].astype(np.int32),
        device=np.array(devices["devices"], np.int32),
    )  # fmt: skip
    rings = find_rings(graph)
    for at in range(len(rings.score)):
        members = seqs[rings.members[rings.starts[at] : rings.starts[at + 1]]].tolist()
        names = ("organisers", "score", "devices", "anchorless", "quiet", "burst", "invited")
        yield members, {name: getattr(rings, name)[at].item() for name in names}


def _same(seqs: Sequence[int], before: Sequence[Any]) -> UUID | None:
    """The ring of before that these are, if any."""
    now = {*seqs}
    for ring in before:
        if len(now.intersection(ring["seqs"])) >= SAME_SHARE * max(len(now), len(ring["seqs"])):
            found: UUID = ring["id"]
            return found
    return None


async def _shown(tx: Tx, rows: Sequence[Any]) -> list[Ring]:
    seqs = sorted({seq for row in rows for seq in _first(row)})
    people = {one.seq: one for one in await customers.masked_rows(tx, seqs)}
    names = await staff.names(tx, {row["judged_by"] for row in rows if row["judged_by"]})
    shown = []
    for row in rows:
        facts = RingFacts(
            members=len(row["seqs"]),
            **{name: row[name] for name in ("organisers", "devices", "anchorless", "quiet", "burst", "invited")},
        )
        why: list[Reason] = reasons(facts)
        leads = {*row["seqs"][len(row["seqs"]) - row["organisers"] :]}
        members = [
            RingMember(
                seq=seq, customer_no=people[seq].customer_no, name=people[seq].name, unit_name=people[seq].unit_name,
                organiser=seq in leads,
            )
            for seq in _first(row)
            if seq in people
        ]  # fmt: skip
        shown.append(
            Ring(
                id=row["id"],
                score=round(row["score"], 3),
                state=RingState(row["state"]),
                facts=facts,
                reasons=why,
                members=members,
                note=row["note"],
                judged_by=names.get(row["judged_by"], row["judged_by"]),
                judged_at=row["judged_at"],
                found_at=row["found_at"],
            )
        )
    return shown


def _first(row: Any) -> list[Seq]:
    """The members that are shown: whoever organised first."""
    at = len(row["seqs"]) - row["organisers"]
    ordered: list[Seq] = [*row["seqs"][at:], *row["seqs"][:at]]
    return ordered[:SHOWN_MAX]
