"""Questions about group buys: what the console lists, and what a customer sees of groups."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import CustomerRow
from huoke.reward import catalogue, grants, payments
from huoke.reward.catalogue import Sku
from huoke.reward.group_buy import store, store_read
from huoke.reward.group_buy.model import (
    SITTING,
    NewGroupBuy,
    Party,
    PartyState,
    Programme,
    ProgrammeState,
    Seat,
    SeatState,
)
from huoke.reward.group_buy.programme import find, get
from huoke.reward.group_buy.refusals import GroupUnknown
from huoke.reward.group_buy.settle import party_of, seat_of

JOINABLE_MAX = 10
NAMELESS = "＊"


class GroupBuyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a group buy: groups, seats, money in fen. Points are those burned and kept."""

    groups: int
    open: int
    complete: int
    failed: int
    seats: int
    paid: int
    cash_fen: int
    refunding_fen: int
    refunded_fen: int
    points: int


class GroupBuyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A group buy in a list; `left` is what the pool holds that no seat keeps (rule L7)."""

    id: UUID
    name: str
    unit_id: int
    state: ProgrammeState
    benefit: str
    size: int
    points: int
    cash_fen: int
    left: int
    stock: int
    opens_at: datetime
    closes_at: datetime
    figures: GroupBuyFigures
    change_id: UUID | None
    by: str
    created_at: datetime
    can: list[str]


class GroupBuyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A group buy whole."""

    row: GroupBuyRow
    terms: NewGroupBuy


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """A group in the console, its money in fen."""

    id: UUID
    code: str
    state: PartyState
    size: int
    seats: int
    paid: int
    cash_fen: int
    refunding_fen: int
    refunded_fen: int
    points: int
    reason: str
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    can: list[str]


class SeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A seat in the console; the name is masked, None outside the caller's units."""

    id: UUID
    seq: int
    name: str | None
    state: SeatState
    points: int
    cash_fen: int
    payment_id: UUID | None
    grant_id: UUID | None
    reserved_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    ended_at: datetime | None


class Joinable(msgspec.Struct, frozen=True, kw_only=True):
    """A friendless way in: an open group with a free seat, by the masked name of who opened it."""

    code: str
    name: str
    seats: int
    size: int
    expires_at: datetime


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A group buy as a customer meets it; `mine` counts the seats they have."""

    programme: Programme
    sku: Sku
    left: int
    joinable: list[Joinable]
    mine: int = 0


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a group, by masked name only; `is_me` for the visitor."""

    name: str
    state: SeatState
    is_me: bool


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group as one visitor meets it; `seat` is their latest seat in it, `payment` what it waits for."""

    programme: Programme
    party: Party
    sku: Sku
    members: list[Member]
    left: int
    seat: Seat | None = None
    payment: payments.Payment | None = None


class OwnSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat in a customer's own list."""

    seat: Seat
    title: str
    title_en: str
    code: str
    group_state: PartyState
    seats: int
    size: int
    expires_at: datetime


async def rows(tx: Tx, principal: Principal) -> list[GroupBuyRow]:
    """Group buys of the caller's units, latest first."""
    return await _rows(tx, principal, [one for one in await find(tx) if principal.covers(one.unit_id)])


async def page(tx: Tx, principal: Principal, programme_id: UUID) -> GroupBuyPage:
    """A group buy whole; `ProgrammeUnknown`, `OutOfScope`."""
    programme = await seen(tx, principal, programme_id)
    [row] = await _rows(tx, principal, [programme])
    return GroupBuyPage(row=row, terms=programme.terms)


async def seen(tx: Tx, principal: Principal, programme_id: UUID) -> Programme:
    """A group buy the caller may see; `ProgrammeUnknown`, `OutOfScope`."""
    programme = await get(tx, programme_id)
    principal.require_unit(programme.unit_id)
    return programme


