"""The terms of a SKU: what each of the five kinds is worth, costs and promises, and when that can be published."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.reward.catalogue.refusals import AcceptanceMissing, CatalogueUnfit, RewardForbidden

AMOUNT_FEN_MAX = 100_000_000_00
"""One hundred million yuan: no single benefit is worth more, and sums over a campaign stay within a bigint."""
POINTS_MAX = 1_000_000_000
VALID_DAYS_MAX = 3_660
LIMIT_MAX = 1_000_000_000
"""No limit by day is above it."""
MOVE_HOURS_MAX, NO_SHOWS_MAX = 720, 10
RATE_BP_MAX = 2_400
"""A rate coupon takes at most 24 percentage points off, in basis points (1 = 0.01 %)."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_REGION = re.compile(r"[0-9]{6}")


class SkuKind(StrEnum):
    """What the customer gets.

    A voucher is redeemed at a counter or store, or is a supplier's card code; a top-up is loaded by a supplier; a
    physical gift is sent or handed out at an outlet; points are credited; a financial benefit waives a fee or lowers a
    rate.
    """

    VOUCHER = "voucher"
    TOPUP = "topup"
    PHYSICAL = "physical"
    POINTS = "points"
    FINANCIAL = "financial"


class Handover(StrEnum):
    """How it gets to the customer: shown and redeemed, a supplier's code, a supplier's order, credited, or taken off a
    payment by the cashier.
    """

    COUNTER = "counter"
    CARD_CODE = "card_code"
    ORDER = "order"
    CREDIT = "credit"
    CASHIER = "cashier"


class VoucherCode(StrEnum):
    """Whose code the voucher is: our own, new every minute, or one of those the supplier delivered."""

    OWN = "own"
    CARD_CODE = "card_code"


class Delivery(StrEnum):
    """How a physical gift gets to the customer."""

    POST = "post"
    OUTLET = "outlet"


class Instrument(StrEnum):
    """What a financial benefit does."""

    FEE_WAIVER = "fee_waiver"
    RATE_COUPON = "rate_coupon"
    INSTALMENT_COUPON = "instalment_coupon"


class ProductType(StrEnum):
    """What a financial benefit is used on."""

    DEPOSIT = "deposit"
    WEALTH = "wealth"
    FUND = "fund"
    INSURANCE = "insurance"
    LOAN = "loan"
    CARD = "card"
    PAYMENT = "payment"
    ACCOUNT = "account"


FORBIDDEN: Mapping[ProductType, str] = {
    ProductType.DEPOSIT: "B1",
    ProductType.WEALTH: "B4",
    ProductType.FUND: "B4",
    ProductType.INSURANCE: "B4",
}
"""Product types no benefit may reward, by the rule that says so."""


CREDIT = frozenset({ProductType.LOAN, ProductType.CARD})
"""What a rate coupon may lower the rate of; a higher rate on a deposit is none (rule B1)."""


class VoucherDetails(msgspec.Struct, frozen=True, kw_only=True, tag="voucher"):
    """A voucher; a supplier's card is `registered` where it is bought under its holder's name."""

    code: VoucherCode = VoucherCode.OWN
    registered: bool = False


class ReductionDetails(msgspec.Struct, frozen=True, kw_only=True, tag="reduction"):
    """A voucher that the cashier takes off a payment: its face value less, from `threshold_fen` on.

    Who bears it, in fen: the bank its cost, `merchant_fen` the store's merchant, `brand_fen` the supplier
    `brand_payer_id`; together they are its face value. It counts in the mall where `in_mall`, and in the stores that
    accept the benefit. `day_limit` is how many the whole bank takes off on one day, `person_day_limit` one person; 0 is
    no limit. Where it is for a `tier` and those above it alone, `tier_reason` is registered (rule P5).
    """

    threshold_fen: int
    merchant_fen: int = 0
    brand_fen: int = 0
    brand_payer_id: UUID | None = None
    in_mall: bool = False
    day_limit: int = 0
    person_day_limit: int = 0
    tier: str = ""
    tier_reason: str = ""


class ServiceDetails(msgspec.Struct, frozen=True, kw_only=True, tag="service"):
    """A voucher for a service one books: a lounge, a dental check, a car wash.

    Its customer may move or cancel until `move_until_hours` before; nobody came `no_shows_max` times and once more ends
    the benefit. A `visit` is one of the bank's own branches, where a relationship manager receives whoever checked in:
    it costs nothing and has no supplier.
    """

    move_until_hours: int = 24
    no_shows_max: int = 1
    visit: bool = False


