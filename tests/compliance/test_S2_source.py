"""S2, at its source: who stands on a suppression list, list by list."""

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict


def listed(bank, reason, verdict, *seqs):
    return SuppressionStatement(reason=reason, verdict=verdict, members=CustomerSet.of(bank, seqs), source="core")


async def test_one_list_lifted_leaves_the_customer_on_the_other(database, bank):
    on, off = Verdict.GIVEN, Verdict.WITHDRAWN
    async with database.begin(bank) as tx:
        await consent.suppress(tx, [listed(bank, SuppressionReason.OVERDUE, on, 1, 2)])
        await consent.suppress(tx, [listed(bank, SuppressionReason.COMPLAINT, on, 2, 3)])
        assert list(await consent.suppressed(tx)) == [1, 2, 3]
        await consent.suppress(tx, [listed(bank, SuppressionReason.OVERDUE, off, 1, 2)])
        assert list(await consent.suppressed(tx)) == [2, 3]
        assert [state.reason for state in await consent.suppressions_of(tx, 2)] == [SuppressionReason.COMPLAINT]
        assert await consent.suppressions_of(tx, 1) == []


async def test_folded_lists_and_later_entries_agree(database, bank):
    async with database.begin(bank) as tx:
        await consent.suppress(tx, [listed(bank, SuppressionReason.COURT, Verdict.GIVEN, *range(10, 20))])
    async with database.begin(bank) as tx:
        await consent.refold(tx)
    async with database.begin(bank) as tx:
        await consent.suppress(tx, [listed(bank, SuppressionReason.COURT, Verdict.WITHDRAWN, 15)])
        found = await consent.suppressed(tx, [SuppressionReason.COURT])
        assert set(found) == set(range(10, 20)) - {15}
