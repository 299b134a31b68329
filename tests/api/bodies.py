"""Smallest bodies that fit a JSON Schema of the API's own document, with ids of somebody's choosing."""

from typing import Any

DOCUMENT = dict[str, Any]
NOBODY = "00000000-0000-7000-8000-000000000000"


def body_for(document: DOCUMENT, schema: dict[str, Any], ids: dict[str, Any], name: str = "") -> Any:
    """A value of `schema`; a field named like a key of `ids` gets that id."""
    if "$ref" in schema:
        return body_for(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], ids, name)
    if name in ids:
        return ids[name]
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            options = [one for one in schema[key] if one.get("type") != "null"]
            return body_for(document, options[0], ids, name) if options else None
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        properties, required = schema.get("properties", {}), set(schema.get("required", ()))
        return {
            key: body_for(document, value, ids, key)
            for key, value in properties.items()
            if key in required or key in ids
        }
    if kind == "array":
        return [body_for(document, schema.get("items", {}), ids, name.removesuffix("s"))]
    return _scalar(kind, schema.get("format"))


def _scalar(kind: str | None, form: str | None) -> Any:
    if kind in ("integer", "number"):
        return 1
    if kind == "boolean":
        return False
    formats = {"uuid": NOBODY, "date-time": "2026-03-02T01:00:00Z", "date": "2026-03-02", "binary": "x"}
    return formats.get(form or "", "probe")


def request_body(document: DOCUMENT, operation: dict[str, Any], ids: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of httpx for an operation's body."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": body_for(document, content["application/json"]["schema"], ids)}
    return {"content": b"probe", "headers": {"Content-Type": next(iter(content))}} if content else {}
