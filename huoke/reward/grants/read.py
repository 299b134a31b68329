"""Questions about grants: wallets, lists, progress, pools, what suppliers are owed for; and whether it adds up."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import ledger
from huoke.reward.grants import store_extend, store_pool, store_read, store_redeem
from huoke.reward.grants.code import check_guesses, hash_code, note_misses, read_code
from huoke.reward.grants.model import BenefitKind, Handover, Mode, OfferState, State, Terms
from huoke.reward.grants.refusals import UnknownCode, UnknownGrant, UnknownPool
from huoke.reward.grants.store_redeem import RedemptionQuery


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """A pool as it stands, in units: `available + reserved + used + allocated = total`; what is shown is this (L7)."""

    id: UUID
    parent_id: UUID | None
    sku_id: UUID
    unit_id: int
    name: str
    total: int
    available: int
    reserved: int
    used: int
    allocated: int
    opened_at: datetime


class GrantItem(msgspec.Struct, frozen=True, kw_only=True):
    """A grant with what it is a grant of."""

    id: UUID
    offer_id: UUID
    seq: int
    unit_id: int
    state: State
    amount_fen: int
    granted_at: datetime
    claimed_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    reason: str | None
    title: str
    kind: BenefitKind
    handover: Handover
    mode: Mode
    sku_id: UUID
    sku_version: int
    source_kind: str
    source_id: UUID
    face_value_fen: int
    points: int
    points_type: str
    opens_at: datetime
    closes_at: datetime

    def shown(self, now: datetime) -> str:
        """Where a customer's page shows it: available, used or expired (also revoked, failed, returned)."""
        if self.state is State.USED:
            return "used"
        if self.state is State.FULFILLING:
            return "available"
        return "expired" if self.expires_at is None or self.expires_at <= now else "available"


class FoundCode(GrantItem, frozen=True, kw_only=True):
    """What a redemption code stands for; the code itself is good until `code_until`."""

    code_until: datetime


