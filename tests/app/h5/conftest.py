"""The phone pages over the real engines: a bank with customers and campaigns, and phones that walk in by ticket."""

import re
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from huoke.app.ports import register_ports
from huoke.app.runtime import Runtime
from huoke.app.web import create_app
from huoke.govern import identity
from huoke.govern.identity import NewTicket
from huoke.kernel.batch import Batchers
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database
from huoke.know.language import Analytics
from tests.make import campaigns as make


class Phone(msgspec.Struct):
    """A customer's phone: follows redirects by hand, keeps its cookies."""

    client: httpx.AsyncClient
    home: str

    async def get(self, path: str, **options) -> httpx.Response:
        return await self.client.get(f"{self.home}/{path}", **options)

    async def post(self, path: str, **options) -> httpx.Response:
        return await self.client.post(f"{self.home}/{path}", **options)

    async def state(self, code: str, **options) -> str:
        """Which of its states a campaign's page is in, told by what it says."""
        page = await self.get(f"c/{code}", **options)
        assert page.status_code == 200, page.text
        return state_of(page.text)

    async def claim(self, code: str, page: str | None = None, **changes) -> httpx.Response:
        """Press the button of a campaign's page as a form, without a script."""
        text = page or (await self.get(f"c/{code}")).text
        return await self.post(f"c/{code}/claim", data={**fields_of(text), **changes})


class Walk(msgspec.Struct):
    """Everything a test of the pages needs."""

    world: make.World
    app: object
    code: str
    other: "Walk | None" = None

    async def phone(self, seq: int | None = None, entry_point: str = "benefits", **headers) -> Phone:
        """A phone; with a seq it came in through the bank's app."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://huoke.test", headers=headers)
        phone = Phone(client, f"/h5/{self.code}")
        if seq is not None:
            answer = await phone.get("enter", params={"ticket": await self.ticket(seq, entry_point)})
            assert answer.status_code == 303, answer.text
        return phone

    async def ticket(self, seq: int, entry_point: str = "benefits") -> str:
        async with self.world.begin() as tx:
            number = await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", seq)
            return (await identity.issue_ticket(tx, NewTicket(customer_no=number, entry_point=entry_point))).ticket

    async def entry_code(self, campaign_id) -> str:
        async with self.world.begin() as tx:
            return await tx.fetch_value("SELECT entry_code FROM campaigns.campaign WHERE id = $1", campaign_id)


def fields_of(html: str) -> dict[str, str]:
    """The hidden fields of the page's first form."""
    form = re.search(r"<form.*?</form>", html, re.DOTALL)
    assert form, html
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))


def form_to(html: str, ending: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address with this ending."""
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    [form] = [one for one in forms if re.search(rf'action="[^"]*{ending}"', one)]
    return fields_of(form)


def state_of(html: str) -> str:
    told = {
        "立即领取": "open",
        "请从": "sign_in",
        "暂未对您开放": "not_eligible",
        "还没有开始": "not_started",
        "活动已结束": "ended",
        "活动暂停": "paused",
        "这期权益发完了</h2>": "sold_out",
        "已领取</h2>": "claimed",
    }
    found = [state for words, state in told.items() if words in html]
    assert len(found) == 1, (found, html)
    return found[0]


@pytest.fixture(scope="session")
async def app(cluster, database: Database, clickhouse) -> AsyncIterator[object]:
    settings = Settings(
        home=cluster.home,
        instance="test",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=0,
    )
    register_ports(settings)
    sets, batchers = SetServer(), Batchers(database)
    runtime = Runtime(
        settings=settings,
        clock=database.clock,
        database=database,
        owner=None,
        feed=None,
        clickhouse=clickhouse,
        sets=sets,
        batchers=batchers,
    )
    yield create_app(runtime)
    await batchers.close()
    await sets.close()


@pytest.fixture(scope="module")
async def walk(app, database, feed, clickhouse, bank) -> AsyncIterator[Walk]:
    """A bank of sixty customers."""
    sets = SetServer()
    world = await make.world(database, feed, clickhouse, Analytics(clickhouse, sets), bank)
    async with world.begin() as tx:
        code = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)
    yield Walk(world, app, code)
    await sets.close()
