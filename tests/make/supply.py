"""Suppliers that take orders, for tests: a fake that speaks the protocol, a connection, money, grants that wait."""

import base64
from uuid import UUID

import msgspec

from huoke.app.demo.supplier_server import Manners, Supplier, SupplierServer
from huoke.govern import approvals
from huoke.kernel.ids import TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.reward import grants, ledger, supply
from huoke.reward.grants import PhoneDelivery
from huoke.settle import fulfilment
from huoke.settle.fulfilment import Issued, NewPrepayment
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants

KEY = bytes(range(32))
PHONE = "13800138000"


class Shop(msgspec.Struct, kw_only=True):
    """A bank's supplier with its fake and an offer of top-ups from it."""

    database: Database
    tenant: TenantId
    server: SupplierServer
    fake: Supplier
    supplier_id: UUID
    world: make_grants.World
    buyer: Principal
    approver: Principal
    grant_ids: list[UUID] = []

    def begin(self, principal: Principal | None = None):
        """A transaction as somebody, or as the system."""
        return self.database.begin(self.tenant, principal.actor if principal else SYSTEM)

    async def carry(self, slices: int = 50) -> int:
        """Carry the supplier's due orders on until nothing is due; returns how many slices that took."""
        done = 0
        while done < slices:
            done += 1
            if not await fulfilment.carry(self.database, self.tenant, self.supplier_id):
                break
        return done

    async def orders(self) -> list[fulfilment.Order]:
        """Every order of the supplier, first to last."""
        async with self.begin() as tx:
            rows = await fulfilment.find_orders(tx, self.buyer, supplier_id=self.supplier_id, limit=10_000)
        return rows[::-1]

    async def states(self) -> dict[str, int]:
        """How many orders stand in each state."""
        async with self.begin() as tx:
            return await fulfilment.count_orders(tx, supplier_id=self.supplier_id)

    async def money(self) -> fulfilment.PrepaymentAccount:
        """The drawdown account."""
        async with self.begin() as tx:
            [account] = [one for one in await fulfilment.accounts(tx) if one.supplier_id == self.supplier_id]
        return account


async def shop(
    database: Database,
    tenant: TenantId,
    server: SupplierServer,
    buyer: Principal,
    approver: Principal,
    *,
    callbacks: str = "",
    stock: int = 1_000,
    paid_fen: int = 1_000_000,
    **manners: object,
) -> Shop:
    """A supplier of its own on the server, connected, with money paid ahead and an offer of top-ups at 12.80 yuan."""
    async with database.begin(tenant, buyer.actor) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        code = (await supply.get(tx, supplier_id)).code
        fake = Supplier(code, "bank", KEY, database.clock.machine, Manners(**manners))
        server.partners[code] = fake
        await connect(tx, server, supplier_id, code, callback_address=f"{callbacks}/{code}" if callbacks else "")
        world = await make_grants.topup_world(tx, stock=stock, limit_fen=100_000_000, supplier_id=supplier_id)
    made = Shop(
        database=database,
        tenant=tenant,
        server=server,
        fake=fake,
        supplier_id=supplier_id,
        world=world,
        buyer=buyer,
        approver=approver,
    )
    if paid_fen:
        await pay(made, paid_fen)
    return made


async def second_offer(
    made: Shop, *, cost_fen: int = 1_280, priority: int = 1, paid_fen: int = 1_000_000, **manners: object
) -> Shop:
    """Another supplier of the same SKU, with a fake and money of its own; the shop as seen from there."""
    async with made.begin(made.buyer) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        code = (await supply.get(tx, supplier_id)).code
        fake = Supplier(code, "bank", KEY, made.database.clock.machine, Manners(**manners))
        made.server.partners[code] = fake
        await connect(tx, made.server, supplier_id, code)
        await listing(tx, made.world.offer.sku_id, supplier_id, f"T-{code}", cost_fen, priority)
    other = msgspec.structs.replace(made, fake=fake, supplier_id=supplier_id)
    if paid_fen:
        await pay(other, paid_fen)
    return other


async def listing(tx: Tx, sku_id: UUID, supplier_id: UUID, code: str, cost_fen: int, priority: int) -> int:
    """A listing of the library that was taken into a SKU; returns its number."""
    number: int = await tx.fetch_value(
        "INSERT INTO library.listing (number, supplier_id, code, name, name_en, brand, item, category, kind,"
        " face_value_fen, cost_fen, regions, valid_days, stock, words, sounds, initials, digest, status, sku_id,"
        " priority, added_at, changed_at, ordinal) SELECT coalesce(max(number), 0) + 1, $1, $2, '话费', '', '移动', '',"
        " 'topup', 'topup', $3, $3, '{}', 30, -1, '', '', '', '', 'listed', $4, $5, $6, $6, 0 FROM library.listing"
        " RETURNING number",
        supplier_id,
        code,
        cost_fen,
        sku_id,
        priority,
        tx.now,
    )
    return number


