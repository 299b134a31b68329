"""Routes of a bank's settings."""

from typing import Any

import msgspec
from litestar import get, put

from huoke.govern import tenants
from huoke.govern.tenants import SettingRow
from huoke.kernel.http import Page, Result, each
from huoke.kernel.tx import Tx

TAGS = ["tenants"]


class SettingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A new value for one key; null goes back to the default."""

    key: str
    value: Any
    reason: str


@get(
    "/v1/settings",
    operation_id="list_settings",
    tags=TAGS,
    summary="Every setting with its value, default and limits",
    opt={"permission": "setting.read"},
)
async def list_settings(tx: Tx) -> Page[SettingRow]:
    return Page(items=await tenants.list_settings(tx))


@put(
    "/v1/settings",
    operation_id="set_settings",
    tags=TAGS,
    summary="Set values, each with its reason",
    opt={"permission": "setting.write"},
)
async def set_settings(tx: Tx, data: list[SettingChange]) -> list[Result]:
    return await each(tx, data, _set)


async def _set(tx: Tx, change: SettingChange) -> str:
    return await tenants.set_setting(tx, change.key, change.value, change.reason)


routes = [list_settings, set_settings]
