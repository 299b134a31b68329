"""Tags for tests: definitions, and tags that count at once."""

from typing import Any

import msgspec

from huoke.govern import tenants
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know import tags
from huoke.know.language import Analytics
from huoke.know.tags import Definition, Kind, Ran, Statistic, TagValue


def value(name: str, **more: Any) -> TagValue:
    """A value labelled by its name."""
    return TagValue(name=name, label=name, label_en=name, **more)


def rule(name: str, *expressions: dict[str, Any], kind: Kind = Kind.RULE, **more: Any) -> Definition:
    """A rule: one expression gives a tag that one has or has not, several the values v1, v2, …"""
    names = ["yes"] if len(expressions) == 1 else [f"v{number}" for number in range(1, len(expressions) + 1)]
    values = tuple(value(each, expression=one) for each, one in zip(names, expressions, strict=True))
    return define(name, kind, values, **more)


def statistic(
    name: str, measured: dict[str, Any], *bands: tuple[float | None, float | None], **more: Any
) -> Definition:
    """A statistic of some bands: b1, b2, …"""
    values = tuple(value(f"b{number}", low=low, high=high) for number, (low, high) in enumerate(bands, start=1))
    return define(name, Kind.STATISTIC, values, statistic=msgspec.convert(measured, Statistic), **more)


def define(name: str, kind: Kind, values: tuple[TagValue, ...], **more: Any) -> Definition:
    """A definition with every text filled in."""
    texts = {"label": f"标签{name}", "label_en": f"Tag {name}", "meaning": "测试", "meaning_en": "For tests"}
    return Definition(**{**texts, "name": name, "category": "tests/all", "kind": kind, "values": values, **more})


async def save(tx: Tx, *definitions: Definition) -> None:
    """Save definitions that fit."""
    for outcome in await tags.save(tx, definitions):
        if isinstance(outcome, Refusal):
            raise outcome


async def count(tx: Tx, *definitions: Definition) -> None:
    """Save definitions and let them count."""
    await save(tx, *definitions)
    await without_approval(tx, allowed=True)
    await tags.submit(tx, [one.name for one in definitions])


async def without_approval(tx: Tx, *, allowed: bool) -> None:
    """Whether versions count as soon as they are handed in."""
    await tenants.set_setting(tx, "tags.without_approval", allowed, "tests")


async def refresh(database: Database, clickhouse: Any, tenant: Any, **more: Any) -> Ran:
    """Fill every tag that counts."""
    return await tags.refresh(database, Analytics(clickhouse, SetServer()), tenant, **more)
