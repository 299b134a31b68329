"""Questions to ClickHouse: which listings hold what was typed, in what order, and how they divide.

What was typed is looked for in indexes of runs of characters, and where Chinese runs alone do not prove that it stands
there in one piece, in the text itself. Values travel as parameters.

FINAL would take the texts of all rows apart wherever parts overlap. A part holds a number once, so only numbers outside
the largest part can stand twice: those few are compared by their place in the log, the index serves all. Where all of
them came in after the largest part, as is usual, only they themselves are looked through for that.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from huoke.reward.library.model import PRICE_BANDS_FEN, Asked, Facet, Sort
from huoke.reward.library.streams import AROUND, INITIALS_THREE, SOUNDS_FIVE, WORDS_THREE
from huoke.reward.library.words import START, Typed, grams, plain, typed

FACET_VALUES_MAX = 50
_ORDERS: Mapping[Sort, str] = {
    Sort.BEST: "popularity DESC, number",
    Sort.WORTH: "worth, number",
    Sort.WORTH_DOWN: "worth DESC, number",
    Sort.COST: "cost, number",
    Sort.COST_DOWN: "cost DESC, number",
    Sort.NEWEST: "number DESC",
}
_FILTERS: Mapping[str, str] = {
    "brand": "brand = {brand:String}",
    "category": "category = {category:String}",
    "kind": "kind = {kind:String}",
    "supplier": "supplier = {supplier:String}",
    "regions": f"hasAnyTokens({AROUND}, {{regions:Array(String)}})",
    "price_min": "worth >= {price_min:Int64}",
    "price_max": "worth <= {price_max:Int64}",
    "valid_on": "(valid_until IS NULL OR valid_until >= {valid_on:Date})",
    "taken": "taken = {taken:Bool}",
}
_FACETS: Mapping[Facet, str] = {
    Facet.BRAND: "brand",
    Facet.CATEGORY: "category",
    Facet.KIND: "kind",
    Facet.SUPPLIER: "supplier",
    Facet.REGION: "region",
    Facet.PRICE: "band",
}


class Question(msgspec.Struct, frozen=True):
    """A statement and its parameters."""

    sql: str
    params: dict[str, Any]


PARTS = (
    "SELECT name AS part, rows AS n, min_block_number AS first, max_block_number AS last FROM system.parts"
    " WHERE database = currentDatabase() AND table = 'listing' AND active ORDER BY n DESC"
)
"""The parts of the table, the largest first; none before the first shipment."""


class Others(StrEnum):
    """One part that came in after the largest, several that did, or some that did not."""

    ONE_NEWER = "one_newer"
    NEWER = "newer"
    MIXED = "mixed"


class Apart(msgspec.Struct, frozen=True):
    """The largest of several parts, empty where there is but one; how the others lie to it."""

    largest: str = ""
    others: Others = Others.NEWER


WHOLE = Apart()
_OUTSIDE = "SELECT number FROM listing WHERE _part != {part:String}"
_NEWEST = "SELECT number, max(xid) FROM listing WHERE _part != {part:String} GROUP BY number"
_LATEST = {
    Others.ONE_NEWER: f"if(_part = {{part:String}}, number NOT IN ({_OUTSIDE}), true)",
    Others.NEWER: f"if(_part = {{part:String}}, number NOT IN ({_OUTSIDE}), (number, xid) IN ({_NEWEST}))",
    Others.MIXED: f"(number NOT IN ({_OUTSIDE}) OR (number, xid) IN"
    f" (SELECT number, max(xid) FROM listing WHERE number IN ({_OUTSIDE}) GROUP BY number))",
}
"""That a row is the latest of its number; where one part alone can hold a later one, no place in the log is read."""


def apart(parts: Sequence[Mapping[str, Any]]) -> Apart:
    """How the parts that `PARTS` told of lie."""
    largest, *others = parts
    if not others:
        return WHOLE
    if not all(other["first"] > largest["last"] for other in others):
        return Apart(largest["part"], Others.MIXED)
    return Apart(largest["part"], Others.NEWER if others[1:] else Others.ONE_NEWER)


def hits(asked: Asked, lying: Apart = WHOLE) -> list[Question]:
    """Numbers up to the end of one page, best first: what the first question does not fill the second goes on with.

    Names that begin with what was typed come first, and mostly fill the page: they are quickly found.
    """
    where, params = _where(asked, lying)
    params["reached"] = asked.after + asked.limit
    page = f"SELECT number FROM listing WHERE {where}%s ORDER BY {_ORDERS[asked.sort]} LIMIT {{reached:UInt32}}"
    begins = _begins(asked.q, params) if asked.sort is Sort.BEST else ""
    ways = (f" AND {begins}", f" AND NOT {begins}") if begins else ("",)
    return [Question(page % way, params) for way in ways]


def counts(asked: Asked, lying: Apart = WHOLE) -> Question:
    """How many there are in all (facet '') and by each value of each facet, most first."""
    where, params = _where(asked, lying)
    params["edges"] = [0, *PRICE_BANDS_FEN]
    columns = list(_FACETS.values())
    named = ", ".join(f"'{facet}'" for facet in _FACETS)
    values = ", ".join(
        f"toString(arrayElement({{edges:Array(Int64)}}, {column} + 1))" if column == "band" else f"toString({column})"
        for column in columns
    )
    sets = ", ".join(f"({column})" for column in columns)
    grouping = " + ".join(f"(1 - grouping({column})) * {place}" for place, column in enumerate(columns, 1))
    return Question(
        f"SELECT arrayElement([{named}], place) AS facet, arrayElement([{values}], place) AS value, n FROM ("
        f" SELECT {', '.join(columns)}, {grouping} AS place, count() AS n FROM listing WHERE {where}"
        f" GROUP BY GROUPING SETS ({sets}, ()))"
        f" ORDER BY n DESC, value LIMIT {FACET_VALUES_MAX} BY facet",
        params,
    )


def _where(asked: Asked, lying: Apart) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"status": "gone" if asked.gone else "listed"}
    parts = ["status = {status:String}"]
    if lying.largest:
        params["part"] = lying.largest
        parts.append(_LATEST[lying.others])
    parts += [_holds(word, f"w{place}", params) for place, word in enumerate(typed(asked.q))]
    wanted: dict[str, Any] = {
        "brand": asked.brand,
        "category": asked.category,
        "kind": asked.kind,
        "supplier": None if asked.supplier_id is None else str(asked.supplier_id),
        "regions": _around(asked.region),
        "price_min": asked.price_min,
        "price_max": asked.price_max,
        "valid_on": None if asked.valid_on is None else asked.valid_on.isoformat(),
        "taken": asked.taken,
    }
    for name, value in wanted.items():
        if value is not None:
            params[name] = value
            parts.append(_FILTERS[name])
    return " AND ".join([*parts, *(["stock != 0"] if asked.in_stock else [])]), params


def _around(region: str | None) -> list[str] | None:
    """A district, its city, its province and everywhere: what holds in any of them holds there."""
    return None if region is None else ["*", region, region[:4] + "00", region[:2] + "0000"]


def _holds(word: Typed, name: str, params: dict[str, Any]) -> str:
    """That a word stands in the names or, of Latin letters, in how they sound or begin.

    Chinese in one piece. Long Latin words as far as their runs of letters say: to be sure, all texts would have to be
    read through, which takes longer than all else, for the rare name that holds every run and not the word.
    """
    text, length = word.text, len(word.text)
    params[name] = text
    if length == 1:
        return f"hasAllTokens(lower(words), [{{{name}:String}}])"
    ways = [_runs("words", text, 2, name, params) if length == 2 else _runs(WORDS_THREE, text.upper(), 3, name, params)]
    if length > 3 and not word.latin:
        ways[0] += f" AND position(words, {{{name}:String}}) > 0"
    if word.latin:
        starting = ("initials", 2) if length == 2 else (INITIALS_THREE, 3)
        sounding = ("sounds", 3) if length < 5 else (SOUNDS_FIVE, 5)
        ways += [_runs(column, text, n, name, params) for column, n in (starting, sounding) if length >= n]
    return f"({' OR '.join(ways)})"


def _runs(indexed: str, text: str, length: int, name: str, params: dict[str, Any]) -> str:
    key = f"{name}_{indexed.strip(')').replace('(', '_')}"
    params[key] = grams(text, length)
    return f"hasAllTokens({indexed}, {{{key}:Array(String)}})"


def _begins(q: str, params: dict[str, Any]) -> str:
    """That a name or a brand begins with what was typed, as far as its runs of characters say."""
    text = plain(q)
    if not text:
        return ""
    params["begins"] = grams(START + text, 2)
    return "hasAllTokens(words, {begins:Array(String)})"
