"""Questions about kits: the gallery, what was set up, and how its parts stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import staff, units
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reach import campaigns
from huoke.reach.kits import store
from huoke.reach.kits.form import missing_facts
from huoke.reach.kits.model import (
    Kit,
    KitUnknown,
    KitView,
    Part,
    PartKind,
    Setup,
    SetupRow,
    Stage,
    Terms,
    Words,
    stage_of,
)
from huoke.reach.kits.templates import KITS
from huoke.reward import catalogue, plays

_NONE = Words("", "")
_VERBS = {
    Stage.DRAFT: (("submit", "campaign.submit"), ("remove", "campaign.write")),
    Stage.SUBMITTED: (("submit", "campaign.submit"),),
    Stage.RUNNING: (("submit", "campaign.submit"), ("stop", "campaign.halt")),
    Stage.ENDED: (),
}


async def gallery(tx: Tx, principal: Principal) -> list[KitView]:
    """Every kit of the house, and how often the caller's units have set it up."""
    counts = await store.count_by_key(tx, principal.units)
    return [_view(kit, await missing_facts(tx, kit), counts.get(kit.key, 0)) for kit in KITS.values()]


async def find(
    tx: Tx,
    principal: Principal,
    *,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[SetupRow]:
    """Kits the caller's units have set up, latest first; `before` is the last row of the page before."""
    rows = await store.find(tx, principal.units, q.strip(), before, limit)
    parts = await store.parts(tx, [row["id"] for row in rows])
    refs = [ref for made in parts.values() for _, ref in made]
    known = await campaigns.states(tx, refs) | await plays.states(tx, refs)
    people = await staff.names(tx, sorted({row["created_by"] for row in rows}))
    names = {int(unit.id): unit.name for unit in await units.tree(tx)}
    return [
        SetupRow(**_row(row, [known[ref] for _, ref in parts[row["id"]] if ref in known], people, names))
        for row in rows
    ]


async def get(tx: Tx, principal: Principal, setup_id: UUID) -> Setup:
    """One kit that was set up, whole; raises `KitUnknown` outside the caller's scope too."""
    row = await store.get(tx, setup_id)
    if row is None or not principal.covers(row["unit_id"]):
        raise KitUnknown(f"There is no kit {setup_id}.")
    parts = (await store.parts(tx, [setup_id]))[setup_id]
    boards = await campaigns.boards(tx, principal, [ref for kind, ref in parts if kind is PartKind.CAMPAIGN])
    standing = {ref: _campaign(ref, board) for ref, board in boards.items()} | await _others(tx, principal, parts)
    made = [standing[ref] for _, ref in parts]
    people = await staff.names(tx, [row["created_by"]])
    names = {int(unit.id): unit.name for unit in await units.tree(tx)}
    states = [part.state for part in made if part.kind in (PartKind.CAMPAIGN, PartKind.PLAY)]
    shown = _row(row, states, people, names)
    verbs = [
        verb
        for verb, permission in _VERBS[shown["stage"]]
        if principal.may(permission) and (verb != "submit" or "draft" in states)
    ]
    return Setup(**shown, terms=msgspec.convert(row["terms"], Terms), parts=made, can=verbs)


def _row(row: Record, states: list[str], people: dict[str, str], names: dict[int, str]) -> dict[str, Any]:
    columns = ("id", "key", "name", "unit_id", "budget_fen", "opens_at", "closes_at", "created_at")
    return {name: row[name] for name in columns} | {
        "unit": names.get(row["unit_id"], ""),
        "stage": stage_of(states),
        "created_by": people.get(row["created_by"], row["created_by"]),
    }


async def _others(tx: Tx, principal: Principal, parts: Sequence[tuple[PartKind, UUID]]) -> dict[UUID, Part]:
    """The plays, bundles, visits and segments of a kit, each kind read as one set."""
    refs = {kind: [ref for one, ref in parts if one is kind] for kind in PartKind}
    found: dict[UUID, Part] = {}
    for ref, play in (await plays.boards(tx, principal, refs[PartKind.PLAY])).items():
        found[ref] = _play(ref, play)
    for ref, bundle in (await catalogue.get_bundles(tx, refs[PartKind.BUNDLE])).items():
        terms = bundle.terms or bundle.draft
        name = terms.name if terms else bundle.code
        found[ref] = Part(kind=PartKind.BUNDLE, id=ref, name=name, state=bundle.status.value)
    for ref, sku in (await catalogue.skus(tx, refs[PartKind.SERVICE])).items():
        found[ref] = Part(kind=PartKind.SERVICE, id=ref, name=sku.name, state="published")
    for ref, segment in (await segments.get_many(tx, refs[PartKind.SEGMENT])).items():
        state = "archived" if segment.archived_at else segment.serves.value
        found[ref] = Part(kind=PartKind.SEGMENT, id=ref, name=segment.name, state=state, reached=segment.size or 0)
    return found


def _campaign(ref: UUID, board: campaigns.Board) -> Part:
    return Part(
        kind=PartKind.CAMPAIGN,
        id=ref,
        name=board.name,
        state=board.state.value,
        change_id=board.change_id,
        reached=board.reached,
        done=board.granted,
        metric=board.metric,
        control_percent=board.control_percent,
    )


def _play(ref: UUID, board: plays.PlayBoard) -> Part:
    return Part(
        kind=PartKind.PLAY,
        id=ref,
        name=board.name,
        state=board.state.value,
        change_id=board.change_id,
        reached=board.players,
        done=board.draws,
    )


def _view(kit: Kit, missing: list[str], setups: int) -> KitView:
    basis = next((circle.basis for circle in kit.circles if circle.basis), None) or _NONE
    makes = [PartKind.SEGMENT, PartKind.CAMPAIGN]
    if any(offer.choose for offer in kit.offers):
        makes.insert(1, PartKind.BUNDLE)
    if kit.visit is not None:
        makes.insert(1, PartKind.SERVICE)
    if kit.game is not None:
        makes.append(PartKind.PLAY)
    return KitView(
        key=kit.key,
        name=kit.name.zh,
        name_en=kit.name.en,
        summary=kit.summary.zh,
        summary_en=kit.summary.en,
        rewarded=kit.rewarded.zh,
        rewarded_en=kit.rewarded.en,
        measured=kit.measured.zh,
        measured_en=kit.measured.en,
        threshold=kit.threshold,
        benefits_min=kit.benefits_min,
        basis=basis.zh,
        basis_en=basis.en,
        days=kit.days,
        makes=makes,
        books_visits=kit.visit is not None,
        missing=missing,
        setups=setups,
    )
