"""Listings on their way to ClickHouse, where they are searched: texts under an index of their runs of characters."""

from huoke.kernel.log import Shipped, Stream
from huoke.reward.library.model import PRICE_BANDS_FEN

HEARD_LENGTHS = (3, 4, 5)
"""Runs of so many Latin letters are looked up at once; longer words by all their runs of five."""
_LATIN = "extractAll(words, '[a-z]+')"
HEARD = (
    "arrayDistinct(arrayConcat("
    + ", ".join(f"ngrams(sounds, {length}), ngrams(initials, {length})" for length in HEARD_LENGTHS)
    + ", ".join(["", *(f"arrayFlatten(arrayMap(run -> ngrams(run, {length}), {_LATIN}))" for length in HEARD_LENGTHS)])
    + "))"
)
"""Every run of Latin letters by which a listing may be found: how it sounds, first letters, words of its names.

One index of them answers at once what would otherwise be three, each with the texts themselves to be read through.
"""
THREE = "ngrams(words, 3)"
"""Every run of three characters of the names."""

LISTINGS = Stream(
    name="listing",
    source="library.listing",
    columns=(
        Shipped("number", "UInt32"),
        Shipped("status", "LowCardinality(String)"),
        Shipped("words", "String"),
        Shipped("sounds", "String"),
        Shipped("initials", "String"),
        Shipped("brand", "LowCardinality(String)"),
        Shipped("category", "LowCardinality(String)"),
        Shipped("kind", "LowCardinality(String)"),
        Shipped("supplier", "LowCardinality(String)", "coalesce(s.supplier_id::text, '')"),
        Shipped("region", "LowCardinality(String)", "coalesce(left(s.regions[1], 2) || '0000', '')"),
        Shipped("regions", "String", "array_to_string(s.regions, ',')"),
        Shipped("worth", "Int64", "s.face_value_fen"),
        Shipped("cost", "Int64", "s.cost_fen"),
        Shipped("stock", "Int64"),
        Shipped("valid_until", "Nullable(Date)"),
        Shipped("popularity", "UInt32", "least(s.popularity, 4294967295)"),
        Shipped("band", "UInt8", f"width_bucket(s.face_value_fen, ARRAY{list(PRICE_BANDS_FEN)}::bigint[])"),
        Shipped("taken", "Bool", "s.sku_id IS NOT NULL"),
    ),
    order_by="number",
    engine="ReplacingMergeTree(xid)",
    indexes=(
        "two words TYPE text(tokenizer = ngrams(2))",
        "one lower(words) TYPE text(tokenizer = ngrams(1))",
        f"three {THREE} TYPE text(tokenizer = 'array')",
        f"heard {HEARD} TYPE text(tokenizer = 'array')",
        "starting initials TYPE text(tokenizer = ngrams(2))",
    ),
)
"""The latest state of every listing; `sql_search` says how it is read without FINAL."""