async def groups(
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    *,
    state: PartyState | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[GroupRow]:
    """Groups, latest first; `q` is the beginning of a code. `ProgrammeUnknown`, `OutOfScope`."""
    await seen(tx, principal, programme_id)
    found = await store_read.groups(
        tx, programme_id, state=state.value if state else None, q=q.strip(), before=before, limit=limit
    )
    may = principal.may("campaign.write")
    return [
        GroupRow(
            **{name: row[name] for name in GroupRow.__struct_fields__ if name not in ("state", "can")},
            state=PartyState(row["state"]),
            can=["stop"] if may and row["state"] in ("open", "full") else [],
        )
        for row in found
    ]


async def count_groups(tx: Tx, programme_id: UUID, q: str = "") -> dict[str, int]:
    """How many groups there are by state."""
    return await store_read.count_groups(tx, programme_id, q.strip())


async def seats(tx: Tx, principal: Principal, party_id: UUID) -> list[SeatRow]:
    """Who sits or sat in a group, first to last, masked; `GroupUnknown`, `OutOfScope`."""
    found = await store.parties(tx, ids=[party_id])
    if not found:
        raise GroupUnknown("There is no such group.")
    await seen(tx, principal, found[0]["programme_id"])
    sitting = [seat_of(row) for row in await store.seats(tx, party_ids=[party_id])]
    people = await _rows_of(tx, [seat.seq for seat in sitting])
    return [
        SeatRow(
            **{name: getattr(seat, name) for name in SeatRow.__struct_fields__ if name != "name"},
            name=_told(people.get(seat.seq), principal),
        )
        for seat in sorted(sitting, key=lambda one: (one.reserved_at, one.id))
    ]


async def shown(tx: Tx) -> list[Offered]:
    """Group buys that are open now, latest first."""
    live = [one for one in await find(tx, states=(ProgrammeState.LIVE,)) if one.closed(tx.now) is None]
    return [await _offered(tx, one, []) for one in live]


async def offered(tx: Tx, programme_id: UUID, seq: int | None = None) -> Offered:
    """A group buy with the groups that still have a seat; `ProgrammeUnknown`."""
    programme = await get(tx, programme_id)
    found = await store_read.joinable(tx, programme_id, JOINABLE_MAX)
    names = await _names(tx, [row["opened_by"] for row in found])
    joinable = [
        Joinable(
            code=row["code"], name=names.get(row["opened_by"], NAMELESS), seats=row["seats"], size=row["size"],
            expires_at=row["expires_at"],
        )
        for row in found
    ]  # fmt: skip
    one = await _offered(tx, programme, joinable)
    if seq is None:
        return one
    facts = await customers.facts(tx, [seq])
    persons = [int(person) for person in facts.persons]
    taken = await store.sitting_persons(tx, [programme_id], persons)
    return msgspec.structs.replace(one, mine=sum(row["seats"] for row in taken))


async def bought(tx: Tx, programme_id: UUID) -> Sku:
    """What a group buy sells; `ProgrammeUnknown`."""
    return await _sku(tx, await get(tx, programme_id))


async def group(tx: Tx, code: str, seq: int | None) -> Group:
    """The group of a code as one visitor meets it; `GroupUnknown`."""
    found = await store.parties(tx, codes=[code])
    if not found:
        raise GroupUnknown("There is no such group.")
    party = party_of(found[0])
    programme = await get(tx, party.programme_id)
    every = sorted(
        (seat_of(row) for row in await store.seats(tx, party_ids=[party.id])), key=lambda one: (one.reserved_at, one.id)
    )
    sitting = [seat for seat in every if seat.state in SITTING]
    numbers = set() if seq is None else {int(one) for one in await customers.numbers_of(tx, Seq(seq))}
    names = await _names(tx, [seat.seq for seat in sitting])
    own = next((seat for seat in reversed(every) if seat.seq in numbers), None)
    payment = None
    if own is not None and own.payment_id is not None:
        payment = await payments.get(tx, own.payment_id)
    one = await _offered(tx, programme, [])
    return Group(
        programme=programme,
        party=party,
        sku=one.sku,
        members=[
            Member(name=names.get(seat.seq, NAMELESS), state=seat.state, is_me=seat.seq in numbers) for seat in sitting
        ],
        left=one.left,
        seat=own,
        payment=payment,
    )


async def own_seats(tx: Tx, seq: int) -> list[OwnSeat]:
    """A customer's seats, latest first."""
    found = await store_read.own_seats(tx, [int(one) for one in await customers.numbers_of(tx, Seq(seq))])
    return [
        OwnSeat(
            seat=msgspec.convert({name: row[name] for name in Seat.__struct_fields__}, Seat),
            title=row["terms"]["title"],
            title_en=row["terms"]["title_en"],
            code=row["code"],
            group_state=PartyState(row["group_state"]),
            seats=row["seats"],
            size=row["size"],
            expires_at=row["expires_at"],
        )
        for row in found
    ]


async def _offered(tx: Tx, programme: Programme, joinable: list[Joinable]) -> Offered:
    sku = await _sku(tx, programme)
    left = await _left(tx, [programme])
    return Offered(programme=programme, sku=sku, left=left.get(programme.id, 0), joinable=joinable)


async def _sku(tx: Tx, programme: Programme) -> Sku:
    return (await catalogue.skus(tx, [programme.terms.sku_id]))[programme.terms.sku_id]


async def _left(tx: Tx, found: Sequence[Programme]) -> dict[UUID, int]:
    pools = {one.pool_id: one.id for one in found if one.pool_id is not None}
    return {pools[pool.id]: pool.available for pool in await grants.get_pools(tx, list(pools))} if pools else {}


async def _rows(tx: Tx, principal: Principal, found: Sequence[Programme]) -> list[GroupBuyRow]:
    figures = await store_read.figures(tx, [one.id for one in found])
    names = await staff.names(tx, {one.created_by for one in found})
    skus = await catalogue.skus(tx, {one.terms.sku_id for one in found})
    left = await _left(tx, found)
    may = principal.may("campaign.write")
    return [
        GroupBuyRow(
            id=one.id,
            name=one.terms.name,
            unit_id=one.unit_id,
            state=one.state,
            benefit=_called(skus[one.terms.sku_id]),
            size=one.terms.size,
            points=one.terms.points,
            cash_fen=one.terms.cash_fen,
            left=left.get(one.id, 0),
            stock=one.terms.stock,
            opens_at=one.terms.opens_at,
            closes_at=one.terms.closes_at,
            figures=_figures(figures[one.id]),
            change_id=one.change_id,
            by=names.get(one.created_by, one.created_by),
            created_at=one.created_at,
            can=["stop"] if may and one.state is ProgrammeState.LIVE else [],
        )
        for one in found
    ]


def _figures(row: Any) -> GroupBuyFigures:
    return GroupBuyFigures(**{name: row[name] for name in GroupBuyFigures.__struct_fields__})


def _called(sku: Sku) -> str:
    """Brand and name, the brand once."""
    return sku.name if sku.brand_name in sku.name else f"{sku.brand_name} {sku.name}"


def _told(row: CustomerRow | None, principal: Principal) -> str | None:
    """What staff are told: masked name or number, nothing outside their units."""
    return None if row is None or not principal.covers(row.unit_id) else row.name or row.customer_no


async def _rows_of(tx: Tx, seqs: Iterable[int]) -> dict[int, CustomerRow]:
    """Masked rows of customers; joined numbers lead to who they are now."""
    wanted = sorted({*seqs})
    ends = await customers.survivors(tx, wanted)
    rows_ = await customers.masked_rows(tx, sorted({ends.get(seq, Seq(seq)) for seq in wanted}))
    found = {int(row.seq): row for row in rows_}
    told = {seq: found.get(int(ends.get(seq, Seq(seq)))) for seq in wanted}
    return {seq: row for seq, row in told.items() if row is not None}


async def _names(tx: Tx, seqs: Iterable[int]) -> dict[int, str]:
    """What customers are told of each other: the masked name, nothing for who has none."""
    return {seq: row.name or NAMELESS for seq, row in (await _rows_of(tx, seqs)).items()}
