"""Provinces and cities: every code once, in its province, named in both languages."""

from huoke.kernel import regions


def test_every_city_stands_in_its_province_once_and_has_names():
    found = regions.provinces()
    cities = [city for province in found for city in province.cities]
    codes = [one.code for one in [*found, *cities]]
    assert (len(found), len(set(codes))) == (34, len(codes))
    assert all(city.code[:2] == province.code[:2] for province in found for city in province.cities)
    assert all(len(one.code) == 6 and one.name and one.name_en.replace("'", "").replace(" ", "").isalpha()
               for one in [*found, *cities])  # fmt: skip
    assert all(province.cities for province in found), "there is something to choose everywhere"


def test_a_city_is_called_after_its_province_and_what_is_none_stays_a_code():
    assert [regions.named(code) for code in ("330200", "310100", "429004", "330203", "")] == [
        "浙江省宁波市", "上海市", "湖北省仙桃市", "330203", "",
    ]  # fmt: skip


def test_a_place_lies_in_its_city_and_a_province_or_nothing_in_none():
    assert [regions.city_of(code) for code in ("330203", "330200", "429004", "110105", "330000", "999999", "")] == [
        "330200", "330200", "429004", "110100", "", "", "",
    ]  # fmt: skip
