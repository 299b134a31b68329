"""Seeding the demo: two banks, from nothing to running campaigns, through the same use-cases that people use.

The instance lives through its past: its clock is set half a year back, the banks are opened and their first campaigns
run their course, then the clock comes back to the present. Doing it again changes nothing; a run that broke half way is
finished by the next.
"""

import sys
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Annotated

import cyclopts
import msgspec
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from huoke.app.demo import carried, exchanging, fill, in_stores, orders, partners, past, paying, stages
from huoke.app.demo.banks import BANKS
from huoke.app.demo.fill import Filled
from huoke.app.demo.making import Journal, Making, Stopwatch
from huoke.app.demo.notes import WHOLE, BankNotes, CustomerNote, EntryNote, Notes, read_notes, write_notes
from huoke.app.demo.telling import HISTORY_DAYS, Story
from huoke.app.demo.travel import travel
from huoke.app.runtime import Runtime, open_runtime
from huoke.govern import identity
from huoke.govern.identity import NewKey
from huoke.govern.people import Role
from huoke.kernel import settings as instance
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.events import NewSource, SourceNameTaken
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign
from huoke.reward import exchange, grants
from huoke.reward.grants import State

APP_NAME = "示范银行 App"
CONNECTIONS = 12
ALL, LIVED = "all", "half a year of campaigns"


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
    watch, journal = Stopwatch(), Journal(home, notes)
    await _set_back(runtime, datetime.combine(today - timedelta(days=HISTORY_DAYS), time(9), CHINA))
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(24),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        makings = []
        for plan in BANKS:
            story = Story(
                plan=plan,
                customers=notes.customers if plan is BANKS[0] else min(plan.customers, notes.customers),
                today=today,
            )
            makings.append(Making(runtime, story, journal, watch, progress))
        await stages.open_all(makings)
        await _live_through(runtime, makings, notes.began)
        with watch.stage("suppliers"):
            await _connect(runtime, [one.bank for one in makings])
        await stages.go_on_all(makings)
    banks = [await _notes(runtime, one.bank, one.running, one.seqs) for one in makings]
    took = watch.took | {WHOLE: monotonic() - watch.began}
    notes = msgspec.structs.replace(journal.notes, banks=banks, ports=_ports(runtime), took=took)
    write_notes(home, notes)
    return notes


async def _live_through(runtime: Runtime, makings: Sequence[Making], began: datetime) -> None:
    """The campaigns of the past in their own time; the clock of the whole instance is the machine's afterwards."""
    journal, watch = makings[0].journal, makings[0].watch
    if not journal.is_done(ALL, LIVED):
        with watch.stage(LIVED):
            await past.live_through(runtime, [(one.bank, one.segment_ids) for one in makings], began)
            await past.come_to_an_end(runtime, [one.bank for one in makings], began)
            await travel(runtime, None)
        journal.note(ALL, LIVED)


async def _found_again(runtime: Runtime, notes: Notes) -> Notes:
    """A demo that had to move to other ports tells its banks where suppliers and the gateway answer now."""
    if notes.ports != _ports(runtime):
        await _connect(runtime, [await fill.find_bank(runtime, plan) for plan in BANKS])
        notes = msgspec.structs.replace(notes, ports=_ports(runtime))
        write_notes(runtime.settings.home, notes)
    return notes


async def _connect(runtime: Runtime, banks: Sequence[fill.Peopled]) -> None:
    await partners.connect(runtime, banks)
    await carried.connect(runtime, banks[0])
    await orders.connect(runtime, banks, elsewhere=frozenset({carried.COUPONS.code}))
    await paying.open_tills(runtime, banks)
    await exchanging.connect(runtime, banks)


def _ports(runtime: Runtime) -> list[int]:
    settings = runtime.settings
    return [
        settings.web_port,
        settings.supplier_port,
        settings.sms_port,
        settings.cashier_port,
        settings.partner_port,
        settings.coupon_port,
    ]


async def _set_back(runtime: Runtime, instant: datetime) -> None:
    """The clock of a demo that has no bank yet goes back; one that was cut off half way goes on where it stands."""
    if not runtime.settings.clock_path.exists():
        await travel(runtime, instant)


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
        chosen |= dict.fromkeys((await in_stores.holders(tx))[:1], "有一张商城立减券")
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
    async with open_runtime(instance.load(), maintenance=True, connections_max=CONNECTIONS) as runtime:
        await seed(runtime, Console(highlight=False), customers_wanted)


def main(*, customers: Annotated[int | None, cyclopts.Parameter(help="Customers of the first bank.")] = None) -> None:
    """Seed the instance at $HUOKE_HOME, which must be up; exit code 1 with one sentence where that fails."""
    try:
        uvloop.run(_main(customers))
    except (Refusal, Outage) as failure:
        sys.exit(f"The demo could not be seeded: {failure.detail}")


if __name__ == "__main__":
    cyclopts.run(main)
