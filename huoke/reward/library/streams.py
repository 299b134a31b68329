"""Listings on their way to ClickHouse, where they are searched: texts under an index of their runs of characters."""

from huoke.kernel.log import Shipped, Stream
from huoke.reward.library.model import PRICE_BANDS_FEN

WORDS_THREE, SOUNDS_FIVE, INITIALS_THREE = "upper(words)", "lower(sounds)", "lower(initials)"
"""The same texts under another name: a column has one index of each name at most."""
AROUND = "if(regions = '', '*', toString(regions))"
"""Where it holds, with a word for everywhere."""

LISTINGS = Stream(
    name="listing",
    source="library.listing",
    columns=(
        Shipped("number", "UInt32", packed=False),
        Shipped("status", "LowCardinality(String)"),
        Shipped("words", "String"),
        Shipped("sounds", "String"),
        Shipped("initials", "String"),
        Shipped("brand", "LowCardinality(String)", packed=False),
        Shipped("category", "LowCardinality(String)", packed=False),
        Shipped("kind", "LowCardinality(String)"),
        Shipped("supplier", "LowCardinality(String)", "coalesce(s.supplier_id::text, '')"),
        Shipped("region", "LowCardinality(String)", "coalesce(left(s.regions[1], 2) || '0000', '')", packed=False),
        Shipped("regions", "LowCardinality(String)", "array_to_string(s.regions, ',')", packed=False),
        Shipped("worth", "Int64", "s.face_value_fen", packed=False),
        Shipped("cost", "Int64", "s.cost_fen"),
        Shipped("stock", "Int64", packed=False),
        Shipped("valid_until", "Nullable(Date)"),
        Shipped("popularity", "UInt32", "least(s.popularity, 4294967295)", packed=False),
        Shipped(
            "band", "UInt8", f"width_bucket(s.face_value_fen, ARRAY{list(PRICE_BANDS_FEN)}::bigint[])", packed=False
        ),
        Shipped("taken", "Bool", "s.sku_id IS NOT NULL"),
    ),
    order_by="number",
    engine="ReplacingMergeTree(xid)",
    indexes=(
        "two words TYPE text(tokenizer = ngrams(2))",
        "one lower(words) TYPE text(tokenizer = ngrams(1))",
        f"three {WORDS_THREE} TYPE text(tokenizer = ngrams(3))",
        "sounding sounds TYPE text(tokenizer = ngrams(3))",
        f"sounding_long {SOUNDS_FIVE} TYPE text(tokenizer = ngrams(5))",
        "starting initials TYPE text(tokenizer = ngrams(2))",
        f"starting_long {INITIALS_THREE} TYPE text(tokenizer = ngrams(3))",
        f"around {AROUND} TYPE text(tokenizer = splitByString([',']))",
    ),
)
"""The latest state of every listing; `sql_search` says how it is read without FINAL."""
