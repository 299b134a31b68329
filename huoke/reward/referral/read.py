"""Questions about referral: programmes with their figures, accepted invitations, the tree of who invited whom."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import CustomerRow
from huoke.reward import catalogue, grants
from huoke.reward.referral import store, store_bond, store_read
from huoke.reward.referral.model import (
    LADDER_LINE,
    BondState,
    Channel,
    NewProgramme,
    Programme,
    ProgrammeState,
    Reason,
    Verdict,
    benefits_of,
    side_of,
)
from huoke.reward.referral.programme import find, get
from huoke.reward.referral.refusals import BondUnknown

PEOPLE_MAX = 2_000
"""Of a larger tree the earliest invitations are shown."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a programme: who invites, accepted invitations and how many are where, money in fen."""

    referrers: int
    accepted: int
    qualified: int
    under_way: int
    held: int
    rewarded: int
    blocked: int
    lapsed: int
    clawed_back: int
    cost_fen: int
    value_fen: int


class ProgrammeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A programme in a list; `can` says what the caller may do with it."""

    id: UUID
    name: str
    unit_id: int
    state: ProgrammeState
    opens_at: datetime
    closes_at: datetime
    figures: Figures
    change_id: UUID | None
    by: str
    created_at: datetime
    can: list[str]


class SideBenefit(msgspec.Struct, frozen=True, kw_only=True):
    """What a line gives and what is left of it; `invitees` is 0 for the two sides, else the step of the ladder.

    `channel` is the one it is given in alone, instead of the programme's.
    """

    line: int
    invitees: int
    title: str
    cost_fen: int
    stock: int
    left: int
    channel: Channel | None = None


class ChannelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What came by one channel; money in fen."""

    channel: Channel
    accepted: int
    qualified: int
    rewarded: int
    cost_fen: int
    value_fen: int


class ProgrammePage(msgspec.Struct, frozen=True, kw_only=True):
    """A programme whole."""

    row: ProgrammeRow
    terms: NewProgramme
    benefits: list[SideBenefit]
    reasons: dict[str, int]
    channels: list[ChannelFigures]


