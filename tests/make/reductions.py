"""Reductions for tests: a published benefit that takes 3 yuan off from 9 yuan on, given to customers."""

from uuid import UUID

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM, Tx
from huoke.reward import catalogue, grants
from huoke.reward.catalogue import NewSku, ReductionDetails, SkuKind, Terms
from huoke.reward.grants import BenefitKind, Handover, Mode
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger


def terms(*, face_fen: int = 300, brand_fen: int = 0, merchant_fen: int = 0, brand_payer_id=None, **changes) -> Terms:
    """Terms of a reduction in the mall from three times its value on; the bank bears what nobody else does."""
    given = {"threshold_fen": face_fen * 3, "in_mall": not merchant_fen, **changes}
    details = ReductionDetails(
        merchant_fen=merchant_fen, brand_fen=brand_fen, brand_payer_id=brand_payer_id, **given
    )  # fmt: skip
    return Terms(
        name="商城立减券", name_en="Off at the mall", face_value_fen=face_fen,
        cost_fen=face_fen - brand_fen - merchant_fen, details=details, valid_days=30, acceptance="积分商城",
    )  # fmt: skip


async def sku(tx: Tx, **changes) -> UUID:
    """A published reduction."""
    new = NewSku(
        item_id=await make_catalogue.item(tx), code=make_catalogue.next_code(), kind=SkuKind.VOUCHER,
        terms=terms(**changes),
    )  # fmt: skip
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id


async def give(tx: Tx, sku_id: UUID, seqs: list[int], *, each: int = 1) -> dict[int, list[UUID]]:
    """So many of it for each customer, claimed."""
    known = await catalogue.sku(tx, sku_id)
    budget_id = await make_ledger.budget(tx, known.cost_fen * len(seqs) * each)
    pool_id = await make_grants.pool(tx, len(seqs) * each, sku_id=sku_id)
    offer = make_grants.offer(
        {grants.EVERY_UNIT: grants.Terms(budget_id, pool_id)}, sku_id, tx.now, kind=BenefitKind.VOUCHER,
        handover=Handover.CASHIER, mode=Mode.PULL, title=known.name, cost_fen=known.cost_fen,
        face_value_fen=known.face_value_fen, supplier_id=None, person_limit=each, valid_days=30,
        sku_version=known.version,
    )  # fmt: skip
    await grants.publish_offer(tx, offer)
    found: dict[int, list[UUID]] = {}
    for seq in seqs:
        calls = [Call(make_grants.claim(offer.id, seq, request_no=new_id().hex), SYSTEM, tx.now) for _ in range(each)]
        found[seq] = [claimed.grant_id for claimed in await grants.claim(tx, calls)]
    return found
