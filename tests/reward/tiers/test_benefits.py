"""What comes with a tier: once on reaching it, every month to those who are there; and what a scheme would do."""

from datetime import datetime

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.know import customers
from huoke.reward import catalogue as skus
from huoke.reward import ledger as budgets
from huoke.reward import tiers
from huoke.reward.tiers import Rhythm, TierBenefit
from tests.conftest import START
from tests.make import catalogue, grants, ledger, people
from tests.make import customers as make_customers
from tests.make import tiers as make

PEOPLE = 6


class Given(msgspec.Struct):
    """Six customers, and a coffee voucher with what pays for it."""

    seqs: list[int]
    sku_id: object
    budget_id: object
    pool_id: object
    cost_fen: int

    def benefit(self, rhythm: Rhythm) -> TierBenefit:
        return TierBenefit(sku_id=self.sku_id, budget_id=self.budget_id, pool_id=self.pool_id, rhythm=rhythm)

    def scheme(self, at: int = 1_000):
        """Silver from `at`: a coffee on reaching it; gold: one every month."""
        made = make.scheme()
        basic, silver, gold = made.tiers
        silver = msgspec.structs.replace(silver, threshold=at, benefits=(self.benefit(Rhythm.REACHED),))
        gold = msgspec.structs.replace(gold, benefits=(self.benefit(Rhythm.MONTHLY),))
        return msgspec.structs.replace(made, tiers=(basic, silver, gold))


@pytest.fixture
async def given(cluster, database, own_bank, clock):
    """The bank, its scheme in force, and growth: two on silver, two on gold, one just below silver, one without."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(own_bank) as tx:
        head = (await people.units(tx)).head
        sku_id = await catalogue.voucher(tx)
        budget_id = await ledger.budget(tx, 1_000_000, unit_id=head)
        pool_id = await grants.pool(tx, 100, sku_id=sku_id, unit_id=head)
    rows = [{"customer_no": f"T{n}", "unit_code": "N1"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, own_bank, rows, {})
    async with database.begin(own_bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
        cost_fen = (await skus.sku(tx, sku_id)).cost_fen
    made = Given([found[f"T{n}"] for n in range(PEOPLE)], sku_id, budget_id, pool_id, cost_fen)
    await make.in_force(database, own_bank, made.scheme())
    async with database.begin(own_bank) as tx:
        values = [1_000, 1_200, 5_000, 9_000, 999]
        await tiers.credit_growth(tx, [make.gain(seq, v, START) for seq, v in zip(made.seqs, values, strict=False)])
    return made


async def held(tx, given):
    """Vouchers of each customer, in order."""
    rows = await tx.fetch("SELECT seq, count(*) AS n FROM grants.grant GROUP BY seq")
    counts = {row["seq"]: row["n"] for row in rows}
    return [counts.get(seq, 0) for seq in given.seqs]


async def months(database, bank):
    """Give this month's benefits, chunk by chunk, until everybody has them."""
    more = True
    while more:
        async with database.begin(bank) as tx:
            more = await tiers.give_month(tx)


async def test_whoever_reaches_a_tier_gets_its_benefit_once(database, own_bank, given):
    for _ in range(2):
        async with database.begin(own_bank) as tx:
            await tiers.give_reached(tx, "silver", given.seqs[:2])
    async with database.begin(own_bank) as tx:
        assert await held(tx, given) == [1, 1, 0, 0, 0, 0]
        assert await ledger.budget_numbers(tx, given.budget_id) == (
            1_000_000, 1_000_000 - 2 * given.cost_fen, 2 * given.cost_fen, 0,
        )  # fmt: skip


async def test_whoever_is_on_a_tier_gets_its_benefit_every_month(database, own_bank, given, clock):
    await months(database, own_bank)
    await months(database, own_bank)
    async with database.begin(own_bank) as tx:
        assert await held(tx, given) == [0, 0, 1, 1, 0, 0]
    clock.set(datetime(2026, 4, 1, 9, tzinfo=CHINA))
    await months(database, own_bank)
    async with database.begin(own_bank) as tx:
        assert await held(tx, given) == [0, 0, 2, 2, 0, 0]


async def test_what_another_scheme_would_do_is_counted_to_the_customer_and_the_fen(database, own_bank, given):
    async with database.begin(own_bank) as tx:
        seen = await tiers.what_if(tx, given.scheme(), given.scheme(at=999))
    sizes = [(one.tier, one.before, one.after, one.settled) for one in seen.tiers]
    assert sizes == [("basic", 1, 0, 0), ("silver", 2, 3, 3), ("gold", 2, 2, 2)]
    assert [(one.was, one.tier, one.customers) for one in seen.rises] == [("basic", "silver", 1)]
    assert (seen.customers, seen.falls) == (5, []), "whoever never earned growth is in no count"
    cost = seen.cost
    assert (cost.reached_fen, cost.monthly_fen, cost.monthly_before_fen) == tuple(given.cost_fen * n for n in (1, 2, 2))
    assert cost.by_budget == {given.budget_id: 3 * given.cost_fen}


async def test_a_higher_bar_lets_nobody_fall_before_the_period_ends(database, own_bank, given):
    async with database.begin(own_bank) as tx:
        seen = await tiers.what_if(tx, given.scheme(), given.scheme(at=1_100))
    sizes = [(one.tier, one.before, one.after, one.settled) for one in seen.tiers]
    assert sizes == [("basic", 1, 1, 2), ("silver", 2, 2, 1), ("gold", 2, 2, 2)]
    assert [(one.was, one.tier, one.customers) for one in seen.falls] == [("silver", "basic", 1)]


async def test_a_scheme_is_refused_while_its_first_month_cannot_be_paid(database, own_bank, given):
    """At 999 one customer rises to silver and two are on gold: three coffees in the first month."""
    needed = 3 * given.cost_fen
    async with database.begin(own_bank) as tx:
        head = (await people.units(tx)).head
        poor, enough = [await ledger.budget(tx, limit, unit_id=head) for limit in (needed - 1, needed)]
        maker = people.actor(await people.staff(tx, Role.OPERATOR))
        checker = people.actor(await people.staff(tx, Role.APPROVER))

    async def ask(budget_id):
        wanted = msgspec.structs.replace(given, budget_id=budget_id).scheme(at=999)
        async with database.begin(own_bank, maker) as tx:
            return await tiers.request_scheme(tx, tiers.NewScheme(scheme=wanted, reason="下调银卡门槛"))

    async def stands():
        async with database.begin(own_bank) as tx:
            told = [(one.state, one.scheme.tiers[1].threshold) for one in await tiers.requests(tx)]
            return told, [await ledger.budget_numbers(tx, one) for one in (poor, enough)]

    before = await stands()
    with pytest.raises(approvals.CheckFailed) as refused:
        await ask(poor)
    assert refused.value.data["rules"] == ["tiers.money"]
    assert await stands() == before
    request_id = await ask(enough)
    async with database.begin(own_bank) as tx:
        change_id = next(one.change_id for one in await tiers.requests(tx) if one.id == request_id)
        await budgets.reserve(tx, ledger.moves((enough, 1)))
    before = await stands()

    async def approve():
        async with database.begin(own_bank, checker) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)

    with pytest.raises(approvals.CheckFailed):
        await approve()
    assert await stands() == before, "a fen is gone by the decision"
    async with database.begin(own_bank) as tx:
        await budgets.fund(tx, enough, 1)
    await approve()
    assert [one for one in (await stands())[0] if one[0] == "in_force"] == [("in_force", 999)]
