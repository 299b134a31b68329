"""Builders for grants: stock, offers, claims."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM, Tx
from huoke.reward import grants
from huoke.reward.grants import BenefitKind, Claim, Facts, Mode, Offer, Terms
from tests.make import ledger as make_ledger

SUPPLIER = UUID(int=7)


class World(msgspec.Struct):
    """An offer with its budget and its pool."""

    offer: Offer
    budget_id: UUID
    pool_id: UUID


async def pool(tx: Tx, quantity: int, *, sku_id: UUID, parent_id: UUID | None = None, unit_id: int = 1) -> UUID:
    """A pool with stock."""
    return await grants.open_pool(
        tx, grants.NewPool(sku_id=sku_id, unit_id=unit_id, name="库存", quantity=quantity, parent_id=parent_id)
    )


async def pool_numbers(tx: Tx, pool_id: UUID) -> tuple[int, int, int, int, int]:
    """(total, available, reserved, used, allocated)"""
    [found] = await grants.get_pools(tx, [pool_id])
    return found.total, found.available, found.reserved, found.used, found.allocated


def offer(terms: dict[int, Terms], sku_id: UUID, now: datetime, **changes: Any) -> Offer:
    """A pull offer of vouchers at 12.80 yuan, one a person, open from yesterday for thirty days."""
    made = Offer(
        id=new_id(),
        source_kind="campaign",
        source_id=new_id(),
        sku_id=sku_id,
        sku_version=1,
        kind=BenefitKind.VOUCHER,
        mode=Mode.PULL,
        title="咖啡券",
        cost_fen=1_280,
        face_value_fen=2_000,
        supplier_id=SUPPLIER,
        person_limit=1,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        valid_days=15,
        unit_terms=terms,
    )
    return msgspec.structs.replace(made, **changes)


async def world(tx: Tx, *, stock: int = 100, limit_fen: int = 1_000_000, **changes: Any) -> World:
    """A published offer for every unit, with a budget and a pool of its own. `changes` are fields of the offer."""
    sku_id = changes.pop("sku_id", None) or new_id()
    budget_id = await make_ledger.budget(tx, limit_fen)
    pool_id = await pool(tx, stock, sku_id=sku_id)
    made = offer({grants.EVERY_UNIT: Terms(budget_id, pool_id)}, sku_id, tx.now, **changes)
    await grants.publish_offer(tx, made)
    return World(made, budget_id, pool_id)


async def points_world(tx: Tx, *, points: int = 500, **changes: Any) -> World:
    """The same for an offer of points."""
    return await world(tx, kind=BenefitKind.POINTS, points=points, supplier_id=None, **changes)


async def topup_world(tx: Tx, **changes: Any) -> World:
    """The same for an offer of top-ups, which a supplier delivers."""
    return await world(tx, kind=BenefitKind.TOPUP, **changes)


def claim(offer_id: UUID, seq: int, *, request_no: str | None = None, person: int | None = None, **more: Any) -> Claim:
    """A claim of a customer who is their own natural person, in unit 1."""
    return Claim(
        request_no=request_no or new_id().hex,
        offer_id=offer_id,
        seq=seq,
        unit_id=more.pop("unit_id", 1),
        person=seq if person is None else person,
        **more,
    )


def calls(items: Iterable[Claim], at: datetime) -> list[Call[Claim]]:
    """Claims as the batcher hands them over."""
    return [Call(item, SYSTEM, at) for item in items]


async def claim_all(tx: Tx, *items: Claim) -> list[Any]:
    """Claim in one batch, now."""
    return list(await grants.claim(tx, calls(items, tx.now)))


def facts(seqs: Sequence[int], *, persons: Sequence[int] | None = None, unit_id: int = 1) -> Facts:
    """Customers of one unit."""
    return Facts(seqs=list(seqs), unit_ids=[unit_id] * len(seqs), persons=list(persons or seqs))


async def assert_sound(tx: Tx) -> None:
    """Everything adds up, in the ledger and in grants."""
    from huoke.reward import ledger

    assert await ledger.verify(tx) == []
    assert await grants.verify(tx) == []


TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
