"""P1: processing needs a live basis; a withdrawal acts at once."""

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import Basis, PurposeTextMissing, PurposeUnknown, Statement, Verdict


def given(bank, *seqs, **more):
    told = {"purpose": "marketing", "verdict": Verdict.GIVEN, "text_version": "1", "channel": "counter"}
    return Statement(**{**told, **more}, members=CustomerSet.of(bank, seqs))


def withdrawn(bank, *seqs):
    return given(bank, *seqs, verdict=Verdict.WITHDRAWN)


async def test_a_withdrawal_acts_in_the_same_transaction_and_is_kept_beside_the_consent(database, bank):
    async with database.begin(bank) as tx:
        await consent.record(tx, [given(bank, 1, 2, 3)])
        await consent.record(tx, [withdrawn(bank, 2)])
        assert list(await consent.members(tx, "marketing")) == [1, 3]
        state = {one.purpose: one.verdict for one in await consent.consents_of(tx, 2)}
        assert state == {
            "marketing": Verdict.WITHDRAWN,
            "marketing_call": None,
            "marketing_sms": None,
            "profiling": None,
            "service": None,
        }
        assert await tx.fetch_value("SELECT count(*) FROM consent.entry WHERE subject = 'marketing'") == 2


async def test_one_purpose_says_nothing_about_another(database, bank):
    async with database.begin(bank) as tx:
        await consent.record(tx, [given(bank, 10, purpose="service", basis=Basis.CONTRACT, text_version="")])
        assert 10 in await consent.members(tx, "service")
        assert 10 not in await consent.members(tx, "marketing")


async def test_a_consent_names_the_text_agreed_to_and_a_purpose_of_the_bank(database, bank):
    async with database.begin(bank) as tx:
        before = await tx.fetch_value("SELECT count(*) FROM consent.entry")
        with pytest.raises(PurposeTextMissing):
            await consent.record(tx, [given(bank, 11, text_version="")])
        with pytest.raises(PurposeUnknown):
            await consent.record(tx, [given(bank, 11, purpose="resale")])
        assert await tx.fetch_value("SELECT count(*) FROM consent.entry") == before


async def test_folding_changes_no_answer_and_later_entries_count_on_top(database, bank):
    async with database.begin(bank) as tx:
        await consent.record(tx, [given(bank, *range(100, 200)), given(bank, 70_000)])
    async with database.begin(bank) as tx:
        before = await consent.members(tx, "marketing")
    async with database.begin(bank) as tx:
        assert await consent.refold(tx) >= 1
    async with database.begin(bank) as tx:
        assert await consent.members(tx, "marketing") == before
        await consent.record(tx, [withdrawn(bank, 150, 70_000), given(bank, 300)])
        after = await consent.members(tx, "marketing")
        assert set(before) ^ set(after) == {150, 70_000, 300}


async def test_nobody_can_change_the_ledger(database, bank):
    import asyncpg

    async with database.begin(bank) as tx:
        for statement in ("UPDATE consent.entry SET verdict = 'given'", "DELETE FROM consent.entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with tx.savepoint():
                    await tx.execute(statement)


async def test_the_other_bank_has_a_ledger_of_its_own(database, other_bank):
    async with database.begin(other_bank) as tx:
        assert len(await consent.members(tx, "marketing")) == 0