class TopupDetails(msgspec.Struct, frozen=True, kw_only=True, tag="topup"):
    """A top-up of a mobile phone; `carriers` it works with, empty for every one."""

    carriers: list[str] = []


class CouponDetails(msgspec.Struct, frozen=True, kw_only=True, tag="coupon"):
    """A coupon of a payment platform, sent to its customer's account there; `stock_id` is the platform's batch."""

    stock_id: str


class PhysicalDetails(msgspec.Struct, frozen=True, kw_only=True, tag="physical"):
    """A gift one can hold."""

    delivery: Delivery


class FinancialDetails(msgspec.Struct, frozen=True, kw_only=True, tag="financial"):
    """A fee waiver (`fee_code` as the core system calls the fee), or a coupon that takes `rate_bp` basis points off: of
    a rate, or of what paying by instalments costs.

    `cap_fen` is the most it saves its customer, and what the bank sets aside for it at most. Where it is `carried`, a
    claim is an order to core banking, the benefit's supplier; else it is a right to be redeemed at a counter.
    """

    instrument: Instrument
    product_type: ProductType
    fee_code: str = ""
    rate_bp: int = 0
    cap_fen: int
    carried: bool = False


Details = (
    VoucherDetails
    | ReductionDetails
    | ServiceDetails
    | TopupDetails
    | CouponDetails
    | PhysicalDetails
    | FinancialDetails
)
_DETAILS: Mapping[SkuKind, tuple[type[Details], ...]] = {
    SkuKind.VOUCHER: (VoucherDetails, ReductionDetails, ServiceDetails),
    SkuKind.TOPUP: (TopupDetails, CouponDetails),
    SkuKind.PHYSICAL: (PhysicalDetails,),
    SkuKind.FINANCIAL: (FinancialDetails,),
}


class TaxCode(StrEnum):
    """How individual income tax looks at the benefit (rule T1).

    A random gift or an extra chance is occasional income at 20 %; points for spending, a gift with a purchase and a
    discount coupon are not taxed.
    """

    OCCASIONAL_INCOME = "occasional_income"
    SPENDING_POINTS = "spending_points"
    PURCHASE_GIFT = "purchase_gift"
    DISCOUNT_COUPON = "discount_coupon"


WITHHOLDING_PPM: Mapping[TaxCode, int] = {
    TaxCode.OCCASIONAL_INCOME: 200_000,
    TaxCode.SPENDING_POINTS: 0,
    TaxCode.PURCHASE_GIFT: 0,
    TaxCode.DISCOUNT_COUPON: 0,
}
"""Tax to withhold, in millionths of the benefit's value."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a SKU is worth, costs and promises.

    Money in fen. `points` is the amount credited (kind points only); `details` is what the other kinds add, None for
    the usual voucher. Exactly one of `valid_days` (counted from the claim) and `valid_until` (the last day, in the
    bank's time zone) is set. `acceptance` says where it may be used, `regions` are the administrative codes
    (GB/T 2260, 6 digits) it is limited to; empty means everywhere. `picture_id` is a picture of
    this bank's.
    """

    name: str
    name_en: str = ""
    face_value_fen: int = 0
    cost_fen: int = 0
    points: int = 0
    details: Details | None = None
    supplier_id: UUID | None = None
    valid_days: int | None = None
    valid_until: date | None = None
    tax_code: TaxCode = TaxCode.DISCOUNT_COUPON
    regions: list[str] = []
    acceptance: str = ""
    acceptance_en: str = ""
    picture_id: UUID | None = None


def is_visit(details: Details | None) -> bool:
    """Whether a benefit of these details is a visit of a branch."""
    return isinstance(details, ServiceDetails) and details.visit


def handover_of(kind: SkuKind, details: Details | None) -> Handover:
    """How a benefit of these terms gets to its customer."""
    match kind, details:
        case SkuKind.POINTS, _:
            return Handover.CREDIT
        case SkuKind.VOUCHER, VoucherDetails(code=VoucherCode.CARD_CODE):
            return Handover.CARD_CODE
        case SkuKind.VOUCHER, ReductionDetails():
            return Handover.CASHIER
        case (SkuKind.TOPUP, _) | (SkuKind.FINANCIAL, FinancialDetails(carried=True)):
            return Handover.ORDER
        case SkuKind.PHYSICAL, PhysicalDetails(delivery=Delivery.POST):
            return Handover.ORDER
        case _:
            return Handover.COUNTER


