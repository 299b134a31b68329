"""The country's provinces and cities (GB/T 2260): where people choose a benefit is sent to, and what codes are called.

`regions.tsv` has a line for each, code, name and English name; the counties that a province looks after itself stand
among its cities. The list is that of `@vant/area-data` 2.1.0 (MIT), without its districts.
"""

from functools import cache
from pathlib import Path

import msgspec


class Region(msgspec.Struct, frozen=True):
    """A province or a city; `cities` are those of a province."""

    code: str
    name: str
    name_en: str
    cities: tuple["Region", ...] = ()


@cache
def provinces() -> tuple[Region, ...]:
    """Every province with its cities, by code."""
    text = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8")
    rows = [Region(code, name, name_en) for code, name, name_en in map(_cells, text.splitlines())]
    return tuple(
        msgspec.structs.replace(
            one, cities=tuple(row for row in rows if row.code[:2] == one.code[:2] and row is not one)
        )
        for one in rows
        if one.code.endswith("0000")
    )


def _cells(line: str) -> list[str]:
    return line.split("\t")


def named(code: str) -> str:
    """What a city's code is called, after its province (宁波市 as 浙江省宁波市); a code that is no city's as it is."""
    return _names().get(code, code)


def city_of(code: str) -> str:
    """The code of the city a place lies in (330203, a district of Ningbo, in 330200); empty for what names no city."""
    known = _names()
    return next((one for one in (code, f"{code[:4]}00") if one in known), "")


@cache
def _names() -> dict[str, str]:
    return {
        city.code: city.name if city.name == province.name else f"{province.name}{city.name}"
        for province in provinces()
        for city in province.cities
    }
