"""What both sides get for an invitation, and the further benefits of the ladder; taken back where it must be."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import grants, ledger
from huoke.reward.grants import Claim, Claimed, OfferFacts
from huoke.reward.referral import store_bond
from huoke.reward.referral.model import INVITEE_LINE, INVITER_LINE, Bond, Programme, line_of, reached, side_of

WAITING = (grants.SoldOut, grants.BudgetExhausted, grants.Paused, grants.NotStarted)
"""What may be mended: the benefit waits. Anything else is final."""


class Given(msgspec.Struct, frozen=True):
    """What came of an invitation's benefits: whether it is done with, and whether something waits."""

    done: bool
    waits: bool


class _Due(msgspec.Struct, frozen=True):
    """One benefit to grant: for which invitation, on which line, to whom."""

    bond: Bond
    line: int
    seq: int
    offer_id: UUID
    request_no: str


async def give(tx: Tx, programmes: Mapping[UUID, Programme], bonds: Sequence[Bond]) -> dict[UUID, Given]:
    """Grant each invitation's benefits to both sides, then the steps of the ladder its inviter reaches by it.

    Asked again it grants nothing twice: a benefit has one request number for ever. Each invitation's answer counts its
    own two sides; a step of the ladder that waits is tried again with the next invitation.
    """
    own = [due for bond in bonds for due in _both_sides(programmes[bond.programme_id], bond)]
    outcomes = await _claim(tx, own, await _beyond_limit(tx, programmes, own))
    given = _told(programmes, bonds, own, outcomes)
    steps = await _ladder(tx, programmes, [bond for bond in bonds if given[bond.id].done and not given[bond.id].waits])
    await _claim(tx, steps)
    return given


async def take_back(tx: Tx, bond: Bond, reason: str) -> None:
    """Take back what an invitation brought either side: grants that are unused, points, which may then be owed.

    A voucher that was used stays used; the ladder's steps stay with those who climbed them.
    """
    lines = [row for row in await store_bond.lines_of(tx, [bond.id]) if row["grant_id"] and side_of(row["line"])]
    vouchers = [row for row in lines if not row["points"]]
    answers = await grants.revoke(tx, [row["grant_id"] for row in vouchers], reason) if vouchers else []
    for row, answer in zip(vouchers, answers, strict=True):
        if not isinstance(answer, Refusal):
            await store_bond.take_back(tx, bond.id, row["line"], 0)
    for row in (row for row in lines if row["points"]):
        [clawed] = await ledger.claw_back(
            tx,
            [
                ledger.ClawBack(
                    of_source=row["grant_id"], of_line=grants.credit_line(), points=row["points"],
                    source_kind="referral", source_id=bond.id, line=row["line"], debt=True,
                )
            ],
        )  # fmt: skip
        await store_bond.take_back(tx, bond.id, row["line"], clawed.owed)


def _both_sides(programme: Programme, bond: Bond) -> list[_Due]:
    sides = {INVITER_LINE: bond.inviter_seq, INVITEE_LINE: bond.invitee_seq}
    lines = {line_of(programme.terms, bond.channel, side): seq for side, seq in sides.items()}
    return [
        _Due(bond, line, seq, offer_id, f"referral:{bond.id}:{line}")
        for line, seq in lines.items()
        if seq is not None and (offer_id := programme.offers.get(str(line))) is not None
    ]


async def _ladder(tx: Tx, programmes: Mapping[UUID, Programme], bonds: Sequence[Bond]) -> list[_Due]:
    """The steps inviters reach with these invitations, one for each person and line."""
    by_programme: defaultdict[UUID, dict[int, list[Bond]]] = defaultdict(dict)
    for bond in bonds:
        if bond.inviter_person is not None and programmes[bond.programme_id].terms.ladder:
            by_programme[bond.programme_id].setdefault(bond.inviter_person, []).append(bond)
    due = []
    for programme_id, persons in by_programme.items():
        before = await store_bond.rewarded_by_person(tx, programme_id, list(persons))
        programme = programmes[programme_id]
        for person, theirs in persons.items():
            last = theirs[-1]
            assert last.inviter_seq is not None, "a person who invites is a customer"
            due += [
                _Due(last, line, last.inviter_seq, programme.offers[str(line)],
                     f"referral:{programme_id}:{person}:{line}")
                for line in reached(programme.terms.ladder, before.get(person, 0) + len(theirs))
            ]  # fmt: skip
    return due


