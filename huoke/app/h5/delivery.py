"""How a benefit reaches its customer: the fields of a claim's form, what a supplier told, the code for the counter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
import segno

from huoke.app.h5.visit import Visit
from huoke.reward.grants import BenefitKind, Delivery, Handover, PhoneDelivery, PostalDelivery, RedemptionCode

Asked = Literal["", "phone", "postal"]


class ClaimForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a claim button's form; those of a delivery stay empty where nothing is delivered."""

    csrf: str = ""
    request_no: str = ""
    phone: str = ""
    name: str = ""
    region: str = ""
    address: str = ""


def asked(kind: BenefitKind, handover: Handover) -> Asked:
    """What the form asks for: the phone to top up, where to send it, or nothing."""
    if handover is not Handover.ORDER or kind is BenefitKind.FINANCIAL:
        return ""
    return "phone" if kind is BenefitKind.TOPUP else "postal"


def delivery_of(form: ClaimForm, kind: BenefitKind, handover: Handover) -> Delivery | None:
    """What was written, as the claim takes it; `grants` says whether it serves."""
    match asked(kind, handover):
        case "phone":
            return PhoneDelivery(phone=form.phone.strip())
        case "postal":
            return PostalDelivery(
                name=form.name.strip(),
                phone=form.phone.strip(),
                region=form.region.strip(),
                address=form.address.strip(),
            )
        case _:
            return None


def sent(proof: Mapping[str, str], visit: Visit) -> list[tuple[str, str]]:
    """What its supplier told of a delivery, each under its word: a tracking number, a carrier."""
    told = (("carrier", "sent.carrier"), ("tracking_no", "sent.tracking"))
    return [(visit.words(word), proof[name]) for name, word in told if proof.get(name)]


def code_of(code: RedemptionCode, now: datetime) -> dict[str, Any]:
    """A code to show at the counter: its picture, its digits, and how many seconds it is good."""
    picture = segno.make_qr(code.qr, error="m").svg_inline(border=4, omitsize=True, dark="#14212B", light="#FFFFFF")
    return {
        "qr": picture,
        "digits": f"{code.code[:4]} {code.code[4:8]} {code.code[8:]}",
        "live_seconds": max(int((code.expires_at - now).total_seconds()), 1),
    }
