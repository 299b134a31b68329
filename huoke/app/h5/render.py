"""Turning a template into an answer: one document, nothing else to fetch, under a policy that lets nothing else in."""

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie

from huoke.app.h5.look import Look
from huoke.app.h5.words import Words
from huoke.kernel.regions import provinces

HERE = Path(__file__).parent


def content_policy(nonce: str) -> str:
    """Only this document's own style and script; requests and forms go to this server; the console may frame it."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )


def render(
    template: str,
    look: Look,
    words: Words,
    *,
    switch_path: str,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    **values: Any,
) -> Response[bytes]:
    """The page as an answer nobody may keep; style and script stand in it, so first paint takes one round trip."""
    nonce = secrets.token_urlsafe(18)
    html = (
        _templates()
        .get_template(template)
        .render(
            look=look,
            words=words,
            bank_name=words.either(look.name, look.name_en),
            theme=look.theme(),
            css=_asset("phone.css"),
            script=_asset("phone.js"),
            asset=_asset,
            nonce=nonce,
            switch_path=switch_path,
            provinces=provinces,
            **values,
        )
    )
    headers = {
        "Content-Security-Policy": content_policy(nonce),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Content-Language": words("lang"),
    }
    return Response(
        html.encode(), status_code=status, media_type="text/html; charset=utf-8", headers=headers, cookies=cookies or []
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@lru_cache(maxsize=16)
def _asset(name: str) -> str:
    return (HERE / "static" / name).read_text()
