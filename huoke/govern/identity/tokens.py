"""Tokens: "<bank>.<256 random bits>", so that the bank is known before the first look-up; stored as SHA-256 only."""

import base64
import hashlib
import secrets

from huoke.kernel.ids import TenantId

TENANT_MAX = 2**31 - 1


def make(tenant: TenantId) -> str:
    """A new token of a bank."""
    return f"{int(tenant)}.{secrets.token_urlsafe(32)}"


def tenant_of(token: str) -> TenantId | None:
    """The bank that a token names, or None for anything that is no token."""
    number, dot, rest = token.partition(".")
    if not dot or not rest or len(token) > 128 or not number.isascii() or not number.isdigit() or len(number) > 10:
        return None
    tenant = int(number)
    return TenantId(tenant) if 0 < tenant <= TENANT_MAX else None


def digest(token: str) -> bytes:
    """What is stored of a token. It is random, so that one round of SHA-256 suffices."""
    return hashlib.sha256(token.encode()).digest()


def csrf_of(token: str) -> str:
    """The token that unsafe requests of this session carry in a header: bound to the session, of no use without it."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"csrf|" + token.encode()).digest()).decode().rstrip("=")