def check_label(code: str | None, name: str, name_en: str) -> None:
    """Raise `CatalogueUnfit` for a code (None: not asked) or a name that cannot be."""
    if code is not None and not _CODE.fullmatch(code):
        raise CatalogueUnfit("A code has 1 to 32 of A-Z, a-z, 0-9, dot, dash, underscore.", pointer="/code")
    if not 1 <= len(name.strip()) <= 60 or len(name_en) > 100:
        raise CatalogueUnfit("A name has 1 to 60 characters, an English one at most 100.", pointer="/name")


def check_terms(kind: SkuKind, terms: Terms) -> None:
    """Raise `CatalogueUnfit`, `RewardForbidden` for terms that cannot be; a draft must already pass."""
    check_label(None, terms.name, terms.name_en)
    for field in ("face_value_fen", "cost_fen"):
        if not 0 <= getattr(terms, field) <= AMOUNT_FEN_MAX:
            raise CatalogueUnfit(f"{field} is 0 to {AMOUNT_FEN_MAX} fen.", pointer=f"/terms/{field}")
    if (terms.valid_days is None) == (terms.valid_until is None):
        raise CatalogueUnfit("Give either valid_days or valid_until.", pointer="/terms/valid_days")
    if terms.valid_days is not None and not 1 <= terms.valid_days <= VALID_DAYS_MAX:
        raise CatalogueUnfit(f"valid_days is 1 to {VALID_DAYS_MAX}.", pointer="/terms/valid_days")
    if any(not _REGION.fullmatch(region) for region in terms.regions) or len(terms.regions) > 400:
        raise CatalogueUnfit("A region is a code of 6 digits (GB/T 2260), such as 330200.", pointer="/terms/regions")
    if max(len(terms.acceptance), len(terms.acceptance_en)) > 2_000:
        raise CatalogueUnfit("The acceptance text has at most 2,000 characters.", pointer="/terms/acceptance")
    _check_kind(kind, terms)


def _check_kind(kind: SkuKind, terms: Terms) -> None:
    if kind is SkuKind.POINTS:
        if not 1 <= terms.points <= POINTS_MAX:
            raise CatalogueUnfit(f"Points are 1 to {POINTS_MAX}.", pointer="/terms/points")
    elif terms.points:
        raise CatalogueUnfit("Only the kind points has an amount of points.", pointer="/terms/points")
    if terms.tax_code is TaxCode.SPENDING_POINTS and kind is not SkuKind.POINTS:
        raise CatalogueUnfit("Tax code spending_points is for points.", pointer="/terms/tax_code")
    if terms.details is not None and type(terms.details) not in _DETAILS.get(kind, ()):
        raise CatalogueUnfit(f"These details are not those of a {kind}.", pointer="/terms/details")
    _check_details(terms)


def _check_details(terms: Terms) -> None:
    match terms.details:
        case TopupDetails(carriers=carriers):
            if len(carriers) > 20 or any(not 1 <= len(carrier) <= 40 for carrier in carriers):
                raise CatalogueUnfit(
                    "At most 20 carriers of 1 to 40 characters each.", pointer="/terms/details/carriers"
                )
        case CouponDetails(stock_id=stock_id):
            if not _CODE.fullmatch(stock_id):
                raise CatalogueUnfit(
                    "The platform's number of the batch has 1 to 32 letters and digits.",
                    pointer="/terms/details/stock_id",
                )
        case FinancialDetails() as financial:
            _check_financial(financial)
        case ReductionDetails() as reduction:
            _check_reduction(terms, reduction)
        case ServiceDetails() as service:
            _check_service(terms, service)


def _check_reduction(terms: Terms, reduction: ReductionDetails) -> None:
    wrong = {
        "threshold_fen": (
            not terms.face_value_fen < reduction.threshold_fen <= AMOUNT_FEN_MAX,
            "A reduction is less than the payment it comes off: the threshold is above the face value.",
        ),
        "merchant_fen": (
            min(reduction.merchant_fen, reduction.brand_fen) < 0
            or terms.cost_fen + reduction.merchant_fen + reduction.brand_fen != terms.face_value_fen,
            "What bank, merchant and brand bear is together the face value.",
        ),
        "brand_payer_id": (
            (reduction.brand_fen > 0) != (reduction.brand_payer_id is not None),
            "Name the supplier who bears the brand's share, where there is one.",
        ),
        "in_mall": (
            reduction.in_mall and reduction.merchant_fen > 0,
            "The mall is the bank's own: no merchant bears a share there.",
        ),
        "day_limit": (
            min(reduction.day_limit, reduction.person_day_limit) < 0
            or max(reduction.day_limit, reduction.person_day_limit) > LIMIT_MAX,
            f"A limit is 0 (none) to {LIMIT_MAX}.",
        ),
        "tier_reason": (
            bool(reduction.tier) != (3 <= len(reduction.tier_reason.strip()) <= 200),
            "A reduction for a tier says why, in 3 to 200 characters (rule P5); one for everybody needs no reason.",
        ),
    }
    if terms.face_value_fen < 1:
        raise CatalogueUnfit("Say how much comes off, in fen.", pointer="/terms/face_value_fen")
    for field, (is_wrong, detail) in wrong.items():
        if is_wrong:
            raise CatalogueUnfit(detail, pointer=f"/terms/details/{field}")


