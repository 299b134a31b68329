"""Visits of branches: a code scanned at the door checks in, a relationship manager's opens the plays of the lobby.

A visit is an event of the customer (`branch.visited`), told by the bank's own queue or by the branch's code, and stands
once for a natural person, branch and day. It opens each play of the lobby once, for who is meant (rules R1, S2), and
joins the visit that its customer had booked there for the day.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid5

import msgspec

from huoke.govern import privacy, tenants
from huoke.govern.people import Unit, units
from huoke.kernel.batch import Call
from huoke.kernel.ids import UnitId, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.customers import NotEligible
from huoke.know.events import Taken
from huoke.reward import bookings, ledger
from huoke.reward.bookings import Arrival
from huoke.reward.ledger import Credit
from huoke.reward.plays import store_lobby
from huoke.reward.plays.chances import CHANCE
from huoke.reward.plays.draw import closed_to_all
from huoke.reward.plays.eligible import eligible
from huoke.reward.plays.events import Opened
from huoke.reward.plays.lobby import LobbyCode, is_open, read_code
from huoke.reward.plays.model import Play, day_begins, day_of
from huoke.reward.plays.refusals import BranchClosed, CodeStale, CodeUnknown, NotCheckedIn
from huoke.reward.plays.seed import mark_of
from huoke.reward.plays.store_lobby import BranchVisit
from huoke.reward.plays.ways import CodeOf

VISITED = "branch.visited"
"""The standard event of a visit; its `outlet` is the code of the unit."""
OPENS_HOUR = tenants.declare("plays.branch_opens_hour", int, 8, minimum=0, maximum=23, unit="hours")
CLOSES_HOUR = tenants.declare("plays.branch_closes_hour", int, 20, minimum=1, maximum=24, unit="hours")
"""Between these hours of the bank's day codes of the lobby are good."""
_NO_SOURCE = UUID(int=0)


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """A customer scanned a code of the lobby."""

    seq: int
    code: str


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan came to: the visit, and every play it has open, whenever it opened them."""

    visit_id: UUID
    unit_id: int
    checked_in: bool
    """Whether this scan was the check-in."""
    opened: list[UUID]
    booked: list[Arrival] = []
    """The visits booked here for today: their customer is expected."""
    elsewhere: list[Arrival] = []
    """The visits booked for today at other branches: they wait there."""


Answer = Scanned | Refusal


async def scan(tx: Tx, calls: Sequence[Call[Scan]]) -> list[Answer]:
    """Check visitors in and open plays for them; one answer per call, in order. Shaped for `kernel.batch`.

    Who booked a visit for today at the branch checks in with a relationship manager's code as well.
    Refused, and then nothing is written: `CodeUnknown`, `CodeStale` after its minute, `BranchClosed` outside of the
    branch's day, `NotEligible` for a closed record, `NotCheckedIn` where a relationship manager's code is the first.
    """
    known = {unit.id: unit for unit in await units.tree(tx)}
    keys = await privacy.keys(tx)
    hours = await tenants.setting(tx, OPENS_HOUR), await tenants.setting(tx, CLOSES_HOUR)
    await customers.hold_persons(tx)
    facts = await customers.facts(tx, sorted({call.value.seq for call in calls}))
    persons = dict(zip(facts.seqs.tolist(), facts.persons.tolist(), strict=True))
    codes = [_valid(keys, call.value, known, hours, tx, persons) for call in calls]
    came = [(call.value.seq, code) for call, code in zip(calls, codes, strict=True) if isinstance(code, LobbyCode)]
    visits = await store_lobby.on_day(tx, persons.values(), day_of(tx.now))
    booked = await bookings.booked_today(tx, sorted({seq for seq, _ in came}))
    expected = {(seq, one.unit_id) for seq, found in booked.items() for one in found}
    fresh = await _check_in(tx, came, persons, known, visits, expected)
    here = [(code, visit, seq) for seq, code in came if (visit := visits.get((persons[seq], code.unit_id))) is not None]
    received = {visit.id: code.rm_id for code, visit, _ in reversed(here) if code.rm_id is not None}
    if received:
        await store_lobby.receive(tx, received)
    arrived = await bookings.arrive(tx, {(seq, code.unit_id) for code, _, seq in here})
    opened = await _open(tx, keys, here, known)
    answers: list[Answer] = []
    for call, code in zip(calls, codes, strict=True):
        if isinstance(code, Refusal):
            answers.append(code)
            continue
        visit = visits.get((persons[call.value.seq], code.unit_id))
        if visit is None:
            answers.append(NotCheckedIn("Check in first: scan the code of the branch.", unit_id=code.unit_id))
            continue
        found = Scanned(
            visit_id=visit.id,
            unit_id=visit.unit_id,
            checked_in=visit.id in fresh,
            opened=opened.get(visit.id, []),
            booked=arrived[call.value.seq, code.unit_id],
            elsewhere=[one for one in booked.get(call.value.seq, ()) if one.unit_id != code.unit_id],
        )
        answers.append(found)
    return answers


async def note(tx: Tx, taken: Sequence[Taken]) -> int:
    """Visits that the bank's own systems told as events, each noted once; returns how many were new."""
    heard = [one for one in taken if one.name == VISITED and one.properties.get("outlet")]
    if not heard:
        return 0
    by_code = {unit.code: unit.id for unit in await units.tree(tx)}
    ends = await customers.survivors(tx, sorted({one.seq for one in heard}))
    pairs = [(one, int(ends.get(one.seq, one.seq))) for one in heard if one.properties["outlet"] in by_code]
    facts = await customers.facts(tx, sorted({seq for _, seq in pairs}))
    persons = dict(zip(facts.seqs.tolist(), facts.persons.tolist(), strict=True))
    visits = [
        BranchVisit(
            id=new_id(),
            person=persons[seq],
            unit_id=by_code[one.properties["outlet"]],
            day=day_of(one.at),
            seq=seq,
            rm_id=None,
            checked_in_at=one.at,
        )
        for one, seq in pairs
        if seq in persons
    ]
    return len(await store_lobby.insert(tx, visits))