async def connect(tx: Tx, server: SupplierServer, supplier_id: UUID, code: str, **changes: object) -> None:
    """A connection to the fake."""
    told = {
        "supplier_id": supplier_id,
        "address": server.address(code),
        "key_id": "bank",
        "key": base64.b64encode(KEY).decode(),
        "timeout_seconds": 1,
        "per_second_max": 1_000,
        "at_once_max": 16,
        **changes,
    }
    await supply.connect(tx, supply.NewConnection(**told))


async def pay(made: Shop, amount_fen: int, reference: str = "") -> None:
    """Pay ahead: the buyer asks, the approver approves."""
    async with made.begin(made.buyer) as tx:
        new = NewPrepayment(
            supplier_id=made.supplier_id, amount_fen=amount_fen, reference=reference or f"P-{tx.now.timestamp()}"
        )
        prepayment_id = await fulfilment.prepay(tx, new, 1)
        [row] = [one for one in await fulfilment.find_prepayments(tx) if one.id == prepayment_id]
    async with made.begin(made.approver) as tx:
        change = await approvals.find_change(tx, row.change_id)
        await approvals.decide(tx, row.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


async def claim(made: Shop, *seqs: int) -> list[UUID]:
    """Customers claim top-ups; their grants wait and have orders. Returns the grants."""
    async with made.begin() as tx:
        claims = [make_grants.claim(made.world.offer.id, seq, delivery=PhoneDelivery(phone=PHONE)) for seq in seqs]
        answers = await make_grants.claim_all(tx, *claims)
        grant_ids = [answer.grant_id for answer in answers]
        issued = Issued(
            sku_id=made.world.offer.sku_id,
            kind="topup",
            supplier_id=made.supplier_id,
            cost_fen=made.world.offer.cost_fen,
            grant_ids=grant_ids,
            seqs=list(seqs),
        )
        assert await fulfilment.create(tx, issued) == len(seqs)
    made.grant_ids += grant_ids
    return grant_ids


async def grant_states(made: Shop) -> dict[str, int]:
    """How many grants of the offer stand in each state."""
    counts: dict[str, int] = {}
    async with made.begin() as tx:
        for row in await grants.progress(tx, [made.world.offer.id]):
            counts[row.state.value] = counts.get(row.state.value, 0) + row.count
    return counts


async def assert_equal_books_of(first: Shop, *others: Shop) -> None:
    """The same where several suppliers deliver one offer: each one's own book, each grant delivered once at most.

    What a supplier delivered after its no is owed and paid from the prepayment, and no grant stands for it.
    """
    async with first.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []
    states, delivered, ended = await grant_states(first), [], 0
    for made in (first, *others):
        rows, account = await made.orders(), await made.money()
        done = [row for row in rows if row.state == "success"]
        theirs = {order.order_no for order in made.fake.books.values() if order.status == "success"}
        assert {row.number for row in done} == theirs
        assert sum(row.amount_fen for row in done) == made.fake.earned_fen() == account.drawn_fen
        assert account.paid_fen == account.balance_fen + account.drawn_fen
        async with made.begin() as tx:
            owed = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(made.supplier_id))
            assert await ledger.balance(tx, owed) == account.drawn_fen
        stand = [row for row in done if row.next_id is None and row.code != "corrected"]
        delivered += [row.grant_id for row in stand]
        ended += len([row for row in rows if row.state in ("refunded", "success") and row.next_id is None]) - len(stand)
    assert len(delivered) == len(set(delivered)) == states.get("used", 0)
    assert ended == states.get("failed", 0)


async def assert_equal_books(made: Shop) -> None:
    """Ledger, grants, orders and the supplier's own books say the same, to the fen."""
    async with made.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []
        owed = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(made.supplier_id))
        payable = await ledger.balance(tx, owed)
    rows, account, states = await made.orders(), await made.money(), await grant_states(made)
    done = [row for row in rows if row.state == "success"]
    theirs = {order.order_no: order for order in made.fake.books.values()}
    assert {row.number for row in done} == {number for number, order in theirs.items() if order.status == "success"}
    assert len(rows) == len({row.grant_id for row in rows}) == sum(states.values())
    assert states.get("used", 0) == len(done)
    assert states.get("failed", 0) == len([row for row in rows if row.state == "refunded"])
    earned = sum(row.amount_fen for row in done)
    assert earned == made.fake.earned_fen() == account.drawn_fen == payable
    assert account.paid_fen == account.balance_fen + account.drawn_fen
