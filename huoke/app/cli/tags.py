"""`huoke tags`: definitions as code, refreshes, and one customer's tags."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, Session, open_session, run
from huoke.kernel.refusals import Invalid
from huoke.know import customers, tags
from huoke.know.customers import CustomerUnknown
from huoke.know.language import Analytics
from huoke.know.tags import Applied, Definition, Plan, Ran, TagCode, Why

app = App(name="tags", help="Tags as code, refreshes, and why a customer has one.")

File = Annotated[Path, Parameter(help="A YAML file of definitions.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
Category = Annotated[str, Parameter(help="Only this category and those below, such as payment/category.")]
AT_ONCE = 400


@app.command
def plan(file: File, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """Say what applying FILE would create, change and archive; nothing is saved."""
    found = run(_plan(file, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    _show(found)


@app.command
def apply(
    file: File,
    *,
    bank: Bank,
    as_: As,
    note: Annotated[str, Parameter(help="A word to whoever approves.")] = "",
    as_json: AsJson = False,
) -> None:
    """Save what differs in FILE and hand it in; it counts once another person approved it."""
    found = run(_apply(file, note, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    for one in found:
        _show(Plan(steps=one.steps, same=one.same))
        if one.change_id is not None:
            stdout().print(f"Handed in as change {one.change_id}: another person decides it under approvals.")


@app.command
def export(
    file: Annotated[Path | None, Parameter(help="Where to write; to the screen when not given.")] = None,
    *,
    bank: Bank,
    as_: As,
    category: Category = "",
) -> None:
    """Write the bank's definitions as YAML."""
    _write(run(_export(category, bank, as_)), file)


@app.command
def library(
    file: Annotated[Path | None, Parameter(help="Where to write; to the screen when not given.")] = None,
) -> None:
    """Write the ready tags that come with Huoke as YAML."""
    _write(tags.library(), file)


@app.command
def families(
    count: Annotated[int, Parameter(help="How many.")] = 7_000,
    file: Annotated[Path | None, Parameter(help="Where to write; to the screen when not given.")] = None,
) -> None:
    """Write COUNT tags of every behaviour, window and threshold as YAML: what a large bank's catalogue looks like."""
    _write(tags.families(count), file)


@app.command
def refresh(
    *names: Annotated[str, Parameter(help="Tags by name; all that are active when not given.")],
    bank: Bank,
    as_: As,
    whole: Annotated[bool, Parameter(negative="", help="For everybody, whatever happened since.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill tags again here and now."""
    ran = run(_refresh(names, bank, as_, whole=whole))
    if as_json:
        print(msgspec.json.encode(ran).decode())
        return
    stdout().print(
        f"{ran.filled} of {ran.wanted} tags filled, {ran.whole} of them for everybody;"
        f" {ran.touched:,} customers looked at, {ran.rows:,} sets written."
    )
    for name, why_not in ran.failures.items():
        stdout().print(f"{name}: {why_not.detail}")


@app.command
def why(
    customer_no: Annotated[str, Parameter(help="A customer number, whole.")],
    name: Annotated[str, Parameter(help="A tag's name.")],
    *,
    bank: Bank,
    as_: As,
    as_json: AsJson = False,
) -> None:
    """Say which value of NAME the customer has, since when, and why."""
    found = run(_why(customer_no, name, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    held = found.held
    said = "nothing can be said" if held.value is None else held.value_label_en or "none of its values"
    stdout().print(f"{held.label_en}: {said}" + (f", since {held.since}" if held.since else ""))
    table = Table("Value", "Verdict", "Looks at", "Asked", "Is")
    for one in found.reasons:
        shown = "****" if one.masked else "" if one.value is None else str(one.value)
        table.add_row(
            one.tag_value, one.verdict, one.label_en or one.name or one.kind, f"{one.op} {one.threshold}", shown
        )
    stdout().print(table)


async def _plan(file: Path, bank: str, login: str) -> Plan:
    code = await _code(file)
    async with open_session(bank, login) as session, session.begin("tag.read") as tx:
        return await tags.plan(tx, code)


async def _apply(file: Path, note: str, bank: str, login: str) -> list[Applied]:
    """Part by part, each with a change of its own; what looks at other tags comes after them."""
    code = await _code(file)
    ordered = sorted(code.tags, key=lambda one: one.kind is tags.Kind.DERIVED)
    parts = [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)] or [[]]
    found = []
    async with open_session(bank, login) as session:
        session.require("tag.write")
        for number, part in enumerate(parts, start=1):
            archive = code.archive if number == len(parts) else ()
            async with session.begin("tag.write") as tx:
                found.append(await tags.apply(tx, TagCode(tags=tuple(part), archive=archive), note))
    return found


async def _export(category: str, bank: str, login: str) -> list[Definition]:
    async with open_session(bank, login) as session, session.begin("tag.read") as tx:
        return await tags.definitions(tx, category)


async def _refresh(names: tuple[str, ...], bank: str, login: str, *, whole: bool) -> Ran:
    async with open_session(bank, login) as session:
        async with session.begin("tag.write") as tx:
            numbers = await tags.numbers_of(tx, names) if names else None
        runtime = session.runtime
        return await tags.refresh(runtime.database, _analytics(session), session.principal.tenant, numbers, whole=whole)


async def _why(customer_no: str, name: str, bank: str, login: str) -> Why:
    async with open_session(bank, login) as session, session.begin("customer.read") as tx:
        found = await customers.find_by_no(tx, [customer_no])
        if customer_no not in found:
            raise CustomerUnknown(f"There is no customer '{customer_no[:64]}'.")
        await customers.get(tx, found[customer_no], scope=session.principal.units)
        return await tags.why(tx, session.runtime.clickhouse, found[customer_no], name)


async def _code(file: Path) -> TagCode:
    try:
        return tags.from_yaml(await asyncio.to_thread(file.read_text, "utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} is no UTF-8 text: {error}.", pointer="/file") from None


def _show(found: Plan) -> None:
    table = Table("", "Tag", "What differs")
    for step in found.steps:
        table.add_row({"create": "+", "change": "~", "archive": "-"}[step.verb], step.name, ", ".join(step.fields))
    if found.steps:
        stdout().print(table)
    by_verb = {verb: sum(step.verb == verb for step in found.steps) for verb in ("create", "change", "archive")}
    stdout().print(
        f"{by_verb['create']} to create, {by_verb['change']} to change, {by_verb['archive']} to archive;"
        f" {found.same} as they are."
    )


def _write(definitions: list[Definition], file: Path | None) -> None:
    text = tags.to_yaml(definitions)
    if file is None:
        print(text, end="")
        return
    file.write_text(text, "utf-8")
    stdout().print(f"{len(definitions)} definitions in {file}.")


def _analytics(session: Session) -> Analytics:
    return Analytics(session.runtime.clickhouse, session.runtime.sets)
