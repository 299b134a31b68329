"""The demo's cashier: keys of both sides, entered by the buyer and approved; customers who paid, did not pay yet, and
gave something back.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import httpx

from huoke.app.demo.cashier_books import CashierNote, read_cashiers, write_cashiers
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled, Peopled
from huoke.app.demo.outside import private_key, public_key
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.tx import Actor, ActorKind
from huoke.reward import catalogue, ledger, mall, payments
from huoke.reward.mall import Line, Placed, PurchaseState, Wish

PLATFORM_SERIAL = "PUB_KEY_ID_DEMO"
SERIAL = "5157F09EFDC096DE15EBE81A47057A72"
WAIT_SECONDS = 300
BUYERS = 400
SUBJECTS = 4
"""Orders: two are paid, one of these goes back, one is open, one was not wanted."""


async def open_tills(runtime: Runtime, banks: Sequence[Peopled]) -> None:
    """Give every bank its cashier, where it has none at this port; who plays them reads of all at once, and once."""
    known = {one.code: one for one in read_cashiers(runtime.settings.home)}
    notes = [known.get(bank.plan.code) or _note(bank) for bank in banks]
    write_cashiers(runtime.settings.home, notes)
    for bank, note in zip(banks, notes, strict=True):
        await _open_till(runtime, bank, note)


async def _open_till(runtime: Runtime, bank: Peopled, note: CashierNote) -> None:
    settings, code = runtime.settings, bank.plan.code
    address = f"http://127.0.0.1:{settings.cashier_port}/{code}"
    async with runtime.database.begin(bank.tenant) as tx:
        if any(one.state == "active" and one.address == address for one in await payments.cashiers(tx)):
            return
    new = payments.NewCashier(
        name="微信支付（演示）", address=address, merchant_no=note.merchant_no, app_id=note.app_id, serial=SERIAL,
        private_key=note.merchant_private, notice_key=note.notice_key, platform_serial=PLATFORM_SERIAL,
        platform_key=public_key(note.platform_key),
        notice_address=f"http://127.0.0.1:{settings.web_port}/v1/payment-notices/{code}",
    )  # fmt: skip
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        cashier_id = await payments.propose(tx, new)
        [row] = [one for one in await payments.cashiers(tx) if one.id == cashier_id]
        await approve(tx, bank, row.change_id)


async def buy(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Some customers order what costs money too, and go different ways; done before, nothing."""
    placed = await _place(runtime, bank, seqs)
    if not placed:
        return
    await payments.carry(runtime.database, bank.tenant)
    for seq, one in placed[:2]:
        await _pay(runtime, bank, seq, one)
    if len(placed) > 3:
        async with runtime.database.begin(bank.tenant, _actor(placed[3][0])) as tx:
            await mall.cancel(tx, placed[3][0], placed[3][1].purchase_id)
    if len(placed) > 1 and (units := await _units(runtime, bank, *placed[1])):
        async with runtime.database.begin(bank.tenant, _actor(placed[1][0])) as tx:
            await mall.give_back(tx, units[0], [placed[1][0]], "客户自行退回")
    if units := await _units(runtime, bank, *placed[0]):
        async with runtime.database.begin(bank.tenant, _actor(placed[0][0])) as tx:
            await mall.ask_after_sale(tx, placed[0][0], units[0], "门店说券码无法使用，想退回")


async def _place(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> list[tuple[int, Placed]]:
    async with runtime.database.begin(bank.tenant) as tx:
        shelf = [
            one
            for one in await mall.shelf_for(tx, seqs[0])
            if one.cash_fen and one.left > SUBJECTS and one.sku.handover is catalogue.Handover.COUNTER
        ]
        if not shelf or await payments.find_payments(tx, limit=1):
            return []
        accounts = {int(seq): ledger.points_account(seq, "POINTS") for seq in seqs[:BUYERS]}
        held = await ledger.stored_balances(tx, list(accounts.values()))
    able = [seq for seq, account in accounts.items() if held[account] >= shelf[0].points + 200][:SUBJECTS]
    placed = []
    for seq in able:
        line = Line(
            shelf_item_id=shelf[0].id, quantity=1, expected_points=shelf[0].points,
            expected_cash_fen=shelf[0].cash_fen,
        )  # fmt: skip
        async with runtime.database.begin(bank.tenant, _actor(seq)) as tx:
            placed.append((seq, await mall.place(tx, Wish(request_no=new_id().hex, seq=seq, lines=[line]))))
    return placed


async def settle(runtime: Runtime, bank: Filled, payment_id: UUID) -> None:
    """The customer opens the cashier's page and confirms; wait until the bank has heard that it is paid."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not (payment := await _payment(runtime, bank, payment_id)).pay_address:
            await payments.carry(runtime.database, bank.tenant, ids=[payment_id])
            await asyncio.sleep(0.1)
        async with httpx.AsyncClient(trust_env=False) as phone:
            await phone.post(payment.pay_address, data={"step": "pay"})
        while (await _payment(runtime, bank, payment_id)).is_open:
            await payments.carry(runtime.database, bank.tenant, ids=[payment_id])
            await asyncio.sleep(0.1)


async def _pay(runtime: Runtime, bank: Filled, seq: int, placed: Placed) -> None:
    """The customer pays; wait until the mall has heard of it."""
    assert placed.payment_id is not None, "it costs money"
    await settle(runtime, bank, placed.payment_id)
    async with asyncio.timeout(WAIT_SECONDS):
        while (await _purchase(runtime, bank, seq, placed)).state is PurchaseState.HELD:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)


async def _payment(runtime: Runtime, bank: Filled, payment_id: UUID) -> payments.Payment:
    async with runtime.database.begin(bank.tenant) as tx:
        return await payments.get(tx, payment_id)


async def _purchase(runtime: Runtime, bank: Filled, seq: int, placed: Placed) -> mall.OwnPurchase:
    async with runtime.database.begin(bank.tenant) as tx:
        return await mall.own_purchase(tx, seq, placed.purchase_id)


async def _units(runtime: Runtime, bank: Filled, seq: int, placed: Placed) -> list[UUID]:
    return [unit.id for unit in (await _purchase(runtime, bank, seq, placed)).units]


def _actor(seq: int) -> Actor:
    return Actor(ActorKind.CUSTOMER, str(seq))


def _note(bank: Peopled) -> CashierNote:
    """A cashier with keys of its own."""
    merchant = private_key()
    return CashierNote(
        code=bank.plan.code, name=bank.plan.name, merchant_no=f"19{bank.tenant:08d}", app_id=f"wx{bank.tenant:014d}",
        serial=SERIAL, merchant_key=public_key(merchant), platform_serial=PLATFORM_SERIAL, platform_key=private_key(),
        notice_key=new_id().hex, merchant_private=merchant, strays_fen=[1_200],
    )  # fmt: skip
