"""Identities over HTTP: the card of a customer, suggested matches, joining and parting."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter

from huoke.govern.people import units
from huoke.kernel.http import Page, Result, each, page_limit
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.identities import match, merge, read, rules
from huoke.know.identities.model import Found, Identities, Match, Merge, NewApart, NewMerge, NewParting
from huoke.know.identities.rule_model import MatchRule, NewRules, RuleSet, RulesPreview, RulesRequest

TAGS = ["identities"]
READ = {"permission": "customer.read"}
JOIN = {"permission": "customer.merge"}


@get(
    "/v1/customers/{seq:int}/identities",
    operation_id="get_customer_identities",
    opt=READ,
    tags=TAGS,
    summary="What a customer is known by, with the evidence; masked",
)
async def get_customer_identities(tx: Tx, principal: Principal, seq: int) -> Identities:
    """Those joined to them included."""
    found = await read.identities_of(tx, Seq(seq), scope=principal.units)
    return msgspec.structs.replace(found, can=["merge"] if principal.may("customer.merge") else [])


@get("/v1/identities", operation_id="resolve_identity", opt=READ, tags=TAGS, summary="Whom an identity means")
async def resolve_identity(
    tx: Tx, principal: Principal, q: Annotated[str, Parameter(min_length=1, max_length=100)]
) -> Page[Found]:
    """One customer, or several between whom a person decides."""
    found = await read.resolve(tx, q, scope=principal.units)
    return Page(items=found, total=len(found))


@get(
    "/v1/identity-matches",
    operation_id="list_identity_matches",
    opt=JOIN,
    tags=TAGS,
    summary="Customers who may be one, with what they share, by the bank's rules",
)
async def list_identity_matches(tx: Tx, principal: Principal, rule: str = "", limit: int | None = None) -> Page[Match]:
    """Those one rule finds, or all that a person decides, and nobody has decided yet; they go as they are decided."""
    found = await match.matches(tx, rule, scope=principal.units)
    return Page(items=found[: page_limit(limit)], total=len(found))


@post(
    "/v1/identity-matches/apart",
    operation_id="tell_customers_apart",
    opt=JOIN,
    tags=TAGS,
    summary="Say that two customers are two: they are suggested no more",
)
async def tell_customers_apart(tx: Tx, principal: Principal, data: list[NewApart]) -> list[Result]:
    """Each pair once."""

    async def tell(inner: Tx, new: NewApart) -> int:
        await read.tell_apart(inner, new.seq, new.other_seq, scope=principal.units)
        return new.seq

    return await each(tx, data, tell)


@get("/v1/merges", operation_id="list_merges", opt=JOIN, tags=TAGS, summary="Requests to join or part, latest first")
async def list_merges(tx: Tx, principal: Principal) -> Page[Merge]:
    """Those of the caller's units."""
    return Page(items=await merge.merges(tx, scope=principal.units))


@post(
    "/v1/merges",
    operation_id="request_merges",
    opt=JOIN,
    tags=TAGS,
    summary="Ask to join two customers who are one: another person decides",
)
async def request_merges(tx: Tx, principal: Principal, data: list[NewMerge]) -> list[Result]:
    """One request a customer."""

    async def ask(inner: Tx, new: NewMerge) -> UUID:
        return await merge.request_join(inner, new, scope=principal.units)

    return await each(tx, data, ask)


@post(
    "/v1/partings",
    operation_id="request_partings",
    opt=JOIN,
    tags=TAGS,
    summary="Ask to part customers who were joined by mistake: another person decides",
)
async def request_partings(tx: Tx, principal: Principal, data: list[NewParting]) -> list[Result]:
    """One request a customer."""

    async def ask(inner: Tx, new: NewParting) -> UUID:
        return await merge.request_part(inner, new, scope=principal.units)

    return await each(tx, data, ask)


class RuleAttribute(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute of class C1 that a rule may compare."""

    name: str
    label: str
    label_en: str


class RulesPage(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that hold, in their order, and what may be compared beside the personal fields; `can` change them."""

    rules: tuple[MatchRule, ...]
    shared_max: int
    attributes: list[RuleAttribute]
    requests: list[RulesRequest]
    can: list[str]


@get(
    "/v1/identity-rules",
    operation_id="get_identity_rules",
    opt=JOIN,
    tags=TAGS,
    summary="By which rules two customers are taken for one",
)
async def get_identity_rules(tx: Tx, principal: Principal) -> RulesPage:
    """Those that hold, and those that were asked for, latest first."""
    held = await rules.in_force(tx)
    mine = principal.may("identity.write") and principal.covers(await units.head_office(tx))
    return RulesPage(
        rules=held.rules,
        shared_max=held.shared_max,
        attributes=[
            RuleAttribute(name=f"attribute.{one.name}", label=one.label, label_en=one.label_en or one.name)
            for one in await customers.list_attributes(tx)
            if one.data_class == "C1"
        ],
        requests=await rules.rule_requests(tx, limit=20),
        can=["change"] if mine else [],
    )


@post(
    "/v1/identity-rules/previews",
    operation_id="preview_identity_rules",
    opt=JOIN,
    tags=TAGS,
    summary="How many pairs other rules would find",
    status_code=200,
)
async def preview_identity_rules(tx: Tx, principal: Principal, data: RuleSet) -> RulesPreview:
    """In the whole bank, each rule after those before it: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await rules.preview(tx, data)


@post(
    "/v1/identity-rules",
    operation_id="request_identity_rules",
    opt={"permission": "identity.write"},
    tags=TAGS,
    summary="Ask for other rules: another person decides",
)
async def request_identity_rules(tx: Tx, principal: Principal, data: list[NewRules]) -> list[Result]:
    """One request at a time; for the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await each(tx, data, rules.request_rules)


routes = [
    get_identity_rules,
    preview_identity_rules,
    request_identity_rules,
    get_customer_identities,
    resolve_identity,
    list_identity_matches,
    tell_customers_apart,
    list_merges,
    request_merges,
    request_partings,
]
