"""Taking messages: known again, fitted, attributed, sealed, appended; one outcome for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.events import fill, store, store_quarantine, store_sources
from huoke.know.events.fill import Said, Traits
from huoke.know.events.fit import Fitted, Registry, Unfit
from huoke.know.events.model import (
    MESSAGES_MAX,
    TEXT_MAX,
    Arrived,
    Delivery,
    EventsTaken,
    Kind,
    Message,
    Outcome,
    Status,
    VisitorsBound,
    WriteKeyUnknown,
    id_of,
    stranger_of,
    visitor_of,
)
from huoke.know.events.quarantine_model import Reason
from huoke.know.events.registry import registry
from huoke.know.events.store import Row

NONE = Traits({})
TRAIT_REFUSED = f"events.{Reason.UNFIT_TRAIT}"
MOVED_MAX = 2_000
"""Events that leave the waiting room with the message that identifies them; the sweep moves the rest."""
_KINDS = frozenset(Kind)
_IDS = ("user_id", "anonymous_id", "previous_id", "group_id")
_WHO = (("user_id", "anonymous_id"), "a userId or an anonymousId")
_NEEDED = {
    Kind.TRACK: (_WHO, (("event",), "an event")),
    Kind.PAGE: (_WHO,),
    Kind.SCREEN: (_WHO,),
    Kind.IDENTIFY: (_WHO,),
    Kind.GROUP: (_WHO, (("group_id",), "a groupId")),
    Kind.ALIAS: ((("user_id",), "a userId"), (("previous_id",), "a previousId")),
}
"""What each call must bring: one of the fields, and how to say it."""


async def intake(tx: Tx, calls: Sequence[Call[Delivery]]) -> list[list[Outcome] | Refusal]:
    """Take the deliveries of many requests at once; `WriteKeyUnknown` for one whose key no source of this bank has."""
    sources = await store_sources.by_key(tx, {call.value.key_hash for call in calls})
    arrived: list[Arrived | Outcome] = []
    for call in calls:
        if source_id := sources.get(call.value.key_hash):
            arrived += [_arrive(source_id, one, call.value.received_at) for one in call.value.messages]
    outcomes = iter(await _take(tx, arrived))
    return [
        [next(outcomes) for _ in call.value.messages]
        if call.value.key_hash in sources
        else WriteKeyUnknown("No source has this write key, or it was revoked; ask the bank for a new one.")
        for call in calls
    ]


async def take(tx: Tx, source_id: UUID, messages: Sequence[Message]) -> list[Outcome]:
    """Take messages of one source, at most 10,000, and say in order what became of each.

    The same message id again, in this call or within 30 days, is a duplicate. Durable when the transaction commits.
    """
    assert len(messages) <= MESSAGES_MAX, "one transaction takes at most 10,000"
    return await _take(tx, [_arrive(source_id, one, tx.now) for one in messages])


async def retake(tx: Tx, arrived: Sequence[Arrived]) -> list[Outcome]:
    """Take messages that came earlier, as of then.

    A trait that fits its attribute no more is left out, and the outcome says so (`TRAIT_REFUSED`): the event itself
    happened, whatever the bank makes of its traits since.
    """
    return await _take(tx, arrived, again=True)


async def _take(tx: Tx, arrived: Sequence[Arrived | Outcome], *, again: bool = False) -> list[Outcome]:
    outcomes: list[Outcome | None] = [one if isinstance(one, Outcome) else None for one in arrived]
    sound = [(place, one) for place, one in enumerate(arrived) if isinstance(one, Arrived)]
    if sound:
        for (place, _), outcome in zip(
            sound, await _take_sound(tx, [one for _, one in sound], again=again), strict=True
        ):
            outcomes[place] = outcome
    return [outcome for outcome in outcomes if outcome is not None]


async def _take_sound(tx: Tx, arrived: Sequence[Arrived], *, again: bool) -> list[Outcome]:
    known = await registry(tx)
    who = await _who(tx, [one.message for one in arrived])
    fitted = [_fit(known, one) for one in arrived]
    mapped = await fill.declared(tx) if any(one.message.type == Kind.IDENTIFY for one in arrived) else NONE
    said = mapped.read(fitted)
    if not again:
        fitted = [told.unfit or fit for fit, told in zip(fitted, said, strict=True)]
    fresh = await store.remember(tx, list({one.id for one, fit in zip(arrived, fitted, strict=True) if _fits(fit)}))
    outcomes, taken, aside, filling = [], [], [], []
    for one, fit, told in zip(arrived, fitted, said, strict=True):
        if isinstance(fit, Unfit):
            aside.append((one, fit))
            outcomes.append(_told(one, Status.QUARANTINED, f"events.{fit.reason}", fit.detail))
        elif one.id not in fresh:
            outcomes.append(_told(one, Status.DUPLICATE))
        else:
            fresh.discard(one.id)  # the same id once more in this call is a duplicate too
            taken.append((one, fit))
            seq = _seq(one.message, who)
            lost = (TRAIT_REFUSED, told.unfit.detail) if told.unfit else ()
            outcomes.append(_told(one, Status.WAITING if seq is None else Status.ACCEPTED, *lost))
            if seq is not None and told.values:
                filling.append(Said(seq, fit.at, one.id, told.values))
    await _keep(tx, taken, who)
    await fill.apply(tx, mapped, filling)
    if aside:
        await store_quarantine.put(tx, aside, [_seq(one.message, who) for one, _ in aside])
    return outcomes


def _fits(fit: Fitted | Unfit) -> bool:
    return isinstance(fit, Fitted)


async def _keep(tx: Tx, taken: Sequence[tuple[Arrived, Fitted]], who: Mapping[str, Seq]) -> None:
    seqs = [_seq(one.message, who) for one, _ in taken]
    sealed = await _sealed(tx, [fit for _, fit in taken], seqs)
    rows = [Row(one.id, one.source_id, fit, seal) for (one, fit), seal in zip(taken, sealed, strict=True)]
    theirs = [(row, seq) for row, seq in zip(rows, seqs, strict=True) if seq is not None]
    if theirs:
        await _append(tx, [row for row, _ in theirs], [seq for _, seq in theirs])
    nobodys = [
        (row, _visitor(one.message)) for row, (one, _), seq in zip(rows, taken, seqs, strict=True) if seq is None
    ]
    if nobodys:
        await store.keep_waiting(tx, [row for row, _ in nobodys], [visitor for _, visitor in nobodys])
    await _bind(tx, [one.message for one, _ in taken], who)


async def _append(tx: Tx, rows: Sequence[Row], seqs: Sequence[int]) -> None:
    await store.append(tx, rows, seqs)
    tx.emit(EventsTaken(count=len(rows), names=tuple(sorted({row.fitted.name for row in rows}))))


async def _sealed(tx: Tx, fitted: Sequence[Fitted], seqs: Sequence[Seq | None]) -> list[bytes | None]:
    """The private properties of each, under the customer's own key, or under the bank's while nobody knows whose."""
    sealed: list[bytes | None] = [None] * len(fitted)
    texts = [msgspec.json.encode(fit.private).decode() if fit.private else None for fit in fitted]
    theirs = [place for place, text in enumerate(texts) if text is not None and seqs[place] is not None]
    nobodys = [place for place, text in enumerate(texts) if text is not None and seqs[place] is None]
    if theirs:
        owners = [seq for place in theirs if (seq := seqs[place]) is not None]
        keys = await privacy.customer_keys(tx, owners, make=True)
        for place, one in zip(theirs, keys.seal(owners, [texts[place] for place in theirs]), strict=True):
            sealed[place] = one
    if nobodys:
        bank = await privacy.keys(tx)
        cover = bank.encrypt("event", [0] * len(nobodys), [texts[place] for place in nobodys])
        for place, one in zip(nobodys, cover, strict=True):
            sealed[place] = one
    return sealed


async def _who(tx: Tx, messages: Sequence[Message]) -> dict[str, Seq]:
    """The customer of each user id and visitor that is known, with those that these messages themselves identify."""
    numbers = {str(one.user_id) for one in messages if one.user_id is not None}
    numbers |= {str(one.previous_id) for one in messages if one.previous_id is not None}
    found = await customers.find_by_no(tx, sorted(numbers)) if numbers else {}
    who = {stranger_of(number): seq for number, seq in found.items()}
    visitors = {visitor_of(one.anonymous_id) for one in messages if one.anonymous_id is not None}
    if strangers := visitors | {stranger_of(number) for number in numbers if number not in found}:
        bound = await store.bindings(tx, sorted(strangers))
        ends = await customers.survivors(tx, list(bound.values())) if bound else {}
        who |= {visitor: ends.get(seq, seq) for visitor, seq in bound.items()}
    own = {stranger_of(number) for number in found}
    for one in messages:
        for visitor, stranger in _identified(one):
            if stranger in who and visitor not in own:
                who[visitor] = who[stranger]
    return who


def _identified(message: Message) -> list[tuple[str, str]]:
    """Which visitor a message says to be which user id."""
    if message.user_id is None:
        return []
    stranger = stranger_of(message.user_id)
    if message.type == Kind.IDENTIFY and message.anonymous_id is not None:
        return [(visitor_of(message.anonymous_id), stranger)]
    if message.type == Kind.ALIAS and message.previous_id is not None:
        return [(visitor_of(message.previous_id), stranger), (stranger_of(message.previous_id), stranger)]
    return []


async def _bind(tx: Tx, messages: Sequence[Message], who: Mapping[str, Seq]) -> None:
    """Write down who these messages say the visitors are, and give them what waited.

    A user id that is a customer's own number is never bound to another customer: `who` says who they are.
    """
    bound = {
        visitor: who[visitor]
        for one in messages
        for visitor, stranger in _identified(one)
        if stranger in who and who[visitor] == who[stranger]
    }
    if bound:
        await store.bind(tx, bound)
        moved = await move_waiting(tx, bound, MOVED_MAX)
        tx.emit(VisitorsBound(visitors=len(bound), moved=moved))


async def move_waiting(tx: Tx, bound: Mapping[str, Seq], limit: int) -> int:
    """Give customers what waited for them, sealed under their own keys now; returns how many events."""
    rows = await store.take_waiting(tx, sorted(bound), limit)
    if not rows:
        return 0
    seqs = [bound[row["visitor"]] for row in rows]
    covered = [row["sealed"] for row in rows]
    texts: list[str | None] = [None] * len(rows)
    if any(covered):
        texts = (await privacy.keys(tx)).decrypt("event", [0] * len(rows), covered)
        sealed = (await privacy.customer_keys(tx, seqs, make=True)).seal(seqs, texts)
    else:
        sealed = [None] * len(rows)
    moved = [
        Row(row["id"], row["source_id"], _fitted_again(row, text), seal)
        for row, text, seal in zip(rows, texts, sealed, strict=True)
    ]
    await _append(tx, moved, seqs)
    if any(row.fitted.kind is Kind.IDENTIFY for row in moved):
        mapped = await fill.declared(tx)
        told = zip(moved, seqs, mapped.read([row.fitted for row in moved]), strict=True)
        # A trait that fitted when it came and does not now is left out; the event stays.
        filling = [Said(seq, row.fitted.at, row.id, said.values) for row, seq, said in told if said.values]
        await fill.apply(tx, mapped, filling)
    return len(moved)


def _fitted_again(row: Mapping[str, Any], text: str | None) -> Fitted:
    """A message that waited, its private properties in clear where they were opened."""
    private = msgspec.json.decode(text, type=dict[str, str]) if text else {}
    return msgspec.convert({**row, "private": private}, Fitted)


def _fit(known: Registry, one: Arrived) -> Fitted | Unfit:
    try:
        return known.fit(one.message, one.received_at)
    except Unfit as unfit:
        return unfit


def _seq(message: Message, who: Mapping[str, Seq]) -> Seq | None:
    """The customer of a message: its user id decides, else its anonymous id."""
    return who.get(_visitor(message))


def _visitor(message: Message) -> str:
    if message.user_id is not None:
        return stranger_of(message.user_id)
    assert message.anonymous_id is not None
    return visitor_of(message.anonymous_id)


def _arrive(source_id: UUID, message: Message, received_at: datetime) -> Arrived | Outcome:
    """The message with its id, or the outcome when it is none."""
    message_id = message.message_id or ""
    if flaw := _flaw(message):
        return Outcome(message_id=message_id[:TEXT_MAX], status=Status.REFUSED, code="events.malformed", detail=flaw)
    return Arrived(source_id, id_of(message_id) if message_id else new_id(), message, received_at)


def _flaw(message: Message) -> str:
    """What is wrong with a message whatever its schema; empty when nothing is."""
    if message.type not in _KINDS:
        return f"type '{message.type[:40]}' is none of {', '.join(_KINDS)}."
    lacking = [names for fields, names in _NEEDED[Kind(message.type)] if not any(_given(message, fields))]
    if lacking:
        return f"A {message.type} call needs {lacking[0]}."
    texts = (message.message_id, message.event, *_given(message, _IDS))
    if any(text is not None and len(str(text)) > TEXT_MAX for text in texts):
        return f"Ids and event names have at most {TEXT_MAX} characters."
    return ""


def _given(message: Message, fields: Sequence[str]) -> list[str]:
    """The texts of some fields, blank ones left out."""
    values = [getattr(message, field) for field in fields]
    return [text for value in values if value is not None and (text := str(value).strip())]


def _told(one: Arrived, status: Status, code: str = "", detail: str = "") -> Outcome:
    return Outcome(message_id=one.message.message_id or "", status=status, id=one.id, code=code, detail=detail)
