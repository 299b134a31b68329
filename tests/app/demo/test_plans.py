"""What the demo says it holds, and that it all hangs together."""

from collections import Counter

import pytest

from huoke.app.demo import orders
from huoke.app.demo.banks import BANKS
from huoke.app.demo.binhai import BINHAI
from huoke.app.demo.brands import BRANDS
from huoke.govern.people import UnitKind
from huoke.reward.catalogue import SkuKind
from huoke.reward.catalogue.terms import check_label


def test_the_first_bank_is_as_large_as_promised():
    kinds = Counter(unit.kind for unit in BINHAI.units)
    assert kinds == {UnitKind.BRANCH: 6, UnitKind.SUB_BRANCH: 30}
    assert len(BINHAI.suppliers) == 5
    assert len(BINHAI.merchants) == 60
    assert len(BINHAI.products) + len(BINHAI.offers) >= 300
    assert {product.kind for product in (*BINHAI.products, *BINHAI.offers)} == set(SkuKind)
    assert 40 <= len(BINHAI.people) + len(BINHAI.colleagues) <= 60


@pytest.mark.parametrize("bank", BANKS, ids=[bank.code for bank in BANKS])
def test_every_name_is_there_once_and_can_be(bank):
    products = [*bank.products, *bank.offers]
    for product in products:
        check_label(product.code, *product.name)
        assert 0 < product.cost_fen <= max(product.face_value_fen, product.points)
    codes = [product.code for product in products]
    assert len(set(codes)) == len(codes)
    assert {product.supplier for product in products} <= {"", *(supplier.code for supplier in bank.suppliers)}
    brands = {product.brand[0] for product in products}
    assert {merchant.code for merchant in bank.merchants} <= brands
    staff = {(one.login, one.name, one.post) for one in (*bank.people, *bank.colleagues)}
    assert len({login for login, _, _ in staff}) == len(staff), "one of the colleagues signs in, and is the same person"
    assert len(staff) == len(bank.people) + len(bank.colleagues) - 1


def test_brands_of_one_code_have_one_name():
    names = {brand.code: (brand.name, brand.name_en) for brand in BRANDS}
    assert len(names) == len(BRANDS)
    for product in (*BINHAI.products, *BINHAI.offers):
        code, *name = product.brand
        assert tuple(name) == names.get(code, ("滨海银行", "Binhai Bank"))


@pytest.mark.parametrize("bank", BANKS, ids=[bank.code for bank in BANKS])
def test_campaigns_of_the_past_are_over_and_can_be_measured(bank):
    past = [plan for plan in bank.campaigns if plan.days_ago]
    assert past
    for plan in past:
        assert plan.days_ago - plan.days > 0
        assert plan.days_ago - plan.metric_days > 0
        assert plan.effect is not None
        assert plan.metric
        assert plan.control_percent >= 10


@pytest.mark.parametrize("bank", BANKS, ids=[bank.code for bank in BANKS])
def test_there_is_stock_and_money_for_every_campaign_however_large_the_bank(bank):
    """Pools, budget and campaigns all grow with the bank, so what holds of the plan holds of any size."""
    stock = {product.code: product.stock for product in bank.products} | dict.fromkeys(orders.CLAIMS, orders.STOCK)
    plans = [*bank.campaigns, *orders.PLANS]
    for code in stock:
        at_once = sum(plan.stock for plan in plans if plan.product == code and not plan.days_ago)
        before = [plan.stock for plan in plans if plan.product == code and plan.days_ago]
        assert at_once + sum(before) <= stock[code] or not stock[code], code
    assert sum(plan.budget_fen for plan in plans) <= bank.budget_fen


def test_what_holds_in_some_cities_only_leaves_every_customer_enough_to_choose():
    cities = {f"99{place:02d}00" for place in range(1, len(BINHAI.cities) + 1)}
    bound = {product.code for product in BINHAI.products if product.regions}
    assert bound
    assert all(set(product.regions) < cities for product in BINHAI.products if product.regions)
    bundles = [plan for plan in BINHAI.campaigns if plan.choose and bound & {plan.product, *plan.others}]
    assert bundles
    assert all(plan.choose <= len({plan.product, *plan.others} - bound) for plan in bundles)
