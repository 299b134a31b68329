"""What the bank noted about its customer: their own tags in words for them, each deleted and taken back by a press."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.consents import choices_of
from huoke.app.h5.visit import Visit
from huoke.app.h5.words import Words
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import check_csrf
from huoke.kernel.tx import Database
from huoke.know import consent, tags

PUBLIC: dict[str, Any] = {"public": True}
YES = "yes"
"""The value of a tag one has or has not: it adds nothing to the words."""
_NO_STORE = {"Cache-Control": "no-store"}


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """One tag as its customer reads it."""

    name: str
    text: str
    since: str = ""


class NotedForm(msgspec.Struct, frozen=True, kw_only=True):
    """The button of a tag: `wanted` is delete or restore."""

    csrf: str = ""
    tag: str = ""
    wanted: str = ""


@get("/noted", operation_id="show_own_tags", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database, clickhouse: ClickHouse) -> Response[bytes]:
    """The customer's tags that have words for them, and those they deleted (rule P4)."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        held = await tags.shown_to_customer(tx, clickhouse, customer.seq)
        gone = await tags.deleted(tx, customer.seq)
        choices = {one.code: one for one in await choices_of(tx, customer.seq, visit.words)}
    return visit.page(
        "noted.html",
        noted=[_noted(one, visit.words) for one in held],
        deleted=[_noted(one, visit.words) for one in gone],
        profiling=choices[consent.PROFILING],
    )


@post("/noted", operation_id="change_own_tag", opt=PUBLIC, include_in_schema=False, status_code=303)
async def change(
    visit: Visit,
    database: Database,
    data: Annotated[NotedForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Delete a tag, or take its deletion back; every set is without, or with, the customer from now on."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    act = tags.restore if data.wanted == "restore" else tags.hide
    async with database.begin(visit.bank.id, customer.actor) as tx:
        await act(tx, customer.seq, data.tag)
    return Redirect(f"{visit.home}/noted", status_code=303, headers=_NO_STORE)


def _noted(held: tags.Held, words: Words) -> Noted:
    text = words.either(held.wording, held.wording_en)
    value = words.either(held.value_label, held.value_label_en)
    if value and held.value != YES:
        text = words("noted.value", wording=text, value=value)
    key = "noted.since_at_least" if held.at_least else "noted.since"
    return Noted(name=held.name, text=text, since=words(key, date=held.since.isoformat()) if held.since else "")


routes = [show, change]
