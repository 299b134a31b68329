"""Terms of a reduction: what is borne adds up, something is always paid, a tier needs a registered reason (rule P5)."""

import msgspec
import pytest

from huoke.kernel.ids import new_id
from huoke.reward.catalogue import CatalogueUnfit, Handover, SkuKind, handover_of
from huoke.reward.catalogue.terms import check_publishable, check_terms
from tests.make.reductions import terms


def test_a_reduction_goes_through_the_cashier_and_needs_no_supplier():
    good = terms(face_fen=300, brand_fen=100, brand_payer_id=new_id())
    check_terms(SkuKind.VOUCHER, good)
    check_publishable(SkuKind.VOUCHER, good, None)
    assert handover_of(SkuKind.VOUCHER, good.details) is Handover.CASHIER


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"threshold_fen": 300}, "threshold_fen"),
        ({"brand_fen": 100}, "brand_payer_id"),
        ({"merchant_fen": 100, "in_mall": True}, "in_mall"),
        ({"tier": "gold"}, "tier_reason"),
        ({"tier_reason": "等级权益"}, "tier_reason"),
        ({"day_limit": -1}, "day_limit"),
    ],
)
def test_terms_that_cannot_be_are_refused(changes, pointer):
    with pytest.raises(CatalogueUnfit) as refused:
        check_terms(SkuKind.VOUCHER, terms(**changes))
    assert refused.value.pointer == f"/terms/details/{pointer}"


def test_shares_that_do_not_come_to_the_face_value_are_refused():
    short = msgspec.structs.replace(terms(face_fen=300), cost_fen=299)
    with pytest.raises(CatalogueUnfit):
        check_terms(SkuKind.VOUCHER, short)


def test_a_registered_reason_opens_it_to_a_tier():
    check_terms(SkuKind.VOUCHER, terms(tier="gold", tier_reason="金卡客户年度权益，已登记"))