class OfferItem(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of a source, without its terms."""

    id: UUID
    line: int
    sku_id: UUID
    sku_version: int
    kind: BenefitKind
    handover: Handover
    mode: Mode
    title: str
    cost_fen: int
    face_value_fen: int
    points: int
    points_type: str
    person_limit: int
    choose: int
    opens_at: datetime
    closes_at: datetime
    valid_days: int
    state: OfferState


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How many grants of an offer a unit has in one state, `claimed` of them ever claimed, and what they cost."""

    offer_id: UUID
    unit_id: int
    state: State
    count: int
    claimed: int
    amount_fen: int


class SettledLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier is owed for of one SKU in one campaign at one cost: redeemed less undone, each at the cost."""

    source_id: UUID
    sku_id: UUID
    title: str
    unit_cost_fen: int
    redeemed: int
    undone: int

    @property
    def amount_fen(self) -> int:
        """What it comes to; below zero where more was undone than redeemed."""
        return (self.redeemed - self.undone) * self.unit_cost_fen


class StoreRedeemed(msgspec.Struct, frozen=True, kw_only=True):
    """How often a benefit was redeemed in a store on a day, and how often that was undone on that day."""

    store_id: UUID
    on: date
    title: str
    redeemed: int
    undone: int


class RedemptionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption in the day's list; `store_id` is None at a counter."""

    id: UUID
    grant_id: UUID
    seq: int
    teller: str
    unit_id: int
    store_id: UUID | None
    amount_fen: int
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    reason: str | None
    title: str
    sku_id: UUID
    sku_version: int
    kind: BenefitKind
    face_value_fen: int


class RedemptionTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Redemptions of one benefit: how many stand and what they are worth, and how many were undone."""

    title: str
    sku_id: UUID
    sku_version: int
    redeemed: int
    face_value_fen: int
    undone: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of a grant; `previous` is None for the first."""

    step: int
    previous: State | None
    state: State
    amount_fen: int
    at: datetime


async def wallet(tx: Tx, seq: int) -> list[GrantItem]:
    """Everything a customer was granted, latest first; `GrantItem.shown` sorts it into the tabs of the page.

    What came under a number joined to theirs is theirs.
    """
    return [
        msgspec.convert(dict(row), GrantItem, builtin_types=(UUID, datetime))
        for row in await store_read.wallet(tx, await customers.numbers_of(tx, Seq(seq)))
    ]


async def get_own(tx: Tx, grant_id: UUID, seq: int) -> GrantItem:
    """A grant of a customer, under whichever of their numbers; `UnknownGrant`."""
    found = await find_grants(tx, grant_ids=[grant_id], seq=seq, limit=1)
    if not found:
        raise UnknownGrant("You have no such benefit.")
    return found[0]


async def holders(tx: Tx, offer_id: UUID, seqs: Sequence[int], *, since: datetime) -> list[int]:
    """Which of some customers were granted an offer at `since` or later."""
    return await store_extend.holders(tx, offer_id, list(seqs), since)


async def find_grants(
    tx: Tx,
    *,
    grant_ids: Sequence[UUID] | None = None,
    offer_ids: Sequence[UUID] | None = None,
    source_id: UUID | None = None,
    states: Sequence[State] | None = None,
    units: Iterable[int] | None = None,
    seq: int | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[GrantItem]:
    """Grants that match every filter given, latest first; `before` is the last id of the page before.

    Those of a customer are with those that came under a number joined to theirs.
    """
    rows = await store_read.find(
        tx,
        grant_ids=grant_ids,
        offer_ids=offer_ids,
        source_id=source_id,
        states=None if states is None else [state.value for state in states],
        units=units,
        seqs=None if seq is None else await customers.numbers_of(tx, Seq(seq)),
        before=before,
        limit=limit,
    )
    return [msgspec.convert(dict(row), GrantItem, builtin_types=(UUID, datetime)) for row in rows]


async def get_grant(tx: Tx, grant_id: UUID) -> GrantItem:
    """One grant; raises `UnknownGrant`."""
    found = await find_grants(tx, grant_ids=[grant_id], limit=1)
    if not found:
        raise UnknownGrant(f"There is no grant {grant_id}.")
    return found[0]


async def find_steps(tx: Tx, grant_id: UUID) -> list[Step]:
    """What became of a grant, first to last."""
    return [msgspec.convert(dict(row), Step, builtin_types=(datetime,)) for row in await store_read.steps(tx, grant_id)]


async def find_offers(tx: Tx, source_kind: str, source_id: UUID) -> list[OfferItem]:
    """The offers of a campaign or another source, by line."""
    rows = await store_read.offers_of(tx, source_kind, source_id)
    return [msgspec.convert(dict(row), OfferItem, builtin_types=(UUID, datetime)) for row in rows]


async def unit_terms(tx: Tx, offer_id: UUID) -> dict[int, Terms]:
    """Which budget and pool serve the customers of which unit."""
    return {row["unit_id"]: Terms(row["budget_id"], row["pool_id"]) for row in await store_read.terms_of(tx, offer_id)}


async def progress(tx: Tx, offer_ids: Sequence[UUID]) -> list[Progress]:
    """Grants of offers counted by unit and state: the truth that every figure is held against."""
    rows = await store_read.progress(tx, offer_ids)
    return [msgspec.convert(dict(row), Progress, builtin_types=(UUID,)) for row in rows]


async def find_pools(tx: Tx, *, units: Iterable[int] | None = None) -> list[Pool]:
    """Every pool of the units named (None is the whole bank), roots first."""
    return [Pool(**dict(row)) for row in await store_pool.pools(tx, None, units)]


async def get_pools(tx: Tx, ids: Sequence[UUID]) -> list[Pool]:
    """The pools named, in order; raises `UnknownPool`."""
    found = {row["id"]: Pool(**dict(row)) for row in await store_pool.pools(tx, ids, None)}
    for missing in (pool_id for pool_id in ids if pool_id not in found):
        raise UnknownPool(f"There is no pool {missing}.", pool_id=str(missing))
    return [found[pool_id] for pool_id in ids]


async def settled_lines(tx: Tx, supplier_id: UUID, begin: datetime, end: datetime) -> list[SettledLine]:
    """What a supplier is owed for in [begin, end), summed: equal to its payable transfers of that period."""
    return [SettledLine(**dict(row)) for row in await store_read.settled(tx, supplier_id, begin, end)]


async def redeemed_in(tx: Tx, stores: Sequence[UUID], begin: datetime, end: datetime) -> list[StoreRedeemed]:
    """What was redeemed with a code in stores in [begin, end), and what was undone then, by store, day and benefit."""
    return [StoreRedeemed(**dict(row)) for row in await store_read.redeemed_in(tx, stores, begin, end)]


async def find_redemptions(
    tx: Tx, wanted: RedemptionQuery, *, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[RedemptionItem]:
    """Redemptions at counters and in stores, latest first; `before` is instant and id of the page before."""
    rows = await store_redeem.find_redemptions(tx, wanted, before, limit)
    return [msgspec.convert(dict(row), RedemptionItem, builtin_types=(UUID, datetime)) for row in rows]


async def count_redemptions(tx: Tx, wanted: RedemptionQuery) -> list[RedemptionTotal]:
    """The same by benefit, the most redeemed first."""
    return [RedemptionTotal(**dict(row)) for row in await store_redeem.count_redemptions(tx, wanted)]


async def look_up(tx: Tx, codes: Sequence[str], *, teller: str) -> list[FoundCode | Refusal]:
    """What each code stands for, or `UnknownCode`; commit in any case, for wrong codes are counted.

    Raises `TooManyGuesses`.
    """
    await check_guesses(tx, teller)
    digits = [read_code(code) for code in codes]
    hashes = [None if code is None else hash_code(tx, code) for code in digits]
    found = await store_redeem.grants_of_codes(tx, [code for code in hashes if code is not None])
    wanted = [None if code is None else found.get(code) for code in hashes]
    items = {
        item.id: item
        for item in await find_grants(tx, grant_ids=[live.grant_id for live in wanted if live], limit=len(codes))
    }
    await note_misses(tx, teller, sum(1 for live in wanted if live is None))
    unknown = UnknownCode("This code is not valid; ask the customer for the one on the screen now.", pointer="/code")
    return [
        unknown if live is None else FoundCode(**msgspec.structs.asdict(items[live.grant_id]), code_until=live.until)
        for live in wanted
    ]


Holding = Callable[[Tx], Awaitable[Mapping[UUID, int]]]
"""What somebody who will claim later holds of budgets meanwhile: fen by budget."""
_holdings: dict[str, Holding] = {}


def register_holding(name: str, holding: Holding) -> None:
    """Say who holds money of budgets for claims to come; for `app/`."""
    _holdings[name] = holding


async def verify(tx: Tx) -> list[ledger.Difference]:
    """Recount pools, person limits, steps and budgets from the grants; empty when all is well."""
    differences = [
        ledger.Difference(row["what"], str(row["id"]), row["stored"], row["recomputed"])
        for row in await store_pool.unequal_pools(tx)
    ]
    differences += [
        ledger.Difference("person_limit", f"{row['offer_id']}/{row['person']}", row["stored"], row["recomputed"])
        for row in await store_pool.unequal_limits(tx)
    ]
    differences += [
        ledger.Difference("choice_limit", f"{row['source_id']}/{row['person']}", row["stored"], row["recomputed"])
        for row in await store_pool.unequal_choices(tx)
    ]
    differences += [
        ledger.Difference("steps", str(row["id"]), row["stored"], row["recomputed"])
        for row in await store_pool.unequal_steps(tx)
    ]
    held = {row["budget_id"]: row for row in await store_pool.budgets_of_grants(tx)}
    beside = [await holding(tx) for holding in _holdings.values()]
    for budget in await ledger.find_budgets(tx):
        row = held.get(budget.id)
        for what, stored in (("reserved", budget.reserved_fen), ("committed", budget.committed_fen)):
            recounted = 0 if row is None else row[what]
            if what == "reserved":
                recounted += sum(one.get(budget.id, 0) for one in beside)
            if stored != recounted:
                differences.append(ledger.Difference(f"budget_{what}", str(budget.id), stored, recounted))
    return differences
