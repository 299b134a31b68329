"""Reading a request of the Segment HTTP spec: gzip, limits, one message or a batch, the write key. Pure."""

import base64
import binascii
import zlib
from datetime import datetime
from typing import Any

import msgspec

from huoke.know.events.model import (
    BATCH_BYTES_MAX,
    MESSAGE_BYTES_MAX,
    MESSAGES_MAX,
    Kind,
    Malformed,
    Message,
    Outcome,
    Status,
    TooLarge,
)

GZIP_WINDOW = 31
"""zlib's way of saying: a gzip header and trailer."""
_NUL = b"\\u0000"


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: datetime | None = None
    write_key: str = ""


class _Keyed(msgspec.Struct, rename="camel"):
    write_key: str = ""


class Received(msgspec.Struct, frozen=True):
    """The items of a request, in order: a message, or the outcome of one that is none; and the key it carried."""

    items: list[Message | Outcome]
    write_key: str


def receive(body: bytes, kind: Kind | None, *, encoding: str = "", authorization: str = "") -> Received:
    """The messages of a body: one of `kind`, or a batch when `kind` is None.

    Raises `Malformed` for a body that is no JSON of the spec and `TooLarge`; within a batch a single bad or oversized
    message is an outcome of its own.
    """
    plain = _unzipped(body, BATCH_BYTES_MAX if kind is None else MESSAGE_BYTES_MAX, encoding)
    if kind is None:
        found = _decoded(plain, _Batch)
        if len(found.batch) > MESSAGES_MAX:
            raise Malformed(f"A batch has at most {MESSAGES_MAX:,} messages.", pointer="/batch")
        items = [_item(bytes(raw), found.sent_at) for raw in found.batch]
        return Received(items, _basic(authorization) or found.write_key)
    [item] = [_item(plain, None, kind)]
    if isinstance(item, Outcome):
        raise Malformed(item.detail, pointer="/")
    return Received([item], _basic(authorization) or _decoded(plain, _Keyed).write_key)


def _unzipped(body: bytes, size_max: int, encoding: str) -> bytes:
    plain = body
    if "gzip" in encoding or body[:2] == b"\x1f\x8b":
        try:
            reader = zlib.decompressobj(GZIP_WINDOW)
            plain = reader.decompress(body, size_max + 1)
        except zlib.error as error:
            raise Malformed(f"The body is no gzip: {error}.") from None
        if not reader.eof and len(plain) <= size_max:
            raise Malformed("The gzip body ends early.")
    if len(plain) > size_max:
        raise TooLarge(f"At most {size_max // 1024} KB; send it in parts.", size_bytes_max=size_max)
    return plain


def _decoded(plain: bytes, shape: Any) -> Any:
    try:
        return msgspec.json.decode(plain, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed(f"The body is not what the spec says: {error}.") from None


def _item(raw: bytes, sent_at: datetime | None, kind: Kind | None = None) -> Message | Outcome:
    if len(raw) > MESSAGE_BYTES_MAX:
        return _refused("events.too_large", f"A message has at most {MESSAGE_BYTES_MAX // 1024} KB.")
    if _NUL in raw:
        return _refused("events.malformed", "A text holds the character U+0000, which nothing can keep.")
    try:
        message = msgspec.json.decode(raw, type=Message)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _refused("events.malformed", f"The message is not what the spec says: {error}.")
    return msgspec.structs.replace(
        message,
        type=kind.value if kind else message.type,
        sent_at=message.sent_at or sent_at,
        user_id=None if message.user_id == "" else message.user_id,
        anonymous_id=None if message.anonymous_id == "" else message.anonymous_id,
    )


def _refused(code: str, detail: str) -> Outcome:
    return Outcome(message_id="", status=Status.REFUSED, code=code, detail=detail)


def _basic(authorization: str) -> str:
    """The user name of HTTP Basic, which is the write key; empty when there is none."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
