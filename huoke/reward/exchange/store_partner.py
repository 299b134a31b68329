"""The SQL of partners, their members, and what their books say otherwise."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.exchange.model import Trade
from huoke.reward.exchange.refusals import PartnerUnknown
from huoke.reward.exchange.store import trade_of

_SHOWN = ("code", "name", "name_en", "unit", "unit_name", "unit_name_en", "address", "key_id", "timeout_seconds")
_PARTNER = ", ".join((*_SHOWN, "enabled", "filed_on", "changed_at"))


async def find(tx: Tx) -> list[Record]:
    """Every partner, without its key."""
    return await tx.fetch(f"SELECT {_PARTNER} FROM exchange.partner ORDER BY code")


async def get(tx: Tx, code: str) -> Record:
    """A partner with its sealed key; raises `PartnerUnknown`."""
    row = await tx.fetch_row(f"SELECT {_PARTNER}, key FROM exchange.partner WHERE code = $1", code)
    if row is None:
        raise PartnerUnknown("This bank exchanges points with no such partner.", partner=code)
    return row


async def put(tx: Tx, values: dict[str, Any]) -> None:
    """Write a partner as it is to be."""
    names = [*values, "changed_at"]
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    kept = ", ".join(f"{name} = excluded.{name}" for name in names if name != "code")
    await tx.execute(
        f"INSERT INTO exchange.partner ({', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT (tenant_id, code) DO UPDATE SET {kept}",
        *values.values(),
        tx.now,
    )


async def keep_key(tx: Tx, request_id: UUID, sealed: bytes) -> None:
    """Keep the sealed key of a connection that was asked for."""
    await tx.execute("UPDATE exchange.connection SET key = $2 WHERE id = $1", request_id, sealed)


async def asked_key(tx: Tx, code: str, key_print: str) -> bytes:
    """The sealed key, by its fingerprint, of a partner's connection that was approved."""
    key: bytes = await tx.fetch_value(
        "SELECT key FROM exchange.connection WHERE code = $1 AND body ->> 'key_print' = $2 AND state = 'done'"
        " ORDER BY requested_at DESC LIMIT 1",
        code,
        key_print,
    )
    return key


async def take_over(tx: Tx, code: str, until: datetime) -> bool:
    """Be the one who carries a partner's exchanges until then; False while somebody else is."""
    done = await tx.execute(
        "UPDATE exchange.partner SET carried_until = $2 WHERE code = $1 AND enabled"
        " AND (carried_until IS NULL OR carried_until <= $3)",
        code,
        until,
        tx.now,
    )
    return bool(done)


async def let_go(tx: Tx, code: str) -> None:
    """Whoever comes next may carry."""
    await tx.execute("UPDATE exchange.partner SET carried_until = NULL WHERE code = $1", code)


async def due(tx: Tx, code: str, limit: int) -> list[Trade]:
    """Exchanges of a partner something is to be done about, locked, longest due first; those somebody else is at come
    another time.
    """
    rows = await tx.fetch(
        "SELECT * FROM exchange.trade WHERE partner = $1 AND direction = 'out'"
        " AND state IN ('asked', 'sent', 'unknown', 'reversing') AND due_at <= $2 ORDER BY due_at LIMIT $3"
        " FOR NO KEY UPDATE SKIP LOCKED",
        code,
        tx.now,
        limit,
    )
    return [trade_of(row) for row in rows]


async def of_day(tx: Tx, code: str, since: datetime, until: datetime) -> list[Trade]:
    """What went to a partner in a time, but what never left."""
    rows = await tx.fetch(
        "SELECT * FROM exchange.trade WHERE partner = $1 AND direction = 'out' AND asked_at >= $2 AND asked_at < $3"
        " AND state <> 'asked' ORDER BY id",
        code,
        since,
        until,
    )
    return [trade_of(row) for row in rows]


async def filed(tx: Tx, code: str, day: date) -> None:
    """A day's file was taken."""
    await tx.execute("UPDATE exchange.partner SET filed_on = $2 WHERE code = $1", code, day)


async def link(tx: Tx, code: str, seq: int, sealed: bytes, blind: bytes) -> bool:
    """Note a customer's number at a partner; False where it is somebody else's."""
    owner = await tx.fetch_value("SELECT seq FROM exchange.member WHERE partner = $1 AND blind = $2", code, blind)
    if owner is not None and owner != seq:
        return False
    await tx.execute(
        "INSERT INTO exchange.member (partner, seq, number, blind, linked_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, partner, seq) DO UPDATE SET number = excluded.number, blind = excluded.blind,"
        " linked_at = excluded.linked_at",
        code,
        seq,
        sealed,
        blind,
        tx.now,
    )
    return True


async def members(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Numbers of customers at partners: partner, seq, number (sealed), linked_at."""
    return await tx.fetch(
        "SELECT partner, seq, number, linked_at FROM exchange.member WHERE seq = ANY($1) ORDER BY partner, seq",
        list(seqs),
    )


async def member_by(tx: Tx, code: str, blind: bytes) -> int | None:
    """Whose number at a partner it is."""
    found: int | None = await tx.fetch_value(
        "SELECT seq FROM exchange.member WHERE partner = $1 AND blind = $2", code, blind
    )
    return found


async def forget_members(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget customers' numbers at partners."""
    await tx.execute("DELETE FROM exchange.member WHERE seq = ANY($1)", list(seqs))


async def add_differences(tx: Tx, code: str, day: date, found: Sequence[tuple[str, str, int, int]]) -> int:
    """Note (number, kind, ours, theirs) where a partner says otherwise, each once; returns how many are new."""
    rows = await tx.fetch(
        "INSERT INTO exchange.difference (id, partner, day, number, kind, ours, theirs, found_at)"
        " SELECT d.id, $1, $2, d.number, d.kind, d.ours, d.theirs, $8"
        " FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])"
        " AS d(id, number, kind, ours, theirs) ON CONFLICT DO NOTHING RETURNING id",
        code,
        day,
        new_ids(len(found)),
        *[[one[place] for one in found] for place in range(4)],
        tx.now,
    )
    return len(rows)


async def settle_late(tx: Tx, code: str, number: str, note: str) -> None:
    """What a partner said late was made good."""
    await tx.execute(
        "UPDATE exchange.difference SET settled_at = $3, note = $4"
        " WHERE partner = $1 AND number = $2 AND kind = 'late' AND settled_at IS NULL",
        code,
        number,
        tx.now,
        note,
    )


async def differences(tx: Tx, limit: int) -> list[Record]:
    """What partners say otherwise, open first, then latest first."""
    return await tx.fetch(
        "SELECT id, partner, day, number, kind, ours, theirs, found_at, settled_at, settled_by, note"
        " FROM exchange.difference ORDER BY settled_at IS NOT NULL, found_at DESC, id LIMIT $1",
        limit,
    )


async def settle_difference(tx: Tx, difference_id: UUID, note: str) -> Record | None:
    """Note how an open difference was settled; None where there is none."""
    return await tx.fetch_row(
        "UPDATE exchange.difference SET settled_at = $2, settled_by = $3, note = $4"
        " WHERE id = $1 AND settled_at IS NULL RETURNING partner, number, kind, ours, theirs",
        difference_id,
        tx.now,
        tx.actor.id,
        note,
    )