async def _beyond_limit(tx: Tx, programmes: Mapping[UUID, Programme], own: Sequence[_Due]) -> set[str]:
    """Request numbers of inviters' benefits beyond what one person gets of a programme, by whatever channel they came.

    An offer counts its own persons; channels with benefits of their own are offers of their own.
    """
    mine = [one for one in own if (side_of(one.line) or (None, -1))[1] == INVITER_LINE]
    asked = {(one.bond.id, one.line) for one in mine}
    had: Counter[tuple[UUID, int]] = Counter()
    for programme_id in {one.bond.programme_id for one in mine if programmes[one.bond.programme_id].terms.channels}:
        persons = {one.bond.inviter_person for one in mine if one.bond.inviter_person is not None}
        for row in await store_bond.granted_to_inviters(tx, programme_id, persons):
            ofside = side_of(row["line"])
            if ofside and ofside[1] == INVITER_LINE and (row["bond_id"], row["line"]) not in asked:
                had[programme_id, row["person"]] += 1
    beyond = set()
    for one in mine:
        key = (one.bond.programme_id, one.bond.inviter_person or 0)
        if had[key] >= programmes[one.bond.programme_id].terms.person_limit:
            beyond.add(one.request_no)
        else:
            had[key] += 1
    return beyond


async def _claim(tx: Tx, due: Sequence[_Due], beyond: Collection[str] = ()) -> list[Claimed | Refusal]:
    """Claim for others, and keep what came of each; in order. People may release an invitation that was blocked; whom
    nothing new is for (rule S2) gets nothing by it all the same.
    """
    if not due:
        return []
    barred = await consent.barred(tx, [one.seq for one in due])
    facts = await customers.facts(tx, sorted({one.seq for one in due}))
    who = dict(zip(facts.seqs.tolist(), zip(facts.unit_ids.tolist(), facts.persons.tolist(), strict=True), strict=True))
    who = {seq: known for seq, known in who.items() if seq not in barred}
    offers = {offer_id: await grants.get_offer(tx, offer_id) for offer_id in sorted({one.offer_id for one in due})}
    calls = [Call(_claim_of(one, who.get(one.seq)), tx.actor, tx.now) for one in due]
    claimed = iter(await grants.claim(tx, [call for call in calls if call.value.request_no not in beyond]))
    outcomes = [
        grants.LimitReached("One person gets no more of this programme.")
        if call.value.request_no in beyond
        else next(claimed)
        for call in calls
    ]
    rows = [
        _row(one, offers[one.offer_id], outcome)
        for one, outcome in zip(due, outcomes, strict=True)
        if not (isinstance(outcome, Claimed) and outcome.exists)
    ]
    await store_bond.put_lines(tx, rows)
    return outcomes


def _claim_of(one: _Due, facts: tuple[int, int] | None) -> Claim:
    """Who is no customer any more, or gets nothing new, is not eligible."""
    unit_id, person = facts or (-1, one.seq)
    return Claim(
        request_no=one.request_no, offer_id=one.offer_id, seq=one.seq, unit_id=unit_id, person=person,
        eligible=facts is not None,
    )  # fmt: skip


def _row(one: _Due, offer: OfferFacts, outcome: Claimed | Refusal) -> tuple[UUID, int, int, UUID | None, str, int, int]:
    if isinstance(outcome, Refusal):
        return one.bond.id, one.line, one.seq, None, outcome.code, 0, 0
    return one.bond.id, one.line, one.seq, outcome.grant_id, "", offer.cost_fen, offer.points


def _told(
    programmes: Mapping[UUID, Programme],
    bonds: Sequence[Bond],
    due: Sequence[_Due],
    outcomes: Sequence[Claimed | Refusal],
) -> dict[UUID, Given]:
    """Done is what granted something; help that gives the helper nothing is done by the act alone."""
    granted: defaultdict[UUID, int] = defaultdict(int)
    waits = set()
    for one, outcome in zip(due, outcomes, strict=True):
        granted[one.bond.id] += not isinstance(outcome, Refusal)
        if isinstance(outcome, WAITING):
            waits.add(one.bond.id)
    free = {one.id for one in programmes.values() if one.terms.help_hours and one.terms.invitee is None}
    return {bond.id: Given(granted[bond.id] > 0 or bond.programme_id in free, bond.id in waits) for bond in bonds}
