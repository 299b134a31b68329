"""`huoke segment`: count, save and freeze segments."""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, Session, open_session, run
from huoke.kernel.refusals import Invalid
from huoke.know import consent, language, segments
from huoke.know.language import Analytics, Expression, Serves
from huoke.know.segments import Audience, Count, NewSegment, Scope, UploadReport

app = App(name="segment", help="Count, save and freeze segments.")

Rule = Annotated[str, Parameter(help="A saved segment's id, a JSON file with an expression, or the JSON itself.")]
Segment = Annotated[UUID, Parameter(help="A saved segment's id.")]
Purpose = Annotated[str, Parameter(help="What the customers' data is used for (rule P1).")]
Basis = Annotated[str | None, Parameter(help="Registered basis for selecting on deposit facts (rule B1).")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


@app.command
def count(
    rule: Rule,
    *,
    bank: Bank,
    as_: As,
    purpose: Purpose = consent.MARKETING,
    basis: Basis = None,
    as_json: AsJson = False,
) -> None:
    """Count the customers of RULE, node by node."""
    found = run(_count(rule, bank, as_, purpose, basis))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    console = stdout()
    console.print(
        f"{found.total:,} of {found.universe:,} customers in scope; {found.suppressed:,} of them are"
        f" suppressed. Data as of {found.data_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    if found.without_basis:
        console.print(f"{found.without_basis:,} customers are left out: nothing allows '{purpose}' (rule P1).")
    table = Table("Node", "Customers", "Unknown")
    for node in found.nodes:
        table.add_row(node.path or "/", f"{node.count:,}", f"{node.unknown:,}")
    console.print(table)


@app.command
def create(
    name: Annotated[str, Parameter(help="What it is called.")],
    rule: Rule,
    *,
    bank: Bank,
    as_: As,
    purpose: Purpose = consent.MARKETING,
    serves: Annotated[Serves, Parameter(help="What the rule is for (rule B1).")] = Serves.SELECTION,
    basis: Basis = None,
) -> None:
    """Save RULE as a segment called NAME and print its id."""
    print(run(_create(name, rule, bank, as_, purpose, serves, basis)))


@app.command
def freeze(segment: Segment, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """Freeze SEGMENT as an audience that never changes, and print its id and size."""
    found = run(_freeze(segment, bank, as_))
    print(msgspec.json.encode(found).decode() if as_json else f"{found.id} {found.size}")


@app.command
def upload(
    file: Annotated[Path, Parameter(help="Customer numbers, one a line.")],
    *,
    bank: Bank,
    as_: As,
    name: Annotated[str, Parameter(help="What the list is called; the file's name when not given.")] = "",
) -> None:
    """Upload a list of customer numbers, one a line, and say how it matched."""
    report = run(_upload(file, name or file.name, bank, as_))
    print(f"{report.id} listed {report.listed}, matched {report.matched}, unmatched {report.unmatched}")


async def _count(rule: str, bank: str, login: str, purpose: str, basis: str | None) -> Count:
    async with open_session(bank, login) as session, session.begin("segment.read") as tx:
        scope = Scope(units=session.principal.units, purpose=purpose, basis=basis)
        try:
            segment = await segments.get(tx, UUID(rule), units=session.principal.units)
        except ValueError:
            expression = await _expression(rule)
        else:
            expression = language.parse(segment.expression)
            scope = msgspec.structs.replace(scope, purpose=segment.purpose, basis=segment.basis, serves=segment.serves)
        return await segments.count(tx, _analytics(session), expression, scope)


async def _create(name: str, rule: str, bank: str, login: str, purpose: str, serves: Serves, basis: str | None) -> UUID:
    expression: dict[str, Any] = msgspec.to_builtins(await _expression(rule))
    async with open_session(bank, login) as session, session.begin("segment.write") as tx:
        unit_id = None if session.principal.units is None else session.principal.unit_id
        new = NewSegment(name=name, expression=expression, purpose=purpose, serves=serves, basis=basis)
        return await segments.save(tx, new, unit_id=unit_id)


async def _freeze(segment_id: UUID, bank: str, login: str) -> Audience:
    async with open_session(bank, login) as session:
        session.require("audience.freeze")
        principal = session.principal
        audience_id = await segments.freeze(
            session.runtime.database,
            _analytics(session),
            principal.tenant,
            principal.actor,
            segment_id,
            units=principal.units,
        )
        async with session.begin() as tx:
            return await segments.audience(tx, audience_id)


async def _upload(file: Path, name: str, bank: str, login: str) -> UploadReport:
    try:
        text = await asyncio.to_thread(file.read_text, "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} cannot be read: {error}.", pointer="/file") from None
    async with open_session(bank, login) as session, session.begin("segment.write") as tx:
        upload_id = await segments.upload(tx, segments.NewUpload(name=name, customer_nos=text.splitlines()))
        return await segments.get_upload(tx, upload_id)


async def _expression(rule: str) -> Expression:
    text = rule if rule.lstrip().startswith("{") else await _read(Path(rule))
    try:
        return language.parse(msgspec.json.decode(text))
    except msgspec.DecodeError as error:
        raise Invalid(f"The rule is no JSON: {error}.", pointer="/rule") from None


async def _read(path: Path) -> str:
    try:
        return await asyncio.to_thread(path.read_text, "utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", pointer="/rule") from None


def _analytics(session: Session) -> Analytics:
    return Analytics(session.runtime.clickhouse, session.runtime.sets)
