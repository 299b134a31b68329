"""Statements with lines of every kind of benefit, and invoices for them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from huoke.kernel.ids import new_id
from huoke.kernel.log import LoggedEvent
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.catalogue import Delivery, NewSku, PhysicalDetails, SkuKind, VoucherCode, VoucherDetails
from huoke.settle import invoices, statements
from huoke.settle.invoices import InvoiceLine, LineRef, NewInvoice
from huoke.settle.invoices.jobs import follow_statements
from huoke.settle.statements import StatementLine
from huoke.settle.statements import store as statement_store
from huoke.settle.statements.model import day_start
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

DAY = date(2026, 3, 1)
_numbers = count(1)


async def skus(tx: Tx, supplier_id: UUID) -> dict[str, UUID]:
    """A published benefit of each kind a supplier is paid for."""
    card = VoucherDetails(code=VoucherCode.CARD_CODE)
    gift = make_catalogue.voucher_terms(supplier_id, name="雨伞", details=PhysicalDetails(delivery=Delivery.OUTLET))
    new = NewSku(
        item_id=await make_catalogue.item(tx), code=make_catalogue.next_code(), kind=SkuKind.PHYSICAL, terms=gift
    )
    physical = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, physical)
    return {
        "physical": physical,
        "voucher": await make_catalogue.voucher(tx, supplier_id=supplier_id),
        "card_code": await make_catalogue.voucher(tx, supplier_id=supplier_id, details=card),
        "topup": await make_catalogue.topup(tx, supplier_id=supplier_id),
    }


async def draft(
    world: make.World,
    *sku_ids: UUID,
    amount_fen: int = 11_300,
    supplier_id: UUID | None = None,
    more: Sequence[StatementLine] = (),
) -> UUID:
    """A draft statement of the buyer's: one line of `amount_fen` for each benefit, and `more`."""
    number = next(_numbers)
    lines = [
        StatementLine(
            place=place,
            sku_id=sku_id,
            title=f"权益{place}",
            source_id=new_id(),
            campaign="秋日咖啡季",
            redeemed=1,
            undone=0,
            quantity=1,
            unit_cost_fen=amount_fen,
            amount_fen=amount_fen,
        )
        for place, sku_id in enumerate(sku_ids, 1)
    ] + list(more)
    statement_id = new_id()
    since = day_start(DAY) + timedelta(seconds=number)
    async with world.begin(world.buyer) as tx:
        values = {
            "id": statement_id,
            "number": f"ST-TEST-{number:05}",
            "supplier_id": supplier_id or new_id(),
            "merchant_id": None,
            "since_on": DAY,
            "until_on": DAY,
            "since_at": since,
            "until_at": tx.now,
            "quantity": len(lines),
            "amount_fen": sum(line.amount_fen for line in lines),
            "prepaid_fen": 0,
        }
        await statement_store.insert(tx, values, lines)
    return statement_id


def difference(place: int, amount_fen: int, sku_id: UUID | None = None) -> StatementLine:
    """An accepted difference of a day file, of an order of ours where it has a benefit."""
    return StatementLine(
        place=place,
        sku_id=sku_id,
        title="" if sku_id is None else "权益",
        source_id=None,
        campaign="",
        redeemed=0,
        undone=0,
        quantity=0,
        unit_cost_fen=0,
        amount_fen=amount_fen,
        difference_id=new_id(),
        on_day=DAY,
        number=f"ORDER{place}",
    )


async def confirmed(world: make.World, *sku_ids: UUID, **changes: Any) -> UUID:
    """A statement that was confirmed by somebody else, its lines open."""
    statement_id = await draft(world, *sku_ids, **changes)
    async with world.begin(world.other_buyer) as tx:
        await statements.confirm(tx, statement_id)
    await told(world, "statements.confirmed", statement_id)
    return statement_id


async def told(world: make.World, name: str, statement_id: UUID) -> None:
    """What the log tells of a statement reaches invoices."""
    async with world.begin() as tx:
        event = LoggedEvent(
            tenant=world.tenant,
            id=new_id(),
            name=name,
            version=1,
            data_class="C1",
            recorded_at=tx.now,
            actor_kind="system",
            actor_id="system",
            seq=None,
            members=None,
            payload={"statement_id": str(statement_id)},
            xid=1,
            ordinal=1,
        )
        await follow_statements(tx, event)


async def lines(world: make.World, statement_id: UUID, principal: Any = None) -> list[InvoiceLine]:
    """A statement's invoice lines as somebody sees them, the other buyer unless said otherwise."""
    async with world.begin() as tx:
        return await invoices.lines(tx, principal or world.other_buyer, statement_id)


def ref(line: InvoiceLine) -> LineRef:
    """A line as requests name it."""
    return LineRef(statement_id=line.statement_id, place=line.place, slot=line.slot)


def invoice(*covered: InvoiceLine, **changes: Any) -> NewInvoice:
    """A digital invoice at 13 % that fits its lines."""
    amount_fen = sum(line.amount_fen for line in covered)
    return NewInvoice(
        **{
            "lines": [ref(line) for line in covered],
            "number": f"{next(_numbers):020}",
            "issued_on": DAY,
            "amount_fen": amount_fen,
            "rate_ppm": 130_000,
            "tax_fen": amount_fen * 13 // 113,
            **changes,
        }
    )


async def receive(world: make.World, new: NewInvoice) -> UUID:
    """Enter it as the buyer."""
    async with world.begin(world.buyer) as tx:
        return await invoices.receive(tx, new)
