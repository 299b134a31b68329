import csv
import io
from datetime import date

import numpy as np
import pytest

from huoke.app.demo import population
from huoke.app.demo.banks import BANKS
from huoke.app.demo.population import JOBS, STAGES, Place, Population, customers_csv, draw
from huoke.app.demo.sign_ins import sign_in_of
from huoke.govern import tenants
from huoke.govern.people import Role

PLACE = Place(
    region="990200",
    cities=("港湾市", "临港市"),
    unit_codes=("B01", "B0101", "B02"),
    unit_cities=(0, 0, 1),
    unit_owners=("甲", "乙", "丙"),
)
TODAY = date(2026, 11, 22)


def people(count: int = 20_000, seed: int = 7, first: int = 0) -> Population:
    return draw(count, seed, PLACE, TODAY, first=first)


def rows(drawn: Population) -> list[dict[str, str]]:
    content = customers_csv(drawn, PLACE, np.arange(len(drawn)) % 5)
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others():
    first, again, other = (customers_csv(people(400, seed), PLACE, np.zeros(400, int)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_nobody_real_can_be_among_them():
    made = rows(people())
    customers = [row for row in made if row["关系"] == "客户"]
    assert len({row["客户号"] for row in made}) == 20_000
    assert len({row["手机号"] for row in made}) == 20_000 - population.TWICE - population.COUPLES
    assert len({row["证件号"] for row in customers}) == len(customers)
    assert {row["手机号"][:3] for row in made} == {"120"}
    assert {row["证件号"][:2] for row in customers} == {"99"}


def test_some_prospects_are_customers_and_some_couples_share_a_phone():
    drawn = people()
    places = {}
    for place, phone in enumerate(drawn.phone.tolist()):
        places.setdefault(phone, []).append(place)
    shared = [found for found in places.values() if len(found) > 1]
    same = [pair for pair in shared if drawn.name[pair[0]] == drawn.name[pair[1]]]
    assert {len(found) for found in shared} == {2}
    assert (len(same), len(shared)) == (population.TWICE, population.TWICE + population.COUPLES)
    assert {(bool(drawn.prospect[one]), bool(drawn.prospect[two])) for one, two in same} == {(False, True)}
    assert all(drawn.quiet_days[pair].max() > 0 for pair in shared), "nobody who is met on a phone"


def test_slices_of_one_population_share_no_number():
    slices = [people(5_000, first=first) for first in (0, population.SLICE)]
    for column in ("customer_no", "phone"):
        assert not np.intersect1d(*(getattr(each, column) for each in slices)).size
    documents = [each.document[~each.prospect] for each in slices]
    assert not np.intersect1d(*documents).size


def test_documents_carry_their_check_character_and_birthday():
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    for row in rows(people(400)):
        if number := row["证件号"]:
            total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
            assert number[17] == "10X98765432"[total % 11]
            born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
            assert (TODAY - born).days // 365.25 == int(row["年龄"])


def test_a_prospect_has_a_phone_and_no_document():
    prospects = [row for row in rows(people()) if row["关系"] == "潜客"]
    assert len(prospects) == 600
    assert {row["证件号"] for row in prospects} == {""}
    assert {row["客户等级"] for row in prospects} == {""}
    assert all(row["手机号"] for row in prospects)


def test_ages_fit_the_stage_of_life():
    drawn = people()
    medians = [float(np.median(drawn.age[drawn.stage == stage])) for stage in range(len(STAGES))]
    assert medians == sorted(medians)
    assert drawn.age[drawn.stage == STAGES.index("学生")].max() <= 23
    assert drawn.age[drawn.stage == STAGES.index("退休")].min() >= 58
    assert set(drawn.job[drawn.stage == STAGES.index("退休")]) == {JOBS.index("退休")}


def test_money_hangs_together():
    drawn = people()
    customers = ~drawn.prospect
    held = [np.median((drawn.deposit + drawn.wealth)[customers & (drawn.tier == tier)]) for tier in range(4)]
    assert held == sorted(held)
    assert 0.2 < (drawn.wealth[customers] > 0).mean() < 0.35
    assert (drawn.matures_in[drawn.wealth > 0] >= 0).all()
    assert drawn.loan[drawn.stage == STAGES.index("学生")].max() == 0


def test_about_a_fifth_is_dormant_and_units_are_in_the_own_city():
    drawn = people()
    assert (drawn.quiet_days > 0).mean() == pytest.approx(population.DORMANT_SHARE * 0.97, abs=0.01)
    assert set(np.unique(drawn.unit[drawn.city == "临港市"])) == {2}


def test_every_role_has_a_person_and_every_theme_is_readable():
    for bank in BANKS:
        assert {person.role for person in bank.people} == set(Role)
        tenants.check_brand(bank.brand)
        codes = {unit.code for unit in bank.units}
        assert {person.unit_code for person in bank.people} <= codes | {"HO"}
        assert {plan.product for plan in bank.campaigns} <= {product.code for product in bank.products}
        assert {plan.segment for plan in bank.campaigns} <= {"", *bank.segments}


def test_sign_ins_are_the_instances_own(tmp_path):
    first, second = tmp_path / "a.key", tmp_path / "b.key"
    first.write_bytes(b"1" * 32)
    second.write_bytes(b"2" * 32)
    assert sign_in_of(first, "binhai", "teller") == sign_in_of(first, "binhai", "teller")
    others = [sign_in_of(second, "binhai", "teller"), sign_in_of(first, "shancheng", "teller")]
    assert len({sign_in_of(first, "binhai", "teller").password, *(other.password for other in others)}) == 3
    assert len(sign_in_of(first, "binhai", "teller").password) >= 10
