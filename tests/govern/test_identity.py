"""Tickets, keys, sessions and enrolment; sign-in itself is shown in tests/compliance/test_D3.py."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from huoke.govern import identity, people, tenants
from huoke.govern.identity import NewKey, NewTicket, SignInRefused, TicketSpent, tokens
from huoke.govern.people import Role
from huoke.kernel.principal import Credentials
from huoke.kernel.tx import ActorKind
from tests.make import identity as make


@pytest.fixture(autouse=True)
def _customers():
    async def resolve(tx, customer_no):
        return {"C1": 101, "C2": 102}.get(customer_no)

    identity.register_customer_resolver(resolve)


async def code_of(database, bank) -> str:
    async with database.begin(bank) as tx:
        return (await tenants.get(tx)).code


async def ticket(database, bank, customer_no="C1", entry_point="poster") -> str:
    async with database.begin(bank) as tx:
        issued = await identity.issue_ticket(tx, NewTicket(customer_no=customer_no, entry_point=entry_point))
    return issued.ticket


async def principal(database, **carried):
    return await identity.principal_of(database, Credentials(**carried), database.clock)


async def test_a_ticket_lets_one_customer_in_once(database, bank, clock):
    spent = await ticket(database, bank)
    session = await identity.exchange_ticket(database, spent)

    caller = await principal(database, customer_token=session.token)

    assert (caller.tenant, caller.seq, caller.actor.kind, caller.permissions) == (bank, 101, ActorKind.CUSTOMER, set())
    assert caller.csrf_token == identity.csrf_of(session.token)
    with pytest.raises(TicketSpent):
        await identity.exchange_ticket(database, spent)


async def test_of_many_simultaneous_exchanges_one_succeeds(database, bank, clock):
    spent = await ticket(database, bank)
    outcomes = await asyncio.gather(
        *(identity.exchange_ticket(database, spent) for _ in range(16)), return_exceptions=True
    )
    assert sum(isinstance(outcome, identity.CustomerSession) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, TicketSpent) for outcome in outcomes) == 15


async def test_a_ticket_is_over_after_a_minute(database, bank, clock):
    late = await ticket(database, bank)
    clock.advance(timedelta(seconds=60))
    with pytest.raises(TicketSpent):
        await identity.exchange_ticket(database, late)


async def test_a_ticket_is_good_for_its_entry_point_only_and_not_spent_elsewhere(database, bank, clock):
    bound = await ticket(database, bank, entry_point="poster")
    with pytest.raises(TicketSpent):
        await identity.exchange_ticket(database, bound, entry_point="other")
    assert (await identity.exchange_ticket(database, bound, entry_point="poster")).entry_point == "poster"


async def test_a_ticket_does_not_open_another_bank(database, bank, other_bank, clock):
    foreign = await ticket(database, bank)
    with pytest.raises(TicketSpent):
        await identity.exchange_ticket(database, f"{other_bank}.{foreign.partition('.')[2]}")


async def test_a_customer_the_bank_does_not_know_gets_no_ticket(database, bank):
    with pytest.raises(identity.CustomerUnknown):
        await ticket(database, bank, customer_no="nobody")


async def test_a_customers_session_ends_by_time_and_by_leaving(database, bank, clock):
    session = await identity.exchange_ticket(database, await ticket(database, bank))
    other = await identity.exchange_ticket(database, await ticket(database, bank))
    await identity.end_customer_session(database, session.token)
    assert await principal(database, customer_token=session.token) is None
    assert await principal(database, customer_token=other.token) is not None
    clock.advance(timedelta(minutes=60))
    assert await principal(database, customer_token=other.token) is None


@pytest.mark.parametrize(
    "token", ["", ".", "1.", "x.y", "-1.abc", "0.abc", "99999999999.abc", "１.abc", "1.\x00", "1." + "a" * 200]
)
async def test_what_is_no_token_is_nobody(database, bank, token):
    assert await principal(database, staff_token=token) is None
    assert await principal(database, customer_token=token) is None
    assert await principal(database, bearer=token) is None


async def test_no_token_is_stored(database, bank, clock):
    session = await identity.exchange_ticket(database, await ticket(database, bank))
    async with database.begin(bank) as tx:
        stored = await tx.fetch("SELECT token_hash FROM identity.customer_session WHERE seq = 101")
    secret = session.token.partition(".")[2].encode()
    assert all(secret not in row["token_hash"] and len(row["token_hash"]) == 32 for row in stored)


async def test_a_key_carries_its_permissions_until_it_is_revoked(database, bank, clock):
    async with database.begin(bank) as tx:
        made = await identity.api_keys.add(tx, NewKey(name="手机银行", permissions=["ticket.issue"]))
    caller = await principal(database, bearer=made.key)
    assert (caller.permissions, caller.units, caller.csrf_token) == ({"ticket.issue"}, None, "")
    async with database.begin(bank) as tx:
        await identity.api_keys.revoke(tx, made.id)
    assert await principal(database, bearer=made.key) is None
    async with database.begin(bank) as tx:
        with pytest.raises(identity.api_keys.KeyMissing):
            await identity.api_keys.revoke(tx, made.id)


async def test_a_key_ends_after_its_days(database, bank, clock):
    async with database.begin(bank) as tx:
        made = await identity.api_keys.add(tx, NewKey(name="短期", permissions=["campaign.read"], days=1))
    clock.advance(timedelta(days=1))
    assert await principal(database, bearer=made.key) is None


@pytest.mark.parametrize("permissions", [[], ["approval.decide"], ["customer.reveal"], ["staff.write"], ["no.such"]])
async def test_a_key_never_does_what_takes_a_person(database, bank, permissions):
    async with database.begin(bank) as tx:
        with pytest.raises(identity.KeyUnfit):
            await identity.api_keys.add(tx, NewKey(name="过大", permissions=permissions))


async def test_a_wrong_key_is_not_made_good_by_a_cookie(database, bank, clock):
    session = await identity.exchange_ticket(database, await ticket(database, bank))
    assert await principal(database, bearer=tokens.make(bank), customer_token=session.token) is None


async def test_enrolment_hands_out_both_factors_once(database, bank, clock):
    async with database.begin(bank) as tx:
        staff_id = await make.make_staff(tx, Role.TELLER)
        login = (await people.staff.get(tx, staff_id)).login
        offered = await identity.enrol(tx, staff_id)
    code = await code_of(database, bank)

    enrolled = await identity.complete_enrolment(database, code, login, offered.code, make.PASSWORD)

    assert enrolled.totp_uri.startswith("otpauth://totp/")
    assert enrolled.totp_svg.startswith("<svg")
    person = make.Person(staff_id, login, enrolled.totp_secret)
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    assert signed.staff_id == staff_id
    with pytest.raises(identity.EnrolmentRefused):
        await identity.complete_enrolment(database, code, login, offered.code, make.PASSWORD)


async def test_a_new_enrolment_ends_what_was_there_before(database, bank, clock):
    code = await code_of(database, bank)
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.TELLER)
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    async with database.begin(bank) as tx:
        await identity.enrol(tx, person.id)
    assert await principal(database, staff_token=signed.token) is None
    clock.advance(timedelta(seconds=60))
    with pytest.raises(SignInRefused):
        await identity.sign_in(database, person.sign_in(code, clock.now()))


async def test_an_enrolment_code_is_over_after_its_hours(database, bank, clock):
    async with database.begin(bank) as tx:
        staff_id = await make.make_staff(tx, Role.TELLER)
        login = (await people.staff.get(tx, staff_id)).login
        offered = await identity.enrol(tx, staff_id)
    clock.advance(timedelta(hours=72))
    with pytest.raises(identity.EnrolmentRefused):
        await identity.complete_enrolment(database, await code_of(database, bank), login, offered.code, make.PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaa", "x" * 129, "my login teller.x here"])
async def test_an_easy_password_is_refused(database, bank, password):
    async with database.begin(bank) as tx:
        staff_id = await make.make_staff(tx, Role.TELLER, login=f"teller.x{abs(hash(password)) % 10**8}")
        login = (await people.staff.get(tx, staff_id)).login
        with pytest.raises(identity.PasswordUnfit):
            await identity.set_credentials(tx, staff_id, password.replace("teller.x", login), "A" * 32)


async def test_sessions_are_listed_and_ended_one_by_one(database, bank, clock):
    code = await code_of(database, bank)
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.OPERATOR)
    first = await identity.sign_in(database, person.sign_in(code, clock.now()), identity.Device("Firefox", "10.0.0.1"))
    clock.advance(timedelta(seconds=60))
    second = await identity.sign_in(database, person.sign_in(code, clock.now()))
    async with database.begin(bank, person.actor) as tx:
        listed = await identity.sessions.find(tx, person.id)
        assert {session.id for session in listed} == {first.session_id, second.session_id}
        assert {session.user_agent for session in listed} == {"Firefox", ""}
        await identity.sessions.end(tx, first.session_id)
    assert await principal(database, staff_token=first.token) is None
    assert (await principal(database, staff_token=second.token)).session_id == second.session_id


async def test_a_disabled_person_is_refused_at_once(database, bank, clock):
    code = await code_of(database, bank)
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.OPERATOR)
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    async with database.begin(bank) as tx:
        await people.staff.disable(tx, person.id, "离职")
    assert await principal(database, staff_token=signed.token) is None


async def test_a_role_taken_away_is_gone_from_the_next_request(database, bank, clock):
    code = await code_of(database, bank)
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.OPERATOR)
        units = await people.units.head_office(tx)
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    assert (await principal(database, staff_token=signed.token)).may("campaign.write")
    async with database.begin(bank) as tx:
        await people.staff.change(tx, people.StaffChange(id=person.id, name="林晓舟", post="", unit_id=units, roles=[]))
    caller = await principal(database, staff_token=signed.token)
    assert (caller.permissions, caller.units) == (frozenset(), frozenset())


async def test_a_principal_by_login_is_for_active_staff_of_that_bank(database, bank, other_bank):
    async with database.begin(bank) as tx:
        person = await make.person(tx, Role.OPERATOR)
    caller = await identity.principal_of_login(database, bank, person.login)
    assert UUID(caller.actor.id) == person.id
    assert caller.units is None
    with pytest.raises(people.StaffUnknown):
        await identity.principal_of_login(database, other_bank, person.login)
