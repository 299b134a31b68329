"""Tiers for tests: schemes put in force by two people, and growth."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database, Tx
from huoke.reward import tiers
from huoke.reward.tiers import GrowthCredit, Scheme, Tier
from tests.make import people

NAMES = [("basic", "基础", "Basic", 0), ("silver", "银卡", "Silver", 1_000), ("gold", "金卡", "Gold", 5_000)]


def scheme(**changes) -> Scheme:
    """Three levels at 0, 1,000 and 5,000 of a calendar year; 30 days of protection, then one level down."""
    levels = tuple(Tier(key=key, name=name, name_en=name_en, threshold=at) for key, name, name_en, at in NAMES)
    return msgspec.structs.replace(Scheme(tiers=levels), **changes)


async def in_force(database: Database, bank: TenantId, wanted: Scheme) -> UUID:
    """Ask for a scheme and have another person approve it; returns the request's id."""
    async with database.begin(bank) as tx:
        await people.units(tx)
        maker = people.actor(await people.staff(tx, Role.OPERATOR))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
        approvals.register(tiers.SchemeApproval())
    async with database.begin(bank, maker) as tx:
        request_id = await tiers.request_scheme(tx, tiers.NewScheme(scheme=wanted, reason="年度方案"))
    async with database.begin(bank, checker) as tx:
        found = next(one for one in await tiers.requests(tx) if one.id == request_id)
        change = await approvals.find_change(tx, found.change_id)
        await approvals.decide(tx, found.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return request_id


def gain(seq: int, value: int, at: datetime, *, source_id: UUID | None = None, **changes) -> GrowthCredit:
    """Growth out of an earn rule."""
    made = GrowthCredit(seq=seq, value=value, source_kind="earn_rule", source_id=source_id or new_id(), line=0, at=at)
    return msgspec.structs.replace(made, **changes)


async def levels(tx: Tx, *seqs: int) -> list[str]:
    """The level of each."""
    found = await tiers.standings(tx, seqs)
    return [found.get(seq, "") for seq in seqs]
