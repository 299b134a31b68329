"""Lines follow statements: opened when one is confirmed, closed when it is reversed."""

from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.settle import statements
from huoke.settle.invoices import store
from huoke.settle.invoices.model import SLOTS, LineState, VatKind, kind_of
from huoke.settle.statements import StatementState


async def follow(tx: Tx, statement_id: UUID) -> int:
    """Bring the invoice lines of a statement up to its state; returns how many were opened.

    Doing it again opens nothing. `statements.StatementUnknown`.
    """
    held = await statements.settled(tx, statement_id)
    if held.state is StatementState.REVERSED:
        await store.close(tx, statement_id)
        return 0
    if held.state is not StatementState.CONFIRMED or await store.has(tx, statement_id):
        return 0
    skus = await catalogue.skus(tx, {line.sku_id for line in held.lines if line.sku_id})
    rows: list[tuple[object, ...]] = []
    for line in held.lines:
        kind, basis = kind_of(skus[line.sku_id] if line.sku_id else None)
        state = LineState.NONE if kind is VatKind.NONE else LineState.OPEN
        rows += [
            (
                statement_id, line.place, slot.value, held.number, held.supplier_id, held.until_on,
                line.title or line.number, line.campaign or (line.number if line.title else ""), line.quantity,
                line.amount_fen, kind.value, basis.value, "", held.created_by, None, state.value,
            )
            for slot in SLOTS[kind]
        ]  # fmt: skip
    return await store.add(tx, rows) if rows else 0
