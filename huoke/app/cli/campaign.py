"""`huoke campaign`: list, create, submit, approve, run, release, amend, pause, resume, stop, halt, report campaigns."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from huoke.app.cli.names import budget_of, segment_of, sku_of
from huoke.app.cli.preparing import Prepared, prepare_benefit
from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, Session, open_session
from huoke.app.cli.session import run as run_now
from huoke.govern import approvals
from huoke.govern.people import units
from huoke.kernel.clock import CHINA
from huoke.kernel.money import parse_yuan
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.know.language import Analytics
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign, CampaignMode, CampaignState, Checks, NewCampaign, Progress, Report

app = App(name="campaign", help="Create, submit, approve, run, stop and report campaigns.")

Id = Annotated[UUID, Parameter(help="The campaign's id.")]
File = Annotated[Path, Parameter(help="A JSON file with the fields of a campaign, as POST /v1/campaigns takes them.")]
Reason = Annotated[str, Parameter(help="Why, in 2 to 500 characters; it stands in the audit trail.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
OfState = Annotated[CampaignState | None, Parameter(help="Only those in this state.")]
Search = Annotated[str, Parameter(help="Part of the name.")]
Verdict = Literal["approve", "return", "reject"]
VerdictWord = Annotated[Verdict, Parameter(help="What is decided.")]
Comment = Annotated[str, Parameter(help="A word to the maker; return and reject need one.")]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Fields given on the command line; they win over the file's. Segment, SKU and budget by id, code or name."""

    name: str | None = None
    segment: str | None = None
    sku: str | None = None
    budget: str | None = None
    budget_yuan: str | None = None
    stock: int | None = None
    mode: CampaignMode | None = None
    control_percent: int | None = None
    opens: datetime | None = None
    days: int | None = None


@app.command
def prepare(
    file: Annotated[Path, Parameter(help="A JSON file with supplier, brand, item, sku and budget.")],
    *,
    bank: Bank,
    as_: As,
    as_json: AsJson = False,
) -> None:
    """Add the supplier, benefit and budget of FILE where they are missing; what is there stays as it is."""
    made = run_now(_prepare(file, bank, as_))
    if as_json:
        _print_json(made)
        return
    print(f"supplier {made.supplier_id}\nsku {made.sku_id}\nbudget {made.budget_id}")


@app.command
def create(
    file: File | None = None,
    *,
    bank: Bank,
    as_: As,
    name: Annotated[str | None, Parameter(help="What the campaign is called.")] = None,
    segment: Annotated[str | None, Parameter(help="A saved segment's id or name.")] = None,
    sku: Annotated[str | None, Parameter(help="A SKU's id or code.")] = None,
    budget: Annotated[str | None, Parameter(help="The paying budget's id or name.")] = None,
    budget_yuan: Annotated[str | None, Parameter(help="What it may cost, in yuan.")] = None,
    stock: Annotated[int | None, Parameter(help="How many units there are.")] = None,
    mode: Annotated[CampaignMode | None, Parameter(help="push grants to all reached, pull lets them claim.")] = None,
    control_percent: Annotated[int | None, Parameter(help="Share of the audience that gets nothing (rule E1).")] = None,
    opens: Annotated[datetime | None, Parameter(help="When it opens, China time; now when not given.")] = None,
    days: Annotated[int | None, Parameter(help="For how many days it is open.")] = None,
) -> None:
    """Draft a campaign from FILE, from options, or both, and print its id."""
    options = Options(
        name=name,
        segment=segment,
        sku=sku,
        budget=budget,
        budget_yuan=budget_yuan,
        stock=stock,
        mode=mode,
        control_percent=control_percent,
        opens=opens,
        days=days,
    )
    print(run_now(_create(file, options, bank, as_)))


