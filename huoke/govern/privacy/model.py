"""Personal fields: their masks, how they are made comparable, and what a reveal is."""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany


class Field(StrEnum):
    """Personal fields that are stored encrypted (rule F1, C2)."""

    PHONE = "phone"
    ID_DOCUMENT = "id_document"
    NAME = "name"
    CARD = "card"
    ADDRESS = "address"
    CARD_CODE = "card_code"
    AMOUNT = "amount"


class Revealed(msgspec.Struct, frozen=True, kw_only=True):
    """A personal field in clear, to be forgotten by the page at `expires_at`."""

    field: Field
    plaintext: str
    expires_at: datetime


class NewReveal(msgspec.Struct, frozen=True, kw_only=True):
    """Which field to show, and why: 2 to 500 characters."""

    field: Field
    reason: str


class FieldRevealed(Event, frozen=True, kw_only=True):
    """Somebody saw a personal field in clear."""

    name: ClassVar[str] = "privacy.field_revealed"
    reveal_id: UUID
    field: str


class CustomersForgotten(Event, frozen=True, kw_only=True):
    """The keys of some customers were forgotten: what they sealed can be read no more."""

    name: ClassVar[str] = "privacy.customers_forgotten"
    seqs: tuple[int, ...]


class KeyUnknown(Conflict):
    """The ciphertext names a key version or algorithm this bank does not have."""

    code = "privacy.key_unknown"


class Unreadable(Conflict):
    """The ciphertext is damaged, or belongs to another bank, field or customer."""

    code = "privacy.unreadable"


class RevealNotFound(NotFound):
    """There is no such customer, or the field is empty."""

    code = "privacy.nothing_to_reveal"


class RevealsSpent(TooMany):
    """This person has revealed as many fields within an hour as the bank allows."""

    code = "privacy.reveals_spent"


class ProofNeeded(Forbidden):
    """The second factor was last shown too long ago; show it again, then repeat the call."""

    code = "privacy.proof_needed"


class FieldUnfit(Invalid):
    """The text cannot be such a field."""

    code = "privacy.field_unfit"


_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_WORD = re.compile(r"[^0-9A-Za-z]")
_PHONE_DIGITS = 11
_CHINA_CODE = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")


def normalise(field: Field, text: str) -> str:
    """The form in which two spellings of one thing are equal; full-width characters are folded (NFKC).

    Phone: digits, without China's country code. Id document and card: letters upper-case and digits. Else: no blanks
    at the ends, single blanks inside.
    """
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = folded.isascii() and folded.isalnum()
    if field is Field.PHONE:
        digits = folded if plain and folded.isdigit() else _NOT_DIGIT.sub("", folded)
        return digits if len(digits) <= _PHONE_DIGITS else _CHINA_CODE.sub("", digits)
    if field is Field.ID_DOCUMENT or field is Field.CARD:
        return (folded if plain else _NOT_WORD.sub("", folded)).upper()
    return " ".join(folded.split())


def mask(field: Field, text: str) -> str:
    """What anybody may see (rule F2): 138****8000, 张*, first 3 and last 4 of an id document, last 4 of a card."""
    if not text:
        return ""
    if field is Field.PHONE or field is Field.ID_DOCUMENT:
        return _keep(text, 3, 4)
    if field is Field.NAME:
        return text[0] + ("**" if len(text) > 2 else "*")
    if field is Field.CARD or field is Field.CARD_CODE:
        return _keep(text, 0, 4)
    if field is Field.AMOUNT:
        return "****"
    return text[:6] + "****" if len(text) > 6 else "****"


def _keep(text: str, first: int, last: int) -> str:
    """The ends of a text that is long enough to hide its middle; else nothing of it."""
    if len(text) < first + last + 2:
        return "****"
    hidden = len(text) - first - last
    return text[:first] + "*" * hidden + text[-last:]
