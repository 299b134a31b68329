"""Where a benefit goes to that a supplier delivers: the fields of the claim's form, and what was written into them."""

from typing import Literal

import msgspec

from huoke.reward.grants import BenefitKind, Delivery, Handover, PhoneDelivery, PostalDelivery

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
    if handover is not Handover.ORDER:
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
