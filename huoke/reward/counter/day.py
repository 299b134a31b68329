"""A day at a counter or in a store: who may see which redemptions, and take them back until when."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants, merchants
from huoke.reward.grants import BenefitKind, RedemptionItem, RedemptionQuery
from huoke.reward.merchants import Desk, NotYourStore

STORES_MAX = 5_000
Cursor = tuple[datetime, UUID]


class Standing(StrEnum):
    """Whether a redemption stands or was taken back."""

    DONE = "done"
    UNDONE = "undone"


class WhyNot(StrEnum):
    """Why a redemption cannot be taken back."""

    UNDONE = "undone"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """Which redemptions of a calendar day (China) somebody asks for; `q` is a part of a title, or a customer number."""

    on: date | None = None
    standing: Standing | None = None
    mine: bool = False
    store_id: UUID | None = None
    q: str = ""


class RedemptionView(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption in the day's list; the customer masked (rule F2), and without a number for a merchant's clerk."""

    id: UUID
    grant_id: UUID
    customer_no: str
    customer_name: str | None
    title: str
    title_en: str
    kind: BenefitKind
    face_value_fen: int
    teller: str
    teller_name: str
    unit_id: int
    store_id: UUID | None
    store_name: str
    at: datetime
    undo_until: datetime
    undone_at: datetime | None
    undone_by_name: str
    reason: str | None
    can: list[str]
    why_not: WhyNot | None


class BenefitTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Redemptions of one benefit: how many stand and what they are worth, and how many were taken back."""

    title: str
    title_en: str
    redeemed: int
    face_value_fen: int
    undone: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The same day counted: what stands, what it is worth, what was taken back; by benefit, the most redeemed first."""

    on: date
    redeemed: int
    face_value_fen: int
    undone: int
    benefits: list[BenefitTotal]


def in_charge(principal: Principal) -> frozenset[int] | None:
    """Units whose tellers' redemptions this principal may undo: those in scope for an approver, else none."""
    if not principal.may("approval.decide"):
        return frozenset()
    return None if principal.units is None else frozenset(int(unit) for unit in principal.units)


async def desk_of(tx: Tx, principal: Principal) -> Desk:
    """Where the caller redeems."""
    return await merchants.desk_of(tx, principal.actor.id, int(principal.unit_id or 0))


async def read_day(
    tx: Tx, principal: Principal, day: Day, *, before: Cursor | None = None, limit: int = 50
) -> list[RedemptionView]:
    """A day's redemptions, latest first: a clerk's own stores', anybody else's units'. `NotYourStore`."""
    desk = await desk_of(tx, principal)
    found = await grants.find_redemptions(tx, await _query(tx, principal, desk, day), before=before, limit=limit)
    return await _shown(tx, principal, desk, found)


async def totals_of(tx: Tx, principal: Principal, day: Day) -> Totals:
    """The sums of the same day. `NotYourStore`."""
    desk = await desk_of(tx, principal)
    found = await grants.count_redemptions(tx, await _query(tx, principal, desk, day))
    english = await catalogue.names_en(tx, {(one.sku_id, one.sku_version) for one in found})
    benefits = [
        BenefitTotal(
            title=one.title,
            title_en=english.get((one.sku_id, one.sku_version), ""),
            redeemed=one.redeemed,
            face_value_fen=one.face_value_fen,
            undone=one.undone,
        )
        for one in found
    ]
    return Totals(
        on=_on(tx, day),
        redeemed=sum(one.redeemed for one in benefits),
        face_value_fen=sum(one.face_value_fen for one in benefits),
        undone=sum(one.undone for one in benefits),
        benefits=benefits,
    )


def _on(tx: Tx, day: Day) -> date:
    return day.on or tx.now.astimezone(CHINA).date()


async def _query(tx: Tx, principal: Principal, desk: Desk, day: Day) -> RedemptionQuery:
    stores = desk.store_ids
    if day.store_id is not None:
        if stores is not None and day.store_id not in stores:
            raise NotYourStore("You are not a clerk of this store.", pointer="/store_id")
        stores = frozenset({day.store_id})
    everywhere = desk.is_clerk or day.mine or principal.units is None
    number = day.q.strip()
    known = await customers.find_by_no(tx, [number]) if number and not desk.is_clerk else {}
    begin = datetime.combine(_on(tx, day), time(), CHINA)
    return RedemptionQuery(
        begin=begin,
        end=begin + timedelta(days=1),
        teller=principal.actor.id if day.mine else None,
        units=None if everywhere else frozenset(int(unit) for unit in principal.units or ()),
        stores=stores,
        undone=None if day.standing is None else day.standing is Standing.UNDONE,
        text=number,
        seqs=tuple(int(seq) for seq in known.values()),
    )


async def _shown(tx: Tx, principal: Principal, desk: Desk, found: list[RedemptionItem]) -> list[RedemptionView]:
    seqs = sorted({item.seq for item in found})
    people = {int(row.seq): row for row in await customers.masked_rows(tx, seqs)} if seqs else {}
    names = await staff.names(tx, {one for item in found for one in (item.teller, item.undone_by) if one})
    ids = {item.store_id for item in found if item.store_id}
    stores = (
        {one.id: one.name for one in await merchants.find_stores(tx, ids=list(ids), limit=STORES_MAX)} if ids else {}
    )
    english = await catalogue.names_en(tx, {(item.sku_id, item.sku_version) for item in found})
    views = []
    for item in found:
        person = people.get(item.seq)
        why_not = _why_not(item, principal, tx.now)
        views.append(
            RedemptionView(
                id=item.id,
                grant_id=item.grant_id,
                customer_no=person.customer_no if person and not desk.is_clerk else "",
                customer_name=person.name if person else None,
                title=item.title,
                title_en=english.get((item.sku_id, item.sku_version), ""),
                kind=item.kind,
                face_value_fen=item.face_value_fen,
                teller=item.teller,
                teller_name=names.get(item.teller, ""),
                unit_id=item.unit_id,
                store_id=item.store_id,
                store_name=stores.get(item.store_id, "") if item.store_id else "",
                at=item.at,
                undo_until=item.at + timedelta(seconds=grants.UNDO_SECONDS),
                undone_at=item.undone_at,
                undone_by_name=names.get(item.undone_by or "", ""),
                reason=item.reason,
                can=[] if why_not else ["undo"],
                why_not=why_not,
            )
        )
    return views


def _why_not(item: RedemptionItem, principal: Principal, now: datetime) -> WhyNot | None:
    if item.undone_at is not None:
        return WhyNot.UNDONE
    if now > item.at + timedelta(seconds=grants.UNDO_SECONDS):
        return WhyNot.TOO_LATE
    charge = in_charge(principal)
    mine = item.teller == principal.actor.id or charge is None or item.unit_id in charge
    return None if mine and principal.may("redemption.redeem") else WhyNot.NOT_YOURS