def _valid(
    keys: privacy.TenantKeys,
    scan: Scan,
    known: Collection[int],
    hours: tuple[int, int],
    tx: Tx,
    persons: Collection[int],
) -> LobbyCode | Refusal:
    code = read_code(keys, scan.code)
    if code is None or code.unit_id not in known:
        return CodeUnknown("This is no code of this bank's branches.")
    if not code.shown_at <= tx.now < code.ends_at:
        return CodeStale("This code is older than a minute; scan the one on the screen.")
    if not is_open(tx.now, *hours):
        return BranchClosed("Codes are good while the branch is open.", opens=hours[0], closes=hours[1])
    if scan.seq not in persons:
        return NotEligible()
    return code


async def _check_in(
    tx: Tx,
    came: Sequence[tuple[int, LobbyCode]],
    persons: Mapping[int, int],
    known: Mapping[UnitId, Unit],
    visits: dict[tuple[int, int], BranchVisit],
    expected: Collection[tuple[int, int]],
) -> set[UUID]:
    """Write the visits that are new, add them to `visits`, tell each as an event; returns their ids.

    `expected` are those who booked, (customer, unit) each.
    """
    new: dict[tuple[int, int], BranchVisit] = {}
    for seq, code in came:
        place = persons[seq], code.unit_id
        checks_in = code.of is CodeOf.BRANCH or (seq, code.unit_id) in expected
        if checks_in and place not in visits and place not in new:
            new[place] = BranchVisit(
                id=new_id(),
                person=place[0],
                unit_id=code.unit_id,
                day=day_of(tx.now),
                seq=seq,
                rm_id=None,
                checked_in_at=tx.now,
            )
    if not new:
        return set()
    written = await store_lobby.insert(tx, list(new.values()))
    visits.update(await store_lobby.on_day(tx, persons.values(), day_of(tx.now)))
    told = [one for one in new.values() if one.id in written]
    rows = await customers.masked_rows(tx, sorted({one.seq for one in told}))
    numbers = {int(row.seq): row.customer_no for row in rows}
    messages = [
        events.Message(
            type="track",
            event=VISITED,
            message_id=f"lobby:{one.id}",
            user_id=numbers[one.seq],
            properties={"outlet": known[UnitId(one.unit_id)].code, "matter": "lobby"},
            timestamp=tx.now,
        )
        for one in told
    ]
    if messages:
        await events.take(tx, _NO_SOURCE, messages)
    return written


async def _open(
    tx: Tx,
    keys: privacy.TenantKeys,
    here: Sequence[tuple[LobbyCode, BranchVisit, int]],
    known: Mapping[UnitId, Unit],
) -> dict[UUID, list[UUID]]:
    """Open what each scan of a visitor (code, visit, seq) opens, one set of chances a play: visit → open plays.

    Who is not meant for a play finds it closed.
    """
    found: dict[UUID, list[UUID]] = {}
    for play in await store_lobby.of_the_lobby(tx) if here else []:
        if closed_to_all(play, tx) is not None:
            continue
        fit = [(visit, seq) for code, visit, seq in here if _opens(play, code, known)]
        meant = await eligible(tx, play, sorted({seq for _, seq in fit})) if fit else set[int]()
        visits = {visit.id: (visit, seq) for visit, seq in fit if seq in meant}
        if visits:
            await _give_chances(tx, keys, play, visits)
        for visit_id in visits:
            found.setdefault(visit_id, []).append(play.id)
    return found


def _opens(play: Play, code: LobbyCode, known: Mapping[UnitId, Unit]) -> bool:
    """Whether a code opens a play: the branch lies in the play's unit, and the code is whose it asks for."""
    lobby = play.draft.lobby
    assert lobby is not None, "a play of the lobby says how it opens"
    return play.unit_id in known[UnitId(code.unit_id)].path and (code.of is CodeOf.RM or lobby.by is CodeOf.BRANCH)


async def _give_chances(
    tx: Tx, keys: privacy.TenantKeys, play: Play, visits: Mapping[UUID, tuple[BranchVisit, int]]
) -> None:
    lobby = play.draft.lobby
    assert lobby is not None, "a play of the lobby says how it opens"
    openings = [
        (play.id, visit_id, mark_of(keys, play.id, visit.person), lobby.chances)
        for visit_id, (visit, _) in visits.items()
    ]
    opened = await store_lobby.open_plays(tx, openings)
    until = day_begins(tx.now) + timedelta(days=1)
    credits_ = [
        Credit(
            seq=visits[visit_id][1],
            currency=play.currency,
            points=lobby.chances,
            expires_at=until,
            source_kind=CHANCE,
            source_id=uuid5(play.id, f"visit:{visit_id}"),
            line=0,
        )
        for _, visit_id in sorted(opened)
    ]
    if credits_:
        await ledger.credit(tx, credits_)
        tx.emit(Opened(play_id=play.id, count=len(credits_)))
