"""Calling other houses over HTTP: a client for each conversation, one set of trusted certificates for all."""

import ssl
from functools import cache

import httpx


def open_client(timeout_seconds: float) -> httpx.AsyncClient:
    """A client that goes where it is told, follows nobody elsewhere and heeds no proxy of the environment."""
    return httpx.AsyncClient(timeout=timeout_seconds, verify=_trusted(), follow_redirects=False, trust_env=False)


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)
