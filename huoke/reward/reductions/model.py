"""What a reduction is at a payment: what it takes off, who bears it, and how both are divided when part goes back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Forbidden, NotFound, Refusal
from huoke.reward.catalogue import ReductionDetails
from huoke.reward.merchants import Place


class UseState(StrEnum):
    """held → used, or freed; used → freed once all that was paid with it went back."""

    HELD = "held"
    USED = "used"
    FREED = "freed"


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Who bears an amount, in fen: the bank, the store's merchant, the brand's supplier."""

    bank_fen: int = 0
    merchant_fen: int = 0
    brand_fen: int = 0

    def __add__(self, more: "Shares") -> "Shares":
        """Both, funder by funder."""
        return Shares(
            bank_fen=self.bank_fen + more.bank_fen, merchant_fen=self.merchant_fen + more.merchant_fen,
            brand_fen=self.brand_fen + more.brand_fen,
        )  # fmt: skip

    @property
    def amount_fen(self) -> int:
        """All of it."""
        return self.bank_fen + self.merchant_fen + self.brand_fen


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit to take off a payment of `price_fen`; `place` is the store, None the bank's own mall."""

    payment_id: UUID
    grant_id: UUID
    seq: int
    price_fen: int
    place: Place | None = None


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit at a payment: what it takes off and who bears it; `back` is what of that went back."""

    id: UUID
    payment_id: UUID
    grant_id: UUID
    seq: int
    sku_id: UUID
    price_fen: int
    shares: Shares
    back: Shares
    brand_payer_id: UUID | None
    merchant_id: UUID | None
    store_id: UUID | None
    state: UseState
    held_at: datetime


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a payment that went back to its customer; `reduction_fen` of it had been taken off."""

    refund_id: UUID
    payment_id: UUID
    reduction_fen: int
    whole: bool
    """Whether nothing of the payment is left."""


class AtCashier(msgspec.Struct, frozen=True, kw_only=True):
    """A reduction as the cashier is told of it; `tag` is another one for other terms, 32 characters."""

    tag: str
    title: str
    amount_fen: int
    threshold_fen: int


class Fitting(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit a customer could pay with; `refusal` is the code of why it does not fit, empty where it does."""

    grant_id: UUID
    sku_id: UUID
    title: str
    title_en: str
    amount_fen: int
    threshold_fen: int
    expires_at: datetime | None
    refusal: str


class ReductionUnknown(NotFound):
    """The customer has no such benefit, or it is used, held or over."""

    code = "reductions.unknown"


class ReductionTooSmall(Conflict):
    """The payment is less than the benefit asks for."""

    code = "reductions.too_small"


class ReductionNotHere(Conflict):
    """It is not accepted here or now."""

    code = "reductions.not_here"


class ReductionLimitReached(Conflict):
    """As many as one day allows were taken off, of the bank or of this person."""

    code = "reductions.limit_reached"


class TierTooLow(Forbidden):
    """It is for a tier and those above it (rule P5: with a registered reason)."""

    code = "reductions.tier_too_low"


def shares_of(face_value_fen: int, details: ReductionDetails) -> Shares:
    """Who bears a reduction of a SKU."""
    others = details.merchant_fen + details.brand_fen
    return Shares(
        bank_fen=face_value_fen - others, merchant_fen=details.merchant_fen, brand_fen=details.brand_fen
    )  # fmt: skip


def unfit(price_fen: int, details: ReductionDetails, place: Place | None, *, reached: bool) -> Refusal | None:
    """Why a reduction does not fit a payment, as far as its terms say; stores are asked by acceptance."""
    if place is None and not details.in_mall:
        return ReductionNotHere("This does not count in the mall.", pointer="/reduction")
    if not reached:
        return TierTooLow("This is for customers from a tier on.", tier=details.tier, pointer="/reduction")
    if price_fen < details.threshold_fen:
        return ReductionTooSmall(
            f"It counts from {details.threshold_fen} fen on.", threshold_fen=details.threshold_fen,
            missing_fen=details.threshold_fen - price_fen, pointer="/reduction",
        )  # fmt: skip
    return None


def part(price_fen: int, reduction_fen: int, gone_fen: int, gone_reduction_fen: int, amount_fen: int) -> int:
    """How much of a reduction lies in the next part of a payment that goes back, in fen.

    `gone_*` is what went back or is on its way. By proportion of all that is gone then, rounded down: so the last part
    takes the rest. Where parts failed in between, what is gone may hold more or less of the reduction than its
    proportion; then a part takes nothing, or as much as itself, and those after it make up for it. What is left of the
    reduction is never more than what is left of the payment: a part takes at least ``left - rest``, for
    ``reduction - reduction * gone // price <= price - gone``.
    """
    assert 0 < amount_fen <= price_fen - gone_fen, "the caller refused more"
    fair = reduction_fen * (gone_fen + amount_fen) // price_fen - gone_reduction_fen
    return min(max(fair, 0), amount_fen)


def divide(whole: Shares, gone: Shares, amount_fen: int) -> Shares:
    """Who takes back so much of a reduction: in proportion to what each still bears, the fen left over by the largest
    remainder (Hamilton's method). Nobody takes back more than it bore, and the last part takes the rest.
    """
    left = [
        whole.bank_fen - gone.bank_fen, whole.merchant_fen - gone.merchant_fen, whole.brand_fen - gone.brand_fen,
    ]  # fmt: skip
    total = sum(left)
    assert 0 <= amount_fen <= total, "no more goes back than was taken off"
    parts = [amount_fen * own // total for own in left] if total else left
    order = sorted(range(len(left)), key=lambda place: -(amount_fen * left[place] % total)) if total else []
    for place in order[: amount_fen - sum(parts)]:
        parts[place] += 1
    bank, merchant, brand = parts
    return Shares(bank_fen=bank, merchant_fen=merchant, brand_fen=brand)
