"""Seeding the demo: two banks, from nothing to running campaigns, through the same use-cases that people use.

The instance lives through its past: its clock is set half a year back, the banks are opened and their first campaigns
run their course, then the clock comes back to the present. Doing it again changes nothing; a run that broke half way is
finished by the next.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Annotated, TypeVar
from uuid import UUID

import cyclopts
import msgspec
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from huoke.app.demo import (
    at_desk,
    billing,
    campaigning,
    dividing,
    doing,
    earning,
    exchanging,
    fill,
    following,
    foretelling,
    grouping,
    in_stores,
    inviting,
    kitting,
    orders,
    partners,
    past,
    paying,
    playing,
    rising,
    serving,
    shelving,
    shops,
    sourcing,
    tagging,
)
from huoke.app.demo.banks import BANKS
from huoke.app.demo.fill import Filled
from huoke.app.demo.notes import BankNotes, CustomerNote, EntryNote, Notes, read_notes, write_notes
from huoke.app.demo.telling import HISTORY_DAYS, Story
from huoke.app.demo.travel import travel
from huoke.app.demo.truth import read_truths, write_truths
from huoke.app.h5 import look
from huoke.app.runtime import Runtime, open_runtime
from huoke.govern import identity
from huoke.govern.identity import NewKey
from huoke.govern.people import Role
from huoke.kernel import settings as instance
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers, events, relations, segments, temperature
from huoke.know.events import NewSource, SourceNameTaken
from huoke.know.language import Analytics
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign, CampaignMode
from huoke.reward import exchange, grants
from huoke.reward.grants import State

T = TypeVar("T")
STEPS = 10
APP_NAME = "示范银行 App"
DATA_SECONDS_MAX = 1_200.0

assert look.SCENE.key, "the settings of the pages are declared by importing them"


class Stopwatch:
    """How long each stage took, the banks together, in the order in which stages began."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        """Seconds by stage."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = monotonic()
        self.took.setdefault(name, 0.0)
        yield
        self.took[name] += monotonic() - began


class Bar:
    """The progress bar of one bank."""

    def __init__(self, progress: Progress, name: str, watch: Stopwatch) -> None:
        self.watch = watch
        self._progress = progress
        self._name = name
        self._task: TaskID = progress.add_task(name, total=STEPS * 100)
        self._step = 0

    async def step(self, title: str, stage: str, work: Callable[[fill.Report], Awaitable[T]]) -> T:
        """Run one step; it may report (done, total) on its way. Its seconds count as the stage's."""
        self._progress.update(self._task, description=f"{self._name} {title}")

        async def report(done: int, total: int) -> bool:
            share = min(done / total, 1.0) if total else 0.0
            self._progress.update(self._task, completed=self._step * 100 + share * 100)
            return True

        with self.watch.stage(stage):
            result = await work(report)
        self._step += 1
        self._progress.update(self._task, completed=self._step * 100)
        return result


class Opened(msgspec.Struct, frozen=True):
    """A bank with its customers, and what its campaigns need."""

    bank: Filled
    story: Story
    seqs: list[Seq]
    segment_ids: dict[str, UUID]
    bar: Bar


async def seed(runtime: Runtime, console: Console, customers_wanted: int | None = None) -> Notes:
    """Seed the banks, unless they are there; returns what the bank app needs to know.

    `customers_wanted` is the size of the first bank, else as planned; the first start decides.
    """
    home = runtime.settings.home
    notes = read_notes(home)
    if notes.banks:
        return await _found_again(runtime, notes)
    if notes.began is None:
        notes = Notes(began=runtime.clock.machine(), customers=customers_wanted or BANKS[0].customers)
        write_notes(home, notes)
    assert notes.began is not None, "noted above"
    today = notes.began.astimezone(CHINA).date()
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(24),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    watch = Stopwatch()
    await _set_back(runtime, datetime.combine(today - timedelta(days=HISTORY_DAYS), time(9), CHINA))
    with Progress(*columns, console=console) as progress:
        opened = []
        for plan in BANKS:
            story = Story(plan=plan, customers=notes.customers if plan is BANKS[0] else plan.customers, today=today)
            opened.append(await _open(runtime, story, Bar(progress, plan.name, watch)))
        filled = [one.bank for one in opened]
        with watch.stage("half a year of campaigns"):
            await past.live_through(runtime, [(one.bank, one.segment_ids) for one in opened], notes.began)
            await past.come_to_an_end(runtime, filled, notes.began)
            await travel(runtime, None)
        with watch.stage("suppliers"):
            await _connect(runtime, filled)
        banks = [await _go_on(runtime, one) for one in opened]
    notes = msgspec.structs.replace(notes, banks=banks, ports=_ports(runtime), took=watch.took)
    write_notes(home, notes)
    return notes


