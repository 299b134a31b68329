"""Giving customers to relationship managers and taking them back; whose a customer is.

A relationship manager sees own customers only, by construction (`kernel.schema`, "portfolio").
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pyroaring import BitMap

from huoke.govern import audit
from huoke.govern.people import Role, Staff, staff
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.customers import store, store_ownership
from huoke.know.customers.ownership_model import (
    MENDS,
    EndedOwnership,
    Given,
    NewOwnership,
    Owner,
    OwnershipsChanged,
    OwnershipStanding,
    OwnershipUnfit,
    judge,
)


async def owners_of(tx: Tx, seq: Seq) -> list[Owner]:
    """Who looks after a customer, the owner first."""
    rows = await store_ownership.of_customer(tx, seq)
    people = {row["staff_id"]: await staff.get(tx, row["staff_id"]) for row in rows}
    return [
        Owner(
            staff_id=row["staff_id"],
            name=people[row["staff_id"]].name,
            post=people[row["staff_id"]].post,
            standing=OwnershipStanding(row["standing"]),
            since=row["since"],
        )
        for row in rows
    ]


async def portfolio(tx: Tx) -> CustomerSet | None:
    """The customers who are there for whoever acts: those they look after; None for everybody's."""
    if not tx.actor.own_customers:
        return None
    return CustomerSet.of(tx.tenant, await store_ownership.seqs_of(tx, UUID(tx.actor.id)), tx.now)


async def give(tx: Tx, news: Sequence[NewOwnership], *, scope: Iterable[UnitId] | None = None) -> list[Given]:
    """Give customers of the units of `scope` to relationship managers; what became of each, in order.

    Of several for the same pair the last one counts. At most 10,000.
    """
    known = await store.seqs_by_no(tx, [new.customer_no.strip() for new in news])
    units = await store_ownership.active(tx, list(known.values()))
    people = {login: await _manager(tx, login) for login in {new.login.strip().lower() for new in news}}
    within = None if scope is None else frozenset(scope)
    outcomes: list[Given | None] = []
    wanted: dict[tuple[int, UUID], OwnershipStanding] = {}
    for new in news:
        seq = known.get(new.customer_no.strip())
        unit = None if seq is None else units.get(seq)
        person, reach = people[new.login.strip().lower()]
        inside = None if unit is None or (within is not None and unit not in within) else UnitId(unit)
        flaw = judge(inside, person, person is not None, reach)
        if flaw is None and seq is not None and person is not None:
            wanted[seq, person.id] = new.standing
        outcomes.append(flaw)
    stood = await store_ownership.standing_of(tx, *_columns(wanted))
    news_only = {pair: standing for pair, standing in wanted.items() if stood.get(pair) != standing.value}
    await store_ownership.give(tx, *_columns(news_only), [standing.value for standing in news_only.values()])
    _tell(tx, news_only)
    return [
        outcome or _outcome(news_only, stood, known[new.customer_no.strip()], people[new.login.strip().lower()][0])
        for new, outcome in zip(news, outcomes, strict=True)
    ]


async def give_one(tx: Tx, new: NewOwnership, *, scope: Iterable[UnitId] | None = None) -> Seq:
    """Give one customer to a relationship manager, with an entry in the trail; `OwnershipUnfit`."""
    (outcome,) = await give(tx, [new], scope=scope)
    _require(outcome)
    seq = Seq((await store.seqs_by_no(tx, [new.customer_no.strip()]))[new.customer_no.strip()])
    await _record(tx, "customers.give", seq, {"login": new.login.strip().lower(), "standing": new.standing.value})
    return seq


async def end_one(tx: Tx, ended: EndedOwnership, *, scope: Iterable[UnitId] | None = None) -> Seq:
    """Somebody no longer looks after a customer; `OwnershipUnfit` where they did not."""
    number, login = ended.customer_no.strip(), ended.login.strip().lower()
    found = (await store.seqs_by_no(tx, [number])).get(number)
    unit = None if found is None else (await store_ownership.active(tx, [found])).get(found)
    person = await staff.by_login(tx, login)
    if found is None or unit is None or (scope is not None and unit not in frozenset(scope)):
        _require(Given.CUSTOMER_UNKNOWN)
    assert found is not None, "refused above"
    if person is None or not await store_ownership.end(tx, found, person.id):
        raise OwnershipUnfit("This person does not look after the customer.", pointer="/login")
    tx.emit(
        OwnershipsChanged(staff_id=person.id, standing="none"),
        members=BitMap([found]).serialize(),
    )
    await _record(tx, "customers.end_ownership", Seq(found), {"login": login})
    return Seq(found)


async def _manager(tx: Tx, login: str) -> tuple[Staff | None, frozenset[UnitId] | None]:
    """A relationship manager by login with the units they reach; None for anybody else."""
    person = await staff.by_login(tx, login)
    if person is None or not person.active or all(held.role is not Role.RM for held in person.roles):
        return None, frozenset()
    return person, await staff.scope(tx, person.roles)


def _columns(pairs: Iterable[tuple[int, UUID]]) -> tuple[list[int], list[UUID]]:
    ordered = list(pairs)
    return [seq for seq, _ in ordered], [staff_id for _, staff_id in ordered]


def _outcome(
    written: dict[tuple[int, UUID], OwnershipStanding],
    stood: dict[tuple[int, UUID], str],
    seq: int,
    person: Staff | None,
) -> Given:
    assert person is not None, "judged"
    pair = (seq, person.id)
    return Given.SAME if pair not in written else Given.CHANGED if pair in stood else Given.ADDED


def _tell(tx: Tx, written: dict[tuple[int, UUID], OwnershipStanding]) -> None:
    """One event for each manager and standing, about all customers they came to."""
    groups: dict[tuple[UUID, OwnershipStanding], list[int]] = {}
    for (seq, staff_id), standing in written.items():
        groups.setdefault((staff_id, standing), []).append(seq)
    for (staff_id, standing), seqs in groups.items():
        tx.emit(OwnershipsChanged(staff_id=staff_id, standing=standing.value), members=BitMap(seqs).serialize())


def _require(outcome: Given) -> None:
    if outcome in MENDS:
        field, mend = MENDS[outcome]
        raise OwnershipUnfit(mend, pointer=f"/{field}")


async def _record(tx: Tx, action: str, seq: Seq, after: dict[str, object]) -> None:
    row = await store.get(tx, seq)
    assert row is not None, "held above"
    await audit.record(
        tx,
        audit.AuditEntry(
            action=action,
            subject_kind="customer",
            subject_id=str(seq),
            unit_id=row["unit_id"],
            reason="",
            before=None,
            after=after,
        ),
    )
