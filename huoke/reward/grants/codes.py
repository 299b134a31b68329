"""Vouchers whose code is a supplier's: drawn at the claim, seen by their customer, stocked as codes come and go."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import card_codes
from huoke.reward.card_codes import CardCode
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import Handover, Movement, OfferFacts, State
from huoke.reward.grants.move import PAYABLE, lock, move
from huoke.reward.grants.pool import root_of_codes, stock_root, take_out
from huoke.reward.grants.push import LINES
from huoke.reward.grants.refusals import Expired, UnknownGrant, WrongState


async def draw(tx: Tx, wanted: Mapping[UUID, OfferFacts]) -> tuple[set[UUID], dict[UUID, datetime]]:
    """Draw codes for grants whose offers need one: those left without, and when each drawn code runs out."""
    by_sku: dict[UUID, list[UUID]] = {}
    for grant_id, offer in wanted.items():
        if offer.handover is Handover.CARD_CODE:
            by_sku.setdefault(offer.sku_id, []).append(grant_id)
    without: set[UUID] = set()
    until: dict[UUID, datetime] = {}
    for sku_id in sorted(by_sku):
        drawn = await card_codes.draw(tx, sku_id, by_sku[sku_id])
        without |= set(by_sku[sku_id]) - drawn.keys()
        until |= {key: datetime.combine(day + timedelta(days=1), time(), CHINA) for key, day in drawn.items()}
    return without, until


async def see_code(tx: Tx, grant_id: UUID, seq: int) -> CardCode:
    """Show the code of a grant to its customer: it is used from now on and its supplier owed; again as often as wished.

    Raises `UnknownGrant` (not this customer's), `WrongState` (no card code, or not claimed), `Expired`.
    """
    grant = (await lock(tx, [grant_id], State.USED)).get(grant_id)
    if grant is None or grant.seq not in await customers.numbers_of(tx, Seq(seq)):
        raise UnknownGrant("You have no such benefit.")
    offers = await store.offers(tx, [grant.offer_id])
    if offers[grant.offer_id].handover is not Handover.CARD_CODE or grant.state not in {State.FULFILLED, State.USED}:
        raise WrongState("There is no code to show here.", state=grant.state.value)
    if grant.state is State.FULFILLED:
        if grant.expires_at is not None and grant.expires_at <= tx.now:
            raise Expired("This benefit has expired.", expires_at=grant.expires_at.isoformat())
        await move(tx, [Movement(grant, State.USED)], offers)
        row = store_redeem.NewRedemption(
            id=new_id(),
            grant_id=grant.id,
            offer_id=grant.offer_id,
            seq=grant.seq,
            supplier_id=offers[grant.offer_id].supplier_id,
            amount_fen=grant.amount_fen,
            line=(grant.steps + 1) * LINES + PAYABLE,
            way=store_redeem.Way.CARD_CODE,
            teller="",
            unit_id=grant.unit_id,
        )
        await store_redeem.insert_redemptions(tx, [row])
    return await card_codes.see(tx, grant_id)


async def reveal_code(tx: Tx, principal: Principal, grant_id: UUID, reason: str) -> privacy.Revealed:
    """Show a customer's code to a member of staff for a minute: reason, second factor, limit, a line in the trail.

    Raises `UnknownGrant` and what `privacy.reveal` does.
    """
    grant = (await store.grants(tx, [grant_id])).get(grant_id)
    if grant is None or not principal.covers(grant.unit_id):
        raise UnknownGrant(f"There is no grant {grant_id}.")

    async def opener(tx: Tx, seq: int, _field: privacy.Field) -> privacy.Found | None:
        holder = (await customers.survivors(tx, [seq])).get(seq, seq)
        if not len((await customers.facts(tx, [holder])).seqs):
            return None
        opened = await card_codes.open_code(tx, grant_id)
        return privacy.Found(f"{opened.code} {opened.pin}".strip(), grant.unit_id)

    wanted = privacy.NewReveal(field=privacy.Field.CARD_CODE, reason=reason)
    return await privacy.reveal(tx, principal, "card_code", grant.seq, wanted, opener=opener)


async def stock_codes(tx: Tx, sku_id: UUID, unit_id: int, quantity: int) -> None:
    """Free codes came (quantity > 0) or went without being drawn: the SKU's pools follow, its root first.

    What is set aside for pushed grants stays: their claims then find no code and are told so.
    """
    if quantity > 0:
        await stock_root(tx, sku_id, unit_id, quantity)
    elif (root := await root_of_codes(tx, sku_id)) is not None:
        await take_out(tx, root, -quantity)
