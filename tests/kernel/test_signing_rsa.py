"""Calls signed with RSA and sealed notices: what is signed here is checked by hand, and the other way round."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huoke.kernel import signing_rsa as signing
from huoke.kernel.signing_rsa import Resource, Signer

NOW = datetime(2026, 11, 22, 23, 59, 58, tzinfo=UTC)
TARGET = "/v3/pay/transactions/out-trade-no/A1?mchid=1900000001"
BODY = '{"amount":{"total":1990},"description":"咖啡"}'.encode()
KEY = b"0123456789abcdef0123456789abcdef"


def _pair() -> tuple[rsa.RSAPrivateKey, str, str]:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key, private.decode(), public.decode()


@pytest.fixture(scope="module")
def merchant() -> tuple[rsa.RSAPrivateKey, str, str]:
    return _pair()


@pytest.fixture(scope="module")
def platform() -> tuple[rsa.RSAPrivateKey, str, str]:
    return _pair()


def _verify(key: rsa.RSAPrivateKey, signature: str, message: bytes) -> None:
    key.public_key().verify(base64.b64decode(signature), message, padding.PKCS1v15(), hashes.SHA256())


def test_a_call_signs_method_address_time_nonce_and_body(merchant: tuple[rsa.RSAPrivateKey, str, str]) -> None:
    key, private, _ = merchant
    signer = Signer(merchant_no="1900000001", serial="5157F0", private_key=private)
    header = signing.authorise(signer, "post", TARGET, BODY, NOW)
    scheme, _, rest = header.partition(" ")
    fields = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    assert fields["mchid"] == "1900000001"
    assert fields["serial_no"] == "5157F0"
    assert fields["timestamp"] == "1795391998"
    message = f"POST\n{TARGET}\n{fields['timestamp']}\n{fields['nonce_str']}\n".encode() + BODY + b"\n"
    _verify(key, fields["signature"], message)
    with pytest.raises(InvalidSignature):
        _verify(key, fields["signature"], message + b" ")
    assert "PRIVATE" not in repr(signer)


def test_a_call_is_admitted_only_as_it_was_signed(
    merchant: tuple[rsa.RSAPrivateKey, str, str], platform: tuple[rsa.RSAPrivateKey, str, str]
) -> None:
    _, private, public = merchant
    signer = Signer(merchant_no="1900000001", serial="5157F0", private_key=private)
    header = signing.authorise(signer, "POST", TARGET, BODY, NOW)
    known = {("1900000001", "5157F0"): public}
    assert signing.is_authorised(header, known, "POST", TARGET, BODY, NOW)
    assert signing.is_authorised(header, known, "POST", TARGET, BODY, NOW + timedelta(minutes=5))
    assert not signing.is_authorised(header, known, "POST", TARGET, BODY, NOW + timedelta(minutes=5, seconds=1))
    assert not signing.is_authorised(header, known, "GET", TARGET, BODY, NOW)
    assert not signing.is_authorised(header, known, "POST", TARGET + "&x=1", BODY, NOW)
    assert not signing.is_authorised(header, known, "POST", TARGET, BODY + b" ", NOW)
    assert not signing.is_authorised(header, {("1900000001", "5157F0"): platform[2]}, "POST", TARGET, BODY, NOW)
    assert not signing.is_authorised(header, {("1900000002", "5157F0"): public}, "POST", TARGET, BODY, NOW)
    assert not signing.is_authorised("", known, "POST", TARGET, BODY, NOW)
    assert not signing.is_authorised(header.replace("WECHATPAY2", "OTHER"), known, "POST", TARGET, BODY, NOW)


def _told_by_hand(key: rsa.RSAPrivateKey, stamp: str, body: bytes) -> dict[str, str]:
    message = f"{stamp}\nnonce-1\n".encode() + body + b"\n"
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": "nonce-1",
        "Wechatpay-Serial": "PUB_KEY_ID_01",
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
    }


def test_a_notice_counts_only_fresh_and_under_a_known_serial(
    merchant: tuple[rsa.RSAPrivateKey, str, str], platform: tuple[rsa.RSAPrivateKey, str, str]
) -> None:
    key, _, public = platform
    stamp = str(int(NOW.timestamp()))
    headers = _told_by_hand(key, stamp, BODY)
    known = {"PUB_KEY_ID_01": public}
    assert signing.is_told(headers, known, BODY, NOW)
    assert signing.is_told(headers, known, BODY, NOW - timedelta(minutes=5))
    assert not signing.is_told(headers, known, BODY, NOW - timedelta(minutes=5, seconds=1))
    assert not signing.is_told(headers, known, BODY.replace(b"1990", b"1"), NOW)
    assert not signing.is_told(headers, {"PUB_KEY_ID_02": public}, BODY, NOW)
    assert not signing.is_told(headers, {"PUB_KEY_ID_01": merchant[2]}, BODY, NOW)
    assert not signing.is_told({**headers, "Wechatpay-Signature": "###"}, known, BODY, NOW)
    assert not signing.is_told({**headers, "Wechatpay-Timestamp": "now"}, known, BODY, NOW)
    assert not signing.is_told({}, known, BODY, NOW)


def test_the_platform_signs_as_it_is_checked(platform: tuple[rsa.RSAPrivateKey, str, str]) -> None:
    key, private, public = platform
    headers = signing.sign_told(private, "PUB_KEY_ID_01", BODY, NOW)
    assert signing.is_told(headers, {"PUB_KEY_ID_01": public}, BODY, NOW)
    stamp, nonce = headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"]
    _verify(key, headers["Wechatpay-Signature"], f"{stamp}\n{nonce}\n".encode() + BODY + b"\n")


def test_a_sealed_notice_opens_only_under_the_shared_key() -> None:
    sealed = AESGCM(KEY).encrypt(b"fdasflkja484", BODY, b"transaction")
    resource = Resource(
        ciphertext=base64.b64encode(sealed).decode(), nonce="fdasflkja484", associated_data="transaction"
    )
    assert signing.open_resource(KEY, resource) == BODY
    own = signing.seal_resource(KEY, BODY, "refund")
    assert AESGCM(KEY).decrypt(own.nonce.encode(), base64.b64decode(own.ciphertext), b"refund") == BODY
    for wrong in (
        Resource(ciphertext=resource.ciphertext, nonce=resource.nonce, associated_data="refund"),
        Resource(ciphertext=resource.ciphertext, nonce="fdasflkja485", associated_data="transaction"),
        Resource(ciphertext="%%", nonce=resource.nonce, associated_data="transaction"),
        Resource(ciphertext=resource.ciphertext, nonce="", associated_data="transaction"),
        Resource(ciphertext=resource.ciphertext, nonce=resource.nonce, associated_data="transaction", algorithm="NONE"),
    ):
        with pytest.raises(signing.Unreadable):
            signing.open_resource(KEY, wrong)
    with pytest.raises(signing.Unreadable):
        signing.open_resource(KEY[::-1], resource)


def test_only_rsa_keys_of_length_are_keys(platform: tuple[rsa.RSAPrivateKey, str, str]) -> None:
    _, private, public = platform
    signing.check_private_key(private)
    signing.check_public_key(public)
    short = rsa.generate_private_key(public_exponent=65_537, key_size=1_024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for wrong in ("", public, short.decode()):
        with pytest.raises(signing.BadKey):
            signing.check_private_key(wrong)
    for wrong in ("", private):
        with pytest.raises(signing.BadKey):
            signing.check_public_key(wrong)
