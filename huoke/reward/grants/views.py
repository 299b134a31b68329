"""What the API shows of pools and grants, and what it takes; customers masked (rule F2)."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.grants.model import BenefitKind, Delivery, Mode, State
from huoke.reward.grants.read import GrantItem, Pool

People = dict[int, tuple[str, str | None]]
"""Customer number and masked name by seq."""


class PoolView(msgspec.Struct, frozen=True, kw_only=True):
    """A pool in units: available + reserved + used + allocated = total."""

    id: UUID
    parent_id: UUID | None
    sku_id: UUID
    unit_id: int
    name: str
    total: int
    available: int
    reserved: int
    used: int
    allocated: int
    opened_at: datetime
    can: list[str]


class PoolOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A pool to open; with a parent its units come out of the parent's available stock."""

    request_no: str
    sku_id: UUID
    unit_id: int
    name: str
    quantity: int
    parent_id: UUID | None = None


class StockOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Units to put into a pool without a parent."""

    request_no: str
    quantity: int


class StockShift(msgspec.Struct, frozen=True, kw_only=True):
    """Units to move between a pool and one of its children."""

    request_no: str
    child_id: UUID
    quantity: int


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """A grant in a list; the customer masked (rule F2)."""

    id: UUID
    offer_id: UUID
    title: str
    kind: BenefitKind
    mode: Mode
    source_kind: str
    source_id: UUID
    seq: Seq
    customer_no: str
    customer_name: str | None
    unit_id: int
    state: State
    amount_fen: int
    granted_at: datetime
    claimed_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None


class RevealReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a card code is shown to a member of staff."""

    reason: str


class ClaimOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit to claim."""

    request_no: str
    offer_id: UUID
    delivery: Delivery | None = None


async def people_of(tx: Tx, seqs: list[int]) -> People:
    """Customer number and masked name by seq."""
    rows = await customers.masked_rows(tx, sorted(set(seqs))) if seqs else []
    return {int(row.seq): (row.customer_no, row.name) for row in rows}


def pool_view(pool: Pool, principal: Principal) -> PoolView:
    verbs = ["add_stock", "allocate"] if pool.parent_id is None else ["allocate", "give_back"]
    return PoolView(**msgspec.structs.asdict(pool), can=verbs if principal.may("benefit.write") else [])


def grant_view(item: GrantItem, people: People) -> GrantView:
    customer_no, name = people.get(item.seq, ("", None))
    return GrantView(
        id=item.id,
        offer_id=item.offer_id,
        title=item.title,
        kind=item.kind,
        mode=item.mode,
        source_kind=item.source_kind,
        source_id=item.source_id,
        seq=Seq(item.seq),
        customer_no=customer_no,
        customer_name=name,
        unit_id=item.unit_id,
        state=item.state,
        amount_fen=item.amount_fen,
        granted_at=item.granted_at,
        claimed_at=item.claimed_at,
        expires_at=item.expires_at,
        used_at=item.used_at,
    )
