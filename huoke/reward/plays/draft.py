"""Drafting a play: begin, save, and find one that may be touched."""

import secrets
from collections.abc import Iterator
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.plays import store, store_design
from huoke.reward.plays.channels import flaws_of
from huoke.reward.plays.design import Design, check_design
from huoke.reward.plays.events import PlayDrafted
from huoke.reward.plays.model import BOARDS, PPM, Draft, NewPlay, Play, PlayChange, PlayKind, PlayState, dead_end
from huoke.reward.plays.refusals import PlayUnfit, PlayUnknown, VersionMoved, WrongState
from huoke.reward.plays.ways_check import flaws, require_compiled, rewarded

OPERATION = "plays.create"
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 8


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A field that keeps a play from being submitted."""

    pointer: str
    code: str
    detail: str


async def create(tx: Tx, principal: Principal, new: NewPlay) -> UUID:
    """Draft a play for a unit in scope and return its id; a repeated request number returns the first one's.

    Raises `PlayUnfit`, `OutOfScope`, `RequestReused`.
    """
    keys = [RequestKey(new.request_no, idempotency.body_hash(new))] if new.request_no else []
    for earlier in await idempotency.remember(tx, OPERATION, keys):
        if isinstance(earlier, Earlier):
            return UUID(earlier.ref)
        if earlier is not None:
            raise earlier
    unit_id = new.unit_id if new.unit_id is not None else principal.unit_id
    if unit_id is None:
        raise PlayUnfit("Say which unit the play is of.", pointer="/unit_id")
    principal.require_unit(unit_id)
    play_id, draft = new_id(), draft_of(new)
    await _check_design(tx, draft.design)
    await require_compiled(tx, draft)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    await store.insert(tx, play_id, code, unit_id, draft)
    await store_design.keep_version(tx, play_id, 1, draft)
    await idempotency.settle(tx, OPERATION, dict.fromkeys(keys, str(play_id)))
    tx.emit(PlayDrafted(play_id=play_id, play_version=1))
    await record(tx, "plays.create", play_id, unit_id, after=msgspec.to_builtins(draft))
    return play_id


async def change(tx: Tx, principal: Principal, play_id: UUID, wanted: PlayChange) -> int:
    """Save a draft's next version and return its number; raises `PlayUnknown`, `WrongState`, `VersionMoved`."""
    play = await locked(tx, play_id, principal)
    require(play, PlayState.DRAFT)
    if play.version != wanted.expected_version:
        raise VersionMoved(
            f"Version {play.version} was saved meanwhile; load it and make your change again.",
            pointer="/expected_version",
            version=play.version,
        )
    draft = draft_of(wanted)
    if draft == play.draft:
        return play.version
    await _check_design(tx, draft.design)
    await require_compiled(tx, draft)
    await store.save_draft(tx, play_id, draft, play.version + 1)
    await store_design.keep_version(tx, play_id, play.version + 1, draft)
    tx.emit(PlayDrafted(play_id=play_id, play_version=play.version + 1))
    await record(
        tx,
        "plays.change",
        play_id,
        play.unit_id,
        before=msgspec.to_builtins(play.draft),
        after=msgspec.to_builtins(draft),
    )
    return play.version + 1


def gaps(draft: Draft) -> Iterator[Problem]:
    """What keeps a draft from being submitted, field by field; what a reviewer weighs is in `check`."""
    if draft.opens_at is None or draft.closes_at is None or draft.opens_at >= draft.closes_at:
        yield _problem("/closes_at", "window", "A play opens before it closes.")
    if not draft.zh.title.strip() or not draft.zh.rules.strip():
        yield _problem("/zh", "texts", "A page has a title and rules.")
    if not draft.prizes:
        yield _problem("/prizes", "no_prizes", "A play has prizes.")
    yield from _lines(draft)
    total, due = sum(prize.odds_ppm for prize in draft.prizes), PPM if draft.is_drawn else 0
    if total != due:
        code = "odds_sum" if draft.is_drawn else "odds_none"
        yield _problem("/prizes", code, f"Odds add up to {due:,} ppm, not {total:,}.")
    if not draft.is_drawn and draft.draws_a_day + draft.guarantee_after:
        yield _problem("/draws_a_day", "never_drawn", "Nobody draws in this play.")
    for pointer, detail in flaws_of(draft.channels):
        yield _problem(pointer, "channels", detail)
    for pointer, code, detail in flaws(draft):
        yield _problem(pointer, code, detail)
    chances = draft.daily_chances or draft.welcome_chances
    if draft.lobby is not None and (chances or draft.kind not in BOARDS):
        yield _problem("/lobby", "lobby", "A play of the lobby is drawn on, with the chances of visits alone.")
    if draft.kind in BOARDS | {PlayKind.CARDS} and not chances and draft.lobby is None:
        yield _problem("/daily_chances", "no_chances", "Somebody must be able to draw.")
    yield from _guarantee(draft)


