"""A customer's benefits as the page shows them: three tabs of tickets, points, what was saved this month."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.app.h5.pictures import Photo, photo_of
from huoke.app.h5.words import Words
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.money import format_yuan
from huoke.reward.catalogue import Sku
from huoke.reward.grants import BenefitKind, GrantItem, Handover, State
from huoke.reward.ledger import Lot

SHOWN_MAX = 50
SOON_DAYS = 7
PICTURES = frozenset(
    {"dining", "travel", "topup", "retail", "entertainment", "finance", "health", "education", "visit"}
)


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `action` is the words on its button; a claimable one is a form instead of a link."""

    title: str
    line: str
    chip: str
    chip_tone: str
    chip_icon: str
    tone: str
    picture: str
    photo: Photo | None
    path: str
    action: str
    claimable: bool
    request_no: str


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """A tab with its number and its latest tickets."""

    name: str
    count: int
    tickets: list[Ticket]


def tabs(items: Sequence[GrantItem], skus: Mapping[UUID, Sku], words: Words, home: str, now: datetime) -> list[Tab]:
    """Available (soonest to end first), used and expired (latest first)."""
    shown: dict[str, list[GrantItem]] = {"available": [], "used": [], "expired": []}
    for item in items:
        shown[item.shown(now)].append(item)
    shown["available"].sort(key=lambda item: item.expires_at or now)
    return [
        Tab(
            name=name,
            count=len(found),
            tickets=[_ticket(item, name, skus.get(item.sku_id), words, home, now) for item in found[:SHOWN_MAX]],
        )
        for name, found in shown.items()
    ]


def title_of(item_title: str, sku: Sku | None, words: Words) -> str:
    """What a benefit is called, with its brand where the name does not say it."""
    if sku is None:
        return item_title
    name, brand = words.either(sku.name, sku.name_en), words.either(sku.brand_name, sku.brand_name_en)
    return name if brand in name or sku.kind == "points" else f"{brand} {name}"


def picture_of(kind: str, sku: Sku | None) -> str:
    """The icon of a benefit: by its category."""
    if kind == BenefitKind.POINTS:
        return "points"
    return sku.category if sku and sku.category in PICTURES else "ticket"


def worth_of(kind: str, face_value_fen: int, points: int, words: Words) -> str:
    """What a benefit is worth, in words."""
    if kind == BenefitKind.POINTS:
        return words("worth.points", amount=f"{points:,}")
    if not face_value_fen:
        return words("worth.free")
    return words("worth", amount=format_yuan(face_value_fen))


def saved_fen(items: Sequence[GrantItem], now: datetime) -> int:
    """Face value of the vouchers redeemed in this calendar month, in the bank's time zone."""
    month = now.astimezone(CHINA).strftime("%Y-%m")
    return sum(
        item.face_value_fen
        for item in items
        if item.state is State.USED
        and item.kind is BenefitKind.VOUCHER
        and item.used_at is not None
        and item.used_at.astimezone(CHINA).strftime("%Y-%m") == month
    )


def next_expiry(lots: Sequence[Lot], words: Words) -> str:
    """How many points run out next, and the last day they are good."""
    ending = sorted((lot.expires_at, lot.remaining) for lot in lots if lot.expires_at and lot.remaining)
    if not ending:
        return words("points.none")
    day = last_day(ending[0][0], words)
    amount = sum(remaining for expires_at, remaining in ending if last_day(expires_at, words) == day)
    return words("points.next", amount=f"{amount:,}", date=day)


def last_day(expires_at: datetime, words: Words) -> str:
    """The last day on which something is good: an end at midnight belongs to the day before."""
    return words.day(expires_at - timedelta(microseconds=1))


def _ticket(item: GrantItem, tab: str, sku: Sku | None, words: Words, home: str, now: datetime) -> Ticket:
    chip, chip_tone, chip_icon = _chip(item, tab, words, now)
    reserved = tab == "available" and item.state is State.RESERVED
    claimable = reserved and item.handover is not Handover.ORDER
    return Ticket(
        title=title_of(item.title, sku, words),
        line=_line(item, tab, words),
        chip=chip,
        chip_tone=chip_tone,
        chip_icon=chip_icon,
        tone="grey" if tab != "available" else ("gold" if picture_of(item.kind, sku) in ("dining", "points") else ""),
        picture=picture_of(item.kind, sku),
        photo=photo_of(sku, home),
        path=f"{home}/benefits/{item.id}",
        action=words("claim") if reserved else _action(item, tab, words),
        claimable=claimable,
        request_no=new_id().hex if claimable else "",
    )


def _action(item: GrantItem, tab: str, words: Words) -> str:
    if item.state is State.FULFILLING:
        return words("see")
    return {"available": words("use"), "used": words("receipt"), "expired": ""}[tab]


def _line(item: GrantItem, tab: str, words: Words) -> str:
    worth = worth_of(item.kind, item.face_value_fen, item.points, words)
    if tab == "used":
        return f"{words.minute(item.used_at)} · {worth}" if item.used_at else worth
    if item.expires_at is None:
        return worth
    key = "claim_until" if item.state is State.RESERVED else "until"
    return f"{worth} · {words(key, date=last_day(item.expires_at, words))}"


def _used(item: GrantItem) -> str:
    """The word for what was used: nothing is redeemed of what a supplier brought or a code gave."""
    if item.kind in (BenefitKind.POINTS, BenefitKind.TOPUP):
        return "credited"
    return "given" if item.handover in (Handover.ORDER, Handover.CARD_CODE) else "used"


def _chip(item: GrantItem, tab: str, words: Words, now: datetime) -> tuple[str, str, str]:
    if tab == "used":
        return words(f"state.{_used(item)}"), "", "check"
    if tab == "expired":
        ended = item.state.value if item.state in (State.REVOKED, State.RETURNED, State.FAILED) else "expired"
        return words(f"state.{ended}"), "", "cross"
    if item.state is State.FULFILLING:
        return words("state.fulfilling"), "brand", "clock"
    days = (item.expires_at - now).days if item.expires_at else SOON_DAYS
    if days < SOON_DAYS:
        return words("days_left", days=days) if days else words("today_left"), "warn", "clock"
    return words(f"state.{'reserved' if item.state is State.RESERVED else 'fulfilled'}"), "brand", ""
