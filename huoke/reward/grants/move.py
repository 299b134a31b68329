"""Moving grants from state to state: stock, budget, payable and person's limit follow from the two states."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pyroaring import BitMap

from huoke.kernel.tx import Tx
from huoke.reward import card_codes, ledger
from huoke.reward.grants import store
from huoke.reward.grants.events import GrantsIssued, GrantsMoved
from huoke.reward.grants.guard import tell_bookings
from huoke.reward.grants.model import (
    FORGIVEN,
    NEXT,
    OPEN,
    BenefitKind,
    Grant,
    Handover,
    Movement,
    OfferFacts,
    Shelf,
    State,
    shelf,
)
from huoke.reward.grants.push import LINES

PLACES = {
    Shelf.AVAILABLE: ledger.Place.AVAILABLE,
    Shelf.RESERVED: ledger.Place.RESERVED,
    Shelf.USED: ledger.Place.COMMITTED,
}
PAYABLE = 1
CREDIT = 2
AGAIN = 3
"""Offsets from a step's first ledger line: its supplier's payable, its points, money that is held again."""


async def lock(tx: Tx, ids: Iterable[UUID], state: State) -> dict[UUID, Grant]:
    """Lock grants that are to reach `state`, after the pools and budgets this will touch; unknown ids are left out."""
    seen = await store.grants(tx, ids)
    if state in FORGIVEN:
        await store.lock_offers(tx, {grant.offer_id for grant in seen.values()})
    shifting = [grant for grant in seen.values() if shelf(grant.state) is not shelf(state)]
    if shifting:
        await store.lock_pools(tx, {grant.pool_id for grant in shifting})
        await ledger.lock_budgets(tx, {grant.budget_id for grant in shifting})
    return await store.lock_grants(tx, seen)


async def move(tx: Tx, movements: Sequence[Movement], offers: Mapping[UUID, OfferFacts]) -> None:
    """Move locked grants, each to a state that may follow its own; one grant at most once in a batch."""
    if not movements:
        return
    assert all(movement.state in NEXT[movement.grant.state] for movement in movements), "the caller refused the others"
    assert len({movement.grant.id for movement in movements}) == len(movements), "a grant moves once in a batch"
    await _move_money(tx, movements)
    await _move_payables(tx, movements, offers)
    await _credit_points(tx, movements, offers)
    shifting = [m for m in movements if shelf(m.grant.state) is not shelf(m.state)]
    if shifting:
        await store.move_stock(tx, shifting)
    await store.move_grants(tx, movements, offers, [_expiry(m, offers[m.grant.offer_id], tx.now) for m in movements])
    unseen = [m.grant.id for m in movements if _code_goes_back(m, offers)]
    if unseen:
        await card_codes.put_back(tx, unseen)
    forgiven = [movement for movement in movements if movement.state in FORGIVEN]
    if forgiven:
        await store.forgive(tx, forgiven, offers)
    await tell_bookings(tx, movements)
    announce(tx, [(offers[m.grant.offer_id], m.state, m.grant.id, m.grant.seq) for m in movements])


def _code_goes_back(movement: Movement, offers: Mapping[UUID, OfferFacts]) -> bool:
    card_code = offers[movement.grant.offer_id].handover is Handover.CARD_CODE
    return card_code and shelf(movement.state) is Shelf.AVAILABLE


def announce(tx: Tx, moved: Iterable[tuple[OfferFacts, State, UUID, int]]) -> None:
    """Tell the log, once per offer and state, which customers' grants moved, and which wait for an order now."""
    members: defaultdict[tuple[UUID, State], list[tuple[UUID, int]]] = defaultdict(list)
    offers: dict[UUID, OfferFacts] = {}
    for offer, state, grant_id, seq in moved:
        offers[offer.id] = offer
        members[offer.id, state].append((grant_id, seq))
    for (offer_id, state), pairs in members.items():
        offer, seqs = offers[offer_id], [seq for _, seq in pairs]
        tx.emit(
            GrantsMoved(offer_id=offer_id, source_id=offer.source_id, state=state.value, count=len(pairs)),
            members=BitMap(seqs).serialize(),
        )
        if state is State.FULFILLING and offer.handover is Handover.ORDER:
            tx.emit(
                GrantsIssued(
                    offer_id=offer_id,
                    source_id=offer.source_id,
                    sku_id=offer.sku_id,
                    sku_version=offer.sku_version,
                    kind=offer.kind.value,
                    supplier_id=offer.supplier_id,
                    cost_fen=offer.cost_fen,
                    grant_ids=tuple(grant_id for grant_id, _ in pairs),
                    seqs=tuple(seqs),
                )
            )