@app.command
def check(campaign: Id, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """Say whom CAMPAIGN would reach, what it would cost at most and how its rules come out."""
    found = run_now(_check(campaign, bank, as_))
    if as_json:
        _print_json(found)
        return
    fall, console = found.waterfall, stdout()
    console.print(
        f"audience {fall.audience:,} − no consent {fall.no_consent:,} − suppressed {fall.suppressed:,}"
        f" − control {fall.control:,} = {fall.reachable:,} reached"
    )
    table = Table("Rule", "Verdict", "Detail")
    for one in found.checks:
        table.add_row(one.rule, one.verdict, one.detail_en or one.detail)
    console.print(table)
    for problem in found.problems:
        console.print(f"{problem.pointer}: {problem.detail}")


@app.command
def submit(campaign: Id, *, bank: Bank, as_: As) -> None:
    """Freeze the audience, send CAMPAIGN to approval and print the change's id."""
    print(run_now(_submit(campaign, bank, as_)))


@app.command
def approve(campaign: Id, *, bank: Bank, as_: As, verdict: VerdictWord = "approve", comment: Comment = "") -> None:
    """Decide the stage CAMPAIGN waits at; each stage needs another person with its role."""
    print(run_now(_approve(campaign, bank, as_, verdict, comment)))


@app.command
def run(campaign: Id, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """Run a push CAMPAIGN to its end, from where it stands; the worker may be at it too, nothing is granted twice."""
    progress = run_now(_run(campaign, bank, as_))
    if as_json:
        _print_json(progress)
        return
    print(f"{progress.done} of {progress.total} done: granted {progress.granted}, withheld {progress.withheld}")


@app.command
def pause(campaign: Id, *, bank: Bank, as_: As, reason: Reason) -> None:
    """Stand still: no grants, no claims."""
    print(run_now(_turn(campaign, bank, as_, campaigns.pause, reason)))


@app.command
def resume(campaign: Id, *, bank: Bank, as_: As, reason: Reason) -> None:
    """Go on after a pause."""
    print(run_now(_turn(campaign, bank, as_, campaigns.resume, reason)))


@app.command
def stop(campaign: Id, *, bank: Bank, as_: As, reason: Reason) -> None:
    """Stop for good and give back what nobody was granted."""
    print(run_now(_turn(campaign, bank, as_, campaigns.stop, reason)))


@app.command(name="list")
def list_(*, bank: Bank, as_: As, state: OfState = None, q: Search = "", as_json: AsJson = False) -> None:
    """Campaigns in scope, latest change first."""
    found = run_now(_list(bank, as_, state, q))
    if as_json:
        _print_json(found)
        return
    table = Table("Id", "Name", "State", "Opens", "Closes", "Stock", "Redeemed")
    for row in found:
        days = [f"{at.astimezone(CHINA):%Y-%m-%d}" if at else "" for at in (row.opens_at, row.closes_at)]
        table.add_row(str(row.id), row.name, row.state.value, *days, f"{row.stock:,}", f"{row.used:,}")
    stdout().print(table)


@app.command
def release(campaign: Id, *, bank: Bank, as_: As, reason: Reason) -> None:
    """Open the next step of a staged release by hand, whatever holds it."""
    print(run_now(_release(campaign, bank, as_, reason)))


@app.command
def amend(
    campaign: Id,
    *,
    bank: Bank,
    as_: As,
    reason: Reason,
    closes: Annotated[datetime | None, Parameter(help="A later end, China time.")] = None,
    add_stock: Annotated[int, Parameter(help="Units on top of what there is.")] = 0,
    add_yuan: Annotated[str, Parameter(help="Budget on top of what there is, in yuan.")] = "0",
) -> None:
    """Ask to extend or top up a live CAMPAIGN and print the change's id; others approve it."""
    new = campaigns.NewAmendment(
        closes_at=closes.replace(tzinfo=CHINA) if closes else None,
        add_stock=add_stock,
        add_budget_fen=parse_yuan(add_yuan, pointer="--add-yuan"),
        reason=reason,
    )
    print(run_now(_amend(campaign, bank, as_, new)))


@app.command
def copy(
    campaign: Id,
    *,
    bank: Bank,
    as_: As,
    name: Annotated[str, Parameter(help="What the copy is called.")] = "",
) -> None:
    """Draft CAMPAIGN once more, without its window, and print the new id."""
    print(run_now(_copy(campaign, bank, as_, name)))


@app.command
def halt(
    *,
    bank: Bank,
    as_: As,
    reason: Reason,
    unit: Annotated[str, Parameter(help="The unit's code; everything below it halts too.")],
    name: Annotated[str, Parameter(help="The unit's name, to confirm.")],
    verb: Annotated[campaigns.HaltVerb, Parameter(help="pause can be undone, stop cannot.")] = campaigns.HaltVerb.PAUSE,
) -> None:
    """Pause or stop every live campaign of a unit and below."""
    for one in run_now(_halt(bank, as_, unit, name, verb, reason)):
        print(f"{one.id} {one.state.value} {one.name}" + (f" ({one.error})" if one.error else ""))


@app.command
def report(campaign: Id, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """The result of CAMPAIGN from the books."""
    found = run_now(_report(campaign, bank, as_))
    if as_json:
        _print_json(found)
        return
    table = Table("Figure", "Value", title=f"{found.name} ({found.state})")
    for name, value in msgspec.to_builtins(found).items():
        if isinstance(value, int):
            table.add_row(name, f"{value:,}")
    stdout().print(table)


async def _prepare(file: Path, bank: str, login: str) -> Prepared:
    async with open_session(bank, login) as session:
        session.require("budget.write")
        async with session.begin("benefit.write") as tx:
            return await prepare_benefit(tx, session.principal, _read(file))


async def _create(file: Path | None, options: Options, bank: str, login: str) -> UUID:
    fields = _read(file) if file else {}
    async with open_session(bank, login) as session, session.begin("campaign.write") as tx:
        fields |= await _fields(tx, options, session.principal)
        try:
            new = msgspec.convert(fields, NewCampaign, strict=False)
        except msgspec.ValidationError as error:
            raise Invalid(f"The campaign cannot be read: {error}.") from None
        return await campaigns.create(tx, session.principal, new)


async def _fields(tx: Tx, options: Options, principal: Principal) -> dict[str, Any]:
    opens = (options.opens or tx.now.astimezone(CHINA)).replace(tzinfo=CHINA) if options.days or options.opens else None
    fields = {
        "name": options.name,
        "segment_id": await segment_of(tx, options.segment, principal) if options.segment else None,
        "sku_id": await sku_of(tx, options.sku) if options.sku else None,
        "budget_id": await budget_of(tx, options.budget, principal) if options.budget else None,
        "budget_fen": parse_yuan(options.budget_yuan, pointer="--budget-yuan") if options.budget_yuan else None,
        "stock": options.stock,
        "mode": options.mode,
        "control_percent": options.control_percent,
        "opens_at": opens,
        "closes_at": opens + timedelta(days=options.days) if opens and options.days else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


async def _check(campaign_id: UUID, bank: str, login: str) -> Checks:
    async with open_session(bank, login) as session, session.begin("campaign.read") as tx:
        return await campaigns.preview(tx, session.principal, _analytics(session), campaign_id)


async def _submit(campaign_id: UUID, bank: str, login: str) -> UUID:
    async with open_session(bank, login) as session, session.begin("campaign.submit") as tx:
        return await campaigns.submit(tx, session.runtime.database, session.principal, _analytics(session), campaign_id)


async def _approve(campaign_id: UUID, bank: str, login: str, verdict: Verdict, comment: str) -> str:
    async with open_session(bank, login) as session, session.begin("approval.decide") as tx:
        campaign = await campaigns.get(tx, session.principal, campaign_id)
        if campaign.change_id is None:
            raise campaigns.WrongState("The campaign was not submitted.", state=campaign.state.value)
        change = await approvals.find_change(tx, campaign.change_id)
        state = await approvals.decide(tx, change.id, approvals.Verdict(verdict), comment, change.diff_hash)
        return state.value


async def _run(campaign_id: UUID, bank: str, login: str) -> Progress:
    async with open_session(bank, login) as session:
        async with session.begin("campaign.run") as tx:
            campaign = await campaigns.get(tx, session.principal, campaign_id)
        if campaign.state is CampaignState.APPROVED:
            async with session.begin() as tx:
                await campaigns.start(tx, campaign_id)
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(campaign.draft.name)

            async def show(done: int, total: int) -> bool:
                bar.update(task, completed=done, total=total)
                return True

            principal = session.principal
            progress = await campaigns.run(
                session.runtime.database, principal.tenant, campaign_id, show, actor=principal.actor
            )
    if progress is None:
        raise campaigns.WrongState("The campaign is not approved.", state=campaign.state.value)
    return progress


Turn = Callable[[Tx, Principal, UUID, str], Awaitable[None]]


async def _turn(campaign_id: UUID, bank: str, login: str, turn: Turn, reason: str) -> str:
    async with open_session(bank, login) as session, session.begin("campaign.run") as tx:
        await turn(tx, session.principal, campaign_id, reason)
        found: Campaign = await campaigns.get(tx, session.principal, campaign_id)
        return found.state.value


async def _list(bank: str, login: str, state: CampaignState | None, q: str) -> list[campaigns.CampaignRow]:
    async with open_session(bank, login) as session, session.begin("campaign.read") as tx:
        return await campaigns.find(tx, session.principal, q=q, state=state, limit=200)


async def _release(campaign_id: UUID, bank: str, login: str, reason: str) -> int:
    async with open_session(bank, login) as session, session.begin("campaign.run") as tx:
        return await campaigns.open_next(tx, session.principal, campaign_id, reason)


async def _amend(campaign_id: UUID, bank: str, login: str, new: campaigns.NewAmendment) -> UUID:
    async with open_session(bank, login) as session, session.begin("campaign.submit") as tx:
        return await campaigns.amend(tx, session.principal, campaign_id, new)


async def _copy(campaign_id: UUID, bank: str, login: str, name: str) -> UUID:
    async with open_session(bank, login) as session, session.begin("campaign.write") as tx:
        return await campaigns.copy(tx, session.principal, campaign_id, campaigns.UseTemplate(name=name))


async def _halt(
    bank: str, login: str, code: str, name: str, verb: campaigns.HaltVerb, reason: str
) -> list[campaigns.Halted]:
    async with open_session(bank, login) as session:
        async with session.begin("campaign.halt") as tx:
            found = [unit.id for unit in await units.tree(tx) if unit.code == code]
        if not found:
            raise Invalid(f"There is no unit with the code {code}.", pointer="--unit")
        wanted = campaigns.Halt(verb=verb, unit_id=found[0], reason=reason, name=name)
        return await campaigns.halt(session.runtime.database, session.principal, wanted)


async def _report(campaign_id: UUID, bank: str, login: str) -> Report:
    async with open_session(bank, login) as session, session.begin("campaign.read") as tx:
        return await campaigns.report(tx, session.principal, campaign_id)


def _analytics(session: Session) -> Analytics:
    return Analytics(session.runtime.clickhouse, session.runtime.sets)


def _read(file: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        raise Invalid(f"{file} cannot be read as JSON: {error}.") from None


def _print_json(value: Any) -> None:
    print(msgspec.json.encode(value).decode())
