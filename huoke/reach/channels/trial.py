"""Trying a message on a colleague's phone: only numbers the bank allows, so many a day, through the gateway itself."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit, privacy, tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reach.channels import store_trial
from huoke.reach.channels.at_once import submit_at_once
from huoke.reach.channels.gateway import endpoint, get_gateway
from huoke.reach.channels.model import Outgoing, Plan
from huoke.reach.channels.write import write

TRIALS_PER_DAY = tenants.declare("channels.trials_per_day", int, 20, minimum=0, maximum=500)
PHONES_MAX = 50
FIELD = "trial_phone"
_MOBILE = re.compile(r"1[3-9]\d{9}")


class NewTrialPhone(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague's mobile number that messages may be tried on."""

    name: str
    phone: str


class TrialPhone(msgspec.Struct, frozen=True, kw_only=True):
    """A number as anybody may see it (rule F2)."""

    id: UUID
    name: str
    phone: str
    added_at: datetime


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a trial: `state` is accepted, failed or unknown; `left` are trials left today."""

    phone: str
    text: str
    state: str
    code: str
    left: int


class TrialPhoneUnfit(Invalid):
    """A number that is none, a name that is empty, or one number more than the list takes."""

    code = "channels.trial_phone_unfit"


class TrialPhoneUnknown(NotFound):
    """No such number among those the bank allows."""

    code = "channels.trial_phone_unknown"


class TrialsSpent(Conflict):
    """The bank's messages for trying are used up for today."""

    code = "channels.trials_spent"


async def add_trial_phones(tx: Tx, new: NewTrialPhone) -> UUID:
    """Allow one more number and return its id; the number is sealed. `TrialPhoneUnfit`."""
    digits = privacy.normalise(privacy.Field.PHONE, new.phone)
    if not _MOBILE.fullmatch(digits):
        raise TrialPhoneUnfit("A mobile number has 11 digits and begins with 1.", pointer="/phone")
    if not 1 <= len(new.name.strip()) <= 40:
        raise TrialPhoneUnfit("Say whose phone it is, in 1 to 40 characters.", pointer="/name")
    if len(await store_trial.phones(tx)) >= PHONES_MAX:
        raise TrialPhoneUnfit(f"At most {PHONES_MAX} numbers; take one out first.", pointer="/phone")
    phone_id = new_id()
    [sealed] = (await privacy.keys(tx)).encrypt(FIELD, [0], [digits])
    assert sealed is not None, "a number is never empty"
    await store_trial.add_phone(tx, phone_id, new.name.strip(), sealed)
    masked = privacy.mask(privacy.Field.PHONE, digits)
    await _record(tx, "channels.allow_trial_phone", str(phone_id), {"name": new.name.strip(), "phone": masked})
    return phone_id


async def trial_phones(tx: Tx) -> list[TrialPhone]:
    """Every number that is allowed, masked, by name."""
    rows = await store_trial.phones(tx)
    opened = await _open(tx, [row["phone"] for row in rows])
    return [
        TrialPhone(
            id=row["id"],
            name=row["name"],
            phone=privacy.mask(privacy.Field.PHONE, phone),
            added_at=row["added_at"],
        )
        for row, phone in zip(rows, opened, strict=True)
    ]


async def drop_trial_phone(tx: Tx, phone_id: UUID) -> None:
    """Allow a number no longer; `TrialPhoneUnknown`."""
    if not await store_trial.drop_phone(tx, phone_id):
        raise TrialPhoneUnknown(f"There is no number {phone_id} to try messages on.")
    await _record(tx, "channels.drop_trial_phone", str(phone_id), {})


async def try_out(
    database: Database, tenant: TenantId, actor: Actor, plan: Plan, phone_id: UUID, language: str, name: str
) -> Trial:
    """Send a plan's message to one allowed number, now, as a customer called `name` would get it.

    Nothing is planned or counted for customers. Raises `TrialPhoneUnknown`, `TrialsSpent`, `GatewayMissing`.
    """
    async with database.begin(tenant, actor) as tx:
        rows = [row for row in await store_trial.phones(tx) if row["id"] == phone_id]
        if not rows:
            raise TrialPhoneUnknown(f"There is no number {phone_id} to try messages on.")
        settled, at = await get_gateway(tx), await endpoint(tx)
        left = await _take_one(tx)
        [phone] = await _open(tx, [rows[0]["phone"]])
        text = write(plan, name, language, sender=settled.sender, link_address=settled.link_address)
        number = new_id()
        await store_trial.add(tx, number, phone_id, plan.source_id)
        masked = privacy.mask(privacy.Field.PHONE, phone)
        told = {"source_id": str(plan.source_id), "phone": masked, "language": language}
        await _record(tx, "channels.try_message", str(number), told)
    message = Outgoing(number=number.hex, phone=phone, text=text)
    handed = await submit_at_once(database, tenant, at, message)
    async with database.begin(tenant, actor) as tx:
        await store_trial.end(tx, number, handed.state.value)
    return Trial(phone=masked, text=text, state=handed.state.value, code=handed.code, left=left)


async def _take_one(tx: Tx) -> int:
    """How many trials are left after this one; those who try at once wait for each other."""
    day = tx.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    most = await tenants.setting(tx, TRIALS_PER_DAY)
    left = most - await store_trial.count(tx, day, day + timedelta(days=1))
    if left < 1:
        raise TrialsSpent(f"All {most} messages for trying are used up for today.", most=most)
    return left - 1


async def _open(tx: Tx, sealed: Sequence[bytes]) -> list[str]:
    opened = (await privacy.keys(tx)).decrypt(FIELD, [0] * len(sealed), sealed)
    return [phone or "" for phone in opened]


async def _record(tx: Tx, action: str, subject_id: str, after: dict[str, Any]) -> None:
    entry = audit.AuditEntry(action=action, subject_kind="trial_message", subject_id=subject_id, after=after)
    await audit.record(tx, entry)
