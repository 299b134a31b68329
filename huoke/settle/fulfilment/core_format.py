"""The file that carries financial benefits to core banking, and the one it answers with: header, lines, trailer. Pure.

Fields stand between bars. The trailer holds the number of lines, a sum, and the SHA-256 of all that stands before it.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from huoke.kernel.refusals import Invalid

MARK = "HUOKE"
_HASH = re.compile(r"[0-9a-f]{64}")


class CoreFileUnfit(Invalid):
    """An answer of core banking that does not add up, or is about another day; nothing of it is taken."""

    code = "fulfilment.core_file_unfit"


class CoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit to grant: for which customer, on what product, what of it; `cap_fen` is the most it saves."""

    number: str
    customer_no: str
    instrument: str
    product_type: str
    fee_code: str
    rate_bp: int
    cap_fen: int
    amount_fen: int


class CoreAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What core banking says of one line: taken under its own number at `amount_fen`, or refused and why."""

    number: str
    core_no: str = ""
    amount_fen: int = 0
    code: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the customer has it."""
        return not self.code


def write_file(bank: str, on: date, made_at: datetime, lines: Sequence[CoreLine]) -> bytes:
    """The file of a business day, as `docs/suppliers.md` describes it."""
    rows = [f"H|{MARK}|{bank}|{on.isoformat()}|{made_at.isoformat(timespec='seconds')}"]
    rows += [
        f"D|{one.number}|{one.customer_no}|{one.instrument}|{one.product_type}|{one.fee_code}|{one.rate_bp}"
        f"|{one.cap_fen}|{one.amount_fen}"
        for one in lines
    ]
    return _sealed(rows, len(lines), sum(one.cap_fen for one in lines))


def write_answer(bank: str, on: date, answers: Sequence[CoreAnswer]) -> bytes:
    """What core banking answers a file with."""
    rows = [f"H|CORE|{bank}|{on.isoformat()}"]
    rows += [
        f"A|{one.number}|{one.core_no}|{one.amount_fen}" if one.accepted else f"R|{one.number}|{one.code}|{one.reason}"
        for one in answers
    ]
    return _sealed(rows, len(answers), sum(one.accepted for one in answers))


def read_rows(content: bytes, on: date) -> list[list[str]]:
    """The lines between header and trailer of a file that adds up and is of this day; `CoreFileUnfit`."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise CoreFileUnfit(f"The file is no UTF-8: {error}.") from None
    rows = text.splitlines()
    if len(rows) < 2 or not text.endswith("\n"):
        raise CoreFileUnfit("The file has no header or no trailer.")
    head, *between, tail = [row.split("|") for row in rows]
    if head[0] != "H" or len(head) < 4 or head[3] != on.isoformat():
        raise CoreFileUnfit(f"The file is not of {on}.")
    if tail[0] != "T" or len(tail) != 4 or tail[1] != str(len(between)) or not _HASH.fullmatch(tail[3]):
        raise CoreFileUnfit("The trailer does not add up.")
    if hashlib.sha256("".join(f"{row}\n" for row in rows[:-1]).encode()).hexdigest() != tail[3]:
        raise CoreFileUnfit("The hash is not that of the lines.")
    return between


def read_answer(content: bytes, on: date) -> list[CoreAnswer]:
    """What core banking says of a day, line by line; `CoreFileUnfit` where it does not add up or says one twice."""
    found: dict[str, CoreAnswer] = {}
    for row in read_rows(content, on):
        match row:
            case ["A", number, core_no, amount] if core_no and amount.isascii() and amount.isdigit():
                one = CoreAnswer(number=number, core_no=core_no, amount_fen=int(amount))
            case ["R", number, code, reason] if code:
                one = CoreAnswer(number=number, code=code, reason=reason)
            case _:
                raise CoreFileUnfit(f"A line says neither accepted nor rejected: {'|'.join(row)[:80]}.")
        if number in found:
            raise CoreFileUnfit(f"{number} stands there twice.")
        found[number] = one
    return list(found.values())


def _sealed(rows: Sequence[str], count: int, total: int) -> bytes:
    text = "".join(f"{row}\n" for row in rows)
    return f"{text}T|{count}|{total}|{hashlib.sha256(text.encode()).hexdigest()}\n".encode()