def _lines(draft: Draft) -> Iterator[Problem]:
    certain = rewarded(draft)
    wins = [prize.sku_id is not None and line not in certain for line, prize in enumerate(draft.prizes)]
    for line, prize in enumerate(draft.prizes):
        if prize.sku_id is not None and prize.pool_id is None:
            yield _problem(f"/prizes/{line}/pool_id", "pool_missing", "A prize comes out of a pool.")
    if any(prize.sku_id for prize in draft.prizes) and draft.budget_id is None:
        yield _problem("/budget_id", "budget_missing", "Prizes are paid from a budget.")
    if draft.is_drawn and draft.prizes and all(wins):
        yield _problem("/prizes", "nothing_missing", "One line wins nothing: what is left where all is gone.")
    elif (stuck := dead_end([prize.fallback for prize in draft.prizes], wins)) is not None:
        yield _problem(
            f"/prizes/{stuck}/fallback", "fallback", "What a prize falls back to ends at a line that wins nothing."
        )


def _guarantee(draft: Draft) -> Iterator[Problem]:
    line = draft.guarantee_line
    if bool(draft.guarantee_after) != (line is not None):
        yield _problem("/guarantee_line", "guarantee", "A guarantee has a number of draws and a prize.")
    elif line is not None and (line >= len(draft.prizes) or draft.prizes[line].sku_id is None):
        yield _problem("/guarantee_line", "guarantee", "What is guaranteed is a prize of the table.")


def _problem(pointer: str, code: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code=code, detail=detail)


async def seen(tx: Tx, play_id: UUID, principal: Principal) -> Play:
    """A play in the caller's scope; `PlayUnknown` outside it as well as outside the bank."""
    return _in_scope(await store.get(tx, play_id), play_id, principal)


async def locked(tx: Tx, play_id: UUID, principal: Principal | None = None) -> Play:
    """A play locked until the transaction ends; `principal` None is the bank itself."""
    return _in_scope(await store.get(tx, play_id, lock=True), play_id, principal)


def require(play: Play, *states: PlayState) -> None:
    """Raise `WrongState` unless the play is in one of these states."""
    if play.state not in states:
        names = " or ".join(state.value for state in states)
        raise WrongState(f"The play is {play.state.value}, not {names}.", state=play.state.value)


def draft_of(body: Draft) -> Draft:
    """The draft alone out of a request's body."""
    return Draft(**{name: getattr(body, name) for name in Draft.__struct_fields__})


async def record(
    tx: Tx,
    action: str,
    play_id: UUID,
    unit_id: int,
    *,
    reason: str = "",
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """A line in the trail about a play."""
    entry = audit.AuditEntry(
        action=action,
        subject_kind="play",
        subject_id=str(play_id),
        unit_id=unit_id,
        reason=reason,
        before=before,
        after=after,
    )
    await audit.record(tx, entry)


async def _check_design(tx: Tx, design: Design) -> None:
    check_design(design)
    if design.picture_id is not None and await store_design.picture(tx, design.picture_id) is None:
        raise PlayUnfit("There is no such picture; upload it again.", pointer="/design/picture_id", block="picture")


def _in_scope(play: Play | None, play_id: UUID, principal: Principal | None) -> Play:
    if play is None or (principal is not None and not principal.covers(play.unit_id)):
        raise PlayUnknown(f"There is no play {play_id}.")
    return play
