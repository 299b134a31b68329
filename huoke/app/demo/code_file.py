"""The demo's file of card codes: a month at the cinema that its supplier sells by codes, for points and money."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from huoke.app.demo import orders
from huoke.app.demo.banks import BANKS
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import BUDGET_NAME, Peopled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.reward import card_codes, grants, ledger, mall, supply
from huoke.reward.card_codes import NewBatch
from huoke.reward.catalogue import SkuKind, TaxCode, Terms, VoucherCode, VoucherDetails

SUPPLIER, SKU = "CHAOXI", "CARD-CINEMA"
FILE = "潮汐影院 月卡卡密.csv"
CODES, ON_SHELF, DAYS = 60, 40, 180
POINTS, CASH_FEN = 200, 990
WAIT_SECONDS = 120.0


async def sell_codes(runtime: Runtime, bank: Peopled, _: Sequence[Seq] = ()) -> None:
    """Upload the first bank's codes, have them read, put the card on the shelf; done before, nothing happens."""
    if bank.plan.code != BANKS[0].code:
        return
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        sku_id = await orders.add(tx, SKU, SkuKind.VOUCHER, _terms(suppliers[SUPPLIER]), "entertainment")
        if any(one.sku_id == sku_id for one in await mall.find_items(tx)):
            return
        if not await card_codes.find_batches(tx, sku_id=sku_id, limit=1):
            await _upload(tx, bank, sku_id)
    pool_id = await _stocked(runtime, bank, sku_id)
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        [budget_id] = [row.id for row in await ledger.find_budgets(tx) if row.name == BUDGET_NAME]
        new = mall.NewShelfItem(
            sku_id=sku_id, points=POINTS, cash_fen=CASH_FEN, person_limit=2, stock=ON_SHELF, budget_id=budget_id,
            pool_id=pool_id, opens_at=tx.now - timedelta(minutes=1), closes_at=tx.now + timedelta(days=DAYS),
        )  # fmt: skip
        item_id = await mall.propose(tx, new)
        [change_id] = [one.change_id for one in await mall.find_items(tx) if one.id == item_id]
        await approve(tx, bank, change_id)


def _terms(supplier_id: UUID) -> Terms:
    return Terms(
        name="观影月卡",
        name_en="A month at the cinema",
        face_value_fen=2_900,
        cost_fen=2_200,
        details=VoucherDetails(code=VoucherCode.CARD_CODE),
        supplier_id=supplier_id,
        valid_days=90,
        tax_code=TaxCode.DISCOUNT_COUPON,
        acceptance="潮汐影院 App 内输入卡号与密码开通",
        acceptance_en="Enter card number and password in the Tide Cinema app",
    )


async def _upload(tx: Tx, bank: Peopled, sku_id: UUID) -> None:
    """A file as the supplier sends it, with a card number and a password a line."""
    lines = ["卡号,密码", *(f"CX26{n:08d},{n * 7_919 % 1_000_000:06d}" for n in range(1, CODES + 1))]
    body = "\n".join(lines).encode()
    file_id = await files.put(tx, FILE, "text/csv", body, tx.now + timedelta(days=7))
    last_day = tx.now.astimezone(CHINA).date() + timedelta(days=2 * DAYS)
    unit_id = bank.head_office()
    new = NewBatch(sku_id=sku_id, file_id=file_id, file_name=FILE, expires_on=last_day, unit_id=unit_id)
    await card_codes.take_batch(tx, new)


async def _stocked(runtime: Runtime, bank: Peopled, sku_id: UUID) -> UUID:
    """The pool of the codes, once the worker has read the file."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            async with runtime.database.begin(bank.tenant) as tx:
                found = [one.id for one in await grants.find_pools(tx) if one.sku_id == sku_id and one.available]
            if found:
                return found[0]
            await asyncio.sleep(0.3)
