"""What walks of rewards set up in a running demo through the use-cases people use: plays, goods, people, events."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import msgspec
from playwright.async_api import Page, expect

from huoke.app.demo import playing
from huoke.app.demo.banks import BANKS
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import BUDGET_NAME, Peopled, find_bank
from huoke.app.demo.phone import send_events
from huoke.app.runtime import clock_of
from huoke.govern import approvals, privacy
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import SYSTEM, Database
from huoke.know import consent
from huoke.know.language import Analytics
from huoke.reward import catalogue, grants, ledger, plays, referral
from huoke.reward.catalogue import Handover, SkuKind
from huoke.reward.plays import DrawOrder, NewPlay, PlayState, PrizeDraft

NOTHING = PrizeDraft(title="谢谢参与", title_en="Not this time")
WAIT_TIMES = 120
_FREE = """
SELECT c.seq, c.customer_no FROM customers.customer AS c
WHERE c.status = 'active' AND c.person = c.seq AND NOT c.customer_no = ANY($1) AND NOT c.seq = ANY($2)
  AND NOT EXISTS (SELECT FROM grants.grant AS g WHERE g.seq = c.seq)
  AND NOT EXISTS (SELECT FROM plays.draw AS d WHERE d.seq = c.seq)
ORDER BY c.seq DESC LIMIT $3
"""
_taken: set[int] = set()
"""Customers some walk has already: nobody else's past stands in the way of the next."""


class Somebody(msgspec.Struct, frozen=True):
    """A customer as the bank and as we know them."""

    seq: int
    no: str


