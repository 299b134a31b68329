"""Texts as attribute values, read as an import reads them."""

import pyarrow as pa
import pyarrow.compute as pc

from huoke.know.customers.check import json_literals, read_attribute
from huoke.know.customers.model import AttributeType


def literals(kind: AttributeType, texts: pa.Array) -> pa.Array:
    """Each text as the JSON of a value of the type, in order; null where there is none, or where it is none."""
    return json_literals(read_attribute(kind, pc.utf8_trim_whitespace(texts)).values)