async def _found_again(runtime: Runtime, notes: Notes) -> Notes:
    """A demo that had to move to other ports tells its banks where suppliers and the gateway answer now."""
    if notes.ports != _ports(runtime):
        await _connect(runtime, [await fill.find_bank(runtime, plan) for plan in BANKS])
        notes = msgspec.structs.replace(notes, ports=_ports(runtime))
        write_notes(runtime.settings.home, notes)
    return notes


async def _connect(runtime: Runtime, banks: Sequence[fill.Peopled]) -> None:
    await partners.connect(runtime, banks)
    await orders.connect(runtime, banks)
    await paying.open_tills(runtime, banks)
    await exchanging.connect(runtime, banks)


def _ports(runtime: Runtime) -> list[int]:
    settings = runtime.settings
    return [settings.web_port, settings.supplier_port, settings.sms_port, settings.cashier_port, settings.partner_port]


async def _set_back(runtime: Runtime, instant: datetime) -> None:
    """The clock of a demo that has no bank yet goes back; one that was cut off half way goes on where it stands."""
    if not runtime.settings.clock_path.exists():
        await travel(runtime, instant)


async def _open(runtime: Runtime, story: Story, bar: Bar) -> Opened:
    plan = story.plan
    tenant = await bar.step("机构", "organisation", lambda _: fill.open_bank(runtime, plan))
    actors = await bar.step("员工", "staff", lambda _: fill.add_people(runtime, plan, tenant))
    bank = await bar.step("权益", "benefits", lambda _: fill.stock_up(runtime, plan, tenant, actors, story.customers))
    await bar.step("商户", "merchants", lambda _: shops.open_shops(runtime, bank))
    seqs = await bar.step("客户", "customers", lambda report: fill.bring_customers(runtime, bank, story, report))
    segment_ids = await campaigning.save_segments(runtime, bank)
    await bar.step("数据", "sets", lambda _: _await_data(runtime, bank))
    return Opened(bank, story, seqs, segment_ids, bar)


async def _go_on(runtime: Runtime, one: Opened) -> BankNotes:
    """What the past has left in figures, and the campaigns of today."""
    bank, bar = one.bank, one.bar
    numbers = np.array(one.seqs, dtype=np.uint32)
    finished = await bar.step("往期活动", "finished campaigns", lambda _: past.finished(runtime, bank))
    truths = await bar.step(
        "历史", "events", lambda report: past.load(runtime, bank, one.story, numbers, finished, report)
    )
    kept = [truth for truth in read_truths(runtime.settings.home) if truth.bank != bank.plan.code]
    write_truths(runtime.settings.home, [*kept, *truths])
    with bar.watch.stage("relations"):
        await relations.refresh(runtime.database, runtime.clickhouse, bank.tenant)
    with bar.watch.stage("grid"):
        await dividing.bring_grid(runtime, bank, one.story, numbers)
    with bar.watch.stage("tags"):
        await tagging.bring_tags(runtime, bank)
        await tagging.mark_customers(runtime, bank, one.seqs)
    with bar.watch.stage("followed segment"):
        await following.follow_payers(runtime, bank, one.story.today)
    with bar.watch.stage("temperature"):
        await temperature.refresh(runtime.database, runtime.clickhouse, bank.tenant)
    # What is learned takes a core for some seconds; the rest waits for the database meanwhile.
    foretold = asyncio.create_task(foretelling.foretell(runtime, bank, len(one.seqs)))
    made = await bar.step("活动", "campaigns", lambda report: _campaigns(runtime, bank, one.segment_ids, report))
    running = campaigning.running(made)
    with bar.watch.stage("orders"):
        await orders.order(runtime, bank, one.seqs)
    await bar.step("领取", "claims", lambda report: _enliven(runtime, bank, running, one.seqs, report))
    with bar.watch.stage("plays"):
        await playing.play(runtime, bank, one.seqs)
        await doing.do(runtime, bank, one.seqs)
    with bar.watch.stage("tiers"):
        await rising.rise(runtime, bank, one.seqs)
    with bar.watch.stage("mall"):
        await _spend(runtime, bank, one.seqs)
    with bar.watch.stage("referral"):
        await inviting.invite(runtime, bank, one.seqs)
        await grouping.group(runtime, bank, one.seqs)
    with bar.watch.stage("library"):
        if bank.plan is BANKS[0]:
            await sourcing.bring_library(runtime, bank)
            await orders.second_offer(runtime, bank)
    with bar.watch.stage("kits"):
        await kitting.set_up_kit(runtime, bank)
    with bar.watch.stage("service desk"):
        await at_desk.serve(runtime, bank, running, one.seqs)
    with bar.watch.stage("statements"):
        await billing.bill(runtime, bank)
        await in_stores.settle(runtime, bank)
    with bar.watch.stage("models"):
        await foretold
    return await _notes(runtime, bank, running, one.seqs)


