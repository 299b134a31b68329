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
    OWNERSHIP_MENDS,
    Change,
    EndedOwnership,
    Given,
    HandedOver,
    HandOver,
    Managed,
    NewOwnership,
    Owner,
    OwnershipsChanged,
    OwnershipStanding,
    OwnershipStep,
    OwnershipUnfit,
    Pair,
    changes,
    handed_over,
    judge,
)

HANDED_OVER_MAX = 10_000


async def owners_of(tx: Tx, seq: Seq) -> list[Owner]:
    """Who looks after a customer, the owner first."""
    rows = await store_ownership.of_customer(tx, seq)
    people = {row["staff_id"]: await staff.get(tx, row["staff_id"]) for row in rows}
    return [
        Owner(
            staff_id=row["staff_id"],
            login=people[row["staff_id"]].login,
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


async def give(
    tx: Tx,
    news: Sequence[NewOwnership],
    *,
    scope: Iterable[UnitId] | None = None,
    import_id: UUID | None = None,
    trial: bool = False,
) -> list[Given]:
    """Give customers of the units of `scope` to relationship managers; what became of each, in order.

    Of several for the same pair the last one counts; of several owners for one customer the first, also where an
    earlier part of the same file named them. A `trial` writes nothing. At most 10,000.
    """
    known = await store.seqs_by_no(tx, [new.customer_no.strip() for new in news])
    units = await store_ownership.active(tx, list(known.values()))
    people = {login: await _manager(tx, login) for login in {new.login.strip().lower() for new in news}}
    within = None if scope is None else frozenset(scope)
    owners = await store_ownership.owners_by(tx, import_id, list(units)) if import_id else {}
    stood = await store_ownership.standings(tx, list(units))
    outcomes: list[Given] = []
    wanted: dict[Pair, OwnershipStanding | None] = {}
    for new in news:
        seq = known.get(new.customer_no.strip())
        unit = None if seq is None else units.get(seq)
        person, reach = people[new.login.strip().lower()]
        inside = None if unit is None or (within is not None and unit not in within) else UnitId(unit)
        outcome = judge(inside, person, person is not None, reach)
        if outcome is None:
            assert seq is not None, "judged"
            assert person is not None, "judged"
            owns = new.standing is OwnershipStanding.OWNER
            outcome = Given.OWNER_TWICE if owns and owners.setdefault(seq, person.id) != person.id else None
            if outcome is None:
                wanted[seq, person.id] = new.standing
                before = stood.get((seq, person.id))
                outcome = Given.ADDED if before is None else Given.SAME if before == new.standing else Given.CHANGED
        outcomes.append(outcome)
    if not trial:
        await _write(tx, changes(stood, wanted), import_id)
    return outcomes


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
    stood = await store_ownership.standings(tx, [found])
    if person is None or (found, person.id) not in stood:
        raise OwnershipUnfit("This person does not look after the customer.", pointer="/login")
    await _write(tx, changes(stood, {(found, person.id): None}))
    await _record(tx, "customers.end_ownership", Seq(found), {"login": login})
    return Seq(found)


async def hand_over(
    tx: Tx, wanted: HandOver, *, scope: Iterable[UnitId] | None = None, trial: bool = False
) -> HandedOver:
    """Hand all customers of a relationship manager to another one, or leave them in the pool; a `trial` only counts.

    `OwnershipUnfit` where either is not there, the giver's unit is none of `scope`, or they have more than 10,000.
    """
    giver, receiver, reach = await _both(tx, wanted, scope)
    seqs = await store_ownership.seqs_of(tx, giver.id)
    if len(seqs) > HANDED_OVER_MAX:
        raise OwnershipUnfit(
            f"More than {HANDED_OVER_MAX:,} customers: hand them over in parts, by a file of ownership.",
            pointer="/login",
        )
    units = await store_ownership.units_of(tx, seqs, hold=not trial)
    reached = {seq for seq, unit in units.items() if reach is None or unit in reach}
    stood = await store_ownership.standings(tx, seqs)
    after = handed_over(stood, giver.id, receiver.id if receiver else None, reached)
    ends = [stood[pair] for pair in after if pair[1] == giver.id]
    owned = ends.count(OwnershipStanding.OWNER)
    if not trial:
        await _write(tx, changes(stood, after))
    return HandedOver(owned=owned, shared=len(ends) - owned, left=len(seqs) - len(ends))


async def take_back(tx: Tx, import_id: UUID, limit: int) -> tuple[int, int]:
    """Have the next customers of a file looked after as before: how many were seen to, how many of its rows undone.

    Customers whose ownership something else changed since stay as they are.
    """
    seqs = await store_ownership.brought_by(tx, import_id, limit)
    await store_ownership.units_of(tx, seqs, hold=True)
    rows = await store_ownership.before(tx, import_id, seqs)
    wanted: dict[Pair, OwnershipStanding | None] = {
        (row["seq"], row["staff_id"]): row["before"] and OwnershipStanding(row["before"]) for row in rows
    }
    await store_ownership.mark_taken_back(tx, import_id, seqs)
    await _write(tx, changes(await store_ownership.standings(tx, seqs), wanted))
    return len(seqs), sum(row["named"] for row in rows)


async def ownership_history(tx: Tx, seq: Seq, *, limit: int = 50) -> list[OwnershipStep]:
    """Who came to look after a customer and who ceased, the latest first."""
    rows = await store_ownership.history(tx, seq, limit)
    names = await staff.names(tx, {str(row["staff_id"]) for row in rows} | {row["given_by"] for row in rows})
    return [
        OwnershipStep(
            staff_id=row["staff_id"],
            name=names.get(str(row["staff_id"]), ""),
            before=row["before"] and OwnershipStanding(row["before"]),
            standing=row["standing"] and OwnershipStanding(row["standing"]),
            at=row["at"],
            by=names.get(row["given_by"], ""),
            import_id=row["import_id"],
        )
        for row in rows
    ]


async def count_managed(tx: Tx, staff_ids: Sequence[UUID]) -> dict[UUID, Managed]:
    """How many customers each of these looks after; who looks after nobody is left out."""
    found = await store_ownership.count_managed(tx, staff_ids)
    return {staff_id: Managed(owned=owned, shared=shared) for staff_id, (owned, shared) in found.items()}


async def pool_size(tx: Tx, *, scope: Iterable[UnitId] | None = None) -> int:
    """How many active customers of these units nobody owns."""
    return await store_ownership.pool_size(tx, None if scope is None else list(scope))


async def _both(
    tx: Tx, wanted: HandOver, scope: Iterable[UnitId] | None
) -> tuple[Staff, Staff | None, frozenset[UnitId] | None]:
    """Who gives and who receives, with the units the receiver reaches; the pool reaches everything."""
    giver = await staff.by_login(tx, wanted.login.strip().lower())
    if giver is None or (scope is not None and giver.unit_id not in frozenset(scope)):
        raise OwnershipUnfit("Nobody in your units has this login.", pointer="/login")
    if not wanted.to.strip():
        return giver, None, None
    receiver, reach = await _manager(tx, wanted.to.strip().lower())
    if receiver is None or receiver.id == giver.id:
        raise OwnershipUnfit("Name another relationship manager by login, who may sign in.", pointer="/to")
    return giver, receiver, reach


async def _manager(tx: Tx, login: str) -> tuple[Staff | None, frozenset[UnitId] | None]:
    """A relationship manager by login with the units they reach; None for anybody else."""
    person = await staff.by_login(tx, login)
    if person is None or not person.active or all(held.role is not Role.RM for held in person.roles):
        return None, frozenset()
    return person, await staff.scope(tx, person.roles)


async def _write(tx: Tx, changed: Sequence[Change], import_id: UUID | None = None) -> None:
    """Write and log changes; one event for each manager and standing, about all customers it is about."""
    if not changed:
        return
    await store_ownership.write(tx, changed, import_id)
    groups: dict[tuple[UUID, str], list[int]] = {}
    for one in changed:
        groups.setdefault((one.staff_id, one.standing.value if one.standing else "none"), []).append(one.seq)
    for (staff_id, standing), seqs in groups.items():
        tx.emit(OwnershipsChanged(staff_id=staff_id, standing=standing), members=BitMap(seqs).serialize())


def _require(outcome: Given) -> None:
    if outcome in OWNERSHIP_MENDS:
        field, mend = OWNERSHIP_MENDS[outcome]
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
