"""Attribute values of class C2: sealed under the customer's own key, with the band that a set may ask for (rule F1).

A sealed value is `{"sealed": base64, "floor": band}` where a plain one would stand. The text that is sealed begins with
the attribute's name, so that a value moved to another attribute does not open as its own, and the seal of the same
value is the same, so that a file that brings nothing new changes nothing. `floor` is the lower edge of the band the
value lies in, one below the first edge for the lowest band; it is missing where the attribute has no bands.
"""

import asyncio
import base64
import bisect
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from huoke.govern import privacy
from huoke.govern.privacy import CustomerKeys, Unreadable
from huoke.kernel.tx import Tx
from huoke.know.customers.model import Attribute, AttributeType

SEALED = "sealed"
FLOOR = "floor"
C2 = "C2"
_READ = msgspec.json.Decoder(dict[str, msgspec.Raw])


def is_sealed(value: Any) -> bool:
    """Whether an attribute's stored value is a sealed one."""
    return isinstance(value, Mapping) and SEALED in value


async def seal(tx: Tx, attributes: Sequence[Attribute], seqs: Sequence[int], texts: Sequence[str]) -> list[str]:
    """JSON objects of attribute values, one a customer, with those of class C2 sealed; at most 10,000.

    Values that are sealed already stay as they are; one of a customer whose key was forgotten is left out.
    """
    private = [attribute for attribute in attributes if attribute.data_class == C2]
    if not private or not seqs:
        return list(texts)
    keys = await privacy.customer_keys(tx, seqs, make=True)
    return await asyncio.to_thread(_seal_all, keys, private, seqs, texts)


def _seal_all(keys: CustomerKeys, private: Sequence[Attribute], seqs: Sequence[int], texts: Sequence[str]) -> list[str]:
    rows = [_READ.decode(text) for text in texts]
    for attribute in private:
        _seal_one(keys, attribute, seqs, rows)
    encode = msgspec.json.encode
    return [encode(row).decode() for row in rows]


def _seal_one(keys: CustomerKeys, attribute: Attribute, seqs: Sequence[int], rows: list[dict[str, Any]]) -> None:
    name, edges = attribute.name, edges_of(attribute)
    said = [_plain(row.get(name)) for row in rows]
    texts = [None if one is None else f"{name}={one}" for one in said]
    encode = base64.b64encode
    for row, text, sealed in zip(rows, said, keys.seal(seqs, texts), strict=True):
        if text is None:
            continue
        if sealed is None:
            del row[name]
            continue
        row[name] = value = {SEALED: encode(sealed).decode()}
        if edges:
            value[FLOOR] = _floor(attribute.type, edges, text)


def _plain(raw: Any) -> str | None:
    """The JSON text of a value that is not sealed yet; exact, since it is never read as a number."""
    text = None if raw is None else bytes(raw).decode()
    return None if text is None or text == "null" or text.startswith("{") else text


def unseal(keys: CustomerKeys, seq: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """One customer's values in clear: for their own copy only. What a forgotten key sealed is left out."""
    opened = dict(values)
    for name, value in values.items():
        if is_sealed(value):
            [text] = keys.open([seq], [base64.b64decode(value[SEALED])])
            if text is not None and not text.startswith(f"{name}="):
                raise Unreadable("The stored value does not belong to this attribute.")
            opened[name] = None if text is None else msgspec.json.decode(text.removeprefix(f"{name}=").encode())
    return {name: value for name, value in opened.items() if value is not None}


def comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """One customer's values as a rule may see them: of a sealed one its band, or nothing."""
    seen = {name: value.get(FLOOR) if is_sealed(value) else value for name, value in values.items()}
    return {name: value for name, value in seen.items() if value is not None}


def edges_of(attribute: Attribute) -> list[Any]:
    """The edges of an attribute's bands as values of its type, ascending; `ValueError` where one is none."""
    return sorted(_value(attribute.type, edge) for edge in attribute.bands)


def _floor(kind: AttributeType, edges: list[Any], text: str) -> Any:
    place = bisect.bisect_right(edges, _value(kind, text.strip('"')))
    floor = edges[place - 1] if place else edges[0] - (timedelta(days=1) if kind is AttributeType.DATE else 1)
    return msgspec.Raw(format(floor, "f").encode()) if isinstance(floor, Decimal) else floor


def _value(kind: AttributeType, text: str) -> Any:
    match kind:
        case AttributeType.INTEGER:
            return int(text)
        case AttributeType.DECIMAL:
            return Decimal(text)
        case AttributeType.DATE:
            return date.fromisoformat(text)
        case _:
            raise ValueError(f"a {kind} has no bands")
