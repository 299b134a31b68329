"""Lines of a catalogue: which column is what, and what one line offers or why it is refused.

A cell is text and stays text: what looks like a formula is neither worked out nor removed, and every file the house
hands out writes it so that no spreadsheet takes it for one.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from huoke.reward.catalogue import SkuKind
from huoke.reward.library.import_model import CatalogueFileUnfit
from huoke.reward.library.words import words_of

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "sku", "商品编码", "编码", "货号"),
    "name": ("name", "商品名称", "名称", "品名"),
    "name_en": ("name_en", "英文名", "英文名称"),
    "brand": ("brand", "品牌"),
    "item": ("item", "商品", "系列"),
    "category": ("category", "类别", "品类", "类目"),
    "kind": ("kind", "类型", "种类"),
    "face_value": ("face_value", "面值", "市场价"),
    "cost": ("cost", "price", "结算价", "成本价", "供货价"),
    "regions": ("regions", "region", "适用地区", "地区", "区域"),
    "valid_days": ("valid_days", "有效天数"),
    "valid_until": ("valid_until", "有效期至", "截止日期"),
    "stock": ("stock", "库存"),
}
NEEDED = ("code", "name", "brand", "cost")
CATEGORIES: Mapping[str, str] = {
    "餐饮": "dining", "出行": "travel", "充值": "topup", "零售": "retail", "娱乐": "entertainment", "金融": "finance",
    "其他": "other", "": "other",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "": "voucher", "券": "voucher", "代金券": "voucher", "直充": "topup", "充值": "topup", "实物": "physical",
    **{kind.value: kind.value for kind in (SkuKind.VOUCHER, SkuKind.TOPUP, SkuKind.PHYSICAL)},
}  # fmt: skip
_FEN_MAX = 100_000_000_00
VALID_DAYS = 30
"""Of a line that names neither days nor a date."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_CATEGORY = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_YUAN = re.compile(r"[¥￥]?(\d{1,10})(?:\.(\d{1,2}))?(?:元)?")
_REGION = re.compile(r"[0-9]{6}")
_BETWEEN = re.compile(r"[;|、，；/ ]+")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a line offers: the columns of `tables._offered`, in their order."""

    code: str
    name: str
    name_en: str
    brand: str
    item: str
    category: str
    kind: str
    face_value_fen: int
    cost_fen: int
    regions: str
    """Codes joined by commas."""
    valid_days: int | None
    valid_until: date | None
    stock: int
    words: str
    sounds: str
    initials: str
    digest: bytes


_once = lru_cache(4_096)
"""Worked out once for a text: a catalogue says the same few things in most of its lines."""


class LineFlaw(msgspec.Struct, frozen=True):
    """Why a line is refused, and the mend."""

    code: str
    detail: str


class _Unfit(Exception):  # noqa: N818 - carries a flaw from a cell to its line
    def __init__(self, code: str, detail: str) -> None:
        self.flaw = LineFlaw(code, detail)


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands; `CatalogueFileUnfit` names those that are missing."""
    named = {cell.strip().lower(): place for place, cell in reversed(list(enumerate(header)))}
    found = {
        column: next(named[name] for name in names if name in named)
        for column, names in HEADERS.items()
        if any(name in named for name in names)
    }
    if missing := [column for column in NEEDED if column not in found]:
        said = "; ".join(f"{column} ({', '.join(HEADERS[column])})" for column in missing)
        raise CatalogueFileUnfit(f"The first line names no column {said}.", pointer="/file_id")
    return found


def digest_of(cells: Sequence[str]) -> bytes:
    """What tells a line from any other: 16 bytes of its cells."""
    return hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def read_line(cells: Sequence[str], places: Mapping[str, int], digest: bytes, today: date) -> Offer | LineFlaw:
    """What a line offers, or why it is refused."""
    said = {column: cells[place].strip() for column, place in places.items()}
    try:
        return _offer(said, digest, today)
    except _Unfit as unfit:
        return unfit.flaw


def _offer(said: Mapping[str, str], digest: bytes, today: date) -> Offer:
    code, name, brand = said["code"], said["name"], said["brand"]
    if not _CODE.fullmatch(code):
        raise _Unfit("code", "A code has 1 to 32 of A-Z, a-z, 0-9, dot, dash, underscore.")
    for column, text, least, most in (
        ("name", name, 1, 60), ("brand", brand, 1, 60), ("item", said.get("item", ""), 0, 60),
        ("name_en", said.get("name_en", ""), 0, 100),
    ):  # fmt: skip
        if not least <= len(text) <= most or not text.isprintable():
            raise _Unfit(column, f"{column} has {least} to {most} readable characters; look at the file's encoding.")
    cost = _fen(said["cost"], "cost")
    until = _until(said.get("valid_until", ""), today)
    texts = words_of(name, said.get("name_en", ""), brand, said.get("item", ""), code)
    return Offer(
        code=code,
        name=name,
        name_en=said.get("name_en", ""),
        brand=brand,
        item=said.get("item", "") or name,
        category=_category(said.get("category", "")),
        kind=_kind(said.get("kind", "")),
        face_value_fen=_fen(said["face_value"], "face_value") if said.get("face_value") else cost,
        cost_fen=cost,
        regions=_regions(said.get("regions", "")),
        valid_days=None if until else _whole(said.get("valid_days", ""), "valid_days", VALID_DAYS, 1, 3_660),
        valid_until=until,
        stock=_whole(said.get("stock", ""), "stock", -1, 0, 10**9),
        words=texts.words,
        sounds=texts.sounds,
        initials=texts.initials,
        digest=digest,
    )


@_once
def _fen(text: str, column: str) -> int:
    match = _YUAN.fullmatch(text.replace(",", "").replace(" ", ""))
    amount = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else -1
    if not 0 <= amount <= _FEN_MAX:
        raise _Unfit(column, f"{column} is an amount in yuan with at most two decimals, such as 19.80.")
    return amount


@_once
def _whole(text: str, column: str, missing: int, least: int, most: int) -> int:
    if not text:
        return missing
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise _Unfit(column, f"{column} is a whole number from {least} to {most:,}, or empty.")
    return int(text)


@_once
def _until(text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        until = date.fromisoformat(text.replace("/", "-")[:10])
    except ValueError:
        raise _Unfit("valid_until", "A date is written as 2026-12-31.") from None
    if until < today:
        raise _Unfit("expired", "It can be claimed no longer; leave it out, or mend its date.")
    return until


@_once
def _category(text: str) -> str:
    known = CATEGORIES.get(text, text.lower())
    if not _CATEGORY.fullmatch(known):
        raise _Unfit("category", f"A category is one of {', '.join(name for name in CATEGORIES if name)}, or a word.")
    return known


@_once
def _kind(text: str) -> str:
    known = KINDS.get(text.lower())
    if known is None:
        raise _Unfit("kind", f"A kind is one of {', '.join(name for name in KINDS if name)}.")
    return known


@_once
def _regions(text: str) -> str:
    codes = [code for code in _BETWEEN.split(text) if code]
    if len(codes) > 400 or any(not _REGION.fullmatch(code) for code in codes):
        raise _Unfit("regions", "Regions are codes of 6 digits (GB/T 2260) with semicolons between them.")
    return ",".join(codes)
