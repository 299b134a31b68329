"""`huoke demo`: where the demo answers, who signs in how, second factors; customers that come; the planted truth."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from huoke.app.demo.banks import BANKS
from huoke.app.demo.notes import WHOLE, read_notes
from huoke.app.demo.plan import DemoBank, Person
from huoke.app.demo.planted import Aggregate
from huoke.app.demo.sign_ins import STEP_SECONDS, sign_in_of
from huoke.app.demo.truth import Truth, read_truths
from huoke.app.instance import holder
from huoke.kernel import settings as instance
from huoke.kernel.clock import CHINA
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import NotFound
from huoke.kernel.settings import Settings

app = App(name="demo", help="Addresses and sign-ins of the demo banks; customers that come; the planted truth.")

Home = Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")]
RoleName = Annotated[str, Parameter(help="A role or login, such as operator, approver or teller.")]
BankCode = Annotated[str, Parameter(name="--bank", env_var="HUOKE_BANK", help="binhai or shancheng.")]
Banks = Annotated[list[str] | None, Parameter(name="--bank", help="binhai or shancheng; both when not given.")]
Rate = Annotated[float, Parameter(help="Customers who come a minute, on average over the day.")]
Speed = Annotated[float, Parameter(help="How fast the demo's clock runs meanwhile, 1 to 600.")]
Size = Annotated[int, Parameter(help="Listings in all.")]
Seconds = Annotated[float | None, Parameter(help="End by itself after so many seconds; else Ctrl-C ends it.")]


class NoSuchRole(NotFound):
    """The demo has no such bank, or nobody in that role."""

    code = "demo.no_such_role"


@app.default
def start(
    home: Home = None,
    *,
    port: Annotated[int, Parameter(help="Where to listen on 127.0.0.1; 0 takes a free one and remembers it.")] = 0,
    live_: Annotated[bool, Parameter(name="--live", negative="", help="As the command live.")] = False,
    rate: Rate = 60,
    speed: Speed = 1,
) -> None:
    """Start the demo, or, where it runs, print its addresses and a sign-in for each role.

    `huoke demo code ROLE` gives the current second factor.
    """
    if live_:
        live(rate=rate, speed=speed, home=home)
    elif holder(home or instance.default_home()) is None:
        from huoke.app.cli.up import start as start_up

        start_up(home=home, port=port, demo=True)
    else:
        show(home)


def show(home: Path | None) -> None:
    """Print addresses and sign-ins."""
    settings = instance.load(home)
    console = Console(highlight=False)
    if not read_notes(settings.home).banks:
        console.print("There is no demo in this instance: start it with [bold]huoke up --demo[/bold].")
        return
    console.print(f"Console   [bold]http://127.0.0.1:{settings.web_port}/[/bold]")
    console.print(f"Bank app  [bold]http://127.0.0.1:{settings.bank_app_port}/[/bold]   sign in as a customer there")
    console.print(f"SMS inbox [bold]http://127.0.0.1:{settings.sms_port}/[/bold]   what the bank writes to phones")
    for bank in BANKS:
        console.print(_table(settings, bank))
    console.print("Second factor, new every 30 s: [bold]huoke demo code ROLE[/bold], such as: huoke demo code operator")
    if took := read_notes(settings.home).took:
        stages = " · ".join(f"{stage} {seconds:.1f}" for stage, seconds in took.items() if stage != WHOLE)
        console.print(f"Made in {took.get(WHOLE, sum(took.values())):.0f} s, both banks at once: {stages}")


@app.command
def code(role: RoleName, *, bank: BankCode = "binhai", home: Home = None) -> None:
    """Print the current six digits of ROLE, such as operator, approver or teller."""
    settings = instance.load(home)
    person = _find(bank, role)
    now = datetime.now(UTC)
    left = STEP_SECONDS - now.timestamp() % STEP_SECONDS
    sign_in = sign_in_of(settings.key_path, bank, person.login)
    Console(stderr=True, highlight=False).print(f"{person.name} ({person.login}), good for {left:.0f} s")
    print(sign_in.code(now))


@app.command
def live(*, rate: Rate = 60, speed: Speed = 1, bank: Banks = None, seconds: Seconds = None, home: Home = None) -> None:
    """Let customers log in, look, claim, redeem and opt out until Ctrl-C; the boards move."""
    settings = instance.load(home)
    plans = [plan for plan in BANKS if bank is None or plan.code in bank]
    if not plans:
        raise NoSuchRole(f"There is no such demo bank; banks are {', '.join(plan.code for plan in BANKS)}.")
    asyncio.run(_live(settings, plans, rate=rate, speed=speed, seconds=seconds))


@app.command
def truth(*, home: Home = None) -> None:
    """Print what each finished campaign really did to those it reached, to judge what measuring says."""
    found = read_truths(instance.load(home).home)
    table = Table(title="Planted effects", title_justify="left", box=None)
    for heading in ("Campaign", "Metric", "Treated", "Control", "Without", "With", "Effect"):
        table.add_column(heading, no_wrap=True, justify="right" if heading in _NUMBERS else "left")
    for one in found:
        shown = [_amount(one, value) for value in (one.without, one.with_, one.effect)]
        metric = f"{one.event} {one.aggregate}, {one.days} d"
        table.add_row(one.name, metric, f"{one.treated:,}", f"{one.control:,}", *shown)
    Console(highlight=False).print(table if found else "There is no finished campaign: start with 'huoke up --demo'.")


@app.command
def library(*, size: Size = 12_000, bank: BankCode = "binhai", home: Home = None) -> None:
    """Take the catalogues of two suppliers into the library, SIZE listings together; two million take minutes."""
    asyncio.run(_source(instance.load(home), _plan(bank), size))


_NUMBERS = {"Treated", "Control", "Without", "With", "Effect"}


def _amount(one: Truth, value: float) -> str:
    if one.aggregate is Aggregate.SUM:
        return format_yuan(round(value))
    return f"{value:.2%}" if one.aggregate is Aggregate.ANY else f"{value:.3f}"


async def _live(settings: Settings, plans: list[DemoBank], *, rate: float, speed: float, seconds: float | None) -> None:
    from huoke.app.demo import live as simulation
    from huoke.app.runtime import open_runtime

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    console = Console(highlight=False)
    async with open_runtime(settings, connections_max=4) as runtime:
        notes = read_notes(settings.home)
        scenes = [await simulation.set_scene(runtime, plan, notes) for plan in plans]
        with console.status("Customers come …") as status:

            def tell(tally: simulation.Tally) -> None:
                words = " · ".join(f"{name.replace('_', ' ')} {tally[name]:,}" for name in simulation.TOLD)
                status.update(f"{runtime.clock.now().astimezone(CHINA):%m-%d %H:%M:%S}  {words}")

            tally = await simulation.run(runtime, scenes, stop, per_minute=rate, speed=speed, told=tell)
    console.print(" · ".join(f"{name.replace('_', ' ')} {tally[name]:,}" for name in simulation.TOLD))


async def _source(settings: Settings, plan: DemoBank, size: int) -> None:
    from huoke.app.demo import fill, sourcing
    from huoke.app.runtime import open_runtime

    async with open_runtime(settings, connections_max=4) as runtime:
        await sourcing.bring_library(runtime, await fill.find_bank(runtime, plan), size)


def _plan(bank_code: str) -> DemoBank:
    for bank in BANKS:
        if bank.code == bank_code:
            return bank
    raise NoSuchRole(f"There is no such demo bank; banks are {', '.join(plan.code for plan in BANKS)}.")


def _find(bank_code: str, role: str) -> Person:
    wanted = role.replace("_", "-")
    for bank in BANKS:
        for person in bank.people:
            if bank.code == bank_code and wanted in (person.login, person.role.value.replace("_", "-")):
                return person
    known = ", ".join(person.login for person in BANKS[0].people)
    raise NoSuchRole(
        f"There is no '{role}' at '{bank_code}'; roles are {known}; banks {', '.join(b.code for b in BANKS)}."
    )


def _table(settings: Settings, bank: DemoBank) -> Table:
    table = Table(title=f"{bank.name} {bank.name_en} · bank code {bank.code}", title_justify="left", box=None)
    for heading in ("Login", "Password", "Name", "Post"):
        table.add_column(heading, no_wrap=True)
    for person in bank.people:
        sign_in = sign_in_of(settings.key_path, bank.code, person.login)
        table.add_row(person.login, f"[bold]{sign_in.password}[/bold]", person.name, person.post)
    return table