class BondRow(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted invitation, masked; names are None outside the caller's units. `staff` is who invited, for staff."""

    id: UUID
    inviter_seq: int | None
    inviter: str | None
    staff: str
    invitee_seq: int
    invitee: str | None
    state: BondState
    verdict: Verdict
    reasons: list[Reason]
    bound_at: datetime
    due_at: datetime | None
    cost_fen: int
    value_fen: int
    change_id: UUID | None
    channel: Channel
    can: list[str]


class BondStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an accepted invitation."""

    no: int
    state: BondState
    reasons: list[Reason]
    note: str
    by: str
    at: datetime


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the tree: the place of who invited them (None: they stand first), whom they brought, what came of it.

    `seq` and `name` are None outside the caller's units, and for staff, who go by `staff`.
    """

    by: int | None
    generation: int
    brought: int
    rewarded: int
    cost_fen: int
    value_fen: int
    state: BondState | None
    since: datetime | None
    seq: int | None = None
    name: str | None = None
    staff: str = ""


class InviteTree(msgspec.Struct, frozen=True, kw_only=True):
    """Who invited whom in a programme; `generations` counts them, `more` says that not all are shown."""

    people: list[Invited]
    generations: list[int]
    more: bool


async def rows(tx: Tx, principal: Principal) -> list[ProgrammeRow]:
    """Programmes of the caller's units, latest first."""
    found = [one for one in await find(tx) if principal.covers(one.unit_id)]
    return await _rows(tx, principal, found)


async def page(tx: Tx, principal: Principal, programme_id: UUID) -> ProgrammePage:
    """A programme whole; `ProgrammeUnknown`, `OutOfScope`."""
    programme = await seen(tx, principal, programme_id)
    [row] = await _rows(tx, principal, [programme])
    return ProgrammePage(
        row=row,
        terms=programme.terms,
        benefits=await side_benefits(tx, programme),
        reasons=await store_read.reasons(tx, programme_id),
        channels=await _by_channel(tx, programme_id),
    )


async def _by_channel(tx: Tx, programme_id: UUID) -> list[ChannelFigures]:
    """Every channel in its order, with what came by it."""
    came = {row["channel"]: dict(row) for row in await store_read.by_channel(tx, programme_id)}
    none = dict.fromkeys(("accepted", "qualified", "rewarded", "cost_fen", "value_fen"), 0)
    return [ChannelFigures(**{**none, **came.get(channel.value, {}), "channel": channel}) for channel in Channel]


async def seen(tx: Tx, principal: Principal, programme_id: UUID) -> Programme:
    """A programme the caller may see; `ProgrammeUnknown`, `OutOfScope`."""
    programme = await get(tx, programme_id)
    principal.require_unit(programme.unit_id)
    return programme


async def bonds(
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    *,
    state: BondState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[BondRow]:
    """Accepted invitations, latest first; `ProgrammeUnknown`, `OutOfScope`."""
    await seen(tx, principal, programme_id)
    found = await store_read.bonds(tx, programme_id, state=state.value if state else None, before=before, limit=limit)
    return await _bond_rows(tx, principal, found)


async def count_bonds(tx: Tx, programme_id: UUID) -> dict[str, int]:
    """How many accepted invitations there are by state."""
    return await store_read.count_bonds(tx, programme_id)


async def bond_steps(tx: Tx, principal: Principal, bond_id: UUID) -> list[BondStep]:
    """How an accepted invitation went on, first to last; `BondUnknown`, `OutOfScope`."""
    bond = await store_bond.bond(tx, bond_id)
    if bond is None:
        raise BondUnknown("There is no such invitation.")
    await seen(tx, principal, bond.programme_id)
    steps = await store_read.steps(tx, bond_id)
    names = await staff.names(tx, {row["made_by"] for row in steps})
    return [
        BondStep(
            no=row["no"], state=BondState(row["state"]), reasons=[Reason(one) for one in row["reasons"]],
            note=row["note"], by=names.get(row["made_by"], ""), at=row["made_at"],
        )
        for row in steps
    ]  # fmt: skip


async def tree(tx: Tx, principal: Principal, programme_id: UUID) -> InviteTree:
    """Who invited whom, with what came of each; the earliest 2,000 invitations. `ProgrammeUnknown`, `OutOfScope`."""
    await seen(tx, principal, programme_id)
    edges = await store_read.edges(tx, programme_id, PEOPLE_MAX + 1)
    referrers = await store.referrers(tx, {edge["referrer_id"] for edge in edges if edge["inviter_person"] is None})
    names = await staff.names(tx, {str(row["staff_id"]) for row in referrers.values()})
    shown = edges[:PEOPLE_MAX]
    people = await _named(tx, principal.units, [seq for edge in shown for seq in _ends(edge)])
    nodes = _nodes(shown, {key: names.get(str(row["staff_id"]), "") for key, row in referrers.items()}, people)
    depth = max((node.generation for node in nodes), default=-1)
    generations = [sum(node.generation == at for node in nodes) for at in range(depth + 1)]
    return InviteTree(people=nodes, generations=generations, more=len(edges) > PEOPLE_MAX)


async def side_benefits(tx: Tx, programme: Programme) -> list[SideBenefit]:
    """What each line gives, and what is left in its pool (rule L7)."""
    benefits = benefits_of(programme.terms)
    skus = await catalogue.skus(tx, {one.sku_id for one in benefits.values()})
    left: dict[int, int] = {}
    for line, offer_id in programme.offers.items():
        terms = await grants.unit_terms(tx, offer_id)
        [pool] = await grants.get_pools(tx, [terms[grants.EVERY_UNIT].pool_id])
        left[int(line)] = pool.available
    return [
        SideBenefit(
            line=line,
            invitees=0 if (side := side_of(line)) else programme.terms.ladder[line - LADDER_LINE].invitees,
            channel=side[0] if side else None,
            title=_called(skus[one.sku_id]),
            cost_fen=skus[one.sku_id].cost_fen,
            stock=one.stock,
            left=left.get(line, 0),
        )
        for line, one in benefits.items()
    ]


def _called(sku: catalogue.Sku) -> str:
    """Brand and name, the brand once."""
    return sku.name if sku.brand_name in sku.name else f"{sku.brand_name} {sku.name}"


async def _rows(tx: Tx, principal: Principal, found: Sequence[Programme]) -> list[ProgrammeRow]:
    figures = await store_read.figures(tx, [one.id for one in found])
    names = await staff.names(tx, {one.created_by for one in found})
    return [
        ProgrammeRow(
            id=one.id,
            name=one.terms.name,
            unit_id=one.unit_id,
            state=one.state,
            opens_at=one.terms.opens_at,
            closes_at=one.terms.closes_at,
            figures=msgspec.convert({key: value for key, value in figures[one.id].items() if key != "id"}, Figures),
            change_id=one.change_id,
            by=names.get(one.created_by, one.created_by),
            created_at=one.created_at,
            can=_can(principal, one.state),
        )
        for one in found
    ]


def _can(principal: Principal, state: ProgrammeState) -> list[str]:
    if not principal.may("campaign.write"):
        return []
    verbs = {ProgrammeState.LIVE: ["pause", "stop"], ProgrammeState.PAUSED: ["resume", "stop"]}
    return verbs.get(state, [])


async def _bond_rows(tx: Tx, principal: Principal, found: Sequence[Any]) -> list[BondRow]:
    people = await _named(tx, principal.units, [seq for row in found for seq in _ends(row)])
    referrers = await store.referrers(tx, {row["referrer_id"] for row in found if row["inviter_seq"] is None})
    names = await staff.names(tx, {str(row["staff_id"]) for row in referrers.values()})
    asked = await store.asked_of(tx, [row["id"] for row in found])
    return [
        BondRow(
            id=row["id"],
            inviter_seq=row["inviter_seq"],
            inviter=_name(people, row["inviter_seq"]),
            staff=names.get(str(referrers[row["referrer_id"]]["staff_id"]), "") if row["inviter_seq"] is None else "",
            invitee_seq=row["invitee_seq"],
            invitee=_name(people, row["invitee_seq"]),
            state=BondState(row["state"]),
            verdict=Verdict(row["verdict"]),
            reasons=[Reason(one) for one in row["reasons"]],
            bound_at=row["bound_at"],
            due_at=row["due_at"],
            cost_fen=row["cost_fen"],
            value_fen=row["value_fen"],
            change_id=asked.get(row["id"]),
            channel=Channel(row["channel"]),
            can=_verbs(principal, BondState(row["state"]), asked=row["id"] in asked),
        )
        for row in found
    ]


def _verbs(principal: Principal, state: BondState, *, asked: bool) -> list[str]:
    if asked or not principal.may("campaign.write"):
        return []
    return {BondState.BLOCKED: ["release"], BondState.REWARDED: ["claw_back"]}.get(state, [])


def _ends(row: Any) -> list[int]:
    return [row["invitee_seq"], *([] if row["inviter_seq"] is None else [row["inviter_seq"]])]


async def _named(tx: Tx, units: Iterable[UnitId] | None, seqs: Iterable[int]) -> dict[int, CustomerRow]:
    """Masked rows of those within the units; joined numbers lead to who they are now."""
    wanted = sorted({*seqs})
    ends = await customers.survivors(tx, wanted)
    allowed = None if units is None else frozenset(units)
    rows_ = {
        int(row.seq): row for row in await customers.masked_rows(tx, sorted({ends.get(q, Seq(q)) for q in wanted}))
    }
    found = {seq: rows_.get(int(ends.get(seq, Seq(seq)))) for seq in wanted}
    return {seq: row for seq, row in found.items() if row and (allowed is None or row.unit_id in allowed)}


def _name(people: dict[int, CustomerRow], seq: int | None) -> str | None:
    row = None if seq is None else people.get(seq)
    return None if row is None else row.name or row.customer_no


class _Node(msgspec.Struct):
    seq: int | None
    by: int | None = None
    generation: int = 0
    brought: int = 0
    rewarded: int = 0
    cost_fen: int = 0
    value_fen: int = 0
    state: BondState | None = None
    since: datetime | None = None
    staff: str = ""


def _nodes(edges: Sequence[Any], staff_names: dict[UUID, str], people: dict[int, CustomerRow]) -> list[Invited]:
    """The tree as a list in which who invited stands before whom they invited: invitations are in order of time."""
    nodes: list[_Node] = []
    places: dict[object, int] = {}
    for edge in edges:
        first = edge["referrer_id"] if edge["inviter_person"] is None else edge["inviter_person"]
        if first not in places:
            places[first] = len(nodes)
            nodes.append(_Node(edge["inviter_seq"], staff=staff_names.get(edge["referrer_id"], "")))
        above = nodes[places[first]]
        above.brought += 1
        rewarded = edge["state"] == BondState.REWARDED
        above.rewarded += rewarded
        above.cost_fen += edge["cost_fen"]
        above.value_fen += edge["value_fen"]
        node = _Node(edge["invitee_seq"], by=places[first], state=BondState(edge["state"]), since=edge["bound_at"])
        at = places.get(edge["invitee_person"])
        if at is None:
            places[edge["invitee_person"]] = len(nodes)
            nodes.append(node)
        else:
            nodes[at].by, nodes[at].state, nodes[at].since = node.by, node.state, node.since
    _number(nodes)
    return [
        Invited(
            **{name: getattr(node, name) for name in _Node.__struct_fields__ if name != "seq"},
            seq=node.seq if node.seq is not None and node.seq in people else None,
            name=_name(people, node.seq),
        )
        for node in nodes
    ]


def _number(nodes: Sequence[_Node]) -> None:
    """Count generations from whoever nobody invited; a person may have invited before being invited."""
    for node in nodes:
        at: _Node | None = node
        generation = -1
        while at is not None:
            generation += 1
            at = None if at.by is None else nodes[at.by]
        node.generation = generation
