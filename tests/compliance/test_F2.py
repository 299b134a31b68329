"""F2: masked by default; reveal needs purpose, is logged, rate-limited, step-up authenticated."""

import asyncio
from datetime import timedelta

import asyncpg
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.govern import audit, identity, people, privacy, tenants
from huoke.govern.people import Role
from huoke.govern.privacy import Field, Found, NewReveal, ProofNeeded, RevealNotFound, RevealsSpent, mask
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from tests.make import people as make

PHONE = "13800138000"


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (Field.PHONE, PHONE, "138****8000"),
        (Field.PHONE, "01012345678", "010****5678"),
        (Field.PHONE, "12345", "****"),
        (Field.NAME, "张三", "张*"),
        (Field.NAME, "欧阳修文", "欧**"),
        (Field.NAME, "李", "李*"),
        (Field.ID_DOCUMENT, "110101199003070012", "110***********0012"),
        (Field.ID_DOCUMENT, "E1234", "****"),
        (Field.CARD, "6222021234567890123", "***************0123"),
        (Field.ADDRESS, "北京市海淀区中关村大街1号", "北京市海淀区****"),
        (Field.ADDRESS, "村口", "****"),
        (Field.PHONE, "", ""),
    ],
)
def test_a_mask_shows_so_much_and_no_more(field, text, shown):
    assert mask(field, text) == shown


@given(st.text(st.characters(min_codepoint=48, max_codepoint=57), min_size=7, max_size=30), st.sampled_from(Field))
def test_a_mask_never_shows_the_whole(text, field):
    assert "*" in mask(field, text)
    assert mask(field, text) != text


@pytest.fixture
async def caller(database, bank, clock) -> Principal:
    async def open_field(_tx, seq, field):
        return Found(PHONE, 1 if seq < 100 else 99) if field is Field.PHONE and seq else None

    privacy.register_revealer("customer", open_field)
    async with database.begin(bank) as tx:
        person = await people.staff.get(tx, await make.staff(tx, Role.OPERATOR, unit_id=(await make.units(tx)).head))
    principal = await identity.principal_of_login(database, bank, person.login)
    return msgspec.structs.replace(principal, proved_at=clock.now(), units=frozenset({1}))


async def reveal(database, caller, seq=7, field=Field.PHONE, reason="客户来电核对身份"):
    async with database.begin(caller.tenant, caller.actor) as tx:
        return await privacy.reveal(tx, caller, "customer", seq, NewReveal(field=field, reason=reason))


async def seen(database, caller) -> int:
    async with database.begin(caller.tenant) as tx:
        return await audit.count(tx, audit.AuditFilter(actor_id=caller.actor.id, action="privacy.reveal"))


async def test_a_reveal_shows_one_field_for_a_minute_and_is_in_the_trail(database, caller, clock):
    shown = await reveal(database, caller)
    assert (shown.plaintext, shown.expires_at) == (PHONE, clock.now() + timedelta(seconds=60))
    async with database.begin(caller.tenant) as tx:
        (row,) = await audit.find(tx, audit.AuditFilter(actor_id=caller.actor.id, action="privacy.reveal"))
    assert (row.subject_kind, row.subject_id, row.reason) == ("customer", "7", "客户来电核对身份")
    assert row.after == {"field": "phone", "shown": "138****8000"}
    assert row.unit_id == 1


@pytest.mark.parametrize("reason", ["", " ", "x", "x" * 501])
async def test_no_reason_no_reveal(database, caller, reason):
    with pytest.raises(Refusal, match="Say why"):
        await reveal(database, caller, reason=reason)
    assert await seen(database, caller) == 0


async def test_a_second_factor_of_an_hour_ago_is_asked_for_again(database, caller, clock):
    clock.advance(timedelta(minutes=61))
    with pytest.raises(ProofNeeded):
        await reveal(database, caller)
    with pytest.raises(ProofNeeded):
        await reveal(database, msgspec.structs.replace(caller, proved_at=None))
    assert await seen(database, caller) == 0


async def test_another_units_customer_and_an_empty_field_are_not_there(database, caller):
    for seq, field in ((100, Field.PHONE), (0, Field.PHONE), (7, Field.CARD)):
        with pytest.raises(RevealNotFound):
            await reveal(database, caller, seq=seq, field=field)
    assert await seen(database, caller) == 0


async def test_sixty_reveals_an_hour_and_not_one_more(database, caller, clock):
    for seq in range(60):
        await reveal(database, caller, seq=seq + 1)
    with pytest.raises(RevealsSpent):
        await reveal(database, caller)
    assert await seen(database, caller) == 60
    clock.advance(timedelta(minutes=60))
    caller = msgspec.structs.replace(caller, proved_at=clock.now())
    assert await reveal(database, caller)


async def test_reveals_at_the_same_moment_do_not_slip_past_the_limit(database, bank, caller):
    async with database.begin(bank) as tx:
        await tenants.set_setting(tx, "privacy.reveals_per_hour", 3, "收紧")
    try:
        outcomes = await asyncio.gather(*(reveal(database, caller) for _ in range(10)), return_exceptions=True)
    finally:
        async with database.begin(bank) as tx:
            await tenants.set_setting(tx, "privacy.reveals_per_hour", None, "恢复")
    assert sum(isinstance(outcome, privacy.Revealed) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, RevealsSpent) for outcome in outcomes) == 7


@pytest.mark.parametrize("statement", ["DELETE FROM privacy.reveal", "UPDATE privacy.reveal SET reason = 'none'"])
async def test_what_was_revealed_cannot_be_taken_back(database, bank, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.begin(bank) as tx:
            await tx.execute(statement)


async def test_the_event_of_a_reveal_holds_nothing_readable(database, owner, caller):
    await reveal(database, caller)
    async with owner.begin(caller.tenant) as tx:
        rows = await tx.fetch(
            "SELECT payload, seq FROM kernel.event WHERE tenant_id = $1 AND name = 'privacy.field_revealed'",
            caller.tenant,
        )
    assert rows
    assert all(PHONE not in str(row["payload"]) and row["seq"] for row in rows)