def _check_service(terms: Terms, service: ServiceDetails) -> None:
    if service.visit and (terms.cost_fen or terms.face_value_fen or terms.supplier_id is not None):
        raise CatalogueUnfit(
            "A visit of a branch costs nothing, is worth nothing and has no supplier.", pointer="/terms/details/visit"
        )
    for field, most in (("move_until_hours", MOVE_HOURS_MAX), ("no_shows_max", NO_SHOWS_MAX)):
        if not 0 <= getattr(service, field) <= most:
            raise CatalogueUnfit(f"{field} is 0 to {most}.", pointer=f"/terms/details/{field}")


def _check_financial(financial: FinancialDetails) -> None:
    rule = FORBIDDEN.get(financial.product_type)
    if rule is not None:
        raise RewardForbidden(
            f"No benefit may reward a {financial.product_type} product (rule {rule}); choose loan, card, payment or"
            " account.",
            pointer="/terms/details/product_type",
            rule=rule,
        )
    if not 1 <= financial.cap_fen <= AMOUNT_FEN_MAX:
        raise CatalogueUnfit("Say what it saves at most, in fen.", pointer="/terms/details/cap_fen")
    if financial.instrument is Instrument.FEE_WAIVER:
        if not _CODE.fullmatch(financial.fee_code) or financial.rate_bp:
            raise CatalogueUnfit("A fee waiver names the fee's code and no rate.", pointer="/terms/details/fee_code")
    elif financial.product_type not in CREDIT:
        raise CatalogueUnfit(
            "A rate or instalment coupon is for a loan or a card: nothing else has a rate it may lower (rule B1).",
            pointer="/terms/details/product_type",
        )
    elif not 1 <= financial.rate_bp <= RATE_BP_MAX or financial.fee_code:
        raise CatalogueUnfit(
            f"A rate coupon takes 1 to {RATE_BP_MAX} basis points off and names no fee.",
            pointer="/terms/details/rate_bp",
        )


def check_card(terms: Terms, cap_fen: int, registered_cap_fen: int) -> None:
    """Raise `CatalogueUnfit` for a supplier's prepaid card worth more than such a card may be (rule V2), in fen."""
    match terms.details:
        case VoucherDetails(code=VoucherCode.CARD_CODE, registered=registered):
            cap = registered_cap_fen if registered else cap_fen
            if terms.face_value_fen > cap:
                kind = "A registered" if registered else "An unregistered"
                raise CatalogueUnfit(
                    f"{kind} prepaid card is worth at most {cap} fen (rule V2); lower its face value.",
                    pointer="/terms/face_value_fen",
                    cap_fen=cap,
                    rule="V2",
                )


def check_publishable(kind: SkuKind, terms: Terms, on: date) -> None:
    """Raise `CatalogueUnfit` where a draft lacks what a customer or the settlement desk needs."""
    reduces = handover_of(kind, terms.details) is Handover.CASHIER
    if reduces and terms.supplier_id is not None:
        raise CatalogueUnfit(
            "No supplier is paid for a reduction; who bears it stands in its shares.", pointer="/terms/supplier_id"
        )
    unpaid = reduces or is_visit(terms.details)
    if kind in {SkuKind.VOUCHER, SkuKind.TOPUP, SkuKind.PHYSICAL} and not unpaid and terms.supplier_id is None:
        raise CatalogueUnfit("It needs the supplier who is paid for it.", pointer="/terms/supplier_id")
    if kind is SkuKind.FINANCIAL and handover_of(kind, terms.details) is Handover.ORDER and terms.supplier_id is None:
        raise CatalogueUnfit("Name core banking as its supplier: the orders go there.", pointer="/terms/supplier_id")
    if kind in {SkuKind.PHYSICAL, SkuKind.FINANCIAL} and terms.details is None:
        raise CatalogueUnfit(f"Fill in what a {kind} benefit is.", pointer="/terms/details")
    if terms.valid_until is not None and terms.valid_until < on:
        raise CatalogueUnfit("valid_until lies in the past.", pointer="/terms/valid_until")
    if not terms.acceptance.strip():
        raise AcceptanceMissing("Say where it may be used (rule L4).", pointer="/terms/acceptance")
