"""A customer's points on the phone: what there is and until when, what waits, how it moved, how to earn more."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get

from huoke.app.h5.benefits import last_day
from huoke.app.h5.visit import Visit
from huoke.app.h5.words import Words
from huoke.kernel.ids import Seq
from huoke.kernel.money import format_yuan
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.know.language import day_of
from huoke.reward import exchange, points
from huoke.reward.ledger import Lot, Movement
from huoke.reward.points import EarnRule, Held, PointsAccount, PointType, RuleState, Target

PUBLIC: dict[str, Any] = {"public": True}
SHOWN = 20
LOTS_SHOWN = 3


@get("/points", operation_id="show_own_points", opt=PUBLIC, include_in_schema=False)
async def own_points(visit: Visit, database: Database) -> Response[bytes]:
    """The customer's own points, under every number that was joined."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        account = await points.account_of(tx, await customers.numbers_of(tx, Seq(customer.seq)))
        rules = [one.rule for one in await points.rules(tx) if one.state is RuleState.LIVE]
        exchanges = bool(await exchange.offers_for(tx, customer.seq))
        kinds = await points.types(tx)
        gifts = any(one.transferable for one in kinds)
        now = tx.now
    words = visit.words
    live = [
        one for one in rules if one.target is Target.POINTS and (one.until_on is None or one.until_on >= day_of(now))
    ]
    return visit.page(
        "points.html",
        held=[_held(one, words) for one in account.held],
        exchanges=exchanges,
        gifts=gifts,
        moves=_moves(account, kinds, words),
        ways=[_way(one, account, words) for one in live],
    )


def _held(one: Held, words: Words) -> dict[str, Any]:
    notes = []
    if one.pending:
        notes.append(words("own_points.pending", amount=f"{one.pending:,}"))
    if one.owed:
        notes.append(words("own_points.owed", amount=f"{one.owed:,}"))
    if one.frozen:
        notes.append(words("own_points.frozen"))
    return {
        "name": words.either(one.type.name, one.type.name_en),
        "balance": f"{one.balance:,}",
        "lots": _ending(one.lots, words),
        "notes": notes,
    }


def _ending(lots: Sequence[Lot], words: Words) -> list[str]:
    """The next days on which points end, with how many; points without an end are not told."""
    days: dict[str, int] = {}
    for lot in lots:
        if lot.expires_at is not None:
            day = last_day(lot.expires_at, words)
            days[day] = days.get(day, 0) + lot.remaining
    return [words("points.next", amount=f"{days[day]:,}", date=day) for day in sorted(days)[:LOTS_SHOWN]]


def _moves(account: PointsAccount, kinds: Sequence[PointType], words: Words) -> list[dict[str, str]]:
    """The latest of points; what else stands in the ledger, such as draws, is told where it is used."""
    names = {one.code: words.either(one.name, one.name_en) for one in kinds}
    ruled = {one.id: words.either(one.rule, one.rule_en) for one in account.earnings}
    moved = [one for one in account.movements if one.currency in names]
    return [_move(one, names, ruled, words) for one in moved[:SHOWN]]


def _move(one: Movement, names: dict[str, str], ruled: dict[Any, str], words: Words) -> dict[str, str]:
    what = ruled.get(one.source_id) or words(f"own_points.kind.{one.kind}")
    sign = "+" if one.points > 0 else "−"
    return {
        "what": what,
        "when": f"{words.minute(one.at)} · {names[one.currency]}",
        "value": f"{sign}{abs(one.points):,}",
        "tone": "in" if one.points > 0 else "out",
    }


def _way(rule: EarnRule, account: PointsAccount, words: Words) -> dict[str, str]:
    names = {one.type.code: words.either(one.type.name, one.type.name_en) for one in account.held}
    name = names.get(rule.type, words("points"))
    gives = (
        words("own_points.per", yuan=format_yuan(rule.per_fen), points=f"{rule.points:,}", type=name)
        if rule.per_fen
        else words("own_points.each", points=f"{rule.points:,}", type=name)
    )
    more = []
    if rule.caps.day:
        more.append(words("own_points.cap.day", points=f"{rule.caps.day:,}"))
    if rule.caps.month:
        more.append(words("own_points.cap.month", points=f"{rule.caps.month:,}"))
    if rule.until_on:
        more.append(words("until", date=rule.until_on.isoformat()))
    return {"name": words.either(rule.name, rule.name_en), "gives": gives, "more": " · ".join(more)}


routes = [own_points]
