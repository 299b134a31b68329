r"""Calls signed as WECHATPAY2-SHA256-RSA2048, the way of WeChat Pay's APIv3 for payments and coupons alike.

    call            METHOD \n path?query \n timestamp \n nonce \n body \n      signed by the merchant's private key
    answer, notice  timestamp \n nonce \n body \n                              signed by the platform's private key

A notice carries its content as AEAD_AES_256_GCM under the 32 bytes both sides share. Who plays the platform (tests, the
demo) signs and checks with the same functions from the other side.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huoke.kernel.signing import is_fresh

SCHEME = "WECHATPAY2-SHA256-RSA2048"
RESOURCE_ALGORITHM = "AEAD_AES_256_GCM"
RESOURCE_KEY_BYTES = 32
KEY_BITS_MIN = 2_048
TIME_HEADER = "Wechatpay-Timestamp"
NONCE_HEADER = "Wechatpay-Nonce"
SIGNATURE_HEADER = "Wechatpay-Signature"
SERIAL_HEADER = "Wechatpay-Serial"


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs calls: the merchant's number, the serial of its certificate, its private key as PEM. Prints no key."""

    merchant_no: str
    serial: str
    private_key: str

    def __repr__(self) -> str:
        return f"Signer({self.merchant_no}, {self.serial})"


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed content of a notice as the wire writes it; `ciphertext` in base64, its tag at its end."""

    ciphertext: str
    nonce: str
    associated_data: str = ""
    algorithm: str = RESOURCE_ALGORITHM


class BadKey(ValueError):  # noqa: N818 - an answer, not an error
    """What was given as a key is none, or one too short."""


class Unreadable(Exception):  # noqa: N818
    """A sealed content that was not sealed under this key."""


def authorise(signer: Signer, method: str, target: str, body: bytes, now: datetime) -> str:
    """The `Authorization` header of a call; `target` is path and query as sent."""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    signature = _sign(signer.private_key, _call(method, target, stamp, nonce, body))
    fields = {
        "mchid": signer.merchant_no,
        "nonce_str": nonce,
        "signature": signature,
        "timestamp": stamp,
        "serial_no": signer.serial,
    }
    return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in fields.items())


def is_authorised(
    header: str,
    public_keys: Mapping[tuple[str, str], str],
    method: str,
    target: str,
    body: bytes,
    now: datetime,
) -> bool:
    """Whether a call bears the signature of a known (merchant number, serial), for this address, within the window."""
    scheme, _, rest = header.partition(" ")
    fields = dict(_field(part) for part in rest.split(","))
    public_key = public_keys.get((fields.get("mchid", ""), fields.get("serial_no", "")))
    stamp, nonce = fields.get("timestamp", ""), fields.get("nonce_str", "")
    return (
        scheme == SCHEME
        and public_key is not None
        and bool(nonce)
        and is_fresh(stamp, now)
        and _is_signed(public_key, fields.get("signature", ""), _call(method, target, stamp, nonce, body))
    )


def sign_told(private_key: str, serial: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of an answer or a notice of the platform."""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        TIME_HEADER: stamp,
        NONCE_HEADER: nonce,
        SERIAL_HEADER: serial,
        SIGNATURE_HEADER: _sign(private_key, _told(stamp, nonce, body)),
    }


def is_told(headers: Mapping[str, str], public_keys: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether an answer or a notice bears the platform's signature under a serial we know, within the window.

    `headers` find their names in any case. That a notice's nonce comes once is for the caller to remember: longer than
    twice the window.
    """
    stamp, nonce = headers.get(TIME_HEADER, ""), headers.get(NONCE_HEADER, "")
    public_key = public_keys.get(headers.get(SERIAL_HEADER, ""))
    return (
        public_key is not None
        and 1 <= len(nonce) <= 64
        and is_fresh(stamp, now)
        and _is_signed(public_key, headers.get(SIGNATURE_HEADER, ""), _told(stamp, nonce, body))
    )


def seal_resource(key: bytes, content: bytes, associated_data: str) -> Resource:
    """Seal the content of a notice under the shared 32 bytes."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(_resource_key(key)).encrypt(nonce.encode(), content, associated_data.encode())
    return Resource(ciphertext=base64.b64encode(sealed).decode(), nonce=nonce, associated_data=associated_data)


def open_resource(key: bytes, resource: Resource) -> bytes:
    """Open the content of a notice; `Unreadable` where it was sealed otherwise."""
    if resource.algorithm != RESOURCE_ALGORITHM:
        raise Unreadable(f"This is not {RESOURCE_ALGORITHM}.")
    try:
        sealed = base64.b64decode(resource.ciphertext, validate=True)
        return AESGCM(_resource_key(key)).decrypt(resource.nonce.encode(), sealed, resource.associated_data.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("This was not sealed under our key.") from error


def check_private_key(pem: str) -> None:
    """Raise `BadKey` where a PEM is no private RSA key of at least 2,048 bits."""
    _private(pem)


def check_public_key(pem: str) -> None:
    """Raise `BadKey` where a PEM is no public RSA key of at least 2,048 bits."""
    _public(pem)


@lru_cache(maxsize=64)
def _private(pem: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise BadKey("This is no private key in PEM.") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < KEY_BITS_MIN:
        raise BadKey(f"This is no RSA key of at least {KEY_BITS_MIN} bits.")
    return key


@lru_cache(maxsize=64)
def _public(pem: str) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError as error:
        raise BadKey("This is no public key in PEM.") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < KEY_BITS_MIN:
        raise BadKey(f"This is no RSA key of at least {KEY_BITS_MIN} bits.")
    return key


def _sign(private_key: str, message: bytes) -> str:
    signature = _private(private_key).sign(message, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def _is_signed(public_key: str, signature: str, message: bytes) -> bool:
    try:
        wanted = base64.b64decode(signature, validate=True)
        _public(public_key).verify(wanted, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _call(method: str, target: str, stamp: str, nonce: str, body: bytes) -> bytes:
    return f"{method.upper()}\n{target}\n{stamp}\n{nonce}\n".encode() + body + b"\n"


def _told(stamp: str, nonce: str, body: bytes) -> bytes:
    return f"{stamp}\n{nonce}\n".encode() + body + b"\n"


def _field(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name, value.strip('"')


def _resource_key(key: bytes) -> bytes:
    if len(key) != RESOURCE_KEY_BYTES:
        raise BadKey(f"The key of notices has {RESOURCE_KEY_BYTES} bytes.")
    return key
