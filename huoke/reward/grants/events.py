"""What grants tell the log: one event per offer and batch, its customers as members."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class OfferPublished(Event, frozen=True, kw_only=True):
    """A benefit is on offer."""

    name: ClassVar[str] = "grants.offer_published"
    offer_id: UUID
    source_kind: str
    source_id: UUID


class OfferStateChanged(Event, frozen=True, kw_only=True):
    """An offer was paused, reopened, stopped or ended."""

    name: ClassVar[str] = "grants.offer_state_changed"
    offer_id: UUID
    source_kind: str
    source_id: UUID
    state: str


class GrantsMoved(Event, frozen=True, kw_only=True):
    """Grants of one offer reached a state; the customers are the event's members."""

    name: ClassVar[str] = "grants.moved"
    offer_id: UUID
    source_id: UUID
    state: str
    count: int


class GrantsIssued(Event, frozen=True, kw_only=True):
    """Grants of one offer wait for their supplier's orders: `grant_ids` and `seqs` are columns of equal length."""

    name: ClassVar[str] = "grants.issued"
    offer_id: UUID
    source_id: UUID
    sku_id: UUID
    sku_version: int
    kind: str
    supplier_id: UUID | None
    cost_fen: int
    grant_ids: tuple[UUID, ...]
    seqs: tuple[int, ...]


class StockChanged(Event, frozen=True, kw_only=True):
    """Units came into a pool or moved between a pool and its child."""

    name: ClassVar[str] = "grants.stock_changed"
    pool_ids: tuple[UUID, ...]
    quantity: int


class ValidityExtended(Event, frozen=True, kw_only=True):
    """One customer's benefit is good until later."""

    name: ClassVar[str] = "grants.validity_extended"
    grant_id: UUID
    until_at: str
