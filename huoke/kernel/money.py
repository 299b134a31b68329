"""Money is an integer number of fen; it becomes yuan only where a person reads it."""

import re
from typing import NewType

from huoke.kernel.refusals import Invalid

Fen = NewType("Fen", int)
"""An amount of money: 1 yuan = 100 fen."""

FEN_MAX = 9_223_372_036_854_775_807
"""What a PostgreSQL bigint holds."""

_YUAN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")


def format_yuan(amount_fen: int) -> str:
    """Write fen as yuan with thousands separators and two decimals: 1234567 → '12,345.67'."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


def parse_yuan(text: str, *, pointer: str = "") -> Fen:
    """Read yuan as a person writes it ('12,345.67') into fen; `Invalid` for anything but digits and two decimals."""
    plain = text.strip().replace(",", "")
    if not _YUAN.fullmatch(plain):
        raise Invalid(
            f"'{text[:40]}' is no amount: write yuan with at most two decimals, such as 12.80.", pointer=pointer
        )
    sign = -1 if plain.startswith("-") else 1
    yuan, _, fen = plain.lstrip("-").partition(".")
    return Fen(sign * (int(yuan) * 100 + int(fen.ljust(2, "0") or 0)))
