"""The own profile on the phone: what one says of oneself, under a consent that is asked with it and never ticked."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.consents import choices_of
from huoke.app.h5.visit import Visit
from huoke.kernel.http import check_csrf
from huoke.kernel.tx import Database
from huoke.know import consent, profiles
from huoke.know.profiles import Said

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}


class ProfileForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form as it was sent; a field left open is empty."""

    csrf: str = ""
    job: str = ""
    life_stage: str = ""
    contact_time: str = ""
    agrees: str = ""


@get("/profile", operation_id="show_own_profile", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database, told: str = "") -> Response[bytes]:
    """What the bank asks, what stands there, and what it is used for (rule P1)."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    words = visit.words
    async with database.begin(visit.bank.id, customer.actor) as tx:
        own = await profiles.own(tx, customer.seq)
        choices = {one.code: one for one in await choices_of(tx, customer.seq, words)}
    return visit.page(
        "profile.html",
        fields=[
            {
                "name": one.name,
                "label": words.either(one.label, one.label_en),
                "value": one.value,
                "choices": [(each.value, words.either(each.value, each.en)) for each in one.choices],
            }
            for one in own.fields
        ],
        agreed=own.agreed,
        whole=own.whole,
        told=told if told in ("saved", "agree") else "",
        purpose=choices[consent.PROFILING],
    )


@post("/profile", operation_id="complete_own_profile", opt=PUBLIC, include_in_schema=False, status_code=303)
async def complete(
    visit: Visit,
    database: Database,
    data: Annotated[ProfileForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep what was said; without the consent nothing is kept, and the page says so."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    values = {name: getattr(data, name)[:40] for name in ("job", "life_stage", "contact_time")}
    told = "saved"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        try:
            await profiles.complete(tx, customer.seq, Said(values=values, agrees=data.agrees == "yes"))
        except profiles.ConsentMissing:
            told = "agree"
    return Redirect(f"{visit.home}/profile?told={told}", status_code=303, headers=_NO_STORE)


routes = [show, complete]
