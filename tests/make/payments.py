"""Payments for tests: a cashier that is played, entered by one and approved by another, and charges at it."""

from datetime import timedelta
from functools import cache
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from huoke.app.demo.cashier_books import CashierManners, CashierNote, PlayedCashier
from huoke.app.demo.cashier_server import CashierServer
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database
from huoke.reward import ledger, payments
from huoke.reward.payments import Charge, NewCashier, Refund
from tests.make import people

NOTICE_KEY = "0123456789abcdef0123456789abcdef"
SEQ = 7


class Till(msgspec.Struct):
    """A bank with a cashier of its own on the server."""

    database: Database
    bank: TenantId
    code: str
    server: CashierServer
    fake: PlayedCashier

    async def charge(self, amount_fen: int = 1_990, **changes) -> UUID:
        """Ask for money; returns the payment."""
        async with self.database.begin(self.bank) as tx:
            [made] = await payments.charge(tx, [self.wish(amount_fen, **changes)])
        return made.payment_id

    def wish(self, amount_fen: int = 1_990, **changes) -> Charge:
        """A charge for a quarter of an hour."""
        made = Charge(
            request_no=new_id().hex, seq=SEQ, amount_fen=amount_fen, subject="积分商城订单", source_kind="test",
            source_id=new_id(), line=0, expires_at=self.database.clock.now() + timedelta(minutes=15),
        )  # fmt: skip
        return msgspec.structs.replace(made, **changes)

    async def refund(self, payment_id: UUID, amount_fen: int, request_no: str = ""):
        """Ask for money to go back."""
        async with self.database.begin(self.bank) as tx:
            wanted = Refund(
                request_no=request_no or uuid4().hex, payment_id=payment_id, amount_fen=amount_fen, reason="客户退货"
            )
            return (await payments.refund(tx, [wanted]))[0]

    async def close(self, payment_id: UUID):
        """Have a payment closed."""
        async with self.database.begin(self.bank) as tx:
            return (await payments.close(tx, [payment_id]))[0]

    async def carry(self) -> None:
        """Call the cashier about all that is due."""
        while await payments.carry(self.database, self.bank):
            pass

    async def wait(self, clock, seconds: int = 1_000) -> None:
        """Let time go by, and call the cashier."""
        clock.advance(timedelta(seconds=seconds))
        await self.carry()

    async def get(self, payment_id: UUID) -> payments.Payment:
        """A payment as it stands."""
        async with self.database.begin(self.bank) as tx:
            return await payments.get(tx, payment_id)

    async def state(self, payment_id: UUID) -> str:
        """Where a payment stands."""
        return (await self.get(payment_id)).state.value

    async def check(self) -> payments.Books:
        """Whether payments, the ledger and the cashier's own books say the same, to the fen."""
        async with self.database.begin(self.bank) as tx:
            books = await payments.books(tx)
            assert await ledger.verify(tx) == []
        assert books.equal
        return books


@cache
def pair(name: str) -> tuple[str, str]:
    """(private, public) PEM of somebody, the same all through a session."""
    del name
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def note(code: str) -> CashierNote:
    """What the cashier of a code knows of its merchant."""
    return CashierNote(
        code=code, name="示例银行", merchant_no="1900000001", app_id="wx0001", serial="5157F0",
        merchant_key=pair("merchant")[1], platform_serial="PUB_KEY_ID_01", platform_key=pair("platform")[0],
        notice_key=NOTICE_KEY,
    )  # fmt: skip


def cashier(reached_at: str, **changes) -> NewCashier:
    """The same as the bank enters it."""
    made = NewCashier(
        name="微信支付", address=reached_at, merchant_no="1900000001", app_id="wx0001", serial="5157F0",
        private_key=pair("merchant")[0], notice_key=NOTICE_KEY, platform_serial="PUB_KEY_ID_01",
        platform_key=pair("platform")[1], notice_address="http://127.0.0.1:1/notices", timeout_seconds=2,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


async def enter(database: Database, bank: TenantId, new: NewCashier) -> UUID:
    """Enter a cashier and have it approved."""
    approvals.register(payments.CashierApproval())
    async with database.begin(bank) as tx:
        await people.units(tx)
        maker = people.actor(await people.staff(tx, Role.BUYER))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
    async with database.begin(bank, maker) as tx:
        cashier_id = await payments.propose(tx, new)
        [row] = [one for one in await payments.cashiers(tx) if one.id == cashier_id]
    async with database.begin(bank, checker) as tx:
        change = await approvals.find_change(tx, row.change_id)
        await approvals.decide(tx, row.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return cashier_id


async def till(database: Database, bank: TenantId, server: CashierServer, **manners) -> Till:
    """A bank whose cashier is played by the server, unless said otherwise well."""
    async with database.begin_shared() as tx:
        code = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)
    name = f"{code}-{len(server.partners)}"
    fake = PlayedCashier(note(name), database.clock.machine, CashierManners(**manners))
    server.partners[name] = fake
    await enter(database, bank, cashier(server.address(name)))
    return Till(database, bank, code, server, fake)
