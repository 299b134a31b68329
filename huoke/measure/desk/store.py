"""What the desk asks of other modules' tables; nothing is written."""

from collections.abc import Collection, Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def grant_place(tx: Tx, grant_id: UUID) -> Record | None:
    """Customer and unit of a grant."""
    return await tx.fetch_row("SELECT id, seq, unit_id FROM grants.grant WHERE id = $1", grant_id)


async def order_place(tx: Tx, text: str, order_id: UUID | None) -> Record | None:
    """Customer and grant of the order with that number of ours or of the supplier's, or that id."""
    return await tx.fetch_row(
        "SELECT o.id, o.grant_id, g.seq, g.unit_id FROM fulfilment.supplier_order o"
        " JOIN grants.grant g ON g.id = o.grant_id"
        " WHERE o.number = upper($1) OR o.id = $2 OR (o.supplier_no = $1 AND $1 <> '')"
        " ORDER BY o.created_at DESC LIMIT 1",
        text,
        order_id,
    )


async def message_place(tx: Tx, message_id: UUID) -> Record | None:
    """Customer of a message, and the benefit of the same source, where there is one."""
    return await tx.fetch_row(
        "SELECT m.id, m.seq, m.unit_id, coalesce(a.grant_id,"
        " (SELECT g.id FROM grants.grant g JOIN grants.offer o ON o.id = g.offer_id"
        " WHERE g.seq = m.seq AND o.source_id = m.source_id ORDER BY g.granted_at DESC LIMIT 1)) AS grant_id"
        " FROM channels.message m LEFT JOIN care.act a ON a.id = m.source_id WHERE m.id = $1",
        message_id,
    )


async def sources(tx: Tx, source_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of campaigns and service offers."""
    rows = await tx.fetch(
        "SELECT id, name FROM campaigns.campaign WHERE id = ANY($1)"
        " UNION ALL SELECT id, name FROM care.service_offer WHERE id = ANY($1)",
        list(source_ids),
    )
    return {row["id"]: row["name"] for row in rows}


async def redemptions(tx: Tx, grant_id: UUID) -> list[Record]:
    """How a benefit was used: where, by whom, and whether it was undone; first to last."""
    return await tx.fetch(
        "SELECT r.way, r.teller, r.unit_id, r.at, r.undone_at, r.undone_by, r.reason, s.name AS store, u.name AS unit"
        " FROM grants.redemption r LEFT JOIN merchants.store s ON s.id = r.store_id"
        " LEFT JOIN people.unit u ON u.id = r.unit_id WHERE r.grant_id = $1 ORDER BY r.at",
        grant_id,
    )


async def message_steps(tx: Tx, seqs: Sequence[int], source_ids: Sequence[UUID]) -> list[Record]:
    """What became of messages of some sources to a customer's numbers, step by step."""
    return await tx.fetch(
        "SELECT s.message_id, s.source_id, s.step, s.state, s.reason, s.at FROM channels.step s"
        " JOIN channels.message m ON m.id = s.message_id"
        " WHERE m.seq = ANY($1::int[]) AND m.source_id = ANY($2) ORDER BY s.at, s.step",
        list(seqs),
        list(source_ids),
    )


async def order_steps(tx: Tx, grant_id: UUID) -> list[Record]:
    """What became of the order of a benefit, step by step."""
    return await tx.fetch(
        "SELECT s.step, s.previous, s.state, s.cause, s.at FROM fulfilment.step s"
        " JOIN fulfilment.supplier_order o ON o.id = s.order_id WHERE o.grant_id = $1 ORDER BY o.turn, s.step",
        grant_id,
    )


async def askable(tx: Tx, unit_path: Sequence[int]) -> list[Record]:
    """Campaigns that a customer of a unit may have heard of: approved ones of the units above, latest first."""
    return await tx.fetch(
        "SELECT id, name, state, opens_at, closes_at FROM campaigns.campaign"
        " WHERE offer_id IS NOT NULL AND unit_id = ANY($1) ORDER BY opens_at DESC NULLS LAST, id LIMIT 200",
        list(unit_path),
    )
