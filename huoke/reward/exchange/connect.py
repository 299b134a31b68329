"""Partners whose points are exchanged: how each is reached, and which customer is which of its members."""

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec

from huoke.govern import privacy
from huoke.kernel.events import Event
from huoke.kernel.outward import ADDRESS_RULE, is_address
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx
from huoke.reward.exchange import store_partner
from huoke.reward.exchange.model import CODE, NAME_MAX

KEY_BYTES = 32
_PARTNER_CODE = re.compile(r"[a-z][a-z0-9_-]{1,31}")
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MEMBER = re.compile(r"[0-9A-Z]{4,32}")
_SEALED = "exchange.member"


class NewPartner(msgspec.Struct, frozen=True, kw_only=True):
    """A partner, and how to reach it. `unit` is the code of what its members hold.

    `key` is the shared key in base64, at least 32 bytes; None keeps the one there is, or makes one. `address` begins
    with https:// (http:// on this machine only).
    """

    code: str
    name: str
    name_en: str
    unit: str
    unit_name: str
    unit_name_en: str
    address: str
    key_id: str
    key: str | None = None
    timeout_seconds: int = 10
    enabled: bool = True


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A partner as read: everything but the key. `filed_on` is the last day whose file was taken."""

    code: str
    name: str
    name_en: str
    unit: str
    unit_name: str
    unit_name_en: str
    address: str
    key_id: str
    timeout_seconds: int
    enabled: bool
    filed_on: date | None
    changed_at: datetime


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how a partner is reached, its key opened. Prints nothing of the key."""

    code: str
    address: str
    key_id: str
    key: bytes
    timeout_seconds: float

    def __repr__(self) -> str:
        return f"Endpoint({self.code})"


class PartnerChanged(Event, frozen=True, kw_only=True):
    """A partner was added, or is reached otherwise."""

    name: ClassVar[str] = "exchange.partner_changed"
    partner: str


class PartnerUnfit(Invalid):
    """A code, name, address or key that cannot be."""

    code = "exchange.partner_unfit"


class MemberUnfit(Invalid):
    """A member's number has 4 to 32 letters and digits."""

    code = "exchange.member_unfit"


class MemberTaken(Conflict):
    """This member is another customer of the bank."""

    code = "exchange.member_taken"


async def check_partner(tx: Tx, new: NewPartner) -> None:
    """Raise `PartnerUnfit`, naming the field. A unit once taken stays, and is one partner's."""
    _check(new)
    known = {row["code"]: row["unit"] for row in await store_partner.find(tx)}
    if known.get(new.code, new.unit) != new.unit:
        raise PartnerUnfit(f"This partner's unit is {known[new.code]}; it stays.", pointer="/partner/unit")
    if any(unit == new.unit and code != new.code for code, unit in known.items()):
        raise PartnerUnfit("Another partner's members hold this unit.", pointer="/partner/unit")


async def put_partner(tx: Tx, values: Mapping[str, Any]) -> None:
    """Write how a partner is reached, its key sealed; from now on it holds."""
    await store_partner.put(tx, dict(values))
    tx.emit(PartnerChanged(partner=values["code"]))


async def seal(tx: Tx, code: str, key: bytes) -> bytes:
    """A partner's key as it is kept."""
    [sealed] = (await privacy.keys(tx)).encrypt("exchange.key", [_place(code)], [base64.b64encode(key).decode()])
    assert sealed is not None, "a key is never empty"
    return sealed


def new_key(given: str | None) -> bytes:
    """The key that was given in base64, else a new one."""
    return secrets.token_bytes(KEY_BYTES) if given is None else base64.b64decode(given)


async def partners(tx: Tx) -> list[Partner]:
    """Every partner of the bank."""
    return [Partner(**dict(row)) for row in await store_partner.find(tx)]


