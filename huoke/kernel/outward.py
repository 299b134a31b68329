"""Calling other houses over HTTP: a client for each conversation, one set of trusted certificates for all."""

import ssl
from functools import cache
from urllib.parse import urlsplit

import httpx

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ADDRESS_MAX = 300
ADDRESS_RULE = "An address begins with https:// and has neither query nor sign-in."


def is_address(address: str) -> bool:
    """Whether another house may be called there: https:// (http:// on this machine only), without a query, a fragment
    or somebody's sign-in, at most 300 characters.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    beside = parts.query or parts.fragment or parts.username is not None or parts.password is not None
    return bool(host and safe and len(address) <= ADDRESS_MAX and not beside)


def open_client(timeout_seconds: float) -> httpx.AsyncClient:
    """A client that goes where it is told, follows nobody elsewhere and heeds no proxy of the environment."""
    return httpx.AsyncClient(timeout=timeout_seconds, verify=_trusted(), follow_redirects=False, trust_env=False)


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)
