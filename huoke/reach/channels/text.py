"""What a short message says and how many parts it takes: composed at hand-over, never stored; pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = frozenset("^{}\\[~]|€\f")
"""Characters of the extension table: two septets each (3GPP TS 23.038 §6.2.1.1)."""
SINGLE_GSM7, PART_GSM7 = 160, 153
SINGLE_UCS2, PART_UCS2 = 70, 67
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


class Language(StrEnum):
    """The language a customer is written to in."""

    ZH = "zh"
    EN = "en"


OPT_OUT: Mapping[Language, str] = {Language.ZH: "拒收请回复R", Language.EN: "Reply R to opt out"}
"""How to be left alone stands in every commercial message (rule M1)."""


def compose(
    sender: str, text: str, variables: Mapping[str, str], language: Language, *, commercial: bool = True
) -> str:
    """The message as it is handed over: who writes, the text with its variables, and how to opt out (rule M1).

    A variable without a value becomes nothing; `sender` is the signature registered with the carriers.
    """
    filled = _VARIABLE.sub(lambda found: variables.get(found[1], ""), text).strip()
    return f"【{sender}】{filled}{' ' + OPT_OUT[language] if commercial else ''}"


def unknown_variables(text: str, known: frozenset[str]) -> list[str]:
    """Names in braces that nothing will be filled in for, in order."""
    return [name for name in _VARIABLE.findall(text) if name not in known]


def segments(text: str) -> int:
    """How many short messages a text takes (3GPP TS 23.038, TS 23.040 §9.2.3.24): 0 for nothing.

    The GSM alphabet: 160 septets, or 153 in each of several parts. Anything else is UCS-2: 70 code units, or 67.
    """
    if all(sign in GSM7 or sign in GSM7_DOUBLE for sign in text):
        length = len(text) + sum(sign in GSM7_DOUBLE for sign in text)
        return _parts(length, SINGLE_GSM7, PART_GSM7)
    return _parts(len(text.encode("utf-16-be")) // 2, SINGLE_UCS2, PART_UCS2)


def _parts(length: int, single: int, part: int) -> int:
    return min(length, 1) if length <= single else -(-length // part)
