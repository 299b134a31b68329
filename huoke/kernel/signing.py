r"""Signed calls between machines: HMAC-SHA256 over everything that matters of a call or an answer.

    call    METHOD \n path?query \n timestamp \n nonce \n hex(SHA-256(body))
    answer  ANSWER \n status \n nonce of the call \n timestamp \n hex(SHA-256(body))

An answer that is not signed is no answer: a proxy's error page must not decide about money.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

KEY_HEADER = "X-Huoke-Key"
TIME_HEADER = "X-Huoke-Timestamp"
NONCE_HEADER = "X-Huoke-Nonce"
SIGNATURE_HEADER = "X-Huoke-Signature"
WINDOW_SECONDS = 300
"""How far the clocks of both sides may be apart, and for how long a nonce is remembered."""


def sign_call(key: bytes, key_id: str, method: str, target: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a call; `target` is path and query as sent."""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        KEY_HEADER: key_id,
        TIME_HEADER: stamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: _mac(key, (method.upper(), target, stamp, nonce), body),
    }


def sign_answer(key: bytes, status: int, nonce: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of an answer to the call with this nonce."""
    stamp = str(int(now.timestamp()))
    return {TIME_HEADER: stamp, SIGNATURE_HEADER: _mac(key, ("ANSWER", str(status), nonce, stamp), body)}


def is_signed_call(
    key: bytes, key_id: str, method: str, target: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether a call was signed with the key, for this address, within the window."""
    stamp, nonce = headers.get(TIME_HEADER, ""), headers.get(NONCE_HEADER, "")
    wanted = _mac(key, (method.upper(), target, stamp, nonce), body)
    return (
        hmac.compare_digest(headers.get(KEY_HEADER, "").encode(), key_id.encode())
        and 16 <= len(nonce) <= 64
        and is_fresh(stamp, now)
        and hmac.compare_digest(headers.get(SIGNATURE_HEADER, "").encode(), wanted.encode())
    )


def is_signed_answer(
    key: bytes, status: int, nonce: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether an answer to the call with this nonce was signed with the key, within the window."""
    stamp = headers.get(TIME_HEADER, "")
    wanted = _mac(key, ("ANSWER", str(status), nonce, stamp), body)
    return is_fresh(stamp, now) and hmac.compare_digest(headers.get(SIGNATURE_HEADER, "").encode(), wanted.encode())


def _mac(key: bytes, parts: tuple[str, ...], body: bytes) -> str:
    text = "\n".join((*parts, hashlib.sha256(body).hexdigest()))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_fresh(stamp: str, now: datetime) -> bool:
    """Whether a stamp in seconds lies within the window."""
    return (
        stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and abs(now.timestamp() - int(stamp)) <= WINDOW_SECONDS
    )