async def _spend(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """What customers buy with points and money, earn and exchange, and what they are served."""
    await shelving.open_mall(runtime, bank, seqs)
    await paying.buy(runtime, bank, seqs)
    await in_stores.pay(runtime, bank, seqs)
    await earning.bring_points(runtime, bank)
    await exchanging.exchange_with_partner(runtime, bank, seqs)
    await serving.serve(runtime, bank, seqs)


async def _campaigns(
    runtime: Runtime, bank: Filled, segment_ids: dict[str, UUID], report: fill.Report
) -> list[Campaign]:
    made = []
    plans = [plan for plan in bank.plan.campaigns if not plan.days_ago]
    for plan in plans:
        made.append(await campaigning.make_campaign(runtime, bank, plan, segment_ids))
        await report(len(made), len(plans))
    return made


async def _await_data(runtime: Runtime, bank: Filled) -> None:
    analytics = Analytics(runtime.clickhouse, runtime.sets)
    await segments.wait_for_data(runtime.database, analytics, bank.tenant, timeout_seconds=DATA_SECONDS_MAX)


async def _enliven(
    runtime: Runtime,
    bank: Filled,
    running: Sequence[Campaign],
    seqs: Sequence[Seq],
    report: fill.Report,
) -> None:
    for campaign in running:
        if campaign.draft.mode is CampaignMode.PUSH:
            await campaigning.await_run(runtime, bank, campaign, report)
        await campaigning.claim_some(runtime, bank, campaign, seqs, [runtime.clock.now()])


async def _notes(runtime: Runtime, bank: Filled, running: Sequence[Campaign], seqs: Sequence[Seq]) -> BankNotes:
    async with runtime.database.begin(bank.tenant, bank.actors[Role.SECURITY_ADMIN].actor) as tx:
        key = await identity.api_keys.add(tx, NewKey(name=APP_NAME, permissions=["ticket.issue"], days=0))
        write_key = await _write_key(tx)
    return BankNotes(
        code=bank.plan.code,
        name=bank.plan.name,
        name_en=bank.plan.name_en,
        colour=bank.plan.brand.brand,
        api_key=key.key,
        write_key=write_key,
        customers=await _customers(runtime, bank, running, seqs),
        entries=await _entries(runtime, bank, running),
    )


async def _entries(runtime: Runtime, bank: Filled, running: Sequence[Campaign]) -> list[EntryNote]:
    """Every campaign's own link first, then the other ways in."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        ways = [(one, way) for one in running for way in await campaigns.entries(tx, operator, one.id)]
    own = [EntryNote(one.draft.name, one.entry_code or "") for one in running]
    return own + [
        EntryNote(f"{one.draft.name} · {way.name}", way.code) for one, way in ways if way.code != one.entry_code
    ]


async def _write_key(tx: Tx) -> str:
    """The key of the bank's app as a source of events; a new one where a start that broke off had one."""
    try:
        return (await events.sources.add(tx, NewSource(name=APP_NAME))).write_key
    except SourceNameTaken:
        return (await events.sources.rotate(tx, await events.sources.by_name(tx, APP_NAME))).write_key


async def _customers(
    runtime: Runtime, bank: Filled, running: Sequence[Campaign], seqs: Sequence[Seq]
) -> list[CustomerNote]:
    """Two customers in each state worth looking at, and one who has nothing."""
    chosen: dict[int, str] = {}
    async with runtime.database.begin(bank.tenant) as tx:
        chosen |= dict.fromkeys(
            [one.seq for one in await exchange.trades(tx, limit=100) if one.partner][-1:], "换过里程"
        )
        items = [
            item for campaign in running for item in await grants.find_grants(tx, source_id=campaign.id, limit=10_000)
        ]
        for state, note in _WORTH_A_LOOK.items():
            fitting = [item.seq for item in items if item.state is state and item.seq not in chosen]
            chosen |= dict.fromkeys(sorted(fitting)[:2], note)
        touched = {item.seq for item in items}
        chosen |= dict.fromkeys([seq for seq in seqs if seq not in touched][:2], "还没有权益")
        rows = {int(row.seq): row for row in await customers.masked_rows(tx, sorted(chosen))}
        phones = {seq: one.phone for seq, one in (await customers.contacts(tx, sorted(chosen))).items()}
    return [
        CustomerNote(rows[seq].customer_no, rows[seq].name or "", note, phones.get(seq, ""))
        for seq, note in chosen.items()
    ]


_WORTH_A_LOOK = {
    State.RESERVED: "有一份待领取",
    State.FULFILLED: "有一张可使用",
    State.USED: "刚用过一张",
}


async def _main(customers_wanted: int | None) -> None:
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        await seed(runtime, Console(highlight=False), customers_wanted)


def main(*, customers: Annotated[int | None, cyclopts.Parameter(help="Customers of the first bank.")] = None) -> None:
    """Seed the instance at $HUOKE_HOME, which must be up; exit code 1 with one sentence where that fails."""
    try:
        asyncio.run(_main(customers))
    except (Refusal, Outage) as failure:
        sys.exit(f"The demo could not be seeded: {failure.detail}")


if __name__ == "__main__":
    cyclopts.run(main)
