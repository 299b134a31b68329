"""Where what a supplier delivers goes to: given at the claim, encrypted (rule F1), bound to its grant."""

import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.govern.privacy import Field
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store_delivery
from huoke.reward.grants.model import BenefitKind, Delivery, Handover, OfferFacts, PhoneDelivery, PostalDelivery
from huoke.reward.grants.refusals import DeliveryMissing, DeliveryUnfit

FIELD = "grant.delivery"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_REGION = re.compile(r"[0-9]{6}")


def check_delivery(offer: OfferFacts, delivery: Delivery | None) -> Refusal | None:
    """Why these delivery facts do not serve an offer: `DeliveryMissing`, `DeliveryUnfit`; None where all is well."""
    return delivery_refusal(offer.kind, offer.handover, delivery)


def delivery_refusal(kind: BenefitKind, handover: Handover, delivery: Delivery | None) -> Refusal | None:
    """The same for a benefit that is not on offer yet: whoever sets one aside asks before anything is paid."""
    if handover is not Handover.ORDER or kind is BenefitKind.FINANCIAL:
        return None if delivery is None else DeliveryUnfit("Nothing is sent here.", pointer="/delivery")
    wanted = PhoneDelivery if kind is BenefitKind.TOPUP else PostalDelivery
    if delivery is None:
        what = "the phone to top up" if wanted is PhoneDelivery else "where to send it"
        return DeliveryMissing(f"Say {what}.", pointer="/delivery")
    if not isinstance(delivery, wanted):
        return DeliveryUnfit("This is delivered another way.", pointer="/delivery/type")
    if not _MOBILE.fullmatch(privacy.normalise(Field.PHONE, delivery.phone)):
        return DeliveryUnfit("A mobile number has 11 digits.", pointer="/delivery/phone")
    if isinstance(delivery, PostalDelivery):
        return _check_address(delivery)
    return None


def _check_address(delivery: PostalDelivery) -> Refusal | None:
    if not 1 <= len(delivery.name.strip()) <= 40:
        return DeliveryUnfit("Say who receives it, in 1 to 40 characters.", pointer="/delivery/name")
    if not _REGION.fullmatch(delivery.region):
        return DeliveryUnfit("Choose province and city.", pointer="/delivery/region")
    if not 4 <= len(delivery.address.strip()) <= 200:
        return DeliveryUnfit("The address has 4 to 200 characters.", pointer="/delivery/address")
    return None


async def keep(tx: Tx, deliveries: Mapping[UUID, Delivery]) -> None:
    """Write the delivery facts of new claims, encrypted."""
    if not deliveries:
        return
    keys = await privacy.keys(tx)
    texts = [msgspec.json.encode(_plain(delivery)).decode() for delivery in deliveries.values()]
    sealed = keys.encrypt(FIELD, [grant_id.int for grant_id in deliveries], texts)
    await store_delivery.insert(tx, list(deliveries), sealed)


async def deliveries(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, Delivery]:
    """The delivery facts of grants in clear, for the order to their supplier; grants without any are left out."""
    rows = await store_delivery.read(tx, grant_ids)
    if not rows:
        return {}
    keys = await privacy.keys(tx)
    texts = keys.decrypt(FIELD, [row["grant_id"].int for row in rows], [row["sealed"] for row in rows])
    return {
        row["grant_id"]: msgspec.json.decode(text, type=Delivery)
        for row, text in zip(rows, texts, strict=True)
        if text is not None
    }


async def masked_deliveries(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The same as anybody may see it (rule F2): 138****8000, or name, phone and the beginning of the address."""
    return {grant_id: _masked(delivery) for grant_id, delivery in (await deliveries(tx, grant_ids)).items()}


async def erase_deliveries(tx: Tx, seqs: Iterable[int]) -> int:
    """Forget where everything of these customers was sent, but what is still on its way; returns how many."""
    return await store_delivery.erase(tx, list(seqs))


def _plain(delivery: Delivery) -> Delivery:
    return msgspec.structs.replace(delivery, phone=privacy.normalise(Field.PHONE, delivery.phone))


def _masked(delivery: Delivery) -> str:
    phone = privacy.mask(Field.PHONE, delivery.phone)
    if isinstance(delivery, PhoneDelivery):
        return phone
    name = privacy.mask(Field.NAME, delivery.name)
    return f"{name} {phone} {privacy.mask(Field.ADDRESS, delivery.address)}"
