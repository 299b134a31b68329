"""What a customer allows: their own choices with dates, and the way out of messages that needs no sign-in."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import check_csrf
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Conflict
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import consent, profiles
from huoke.know.consent import Basis, ConsentState, Purpose, Verdict
from huoke.reach import channels

PUBLIC: dict[str, Any] = {"public": True}
VIA = "h5"
"""The channel of what is said on these pages."""
ON_UNTIL_REFUSED = frozenset({consent.PROFILING, consent.MARKETING_SMS, consent.MARKETING_CALL})
"""These narrow what another consent allows: they stand open until a customer closes them (rule P4)."""
NARROWER = frozenset({consent.MARKETING_SMS, consent.MARKETING_CALL})
_ORDER = (consent.PROFILING, consent.MARKETING, consent.MARKETING_SMS, consent.MARKETING_CALL)
_NO_STORE = {"Cache-Control": "no-store"}


class TextMoved(Conflict):
    """The text of a purpose changed while its customer read the old one: nothing was agreed to."""

    code = "h5.text_moved"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose as its customer sees it; `fixed` ones rest on another basis than consent."""

    code: str
    label: str
    text: str
    version: str
    on: bool
    fixed: bool
    narrower: bool
    idle: bool
    """Open, but without effect while what it narrows is closed."""
    since: str


class ChoiceForm(msgspec.Struct, frozen=True, kw_only=True):
    """A switch that was pressed, under the text that stood beside it."""

    csrf: str = ""
    purpose: str = ""
    wanted: str = ""
    version: str = ""


@get("/choices", operation_id="show_own_choices", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database) -> Response[bytes]:
    """Every purpose with its text, what stands and since when (rules P1, P4)."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await choices_of(tx, customer.seq, visit.words)
        asks = bool((await profiles.own(tx, customer.seq)).fields)
    return visit.page("choices.html", choices=found, asks_profile=asks)


@post("/choices", operation_id="change_own_choice", opt=PUBLIC, include_in_schema=False, status_code=303)
async def change(
    visit: Visit,
    database: Database,
    data: Annotated[ChoiceForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Give or withdraw one consent; it acts at once, and asks for nothing in return."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        await _choose(tx, customer.seq, data, visit.words)
    return Redirect(f"{visit.home}/choices", status_code=303, headers=_NO_STORE)


@get("/u/{token:str}", operation_id="show_unsubscribe", opt=PUBLIC, include_in_schema=False)
async def show_unsubscribe(visit: Visit, database: Database, token: str) -> Response[bytes]:
    """The page behind a message's link: one press ends such messages. Merely opening it changes nothing."""
    async with database.begin(visit.bank.id) as tx:
        found = await channels.subscription(tx, token)
    return visit.page("unsubscribe.html", found=found, path=f"{visit.home}/u/{token}")


@post("/u/{token:str}", operation_id="unsubscribe_by_link", opt=PUBLIC, include_in_schema=False, status_code=303)
async def unsubscribe(visit: Visit, database: Database, token: str) -> Redirect:
    """No more marketing messages, from the next hand-over on (rule M1)."""
    async with database.begin(visit.bank.id) as tx:
        await channels.unsubscribe(tx, token)
    return Redirect(f"{visit.home}/u/{token}", status_code=303, headers=_NO_STORE)


@post("/u/{token:str}/undo", operation_id="undo_unsubscribe", opt=PUBLIC, include_in_schema=False, status_code=303)
async def undo(visit: Visit, database: Database, token: str) -> Redirect:
    """Take it back, while the press is fresh."""
    async with database.begin(visit.bank.id) as tx:
        await channels.subscribe_again(tx, token)
    return Redirect(f"{visit.home}/u/{token}", status_code=303, headers=_NO_STORE)


async def choices_of(tx: Tx, seq: Seq, words: Words) -> list[Choice]:
    """Every purpose of the bank as this customer stands to it; the usual ones first."""
    purposes = {one.code: one for one in await consent.list_purposes(tx)}
    states = {one.purpose: one for one in await consent.consents_of(tx, seq)}
    codes = [*_ORDER, *sorted(set(purposes) - {*_ORDER, consent.SERVICE}), consent.SERVICE]
    return [_choice(purposes[code], states, words) for code in codes]


def _choice(purpose: Purpose, states: Mapping[str, ConsentState], words: Words) -> Choice:
    state = states[purpose.code]
    fixed = purpose.code == consent.SERVICE or state.basis not in (None, Basis.CONSENT)
    on = fixed or _is_on(state)
    said = (
        words("choices.since.given" if on else "choices.since.withdrawn", date=words.day(state.at)) if state.at else ""
    )
    return Choice(
        code=purpose.code,
        label=words.either(purpose.label, purpose.label_en),
        text=_text(purpose, words),
        version=purpose.text_version,
        on=on,
        fixed=fixed,
        narrower=purpose.code in NARROWER,
        idle=purpose.code in NARROWER and not _is_on(states[consent.MARKETING]),
        since=said,
    )


def _text(purpose: Purpose, words: Words) -> str:
    """What is agreed to: as the bank wrote it, or the product's own wording in the reader's language."""
    own = purpose not in consent.DEFAULT_PURPOSES
    return purpose.text if own else words(f"purpose.{purpose.code}")


def _is_on(state: ConsentState) -> bool:
    if state.purpose in ON_UNTIL_REFUSED:
        return state.verdict is not Verdict.WITHDRAWN
    return state.verdict is Verdict.GIVEN


async def _choose(tx: Tx, seq: Seq, wanted: ChoiceForm, words: Words) -> None:
    found = next((one for one in await choices_of(tx, seq, words) if one.code == wanted.purpose), None)
    if found is None:
        raise consent.PurposeUnknown("The bank processes nothing for this purpose.")
    if found.fixed or found.on == (wanted.wanted == "on"):
        return
    if not found.on and wanted.version != found.version:
        raise TextMoved("The text changed meanwhile; read it again.")
    statement = consent.Statement(
        purpose=found.code,
        verdict=Verdict.WITHDRAWN if found.on else Verdict.GIVEN,
        members=CustomerSet.of(tx.tenant, [seq]),
        text_version=found.version,
        channel=VIA,
    )
    await consent.record(tx, [statement])


routes = [show, change, show_unsubscribe, unsubscribe, undo]
