"""The API's OpenAPI document, the same bytes for the same code: `web/openapi.json` is the contract of the pages."""

import sys
from typing import Any

import msgspec

from huoke.app.web import create_app


def document() -> dict[str, Any]:
    """OpenAPI 3.1 of every operation, plain JSON values."""
    schema: dict[str, Any] = msgspec.json.decode(render())
    return schema


def render() -> bytes:
    """The document as JSON text: keys sorted, indented, with a final newline."""
    schema = create_app(None).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic", enc_hook=str), indent=1) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(render())
