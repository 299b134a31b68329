"""What a file calls its columns becomes names that people can read, whatever language the file is in."""

import pytest

from huoke.know.customers import LocalSource, propose_for
from huoke.know.customers.heads import HEADS
from huoke.know.customers.model import RESERVED_NAMES


def proposed(folder, header: str) -> list[tuple[str, str, str]]:
    """Name and both labels of every column that becomes an attribute."""
    file = folder / "customers.csv"
    file.write_text(f"{header}\n")
    found = propose_for(LocalSource(file), {}, None).mapping["columns"]
    return [(one["name"], one["label"], one["label_en"]) for one in found if one["to"] == "attribute"]


def test_usual_heads_get_a_name_and_an_english_label(tmp_path):
    assert proposed(tmp_path, "客户号,机构号,开户日,性别,存款月日均,幸运色") == [
        ("opened_on", "开户日", "Account opened"),
        ("gender", "性别", "Gender"),
        ("monthly_average", "存款月日均", "Monthly average"),
        ("column_6", "幸运色", "幸运色"),
    ]


def test_of_two_columns_that_mean_the_same_only_the_first_takes_the_name(tmp_path):
    names = [name for name, _, _ in proposed(tmp_path, "客户号,机构号,开户日,开户日期")]
    assert names == ["opened_on", "column_4"]


@pytest.mark.parametrize("head", HEADS)
def test_every_name_is_one_an_attribute_may_have(head):
    name = HEADS[head].name
    assert name.isascii()
    assert name.replace("_", "").isalnum()
    assert name not in RESERVED_NAMES
    assert HEADS[head].label_en
