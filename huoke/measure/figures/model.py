"""Figures of a campaign as it runs."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.refusals import NotFound


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """Customers in the audience and in control; grants made, claimed and redeemed (undone redemptions taken off)."""

    audience: int = 0
    control: int = 0
    reachable: int = 0
    granted: int = 0
    claimed: int = 0
    redeemed: int = 0
    expired: int = 0


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's budget as it stands, branch shares included, in fen; committed + reserved + available = limit."""

    limit_fen: int = 0
    reserved_fen: int = 0
    committed_fen: int = 0
    available_fen: int = 0


class StockLeft(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's stock as it stands, branch shares included, in units."""

    total: int = 0
    reserved: int = 0
    used: int = 0
    available: int = 0


class BranchFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One branch; the head office's own customers stand under the head office. Amount: of what was redeemed, in fen."""

    unit_id: int
    unit: str
    granted: int
    claimed: int
    redeemed: int
    redeemed_fen: int


class HourFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What happened within the hour that begins at `at`."""

    at: datetime
    granted: int
    claimed: int
    redeemed: int
    redeemed_fen: int


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign live. All up to `data_at` is counted; `by_hour` holds the last 168 hours with anything in them."""

    campaign_id: UUID
    name: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    data_at: datetime | None
    funnel: Funnel
    budget: Money
    stock: StockLeft
    by_branch: list[BranchFigures]
    by_hour: list[HourFigures]


class CampaignUnknown(NotFound):
    """No such campaign in this bank or in the caller's scope."""

    code = "figures.campaign_unknown"
