"""`huoke demo`: where the demo answers, who signs in how, and the current second factor of a role."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from huoke.app.demo.banks import BANKS
from huoke.app.demo.notes import read_notes
from huoke.app.demo.plan import DemoBank, Person
from huoke.app.demo.sign_ins import STEP_SECONDS, sign_in_of
from huoke.kernel import settings as instance
from huoke.kernel.refusals import NotFound
from huoke.kernel.settings import Settings

app = App(name="demo", help="Addresses and sign-ins of the demo banks.")

Home = Annotated[Path | None, Parameter(help="The instance's folder; $HUOKE_HOME, else ./.huoke.")]
RoleName = Annotated[str, Parameter(help="A role or login, such as operator, approver or teller.")]
BankCode = Annotated[str, Parameter(name="--bank", env_var="HUOKE_BANK", help="binhai or shancheng.")]


class NoSuchRole(NotFound):
    """The demo has no such bank, or nobody in that role."""

    code = "demo.no_such_role"


@app.default
def show(home: Home = None) -> None:
    """Print addresses and a sign-in for each role; `huoke demo code ROLE` gives the current second factor."""
    settings = instance.load(home)
    console = Console(highlight=False)
    if not read_notes(settings.home).banks:
        console.print("There is no demo in this instance: start it with [bold]huoke up --demo[/bold].")
        return
    console.print(f"Console   [bold]http://127.0.0.1:{settings.web_port}/[/bold]")
    console.print(f"Bank app  [bold]http://127.0.0.1:{settings.bank_app_port}/[/bold]   sign in as a customer there")
    for bank in BANKS:
        console.print(_table(settings, bank))
    console.print("Second factor, new every 30 s: [bold]huoke demo code ROLE[/bold], such as: huoke demo code operator")


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
