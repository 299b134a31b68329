"""`huoke models`: train, list and score, and what they tell of one customer."""

from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, open_session, run
from huoke.know import customers, models
from huoke.know.customers import CustomerUnknown
from huoke.know.models import Explained, Run, TaskName, Version

app = App(name="models", help="Train, list and score; what models tell of one customer.")

Task = Annotated[TaskName, Parameter(help="What is foretold: churn_30, churn_90, response or value.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


@app.command
def train(
    task: Task,
    *,
    bank: Bank,
    as_: As,
    standing: Annotated[tuple[str, ...], Parameter(help="Attributes read as they are now, such as age.")] = (),
    as_json: AsJson = False,
) -> None:
    """Learn TASK anew and register what came of it as drafts; another person approves one under approvals."""
    _show(run(_train(task, bank, as_, standing)), as_json=as_json)


@app.command(name="list")
def list_(*, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """List every version, latest first."""
    _show(run(_list(bank, as_)), as_json=as_json)


@app.command
def score(task: Task, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """Score everybody by the version of TASK that is in service."""
    found = run(_score(task, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    bands = ", ".join(f"{value} {count:,}" for value, count in found.bands.items())
    stdout().print(f"{found.rows:,} customers scored by version {found.number}: {bands}.")
    if found.alarm:
        stdout().print(f"Drifted: {', '.join(one.label_en for one in found.drift if one.index > models.DRIFT_MAX)}.")


@app.command
def explain(
    customer_no: Annotated[str, Parameter(help="A customer number, whole.")],
    *,
    bank: Bank,
    as_: As,
    as_json: AsJson = False,
) -> None:
    """Say what models tell of the customer CUSTOMER_NO, and what moves it most."""
    found = run(_explain(customer_no, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    for one in found:
        value = f"¥{one.score.value / 100:,.2f}" if one.unit == "fen" else f"{one.score.value:.1%}"
        stdout().print(f"{one.label_en}: {value} ({one.band_label_en})")
        table = Table("Fact", "Value", "Raises or lowers")
        for driver in one.drivers:
            shown = "unknown" if driver.value is None else f"{driver.value:,.4g}"
            table.add_row(driver.label_en, shown, "raises" if driver.direction == "up" else "lowers")
        stdout().print(table)


async def _train(task: TaskName, bank: str, login: str, standing: tuple[str, ...]) -> list[Version]:
    async with open_session(bank, login) as session:
        session.require("model.write")
        runtime, principal = session.runtime, session.principal
        return await models.train(
            runtime.database, runtime.clickhouse, principal.tenant, principal.actor, task, standing=standing
        )


async def _list(bank: str, login: str) -> list[Version]:
    async with open_session(bank, login) as session, session.begin("model.read") as tx:
        return await models.versions(tx)


async def _score(task: TaskName, bank: str, login: str) -> Run:
    async with open_session(bank, login) as session:
        session.require("model.write")
        runtime = session.runtime
        found = await models.score(runtime.database, runtime.clickhouse, session.principal.tenant, task)
        assert found is not None, "nothing told it to stop"
        return found


async def _explain(customer_no: str, bank: str, login: str) -> list[Explained]:
    async with open_session(bank, login) as session, session.begin("customer.read") as tx:
        found = await customers.find_by_no(tx, [customer_no])
        if customer_no not in found:
            raise CustomerUnknown(f"There is no customer '{customer_no[:64]}'.")
        seq = found[customer_no]
        await customers.get(tx, seq, scope=session.principal.units)
        return await models.explain(tx, session.runtime.clickhouse, seq)


def _show(found: list[Version], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    table = Table("Task", "Version", "Algorithm", "State", "AUC", "Error", "Trained")
    for one in found:
        auc = f"{one.metrics['auc']:.3f}" if "auc" in one.metrics else ""
        error = one.metrics.get("calibration_error", one.metrics.get("total_error", 0.0))
        state = f"{one.state}, recommended" if one.recommended else one.state.value
        table.add_row(one.task, str(one.number), one.algorithm, state, auc, f"{error:.2%}", f"{one.made_at:%Y-%m-%d}")
    stdout().print(table)
