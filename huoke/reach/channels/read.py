"""Questions about messages: lists, and what they came to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import units
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach.channels import store, store_gateway
from huoke.reach.channels.gateway import cost_fen
from huoke.reach.channels.model import Message, MessageState, Totals


async def find(
    tx: Tx,
    principal: Principal,
    *,
    source_id: UUID | None = None,
    state: MessageState | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Message]:
    """Messages to customers in the caller's units, latest first, masked; `q` is an exact customer number or phone."""
    rows = await store.rows(
        tx,
        source_id=source_id,
        state=state.value if state else None,
        seqs=await _seqs(tx, q),
        units=principal.units,
        before=before,
        limit=limit,
    )
    return await _shown(tx, rows)


async def totals(tx: Tx, principal: Principal, *, source_id: UUID | None = None, q: str = "") -> Totals:
    """What messages came to, in the caller's units."""
    counts: dict[str, int] = {}
    withheld: dict[str, int] = {}
    parts: dict[str, int] = {}
    for row in await store.totals(tx, source_id=source_id, seqs=await _seqs(tx, q), units=principal.units):
        counts[row["state"]] = counts.get(row["state"], 0) + row["n"]
        parts[row["source_kind"]] = parts.get(row["source_kind"], 0) + row["parts"]
        if row["state"] == MessageState.WITHHELD:
            withheld[row["reason"]] = withheld.get(row["reason"], 0) + row["n"]
    price, whole = await _price(tx), sum(parts.values())
    return Totals(
        counts=counts,
        withheld=withheld,
        segments=whole,
        cost_fen=cost_fen(whole, price),
        kinds={kind: cost_fen(count, price) for kind, count in parts.items()},
    )


async def _price(tx: Tx) -> int:
    row = await store_gateway.get(tx)
    return row["price_fen_per_thousand"] if row else 0


async def _seqs(tx: Tx, q: str) -> Sequence[int] | None:
    wanted = q.strip()
    return [row.seq for row in (await customers.find(tx, q=wanted))[0]] if wanted else None


async def _shown(tx: Tx, rows: Collection[Record]) -> list[Message]:
    known = {row.seq: row for row in await customers.masked_rows(tx, [row["seq"] for row in rows])}
    names = {unit.id: unit.name for unit in await units.tree(tx)}
    price = await _price(tx)
    return [
        Message(
            id=row["id"],
            seq=row["seq"],
            customer_no=known[row["seq"]].customer_no if row["seq"] in known else "",
            name=known[row["seq"]].name if row["seq"] in known else None,
            phone=known[row["seq"]].phone if row["seq"] in known else None,
            unit_id=row["unit_id"],
            unit=names.get(row["unit_id"], ""),
            source_kind=row["source_kind"],
            source_id=row["source_id"],
            source=row["source"],
            state=MessageState(row["state"]),
            reason=row["reason"],
            language=row["language"],
            segments=row["segments"],
            cost_fen=row["segments"] * price / 1_000 if row["handed_at"] else 0.0,
            queued_at=row["queued_at"],
            handed_at=row["handed_at"],
            ended_at=row["ended_at"],
        )
        for row in rows
    ]
