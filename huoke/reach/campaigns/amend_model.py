"""Changing a live campaign: only ever in the customers' favour (rule L3), only by approval."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.money import FEN_MAX
from huoke.reach.campaigns.model import Draft, FieldProblem, PageTexts
from huoke.reach.campaigns.problems import STOCK_MAX, TEXT_LENGTHS_MAX
from huoke.reach.campaigns.store import Stored


class AmendmentState(StrEnum):
    """Waits for approval, is true, or never became so."""

    SUBMITTED = "submitted"
    APPLIED = "applied"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class AmendmentBody(msgspec.Struct, frozen=True, kw_only=True):
    """What changes: a later end, more stock and money (fen) on top of what there is, other words. None stays.

    A bundle gets `add_stocks`, units by SKU, instead of `add_stock`.
    """

    closes_at: datetime | None = None
    add_stock: int = 0
    add_stocks: dict[UUID, int] = {}
    add_budget_fen: int = 0
    page_texts: PageTexts | None = None


class NewAmendment(AmendmentBody, frozen=True, kw_only=True):
    """A change to ask for, and why."""

    reason: str


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a live campaign as stored."""

    id: UUID
    campaign_id: UUID
    state: AmendmentState
    body: AmendmentBody
    reason: str
    change_id: UUID | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None


def amendment_problems(campaign: Stored, body: AmendmentBody, now: datetime) -> Iterator[FieldProblem]:
    """What is wrong with a change, field by field."""
    if body == AmendmentBody():
        yield _problem("", "amendment_empty", "It changes nothing.")
    if body.closes_at is not None:
        if body.closes_at.tzinfo is None:
            yield _problem("/closes_at", "time_zone", "closes_at needs a time zone.")
        elif campaign.closes_at is None or body.closes_at <= max(campaign.closes_at, now):
            yield _problem("/closes_at", "amendment_earlier", "The end is only ever moved later (rule L3).")
    for name, most in (("add_stock", STOCK_MAX - campaign.draft.stock), ("add_budget_fen", FEN_MAX)):
        if not 0 <= getattr(body, name) <= most:
            yield _problem(f"/{name}", "range", f"{name} may be 0 to {most}.", least=0, most=most)
    yield from _line_problems(campaign.draft, body)
    for language in ("zh", "en"):
        for field, most in TEXT_LENGTHS_MAX.items():
            text = getattr(getattr(body.page_texts, language), field) if body.page_texts else ""
            if len(text) > most:
                yield _problem(f"/page_texts/{language}/{field}", "text_long", f"At most {most} characters.", most=most)


def added(draft: Draft, body: AmendmentBody) -> dict[UUID, int]:
    """How many units more of which SKU."""
    if draft.bundle_id is not None:
        return {sku_id: units for sku_id, units in body.add_stocks.items() if units}
    return {draft.sku_id: body.add_stock} if draft.sku_id and body.add_stock else {}


def _line_problems(draft: Draft, body: AmendmentBody) -> Iterator[FieldProblem]:
    if draft.bundle_id is not None and body.add_stock:
        yield _problem("/add_stock", "amendment_line", "Say of which benefit of the bundle: add_stocks.")
    stocks = {line.sku_id: line.stock for line in draft.lines}
    for sku_id, units in body.add_stocks.items():
        most = STOCK_MAX - stocks.get(sku_id, STOCK_MAX)
        if sku_id not in stocks:
            yield _problem(f"/add_stocks/{sku_id}", "amendment_line", "This benefit is not in the campaign's bundle.")
        elif not 0 <= units <= most:
            yield _problem(f"/add_stocks/{sku_id}", "range", f"It may be 0 to {most}.", least=0, most=most)


def _problem(pointer: str, code: str, detail: str, **data: Any) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, detail=detail, data=data)
