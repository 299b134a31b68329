"""The bank's cashier: entered by one person, approved by another; its keys are sealed and never shown again."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, privacy
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel import signing_rsa
from huoke.kernel.events import Event
from huoke.kernel.ids import new_id
from huoke.kernel.outward import ADDRESS_RULE, is_address
from huoke.kernel.refusals import Invalid, NotFound
from huoke.kernel.signing_rsa import Signer
from huoke.kernel.tx import Tx
from huoke.reward.payments import store_cashier
from huoke.reward.payments.wire import Account, Cashier

KIND = "payment_cashier"
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME_MAX = 40


class NewCashier(msgspec.Struct, frozen=True, kw_only=True):
    """A cashier to enter. Addresses begin with https:// (http:// on this machine only).

    `private_key` (the merchant's) and `platform_key` (public) are PEM; `notice_key` has the 32 characters that seal
    notices. `notice_address` is where the cashier reaches the bank.
    """

    name: str
    address: str
    merchant_no: str
    app_id: str
    serial: str
    private_key: str
    notice_key: str
    platform_serial: str
    platform_key: str
    notice_address: str
    timeout_seconds: int = 10

    def __repr__(self) -> str:
        return f"NewCashier({self.merchant_no})"


class CashierRow(msgspec.Struct, frozen=True, kw_only=True):
    """A cashier as read: everything but its keys."""

    id: UUID
    name: str
    address: str
    merchant_no: str
    app_id: str
    serial: str
    platform_serial: str
    notice_address: str
    timeout_seconds: int
    state: str
    change_id: UUID | None
    answered_at: datetime | None
    failed_at: datetime | None
    error: str
    created_at: datetime


class CashierApproved(Event, frozen=True, kw_only=True):
    """The bank takes payments through another cashier, or with other keys."""

    name: ClassVar[str] = "payments.cashier_approved"
    cashier_id: UUID


class CashierUnfit(Invalid):
    """An address, a number or a key that cannot be."""

    code = "payments.cashier_unfit"


class CashierUnknown(NotFound):
    """There is no such cashier in this bank."""

    code = "payments.cashier_unknown"


async def propose(tx: Tx, new: NewCashier) -> UUID:
    """Ask for a cashier to be used from its approval on; returns its id. `CashierUnfit`."""
    _check(new)
    cashier_id = new_id()
    keys = await privacy.keys(tx)
    [private_key] = keys.encrypt("payments.private_key", [cashier_id.int], [new.private_key])
    [notice_key] = keys.encrypt("payments.notice_key", [cashier_id.int], [new.notice_key])
    assert private_key is not None, "a key is never empty"
    assert notice_key is not None, "a key is never empty"
    await store_cashier.add(tx, cashier_id, msgspec.structs.asdict(new), private_key, notice_key)
    change = NewChange(
        kind=KIND,
        subject_id=str(cashier_id),
        title=f"收银台：{new.name}（商户号 {new.merchant_no}）",
        diff=await _diff(tx, cashier_id),
        unit_id=await units.head_office(tx),
    )
    await store_cashier.set_change(tx, cashier_id, await approvals.submit(tx, change))
    return cashier_id


async def cashiers(tx: Tx) -> list[CashierRow]:
    """Every cashier that was entered, latest first; keys are never shown."""
    return [
        CashierRow(**{name: row[name] for name in CashierRow.__struct_fields__}) for row in await store_cashier.find(tx)
    ]


async def is_open(tx: Tx) -> bool:
    """Whether the bank has a cashier that takes payments."""
    return await store_cashier.active(tx) is not None


async def account_of(tx: Tx, cashier_id: UUID) -> Account:
    """How the payments of a cashier are asked after, keys opened; never outside this module."""
    row = await store_cashier.serving(tx, cashier_id)
    assert row is not None, "a payment names its cashier"
    return await _account(tx, row)


async def active_account(tx: Tx) -> tuple[UUID, Account] | None:
    """The cashier that takes new payments, keys opened."""
    row = await store_cashier.active(tx)
    return None if row is None else (row["id"], await _account(tx, row))


def open_cashier(account: Account, now: Callable[[], datetime]) -> Cashier:
    """The cashier to call: close it after use."""
    return Cashier(account, now)


class CashierApproval:
    """Serves approvals of kind `payment_cashier`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Which cashier it takes the place of."""
        del subject_id
        used = await store_cashier.active(tx)
        row = SimulationRow(
            key="cashiers",
            label="在用收银台",
            label_en="Cashiers in use",
            unit="count",
            before=1 if used else 0,
            after=1,
        )
        return Simulation(rows=(row,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Its keys are whole."""
        row = await _get(tx, UUID(subject_id))
        account = await _account(tx, row)
        fine = _are_keys(account.signer.private_key, account.platform_key)
        verdict = CheckVerdict.PASS if fine else CheckVerdict.FAIL
        return [
            Check(rule="payments.keys", verdict=verdict, detail="密钥完整", detail_en="Its keys are whole", data={})
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Take new payments through it from now on; `approvals.Stale`."""
        row = await _get(tx, UUID(subject_id), lock=True)
        if row["state"] != "submitted" or approvals.diff_hash(await _diff(tx, row["id"])) != diff_hash:
            raise approvals.Stale("The cashier is no longer what was approved.")
        await store_cashier.set_state(tx, row["id"], "active")
        tx.emit(CashierApproved(cashier_id=row["id"]))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved takes no payment."""
        del state
        await store_cashier.set_state(tx, UUID(subject_id), "refused")


async def _get(tx: Tx, cashier_id: UUID, *, lock: bool = False) -> Record:
    row = await store_cashier.get(tx, cashier_id, lock=lock)
    if row is None:
        raise CashierUnknown("There is no such cashier in this bank.")
    return row


async def _account(tx: Tx, row: Record) -> Account:
    keys = await privacy.keys(tx)
    [private_key] = keys.decrypt("payments.private_key", [row["id"].int], [row["private_key"]])
    [notice_key] = keys.decrypt("payments.notice_key", [row["id"].int], [row["notice_key"]])
    assert private_key is not None, "a key is never empty"
    assert notice_key is not None, "a key is never empty"
    return Account(
        address=row["address"],
        app_id=row["app_id"],
        signer=Signer(merchant_no=row["merchant_no"], serial=row["serial"], private_key=private_key),
        platform_serial=row["platform_serial"],
        platform_key=row["platform_key"],
        notice_key=notice_key.encode(),
        notice_address=row["notice_address"],
        timeout_seconds=row["timeout_seconds"],
    )


async def _diff(tx: Tx, cashier_id: UUID) -> tuple[FieldChange, ...]:
    row = await _get(tx, cashier_id)
    lines = (
        ("name", "名称", "Name"),
        ("address", "收银台地址", "Address"),
        ("merchant_no", "商户号", "Merchant number"),
        ("app_id", "应用号", "App"),
        ("serial", "商户证书序列号", "Serial of our certificate"),
        ("platform_serial", "平台公钥编号", "Serial of the platform's key"),
        ("notice_address", "通知地址", "Where notices go"),
    )
    return tuple(
        FieldChange(path=path, label=zh, label_en=en, before=None, after=row[path], group="benefit", unit="text")
        for path, zh, en in lines
    )


def _check(new: NewCashier) -> None:
    if not 1 <= len(new.name.strip()) <= _NAME_MAX:
        raise CashierUnfit(f"A name has 1 to {_NAME_MAX} characters.", pointer="/name")
    for field in ("address", "notice_address"):
        _check_address(getattr(new, field), f"/{field}")
    for field in ("merchant_no", "app_id", "serial", "platform_serial"):
        if not _WORD.fullmatch(getattr(new, field)):
            raise CashierUnfit(f"{field} has 1 to 64 of A-Z, a-z, 0-9, dash, underscore.", pointer=f"/{field}")
    if len(new.notice_key.encode()) != signing_rsa.RESOURCE_KEY_BYTES:
        raise CashierUnfit("The key of notices has 32 characters.", pointer="/notice_key")
    for field, check in (
        ("private_key", signing_rsa.check_private_key),
        ("platform_key", signing_rsa.check_public_key),
    ):
        try:
            check(getattr(new, field))
        except signing_rsa.BadKey as error:
            raise CashierUnfit(str(error), pointer=f"/{field}") from None
    if not 1 <= new.timeout_seconds <= 30:
        raise CashierUnfit("timeout_seconds is 1 to 30.", pointer="/timeout_seconds")


def _are_keys(private_key: str, platform_key: str) -> bool:
    try:
        signing_rsa.check_private_key(private_key)
        signing_rsa.check_public_key(platform_key)
    except signing_rsa.BadKey:
        return False
    return True


def _check_address(address: str, pointer: str) -> None:
    if not is_address(address):
        raise CashierUnfit(ADDRESS_RULE, pointer=pointer)
