"""The demo's statements: one that two buyers agreed on, with the invoice and file of a line; one that waits for the
second of them. And the tax on prizes: the first month is closed and waits to be paid.
"""

from datetime import timedelta
from uuid import UUID

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.demo.plan import SECOND_BUYER
from huoke.app.runtime import Runtime
from huoke.govern import identity
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.settle import invoices, statements, tax
from huoke.settle.invoices import InvoiceLine, LineRef, NewInvoice, Slot
from huoke.settle.statements import NewStatement

DAYS = 60
STATEMENTS = 2
RATE_PPM = 60_000


async def bill(runtime: Runtime, bank: Filled) -> None:
    """Make statements of what suppliers are owed up to yesterday; made before, nothing happens."""
    buyer = bank.actors[Role.BUYER]
    second = await identity.principal_of_login(runtime.database, bank.tenant, SECOND_BUYER)
    made: list[UUID] = []
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        if await statements.find(tx, buyer):
            return
        for supplier in await supply.find(tx, limit=200):
            if len(made) < STATEMENTS and (statement_id := await _statement(tx, supplier.id)):
                made.append(statement_id)
    if not made:
        return
    async with runtime.database.begin(bank.tenant, second.actor) as tx:
        await statements.confirm(tx, made[0])
        await invoices.follow(tx, made[0])
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        taxed = [line for line in await invoices.lines(tx, buyer, made[0]) if line.slot in (Slot.PURCHASE, Slot.SALE)]
        for line in taxed[:1]:
            await _invoice(tx, line)
        for line in taxed[1:3]:
            await invoices.request(tx, _ref(line))


async def close_month(runtime: Runtime, bank: Filled) -> None:
    """Close the first month of the past in which tax was withheld; closed before, nothing happens."""
    buyer = bank.actors[Role.BUYER]
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        months = await tax.months(tx, buyer)
        if not months or "close" not in months[-1].can:
            return
        await tax.ask(tx, months[-1].month, "示范：按月申报")
        [asked] = [one for one in await tax.months(tx, buyer) if one.month == months[-1].month]
        await approve(tx, bank, asked.change_id, comment="示范：已与扣缴明细核对")


async def _statement(tx: Tx, supplier_id: UUID) -> UUID | None:
    """A draft of a supplier's last days; None where nothing is owed."""
    until_on = tx.now.astimezone(CHINA).date() - timedelta(days=1)
    new = NewStatement(supplier_id=supplier_id, since_on=until_on - timedelta(days=DAYS), until_on=until_on)
    try:
        async with tx.savepoint():
            return await statements.create(tx, new)
    except statements.NothingOwed:
        return None


async def _invoice(tx: Tx, line: InvoiceLine) -> None:
    """The line's digital invoice, and the file it came as."""
    rate = 0 if line.slot is Slot.PURCHASE else RATE_PPM
    tax_fen = (2 * line.amount_fen * rate + 1_000_000 + rate) // (2 * (1_000_000 + rate))
    number = f"26{int(line.statement_id) % 10**18:018}"
    issued_on = tx.now.astimezone(CHINA).date()
    new = NewInvoice(
        lines=[_ref(line)], number=number, issued_on=issued_on, amount_fen=line.amount_fen, rate_ppm=rate,
        tax_fen=tax_fen,
    )  # fmt: skip
    invoice_id = await invoices.receive(tx, new)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<EInvoice><Number>{number}</Number><IssuedOn>{issued_on}</IssuedOn>'
        f"<Seller>{line.supplier}</Seller><Goods>{line.title}</Goods><AmountFen>{line.amount_fen}</AmountFen>"
        f"<TaxFen>{tax_fen}</TaxFen></EInvoice>\n"
    )
    await invoices.keep_paper(tx, invoice_id, f"{number}.xml", content.encode())


def _ref(line: InvoiceLine) -> LineRef:
    return LineRef(statement_id=line.statement_id, place=line.place, slot=line.slot)
