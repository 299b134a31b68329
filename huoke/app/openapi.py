"""The API's OpenAPI document, the same bytes for the same code: `web/openapi.json`, the contract of pages and partners."""

import sys
from typing import Any

import msgspec


def document() -> dict[str, Any]:
    """OpenAPI 3.1 of every operation, keys sorted."""
    from huoke.app.web import create_app

    schema: dict[str, Any] = create_app(None).openapi_schema.to_schema()
    return schema


def render() -> bytes:
    """The document as indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(document(), order="deterministic", enc_hook=str), indent=1) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(render())
