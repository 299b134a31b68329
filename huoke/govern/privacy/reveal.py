"""Showing one personal field in clear: a reason, a fresh second factor, a limit, a minute, and a line in the trail."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from huoke.govern import audit, tenants
from huoke.govern.privacy import store
from huoke.govern.privacy.model import (
    Field,
    FieldRevealed,
    NewReveal,
    ProofNeeded,
    Revealed,
    RevealNotFound,
    RevealsSpent,
    mask,
)
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx

REVEAL_SECONDS = tenants.declare("privacy.reveal_seconds", int, 60, minimum=10, maximum=300, unit="seconds", rule="F2")
REVEALS_PER_HOUR = tenants.declare("privacy.reveals_per_hour", int, 60, minimum=1, maximum=1000, rule="F2")
PROOF_MINUTES = tenants.declare("privacy.proof_minutes", int, 60, minimum=1, maximum=720, unit="minutes", rule="F2")


class Found(msgspec.Struct, frozen=True):
    """A field in clear and the unit of the customer it belongs to."""

    plaintext: str
    unit_id: int


Revealer = Callable[[Tx, int, Field], Awaitable[Found | None]]
"""(tx, seq, field) → what stands there; None where there is no such customer or nothing in the field."""

_revealers: dict[str, Revealer] = {}


def register_revealer(kind: str, revealer: Revealer) -> None:
    """Say who can open the fields of `kind` ("customer"): the module whose table holds the ciphertext."""
    _revealers[kind] = revealer


async def reveal(
    tx: Tx, principal: Principal, kind: str, seq: int, wanted: NewReveal, *, opener: Revealer | None = None
) -> Revealed:
    """Show one field of one customer of the principal's units; `opener` opens it instead of who is registered.

    `ReasonMissing`, `ProofNeeded`, `RevealsSpent`, `RevealNotFound` (also for another unit's customer); after a refusal
    nothing was shown.
    """
    reason = audit.require_reason(wanted.reason)
    seconds, limit, proof_minutes = await tenants.settings(tx, REVEAL_SECONDS, REVEALS_PER_HOUR, PROOF_MINUTES)
    if principal.proved_at is None or principal.proved_at < tx.now - timedelta(minutes=proof_minutes):
        raise ProofNeeded("Show your second factor again to see personal data.", proof_minutes=proof_minutes)
    if await store.count_recent(tx, tx.actor.id) >= limit:
        raise RevealsSpent(
            f"You have seen {limit} personal fields within an hour; the next one later.",
            limit=limit,
            retry_after_seconds=600,
        )
    found = await (opener or _revealers[kind])(tx, seq, wanted.field)
    if found is None or not found.plaintext or not principal.covers(found.unit_id):
        raise RevealNotFound("There is nothing in this field.")
    expires_at = tx.now + timedelta(seconds=seconds)
    reveal_id = await store.add_reveal(tx, kind, seq, wanted.field, reason, expires_at)
    await audit.record(
        tx,
        audit.AuditEntry(
            action="privacy.reveal",
            subject_kind=kind,
            subject_id=str(seq),
            reason=reason,
            unit_id=found.unit_id,
            after={"field": wanted.field, "shown": mask(wanted.field, found.plaintext)},
        ),
    )
    tx.emit(FieldRevealed(reveal_id=reveal_id, field=wanted.field), seq=seq)
    return Revealed(field=wanted.field, plaintext=found.plaintext, expires_at=expires_at)
