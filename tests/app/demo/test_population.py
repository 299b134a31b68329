import csv
import io

from huoke.app.demo.banks import BANKS
from huoke.app.demo.population import customers_csv
from huoke.app.demo.sign_ins import sign_in_of
from huoke.govern import tenants
from huoke.govern.people import Role

ARGUMENTS = (400, 7, "990200", ("港湾市",), ("B01", "B0101"))


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(customers_csv(*ARGUMENTS).decode())))


def test_the_same_seed_gives_the_same_file():
    assert customers_csv(*ARGUMENTS) == customers_csv(*ARGUMENTS)


def test_nobody_real_can_be_among_them():
    made = rows()
    assert len({row["客户号"] for row in made}) == 400
    assert len({row["手机号"] for row in made}) == 400
    assert {row["手机号"][:3] for row in made} == {"120"}
    assert {row["证件号"][:2] for row in made} == {"99"}


def test_documents_carry_their_check_character():
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    for row in rows():
        number = row["证件号"]
        total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
        assert number[17] == "10X98765432"[total % 11]


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