class Bank(msgspec.Struct):
    """One bank of the demo, and the people who decide in it."""

    place: Any
    database: Database
    people: Peopled
    sku_id: UUID
    budget_id: UUID

    @property
    def code(self) -> str:
        return self.people.plan.code

    @property
    def home(self) -> str:
        return f"{self.place.web}/h5/{self.code}"

    def begin(self, role: Role | None = None, *, at: datetime | None = None) -> Any:
        """A transaction as whoever has a role, or as the system; by another clock where `at` is given."""
        database = self.database if at is None else Database(self.database.pool, SetClock(at))
        return database.begin(self.people.tenant, self.people.actors[role].actor if role else SYSTEM)

    async def prize(self, odds_ppm: int, *, stock: int = 500, fallback: int | None = 1, **changes: Any) -> PrizeDraft:
        """A voucher for the counter out of a pool of its own."""
        async with self.begin(Role.BUYER) as tx:
            new = grants.NewPool(sku_id=self.sku_id, unit_id=self.people.head_office(), name="走查奖池", quantity=stock)
            pool_id = await grants.open_pool(tx, new)
        told = {"title": "到店好礼券", "title_en": "A gift at the counter", "fallback": fallback, **changes}
        return PrizeDraft(sku_id=self.sku_id, pool_id=pool_id, odds_ppm=odds_ppm, **told)

    def nothing(self, odds_ppm: int) -> PrizeDraft:
        """The line that wins nothing."""
        return msgspec.structs.replace(NOTHING, odds_ppm=odds_ppm)

    async def play(
        self,
        name: str,
        prizes: list[PrizeDraft],
        *,
        at: datetime | None = None,
        title_en: str = "A play",
        **changes: Any,
    ) -> Any:
        """A play that two people approved, open for ten days since `at`; as it is published."""
        now = at or self.database.clock.now()
        told = {"name": name, "opens_at": now, "closes_at": now + timedelta(days=10), "daily_chances": 3, **changes}
        page = plays.Page(title=name, rules="每人每天三次机会，当天有效。奖品、概率与剩余数量以公示表为准。")
        page_en = plays.Page(title=title_en, rules="Three chances a day. Prizes, odds and what is left: see the table.")
        new = NewPlay(budget_id=self.budget_id, prizes=prizes, zh=page, en=page_en, **told)
        play_id = await playing.publish(Database(self.database.pool, SetClock(now)), self.people, new)
        return await self.read(play_id)

    async def read(self, play_id: UUID) -> Any:
        """A play as it stands."""
        async with self.begin() as tx:
            return await plays.seen(tx, play_id, self.people.actors[Role.OPERATOR])

    async def draw(self, play: Any, people: Sequence[Somebody], *, at: datetime | None = None) -> list[Any]:
        """Draw once for each, in one batch."""
        async with self.begin(at=at) as tx:
            orders = [DrawOrder(request_no=uuid4().hex, play_id=play.id, seq=one.seq) for one in people]
            return list(await plays.draw(tx, [Call(order, SYSTEM, tx.now) for order in orders]))

    async def move(self, play: Any, state: PlayState) -> None:
        """Pause, resume or end a play, as its operator does."""
        async with self.begin(Role.OPERATOR) as tx:
            await plays.move(tx, self.people.actors[Role.OPERATOR], play.id, state, "走查")

    async def people_free(self, count: int) -> list[Somebody]:
        """Customers who may play, were granted nothing yet and are in no other walk."""
        noted = [one.no for one in self.place.notes(self.code).customers]
        async with self.begin() as tx:
            rows = await tx.fetch(_FREE, noted, sorted(_taken), count + 100)
            suppressed = await consent.suppressed(tx)
        found = [Somebody(row["seq"], row["customer_no"]) for row in rows if row["seq"] not in suppressed][:count]
        assert len(found) == count, "the demo has customers who were granted nothing"
        _taken.update(one.seq for one in found)
        return found

    async def programme(self, **changes: Any) -> UUID:
        """A referral programme that another person approved: both get a voucher for the friend's first payment."""
        gift = referral.Benefit(sku_id=self.sku_id, budget_id=self.budget_id, stock=20)
        async with self.begin(Role.OPERATOR) as tx:
            told = {
                "name": "走查邀请",
                "title": "邀好友，各得一份",
                "title_en": "Bring a friend",
                "rules": "好友完成一次支付，双方各得一份权益。转发本身不产生权益。",
                "rules_en": "One payment of your friend gives both of you a benefit.",
                "act": {"kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 1},
                "act_label": "完成一次支付",
                "act_label_en": "Make a payment",
                "opens_at": tx.now,
                "closes_at": tx.now + timedelta(days=30),
                "inviter": gift,
                "invitee": gift,
                **changes,
            }
            programme_id = await referral.propose(tx, self.people.actors[Role.OPERATOR], referral.NewProgramme(**told))
            await approve(tx, self.people, (await referral.get(tx, programme_id)).change_id)
        return programme_id

    async def happens(self, who: Somebody, event: str, **properties: Any) -> None:
        """The bank's app tells that a customer did something, over HTTP as it does."""
        message = {
            "type": "track",
            "messageId": uuid4().hex,
            "userId": who.no,
            "event": event,
            "timestamp": self.database.clock.now().astimezone(UTC).isoformat(),
            "properties": properties,
        }
        port, key = self.place.settings.web_port, self.place.notes(self.code).write_key
        await asyncio.to_thread(send_events, port, key, [message])

    async def phone(self, who: Somebody, path: str = "", language: str = "zh-CN", **options: Any) -> Page:
        """A customer's phone that came in through the bank's app, on a page."""
        phone = await self.place.phone(language, **options)
        await self.place.hand_over(phone, self.code, who.no, "benefits")
        if path:
            await phone.goto(f"{self.home}/{path}")
        return phone


@asynccontextmanager
async def opened(place: Any, code: str) -> AsyncIterator[Bank]:
    """A bank of the demo to set things up in."""
    privacy.unlock(place.settings.key_path)
    for kind in (plays.PlayApproval(), plays.AmendmentApproval(), referral.ProgrammeApproval()):
        approvals.register(kind)
    plays.read_from(Analytics(ClickHouse(place.settings.clickhouse_url), SetServer(place.settings.set_server_path)))
    database = await Database.connect(place.settings.database_url, clock=clock_of(place.settings))
    try:
        people = await find_bank(SimpleNamespace(database=database), next(one for one in BANKS if one.code == code))
        async with database.begin(people.tenant) as tx:
            rows = await catalogue.find_skus(tx, kind=SkuKind.VOUCHER, limit=50)
            found = await catalogue.skus(tx, [row.id for row in rows])
            sku_id = next(one.id for one in found.values() if one.handover is Handover.COUNTER and not one.regions)
            [budget_id] = [row.id for row in await ledger.find_budgets(tx) if row.name == BUDGET_NAME]
        yield Bank(place, database, people, sku_id, budget_id)
    finally:
        await database.close()


async def reloaded_until(page: Page, locator: Any) -> None:
    """Look at a page again until something stands on it that other processes bring within seconds."""
    for _ in range(WAIT_TIMES):
        if await locator.count():
            return
        await asyncio.sleep(0.25)
        await page.reload()
    await expect(locator.first).to_be_visible()
