"""Connecting a partner, or reaching it otherwise: one person asks, another decides (rule D5).

The key is sealed as it is asked for, and shown to nobody: what is decided on is its fingerprint, which the partner can
read out of its own copy.
"""

import hashlib
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests, RequestState
from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import Tx
from huoke.reward.exchange import store_partner, tables
from huoke.reward.exchange.connect import NewPartner, PartnerUnfit, check_partner, endpoint, new_key, put_partner, seal

PRINT_CHARACTERS = 16


class AskedPartner(msgspec.Struct, frozen=True, kw_only=True):
    """A partner somebody wants connected, or reached otherwise, and why."""

    partner: NewPartner
    reason: str


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A partner as it is to be reached; of its key only the fingerprint."""

    code: str
    name: str
    name_en: str
    unit: str
    unit_name: str
    unit_name_en: str
    address: str
    key_id: str
    key_print: str
    timeout_seconds: int
    enabled: bool


class PartnerRequest(Request, frozen=True, kw_only=True):
    """A connection as it was asked for."""

    wanted: Connection


class PartnerOpen(Conflict):
    """Another request for this partner waits for its decision."""

    code = "exchange.partner_open"


_FIELDS = (
    ("name", "名称", "Name"), ("name_en", "英文名称", "English name"), ("unit", "单位代码", "Code of its unit"),
    ("unit_name", "单位名称", "Name of its unit"), ("unit_name_en", "单位英文名称", "English name of its unit"),
    ("address", "接口地址", "Address"), ("key_id", "密钥编号", "Key id"),
    ("key_print", "密钥指纹", "Fingerprint of the key"), ("timeout_seconds", "超时（秒）", "Time-out in seconds"),
    ("enabled", "启用", "In use"),
)  # fmt: skip


class PartnerRequests(Requests[Connection]):
    """Connections; what holds is the partner itself."""

    kind = "exchange_partner"
    table = tables.connection
    shape = Connection
    group = "exchange"
    action = "exchange.connect"
    subject_kind = "exchange_partner"
    open = PartnerOpen
    unfit = PartnerUnfit
    pointer = "/partner"
    applied = RequestState.DONE
    replaces = False

    async def title(self, tx: Tx, wanted: Connection) -> str:
        """By the name the partner is to have."""
        del tx
        return f"互换合作方「{wanted.name}」 · Partner of exchange: {wanted.name_en}"

    async def require_fit(self, tx: Tx, wanted: Connection) -> None:
        """`PartnerUnfit`; the key was looked at as it was asked for."""
        new = {name: getattr(wanted, name) for name in NewPartner.__struct_fields__ if name != "key"}
        await check_partner(tx, NewPartner(**new))

    async def held(self, tx: Tx, wanted: Connection) -> Connection | None:
        """The partner as it is reached now."""
        row = next((one for one in await store_partner.find(tx) if one["code"] == wanted.code), None)
        if row is None:
            return None
        values = {name: row[name] for name in Connection.__struct_fields__ if name != "key_print"}
        return Connection(**values, key_print=fingerprint((await endpoint(tx, wanted.code)).key))

    def diff(self, held: Connection | None, wanted: Connection) -> list[FieldChange]:
        """Field by field."""
        return [
            FieldChange(path=path, label=label, label_en=label_en, before=held and getattr(held, path),
                        after=getattr(wanted, path), group=self.group)
            for path, label, label_en in _FIELDS
            if held is None or getattr(held, path) != getattr(wanted, path)
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Connection) -> None:
        """From now on it is reached so."""
        values = {name: value for name, value in msgspec.structs.asdict(wanted).items() if name != "key_print"}
        await put_partner(tx, values | {"key": await store_partner.asked_key(tx, wanted.code, wanted.key_print)})

    def asked(self, wanted: Connection) -> dict[str, Any]:
        """One request of a partner is open at a time; its key follows."""
        return {"code": wanted.code, "body": msgspec.to_builtins(wanted), "key": None}

    def subject(self, wanted: Connection) -> str:
        """The partner."""
        return wanted.code


PARTNERS = PartnerRequests()


async def request_partner(tx: Tx, asked: AskedPartner) -> UUID:
    """Ask for a partner to be connected, or reached otherwise; another person decides.

    `PartnerUnfit`, `PartnerOpen`, `audit.ReasonMissing`.
    """
    new = asked.partner
    await check_partner(tx, new)
    known = any(one["code"] == new.code for one in await store_partner.find(tx))
    if new.key is None and known:
        key, sealed = (await endpoint(tx, new.code)).key, (await store_partner.get(tx, new.code))["key"]
    else:
        key = new_key(new.key)
        sealed = await seal(tx, new.code, key)
    values = {name: value for name, value in msgspec.structs.asdict(new).items() if name != "key"}
    request_id = await PARTNERS.ask(tx, Connection(**values, key_print=fingerprint(key)), asked.reason)
    await store_partner.keep_key(tx, request_id, sealed)
    return request_id


async def partner_requests(tx: Tx, *, limit: int = 50) -> list[PartnerRequest]:
    """Connections that were asked for, latest first."""
    return [PartnerRequest(wanted=wanted, **fields) for wanted, fields in await PARTNERS.listed(tx, limit)]


def fingerprint(key: bytes) -> str:
    """Of a shared key of 32 bytes or more: the first hexadecimal digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:PRINT_CHARACTERS]


class PartnerApproval(Approval[Connection]):
    """Serves approvals of kind `exchange_partner`."""

    kind = PARTNERS.kind
    requests = PARTNERS

    async def effects(self, tx: Tx, wanted: Connection) -> Simulation:
        """How many partners points are exchanged with."""
        enabled = {row["code"] for row in await store_partner.find(tx) if row["enabled"]}
        after = enabled | {wanted.code} if wanted.enabled else enabled - {wanted.code}
        row = SimulationRow(
            key="partners", label="可互换的合作方", label_en="Partners in use", unit="count", before=len(enabled),
            after=len(after),
        )  # fmt: skip
        return Simulation(rows=(row,))

    async def checks(self, tx: Tx, wanted: Connection) -> list[Check]:
        """It can be; whether its key stays is said, so that nobody changes it unseen."""
        await PARTNERS.require_fit(tx, wanted)
        held = await PARTNERS.held(tx, wanted)
        moved = held is not None and held.key_print != wanted.key_print
        return [
            Check(rule="exchange.partner", verdict=CheckVerdict.PASS, detail="合作方信息有效",
                  detail_en="The partner can be reached so"),
            Check(
                rule="exchange.key", verdict=CheckVerdict.WARN if moved else CheckVerdict.PASS,
                detail="将更换共享密钥，请与合作方核对指纹" if moved else "共享密钥已封存，可与合作方核对指纹",
                detail_en="The shared key is replaced: compare its fingerprint with the partner" if moved
                else "The shared key is sealed; its fingerprint can be compared with the partner",
            ),
        ]  # fmt: skip
