"""Sign-in by a code: limits, shapes, texts, refusals."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from huoke.govern import privacy, tenants
from huoke.kernel.refusals import Conflict, Invalid, NotFound, TooMany, Unauthorised

OPEN = tenants.declare("customer_sign_in.by_code", bool, True)
PER_NUMBER = tenants.declare("customer_sign_in.codes_per_number_a_day", int, 5, minimum=1, maximum=20)
PER_ADDRESS = tenants.declare("customer_sign_in.codes_per_address_an_hour", int, 30, minimum=1, maximum=1_000)
PER_DAY = tenants.declare("customer_sign_in.codes_a_day", int, 20_000, minimum=1, maximum=10_000_000)

CODE_DIGITS = 6
CODE_MINUTES = 5
TRIES_MAX = 5
PAUSE = timedelta(seconds=60)
"""Between two codes for one number."""
KEPT = timedelta(days=1)
"""How long a code is remembered, for the limits: hashes only."""
SHARERS_MAX = 8
"""How many customers may share one phone; which of them it is, the second factor says."""
FACTOR_LENGTH = 4
_MOBILE = re.compile(r"1[0-9]{10}")

_TEXTS: Mapping[str, str] = {
    "zh": "{code} 是您的登录验证码，{minutes} 分钟内有效。请勿告诉任何人，银行员工不会向您索要。",
    "en": "{code} is your sign-in code, valid for {minutes} minutes. Tell nobody; bank staff never ask for it.",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A code was asked for. `token` goes into the browser's cookie; `code` to the phone, None where nobody has it.

    What the page says is the same in both cases.
    """

    token: str
    phone: str
    code: str | None
    expires_at: datetime
    seq: int | None = None
    """Whom the message is counted for, one of those who have the number."""

    def __repr__(self) -> str:
        return "Asked(…)"


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A code as stored: hashes, and whom it may let in."""

    id: bytes
    code_hash: bytes
    seqs: list[int]
    tries: int
    expires_at: datetime


class PhoneUnfit(Invalid):
    """That is no mobile number of mainland China."""

    code = "sign_in.phone_unfit"


class SignInClosed(NotFound):
    """This bank does not let customers in by a code."""

    code = "sign_in.closed"


class TooManyCodes(TooMany):
    """Too many codes for this number, from this address, or today."""

    code = "sign_in.too_many_codes"


class CodeWrong(Unauthorised):
    """Code or second factor is wrong; which one is not said."""

    code = "sign_in.wrong"


class CodeOver(Conflict):
    """The code was used, has run out, or was tried too often."""

    code = "sign_in.over"


def read_phone(text: str) -> str:
    """The eleven digits in what somebody typed; `PhoneUnfit`."""
    digits = privacy.normalise(privacy.Field.PHONE, text)
    if not _MOBILE.fullmatch(digits):
        raise PhoneUnfit("Type the mobile number of 11 digits that the bank has of you.", pointer="/phone")
    return digits


def text_of(code: str, language: str) -> str:
    """What the short message says, without the bank's signature: nothing is advertised, so nothing is opted out of."""
    return _TEXTS[language].format(code=code, minutes=CODE_MINUTES)
