"""Keys with which the bank's own backend calls: hashed, limited to their permissions, revocable."""

from datetime import timedelta
from uuid import UUID

from huoke.govern import audit, people
from huoke.govern.identity import store, tokens
from huoke.govern.identity.model import PERSONAL, ApiKey, KeyMissing, KeyUnfit, MadeKey, NewKey
from huoke.kernel.tx import Tx

TICKET_ISSUE = "ticket.issue"
"""Letting customers in is for keys alone: no role holds it."""


def grantable() -> frozenset[str]:
    """What a key may be given."""
    held = frozenset[str]().union(*people.PERMISSIONS.values())
    return (held | {TICKET_ISSUE}) - PERSONAL


async def add(tx: Tx, new: NewKey) -> MadeKey:
    """Make a key, shown this once; `KeyUnfit`."""
    _check(new)
    key = tokens.make(tx.tenant)
    expires_at = tx.now + timedelta(days=new.days) if new.days else None
    key_id = await store.add_key(tx, tokens.digest(key), new.name.strip(), sorted(set(new.permissions)), expires_at)
    await _record(tx, "identity.add_key", key_id, {"name": new.name, "permissions": sorted(set(new.permissions))})
    return MadeKey(id=key_id, key=key)


async def find(tx: Tx) -> list[ApiKey]:
    """Every key, newest first."""
    return await store.keys(tx)


async def revoke(tx: Tx, key_id: UUID) -> None:
    """End a key at once; `KeyMissing`."""
    if not await store.revoke_key(tx, key_id):
        raise KeyMissing("There is no such key, or it was revoked.")
    await _record(tx, "identity.revoke_key", key_id, {})


def _check(new: NewKey) -> None:
    if not 1 <= len(new.name.strip()) <= 60:
        raise KeyUnfit("A key has a name of 1 to 60 characters.", pointer="/name")
    if not 0 <= new.days <= 3650:
        raise KeyUnfit("A key lives 1 to 3650 days, or 0 for ever.", pointer="/days")
    if not new.permissions or (unknown := sorted(set(new.permissions) - grantable())):
        named = f": not {unknown[0][:40]}" if new.permissions else ""
        raise KeyUnfit(f"A key has permissions that need no person{named}.", pointer="/permissions")


async def _record(tx: Tx, action: str, key_id: UUID, after: dict[str, object]) -> None:
    await audit.record(tx, audit.AuditEntry(action=action, subject_kind="api_key", subject_id=str(key_id), after=after))