async def _move_money(tx: Tx, movements: Sequence[Movement]) -> None:
    """What a grant costs moves with it; a part that was free already comes from where it is."""
    ways: defaultdict[tuple[Shelf, Shelf], list[tuple[UUID, UUID, int, int]]] = defaultdict(list)
    for movement in movements:
        grant, line = movement.grant, (movement.grant.steps + 1) * LINES
        before, after = shelf(grant.state), shelf(movement.state)
        ways[before, after].append((grant.budget_id, grant.id, line, grant.amount_fen - grant.back_fen))
        if grant.back_fen:
            ways[Shelf.AVAILABLE, after].append((grant.budget_id, grant.id, line + AGAIN, grant.back_fen))
    for (before, after), items in ways.items():
        if before is not after:
            await ledger.move(tx, ledger.columns("grant", items), PLACES[before], PLACES[after])


async def _move_payables(tx: Tx, movements: Sequence[Movement], offers: Mapping[UUID, OfferFacts]) -> None:
    """What was used is owed to its supplier; what is used no more is owed no more."""
    due, undone = [], {}
    for movement in movements:
        grant, offer = movement.grant, offers[movement.grant.offer_id]
        supplier = grant.supplier_id or offer.supplier_id
        if supplier is None or offer.kind is BenefitKind.POINTS or not grant.amount_fen:
            continue
        line = (grant.steps + 1) * LINES + PAYABLE
        if movement.state is State.USED:
            due.append((grant, str(supplier), line))
        elif grant.state is State.USED:
            undone[grant.id, grant.steps * LINES + PAYABLE] = line
    if due:
        cost = ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", "")
        owed = {
            supplier: ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", supplier)
            for _, supplier, _ in due
        }
        accounts = await ledger.open_accounts(tx, [cost, *owed.values()])
        await ledger.book(
            tx,
            [
                ledger.Transfer(
                    source_kind="grant",
                    source_id=grant.id,
                    line=line,
                    debit_account=accounts[cost],
                    credit_account=accounts[owed[supplier]],
                    amount=grant.amount_fen,
                    kind=ledger.TransferKind.PAYABLE,
                )
                for grant, supplier, line in due
            ],
        )
    await _take_back(tx, undone)


async def owe_no_more(tx: Tx, grants: Sequence[Grant]) -> None:
    """Take back what suppliers are owed for locked grants that stay used; the move that ends them finds it done."""
    owed = [grant for grant in grants if grant.amount_fen]
    lines = {(one.id, one.steps * LINES + PAYABLE): (one.steps + 1) * LINES + PAYABLE for one in owed}
    await _take_back(tx, lines)


async def _take_back(tx: Tx, lines: Mapping[tuple[UUID, int], int]) -> None:
    """Reverse payables, once: again, it is the same reversal."""
    if lines:
        outcomes = await ledger.reverse(tx, lines)
        assert set(outcomes) <= {ledger.Outcome.POSTED, ledger.Outcome.EXISTS}, "a used grant was owed once"


async def _credit_points(tx: Tx, movements: Sequence[Movement], offers: Mapping[UUID, OfferFacts]) -> None:
    items = [
        points_credit(m.grant.id, m.grant.seq, m.grant.budget_id, m.grant.steps + 1, offers[m.grant.offer_id], tx.now)
        for m in movements
        if m.state is State.USED and offers[m.grant.offer_id].kind is BenefitKind.POINTS
    ]
    outcomes = await ledger.credit(tx, items)
    assert all(outcome is ledger.Outcome.POSTED for outcome in outcomes), "a grant's points are credited once"


def points_credit(
    grant_id: UUID, seq: int, budget_id: UUID, step: int, offer: OfferFacts, now: datetime
) -> ledger.Credit:
    """The points of one grant, as the ledger takes them."""
    return ledger.Credit(
        seq=seq,
        currency=offer.points_type,
        points=offer.points,
        expires_at=now + timedelta(days=offer.valid_days),
        source_kind="grant",
        source_id=grant_id,
        line=credit_line(step),
        funder=budget_id,
        cost_fen=offer.cost_fen,
    )


def credit_line(step: int = 1) -> int:
    """The ledger line on which a grant's points are credited at a step; what is claimed from stock is at its first."""
    return step * LINES + CREDIT


def _expiry(movement: Movement, offer: OfferFacts, now: datetime) -> datetime | None:
    if movement.state is State.FULFILLED:
        return offer.good_until(movement.grant.claimed_at or now)
    return movement.grant.expires_at if movement.state in OPEN - {State.FULFILLING} else None