async def endpoint(tx: Tx, code: str) -> Endpoint:
    """Where a partner is reached, its key opened; `PartnerUnknown`."""
    row = await store_partner.get(tx, code)
    [key] = (await privacy.keys(tx)).decrypt("exchange.key", [_place(code)], [row["key"]])
    assert key is not None, "a key is never empty"
    return Endpoint(
        code=code,
        address=row["address"],
        key_id=row["key_id"],
        key=base64.b64decode(key),
        timeout_seconds=row["timeout_seconds"],
    )


async def link_member(tx: Tx, seq: int, partner: str, number: str) -> str:
    """Note a customer's number at a partner; returns it masked. `MemberUnfit`, `MemberTaken`, `PartnerUnknown`."""
    await store_partner.get(tx, partner)
    plain = privacy.normalise(privacy.Field.CARD, number)
    if not _MEMBER.fullmatch(plain):
        raise MemberUnfit("A member's number has 4 to 32 letters and digits.", pointer="/member")
    keys = await privacy.keys(tx)
    [sealed] = keys.encrypt(_SEALED, [seq], [plain])
    assert sealed is not None, "a number is never empty"
    if not await store_partner.link(tx, partner, seq, sealed, _blind(keys, partner, plain)):
        raise MemberTaken("This number belongs to another customer of the bank. Please check it.", pointer="/member")
    return privacy.mask(privacy.Field.CARD, plain)


async def member_of(tx: Tx, seq: int, partner: str) -> str | None:
    """A customer's number at a partner in clear: for the moment of a call, never shown or logged."""
    found = await open_members(tx, [seq])
    return next((number for code, _, number in found if code == partner), None)


async def masked_member(tx: Tx, seq: int, partner: str) -> str | None:
    """The same as it may be shown."""
    number = await member_of(tx, seq, partner)
    return None if number is None else privacy.mask(privacy.Field.CARD, number)


async def open_members(tx: Tx, seqs: Sequence[int]) -> list[tuple[str, datetime, str]]:
    """(partner, since when, number) of customers' memberships."""
    rows = await store_partner.members(tx, seqs)
    keys = await privacy.keys(tx)
    numbers = keys.decrypt(_SEALED, [row["seq"] for row in rows], [row["number"] for row in rows])
    return [(row["partner"], row["linked_at"], number or "") for row, number in zip(rows, numbers, strict=True)]


async def customer_of(tx: Tx, partner: str, number: str) -> int | None:
    """Which customer a member is."""
    plain = privacy.normalise(privacy.Field.CARD, number)
    return await store_partner.member_by(tx, partner, _blind(await privacy.keys(tx), partner, plain))


def _blind(keys: privacy.TenantKeys, partner: str, number: str) -> bytes:
    return keys.mac(f"exchange.member|{partner}", number)[:16]


def _place(code: str) -> int:
    """The number that binds a sealed key to its partner."""
    return int.from_bytes(code.encode(), "big")


def _check(new: NewPartner) -> None:
    names = ("name", "name_en", "unit_name", "unit_name_en")
    for fit, field, detail in (
        (
            _PARTNER_CODE.fullmatch(new.code),
            "code",
            "A code has 2 to 32 of a-z, 0-9, dash, underscore, a letter first.",
        ),
        (CODE.fullmatch(new.unit), "unit", "A unit has 2 to 24 of A-Z, 0-9 and _, a letter first."),
        (_KEY_ID.fullmatch(new.key_id), "key_id", "A key id has 1 to 64 of A-Z, a-z, 0-9, dot, dash, underscore."),
        (1 <= new.timeout_seconds <= 30, "timeout_seconds", "1 to 30 seconds."),
        (is_address(new.address), "address", ADDRESS_RULE),
        (new.key is None or _is_key(new.key), "key", f"A key is at least {KEY_BYTES} bytes in base64."),
        *((0 < len(getattr(new, name).strip()) <= NAME_MAX, name, f"1 to {NAME_MAX} characters.") for name in names),
    ):
        if not fit:
            raise PartnerUnfit(detail, pointer=f"/partner/{field}")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= KEY_BYTES
    except ValueError:
        return False
