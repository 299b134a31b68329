"""A coupon platform for tests: a merchant's keys, and a shop that orders from it."""

import base64
from datetime import timedelta

import msgspec

from huoke.app.demo.coupon_server import CouponManners, CouponPlatform, CouponServer, PlatformNote
from huoke.kernel.ids import TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database
from huoke.reward import supply
from huoke.settle.fulfilment import CouponKeys
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import supply as make
from tests.make.payments import NOTICE_KEY, pair

RECIPIENT_KEY = "the merchant maps whom this means"


def note(code: str) -> PlatformNote:
    """What the platform knows of the merchant."""
    return PlatformNote(
        code=code,
        app_id="wx0001",
        merchant_no="1900000001",
        serial="5157F0",
        merchant_key=pair("merchant")[1],
        platform_serial="PUB_KEY_ID_01",
        platform_key=pair("platform")[0],
        notice_key=NOTICE_KEY,
        other_key=pair("stranger")[0],
    )


def keys(**changes: str) -> CouponKeys:
    """The same as the bank knows it."""
    made = CouponKeys(
        app_id="wx0001",
        merchant_no="1900000001",
        serial="5157F0",
        private_key=pair("merchant")[0],
        platform_serial="PUB_KEY_ID_01",
        platform_key=pair("platform")[1],
        notice_key=NOTICE_KEY,
        recipient_key=RECIPIENT_KEY,
    )
    return msgspec.structs.replace(made, **changes)


def key_of(known: CouponKeys) -> str:
    """Keys as a connection takes them."""
    return base64.b64encode(msgspec.json.encode(known)).decode()


async def shop(
    database: Database,
    tenant: TenantId,
    server: CouponServer,
    buyer: Principal,
    approver: Principal,
    *,
    callbacks: str = "",
    stock: int = 1_000,
    **manners: object,
) -> make.Shop:
    """A supplier whose orders are coupons of the platform, with money paid ahead and an offer at 12.80 yuan."""
    async with database.begin(tenant, buyer.actor) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        code = (await supply.get(tx, supplier_id)).code
        fake = CouponPlatform(note(code), database.clock.machine, CouponManners(**manners))
        fake.notice_address = f"{callbacks}/{code}" if callbacks else ""
        server.partners[code] = fake
        await make.connect(tx, server, supplier_id, code, adapter="busifavor", key=key_of(keys()))
        world = await make_grants.topup_world(tx, stock=stock, limit_fen=100_000_000, supplier_id=supplier_id)
    made = make.Shop(
        database=database,
        tenant=tenant,
        server=server,
        fake=fake,
        supplier_id=supplier_id,
        world=world,
        buyer=buyer,
        approver=approver,
    )
    await make.pay(made, 1_000_000)
    return made


async def ask_again(made: make.Shop, clock, times: int = 1) -> None:
    """Let the pauses of open orders pass and carry them on."""
    for _ in range(times):
        clock.advance(timedelta(hours=1))
        await made.carry()
