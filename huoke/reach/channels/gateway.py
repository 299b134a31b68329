"""The bank's gateway: how it is reached, and the port to it. Its key is sealed and never shown again."""

import base64
import binascii
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from asyncpg import Record

from huoke.govern import audit, privacy
from huoke.kernel.outward import ADDRESS_RULE, is_address
from huoke.kernel.tx import Tx
from huoke.reach.channels import store_gateway
from huoke.reach.channels.model import (
    Gateway,
    GatewayChanged,
    GatewayMissing,
    GatewayUnfit,
    NewGateway,
    SmsGateway,
    back_off,
)
from huoke.reach.channels.rest import Endpoint, RestGateway

KEY_BYTES = 32
FIELD = "gateway.key"
FAILURES_MAX = 3
"""Calls in a row without an answer, after which the gateway is left alone for a while."""


async def set_gateway(tx: Tx, new: NewGateway) -> None:
    """Set or change the bank's gateway; `GatewayUnfit`."""
    _check(new)
    known = await store_gateway.get(tx)
    sealed: bytes | None = known["key"] if known is not None and new.key is None else None
    if sealed is None:
        key = new.key or base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        [sealed] = (await privacy.keys(tx)).encrypt(FIELD, [0], [key])
    assert sealed is not None, "a key is never empty"
    await store_gateway.put(tx, new, sealed)
    tx.emit(GatewayChanged())
    told = {name: getattr(new, name) for name in ("address", "sender", "key_id", "price_fen_per_thousand", "enabled")}
    await audit.record(
        tx,
        audit.AuditEntry(
            action="channels.set_gateway",
            subject_kind="gateway",
            subject_id="sms",
            after={**told, "new_key": bool(new.key)},
        ),
    )


async def get_gateway(tx: Tx) -> Gateway:
    """The bank's gateway as read; `GatewayMissing`."""
    row = await _row(tx)
    return Gateway(**{name: row[name] for name in Gateway.__struct_fields__})


async def has_gateway(tx: Tx) -> bool:
    """Whether messages can be handed over at all."""
    row = await store_gateway.get(tx)
    return row is not None and bool(row["enabled"])


async def endpoint(tx: Tx) -> Endpoint:
    """Where the gateway is, its key opened; `GatewayMissing`. For the port and for what the gateway calls back."""
    row = await _row(tx)
    [key] = (await privacy.keys(tx)).decrypt(FIELD, [0], [row["key"]])
    assert key is not None, "a key is never empty"
    return Endpoint(row["address"], row["key_id"], base64.b64decode(key), row["timeout_seconds"])


def open_port(at: Endpoint, now: Callable[[], datetime]) -> SmsGateway:
    """The port to a gateway: close it after use, and call it with no transaction open. `now` is the machine's time."""
    return RestGateway(at, now)


async def note_call(tx: Tx, *, answered: bool) -> None:
    """Count a call: after three without an answer the gateway rests, each time for longer; one answer ends it."""
    row = await _row(tx)
    failures = 0 if answered else row["failures"] + 1
    rest = back_off(failures - FAILURES_MAX + 1) if failures >= FAILURES_MAX else timedelta(0)
    await store_gateway.note(tx, failures, tx.now + rest if rest else None)


async def _row(tx: Tx) -> Record:
    row = await store_gateway.get(tx)
    if row is None:
        raise GatewayMissing("The bank has no gateway for short messages; set it under Messages.")
    return row


def _check(new: NewGateway) -> None:
    _check_address(new.address, "/address")
    if new.link_address:
        _check_address(new.link_address, "/link_address")
    if not 2 <= len(new.sender.strip()) <= 12 or any(sign in "【】[]" for sign in new.sender):
        raise GatewayUnfit(
            "The sender is the registered signature, 2 to 12 characters without brackets.", pointer="/sender"
        )
    if not 1 <= len(new.key_id) <= 64 or not new.key_id.isascii() or not new.key_id.isprintable():
        raise GatewayUnfit("A key id has 1 to 64 plain characters.", pointer="/key_id")
    if new.key is not None and not _is_key(new.key):
        raise GatewayUnfit(f"A key is at least {KEY_BYTES} bytes in base64.", pointer="/key")
    for field, least, most in (
        ("price_fen_per_thousand", 0, 1_000_000),
        ("batch_max", 1, 1_000),
        ("timeout_seconds", 1, 30),
    ):
        if not least <= getattr(new, field) <= most:
            raise GatewayUnfit(f"{field} is {least} to {most}.", pointer=f"/{field}")


def _check_address(address: str, pointer: str) -> None:
    if not is_address(address):
        raise GatewayUnfit(ADDRESS_RULE, pointer=pointer)


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def cost_fen(parts: int, price_fen_per_thousand: int) -> int:
    """What so many parts cost, in fen, rounded half up."""
    return (parts * price_fen_per_thousand + 500) // 1_000
