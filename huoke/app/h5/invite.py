"""Pages of invitations: the inviter's own with code and friends, and the one an invitee accepts on."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import invite_poster
from huoke.app.h5.help_words import ZH_HELP
from huoke.app.h5.invite_benefits import titled
from huoke.app.h5.invite_poster import origin_of
from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.reward import referral
from huoke.reward.referral import (
    Bind,
    BondState,
    Channel,
    Invitation,
    NewProgramme,
    OwnInvitations,
    Programme,
    ProgrammeState,
    SideBenefit,
)

PUBLIC: dict[str, Any] = {"public": True}
HOME = "invite"
"""The entry point of a ticket that leads to the customer's own invitations."""
HELP = "help"
"""The entry point of a ticket that leads to asking for help."""
_NO_STORE = {"Cache-Control": "no-store"}
_TONES = {
    BondState.BOUND: ("brand", "clock"),
    BondState.QUALIFIED: ("brand", "clock"),
    BondState.REWARDED: ("ok", "check"),
    BondState.BLOCKED: ("warn", "shield"),
}


class InviteForm(msgspec.Struct, frozen=True, kw_only=True):
    """A button of a page of invitations."""

    csrf: str = ""


Form = Annotated[InviteForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the ladder as the inviter sees it."""

    invitees: int
    title: str
    text: str
    reached: bool
    next: bool


Say = Callable[..., str]


def say_of(words: Words, terms: NewProgramme) -> Say:
    """The words of an invitation; of a request for help, where it has some of its own."""

    def say(key: str, **values: Any) -> str:
        dotted = f".{key}" if key else ""
        own = terms.help_hours and f"help{dotted}" in ZH_HELP
        return words(f"{'help' if own else 'invite'}{dotted}", **values)

    return say


@get("/invite", operation_id="find_own_invitations", opt=PUBLIC, include_in_schema=False)
async def find(visit: Visit, database: Database) -> Response[Any]:
    """On to the latest programme that is open; where there is none, a page says so."""
    return await _find(visit, database, HOME)


@get("/help", operation_id="find_own_help", opt=PUBLIC, include_in_schema=False)
async def find_help(visit: Visit, database: Database) -> Response[Any]:
    """On to the latest programme in which help can be asked for; where there is none, a page says so."""
    return await _find(visit, database, HELP)


async def _find(visit: Visit, database: Database, kind: str) -> Response[Any]:
    visit.require_customer()
    async with database.begin(visit.bank.id) as tx:
        found = await referral.shown(tx, help_=kind == HELP)
    if found:
        return Redirect(f"{visit.home}/invite/{found[0].id}", status_code=303, headers=_NO_STORE)
    words = visit.words
    card = Card(
        tone="", picture="sunset", title=words(f"{kind}.none"), text=words(f"{kind}.none.text"),
        href=f"{visit.home}/benefits", action=words("to_benefits"),
    )  # fmt: skip
    return visit.page("state.html", card=card, number="")


@get("/invite/{programme_id:uuid}", operation_id="show_own_invitations", opt=PUBLIC, include_in_schema=False)
async def own(request: Request[Any, Any, Any], visit: Visit, database: Database, programme_id: UUID) -> Response[bytes]:
    """What a customer sent in a programme: code, ladder, friends by masked name."""
    seq = _seq(visit.require_customer())
    async with database.begin(visit.bank.id) as tx:
        found = await referral.own(tx, programme_id, seq)
        benefits = await titled(tx, found.programme.terms, found.benefits, visit.words)
        addresses = {
            channel: await referral.address_of(tx, code, origin_of(request)) for channel, code in found.codes.items()
        }
        now = tx.now
    return visit.page(
        "invite.html", **_own_page(msgspec.structs.replace(found, benefits=benefits), visit, addresses, now)
    )


@post(
    "/invite/{programme_id:uuid}",
    operation_id="begin_inviting",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def begin(visit: Visit, database: Database, programme_id: UUID, data: Form) -> Redirect:
    """A code of one's own; what stands in its way the page says."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    try:
        async with database.begin(visit.bank.id, customer.actor) as tx:
            await referral.own_code(tx, programme_id, _seq(customer))
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
    return Redirect(f"{visit.home}/invite/{programme_id}", status_code=303, headers=_NO_STORE)


@get("/r/{code:str}", operation_id="show_invitation", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database, code: str, no: str = "") -> Response[bytes]:
    """An invitation as this visitor finds it; nothing is written by looking."""
    async with database.begin(visit.bank.id) as tx:
        found = await referral.invitation(tx, code, _seq_or_none(visit))
        benefits = await titled(tx, found.programme.terms, found.benefits, visit.words)
        now = tx.now
    return visit.page(
        "invitation.html", **_page(msgspec.structs.replace(found, benefits=benefits), visit, code, no, now)
    )


@post("/r/{code:str}/accept", operation_id="accept_invitation", opt=PUBLIC, include_in_schema=False, status_code=303)
async def accept(visit: Visit, batchers: Batchers, code: str, data: Form) -> Redirect:
    """Accept in the micro-batch; whatever came of it, the invitation's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    path = f"{visit.home}/r/{code}"
    try:
        await batchers.submit(referral.bind, customer.tenant, customer.actor, Bind(code=code, seq=_seq(customer)))
    except referral.Circle:
        path += "?no=circle"
    except referral.ChannelFull:
        path += "?no=full"
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
    return Redirect(path, status_code=303, headers=_NO_STORE)


def _own_page(found: OwnInvitations, visit: Visit, addresses: dict[Channel, str], now: datetime) -> dict[str, Any]:
    words, terms = visit.words, found.programme.terms
    ways = _ways(found)
    address = addresses.get(ways["poster"], "")
    say = say_of(words, terms)
    picture = segno.make_qr(address, error="q").svg_inline(border=0, omitsize=True, dark="#14212B") if address else ""
    rungs = _rungs(found, visit)
    following = next((rung for rung in rungs if rung.next), None)
    ladder = (
        say("next", count=following.invitees - found.rewarded, benefit=following.title) if following else say("all")
    )
    return {
        "title": words.either(terms.title, terms.title_en),
        "act": words.either(terms.act_label, terms.act_label_en),
        "rules": words.either(terms.rules, terms.rules_en),
        "limit": terms.person_limit,
        "hold_days": terms.hold_days,
        "qr": picture,
        "begun": bool(found.codes),
        "code": found.codes.get(Channel.CODE, "") if Channel.CODE in found.codes else "",
        "poster": found.codes.get(ways["poster"], ""),
        "address": addresses.get(ways["link"], ""),
        "rewarded": found.rewarded,
        "rungs": rungs,
        "ladder": ladder if rungs else "",
        "each": None if terms.help_hours else _side(found.benefits, 0),
        "friends": [
            (friend.name, say("since", date=words.short_day(friend.since)), friend.state.value,
             say(f"state.{friend.state.value}"))
            for friend in found.friends
        ],
        "until": _until(found, say, words),
        "card": _own_card(found, visit, now),
        "say": say,
        "path": f"{visit.home}/invite/{found.programme.id}",
    }  # fmt: skip


def _ways(found: OwnInvitations) -> dict[str, Channel]:
    """The channel that a link and a picture go by; who began before channels were told apart has a code alone."""
    own = {"link": Channel.LINK, "poster": Channel.POSTER}
    first = set(found.codes) <= {Channel.CODE}
    return {
        name: Channel.CODE if first and found.programme.terms.rule(channel).open else channel
        for name, channel in own.items()
    }


def _until(found: OwnInvitations, say: Say, words: Words) -> str:
    """Until when who asked for help may be helped, or how long they would have."""
    terms = found.programme.terms
    if not terms.help_hours:
        return ""
    if found.until is None:
        return say("within", hours=terms.help_hours, count=terms.goal)
    return say("until", date=words.minute(found.until))


def _own_card(found: OwnInvitations, visit: Visit, now: datetime) -> Card | None:
    terms = found.programme.terms
    if terms.help_hours and found.rewarded >= terms.goal:
        href, action = f"{visit.home}/benefits", visit.words("to_benefits")
        return _told(terms, "goal", visit, "ok", "check", href=href, action=action)
    if found.until is not None and now >= found.until:
        return _told(terms, "over", visit, "", "sunset", date=visit.words.minute(found.until))
    return _closed_card(found.programme, visit, now) if found.programme.closed(now) else None


def _rungs(found: OwnInvitations, visit: Visit) -> list[Rung]:
    say = say_of(visit.words, found.programme.terms)
    steps = [one for one in found.benefits if one.invitees]
    following = next((one.invitees for one in steps if one.invitees > found.rewarded), 0)
    return [
        Rung(
            invitees=one.invitees,
            title=one.title,
            text=say("reached")
            if one.invitees <= found.rewarded
            else say("to_go", count=one.invitees - found.rewarded),
            reached=one.invitees <= found.rewarded,
            next=one.invitees == following,
        )
        for one in steps
    ]


def _page(found: Invitation, visit: Visit, code: str, no: str, now: datetime) -> dict[str, Any]:
    words, terms = visit.words, found.programme.terms
    say = say_of(words, terms)
    bank = words.either(visit.look.name, visit.look.name_en)
    card = _card(found, visit, no, now, f"{visit.home}/r/{code}")
    return {
        "title": words.either(terms.title, terms.title_en),
        "act": words.either(terms.act_label, terms.act_label_en),
        "from_whom": say("from", name=found.inviter) if found.inviter else say("from.staff", bank=bank),
        "window": say("window", opens=words.short_day(terms.opens_at), closes=words.short_day(terms.closes_at)),
        "rules": words.either(terms.rules, terms.rules_en),
        "sides": [
            (said, one.title, say("left", count=f"{one.left:,}")) for said, one in _sides(found, say) if one is not None
        ],
        "helping": say("helping", count=min(found.helping, terms.goal), goal=terms.goal) if terms.help_hours else "",
        "say": say,
        "steps": _steps(found, visit),
        "card": card,
        "open": card is None,
        "also": f"{visit.home}/invite/{found.programme.id}" if visit.customer else "",
        "path": f"{visit.home}/r/{code}",
    }


def _sides(found: Invitation, say: Say) -> list[tuple[str, SideBenefit | None]]:
    """What the visitor gets, and who sent this: for each friend, or once enough have helped."""
    terms = found.programme.terms
    mine = referral.line_of(terms, found.channel, 1)
    if terms.help_hours:
        goal = next((one for one in found.benefits if one.invitees == terms.goal), None)
        return [(say("gets"), _side(found.benefits, mine)), (say("goal_gets", count=terms.goal), goal)]
    theirs = referral.line_of(terms, found.channel, 0)
    return [(say("gets"), _side(found.benefits, mine)), (say("inviter_gets"), _side(found.benefits, theirs))]


def _steps(found: Invitation, visit: Visit) -> list[tuple[str, str, bool]]:
    """What happens one after the other, and whether it has: words, a date or a number of days, done."""
    words, terms, bond = visit.words, found.programme.terms, found.bond if found.mine else None
    say = say_of(words, terms)
    act = words.either(terms.act_label, terms.act_label_en)
    held = bond is not None and bond.qualified_at is not None and bond.due_at is not None
    act_text = say("step.act.text", date=words.day(bond.act_by)) if bond else say("step.act.days", days=terms.act_days)
    hold_text = (
        say("step.hold.text", date=words.day(bond.due_at))
        if bond and bond.due_at and held
        else say("step.hold.days", days=terms.hold_days)
        if terms.hold_days
        else say("step.hold.none")
    )
    done = bond is not None and bond.state is BondState.REWARDED
    return [
        (say("step.accept"), words.minute(bond.bound_at) if bond else "", bond is not None),
        (say("step.act", act=act), act_text, bond is not None and bond.qualified_at is not None),
        (say("step.hold"), hold_text, done),
        (say("step.done"), say("step.done.text") if done else "", done),
    ]


def _card(found: Invitation, visit: Visit, no: str, now: datetime, path: str) -> Card | None:
    """What stands in the way of accepting, or what came of it; None where the invitation may be accepted."""
    if found.bond is not None:
        return _bond_card(found, visit) if found.mine else _told(found.programme.terms, "other", visit, "", "check")
    if found.own:
        href, say = f"{visit.home}/invite/{found.programme.id}", say_of(visit.words, found.programme.terms)
        return _told(
            found.programme.terms,
            "own",
            visit,
            "brand",
            "shield",
            href=href,
            action=say(""),
        )
    if found.programme.closed(now):
        return _closed_card(found.programme, visit, now)
    return _over_card(found, visit, now) or _visitor_card(found, visit, no, path)


def _over_card(found: Invitation, visit: Visit, now: datetime) -> Card | None:
    """Why this invitation can be accepted no more while its programme goes on, or None."""
    terms = found.programme.terms
    if found.closed is not None:
        return _told(terms, "channel", visit, "", "sunset")
    if found.until is not None and now >= found.until:
        return _told(terms, "over", visit, "", "sunset", date=visit.words.minute(found.until))
    if found.until is not None and found.helping >= terms.goal:
        return _told(terms, "full", visit, "ok", "check")
    return None


def _visitor_card(found: Invitation, visit: Visit, no: str, path: str) -> Card | None:
    say = say_of(visit.words, found.programme.terms)
    if visit.customer is None:
        href, action = visit.door(path)
        text = say("card.sign_in.text") if href else say("card.app")
        return Card(
            tone="brand", picture="lock", title=say("card.sign_in"), text=text,
            href=href or None, action=action or None,
        )  # fmt: skip
    if not found.eligible:
        return _told(found.programme.terms, "not_eligible", visit, "", "cross")
    if no in ("circle", "full"):
        return Card(tone="warn", picture="cross", title=say(f"no.{no}"), text=say(f"no.{no}.text"))
    return None


def _bond_card(found: Invitation, visit: Visit) -> Card:
    bond, words = found.bond, visit.words
    assert bond is not None, "a card of a bond has one"
    tone, picture = _TONES.get(bond.state, ("", "cross"))
    act = words.either(found.programme.terms.act_label, found.programme.terms.act_label_en)
    date = words.day(bond.act_by if bond.state is BondState.BOUND else bond.due_at or bond.act_by)
    href = f"{visit.home}/benefits" if bond.state is BondState.REWARDED else None
    return _told(
        found.programme.terms, bond.state.value, visit, tone, picture, href=href,
        action=words("to_benefits") if href else None, act=act, date=date,
    )  # fmt: skip


def _closed_card(programme: Programme, visit: Visit, now: datetime) -> Card:
    words = visit.words
    if programme.state is ProgrammeState.PAUSED:
        return _told(programme.terms, "paused", visit, "warn", "pause")
    if programme.state is ProgrammeState.LIVE and now < programme.terms.opens_at:
        return _told(
            programme.terms, "not_started", visit, "brand", "clock", date=words.minute(programme.terms.opens_at)
        )
    return _told(
        programme.terms, "ended", visit, "", "sunset", date=words.minute(min(programme.terms.closes_at, now)),
        href=f"{visit.home}/benefits", action=words("to_benefits"),
    )  # fmt: skip


def _told(
    terms: NewProgramme,
    key: str,
    visit: Visit,
    tone: str,
    picture: str,
    href: str | None = None,
    action: str | None = None,
    **values: str,
) -> Card:
    say = say_of(visit.words, terms)
    return Card(
        tone=tone, picture=picture, title=say(f"card.{key}"), text=say(f"card.{key}.text", **values),
        href=href, action=action,
    )  # fmt: skip


def _side(benefits: list[SideBenefit], line: int) -> SideBenefit | None:
    return next((one for one in benefits if one.line == line), None)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


def _seq_or_none(visit: Visit) -> int | None:
    return None if visit.customer is None else _seq(visit.customer)


routes = [find, find_help, own, begin, show, accept, *invite_poster.routes]
