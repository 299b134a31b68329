"""D3: staff sign in with two factors; lock-out; idle sign-out."""

import asyncio
from datetime import timedelta

import pytest

from huoke.govern import audit, identity, tenants
from huoke.govern.identity import Busy, Locked, SignInRefused, passwords
from huoke.govern.people import Role
from huoke.kernel.principal import Credentials
from tests.make import identity as make


@pytest.fixture
async def code(database, bank) -> str:
    async with database.begin(bank) as tx:
        return (await tenants.get(tx)).code


@pytest.fixture
async def person(database, bank, clock):
    async with database.begin(bank) as tx:
        return await make.person(tx, Role.OPERATOR)


async def alive(database, token):
    return await identity.principal_of(database, Credentials(staff_token=token), database.clock)


async def sessions(database, bank, person):
    async with database.begin(bank) as tx:
        return await identity.sessions.find(tx, person.id)


async def test_both_factors_open_a_session(database, bank, code, person, clock):
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    assert (await alive(database, signed.token)).actor == person.actor


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"code": "000000"},
        {"code": ""},
        {"code": "12345"},
        {"code": "abcdef"},
        {"login": "nobody"},
        {"tenant": "no-such-bank"},
    ],
)
async def test_one_wrong_part_refuses_and_says_not_which(database, bank, code, person, clock, wrong):
    with pytest.raises(SignInRefused) as refused:
        await identity.sign_in(database, person.sign_in(code, clock.now(), **wrong))
    assert str(refused.value).startswith("Bank, login, password or code is wrong.")
    assert await sessions(database, bank, person) == []


async def test_a_code_counts_once(database, bank, code, person, clock):
    await identity.sign_in(database, person.sign_in(code, clock.now()))
    with pytest.raises(SignInRefused):
        await identity.sign_in(database, person.sign_in(code, clock.now()))
    assert len(await sessions(database, bank, person)) == 1


async def test_of_two_simultaneous_uses_of_a_code_one_succeeds(database, bank, code, person, clock):
    wanted = person.sign_in(code, clock.now())
    outcomes = await asyncio.gather(*(identity.sign_in(database, wanted) for _ in range(4)), return_exceptions=True)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


async def test_a_neighbouring_code_is_accepted_a_farther_one_is_not(database, bank, code, person, clock):
    for seconds, accepted in ((-60, False), (60, False), (-30, True), (30, True)):
        wanted = person.sign_in(code, clock.now() + timedelta(seconds=seconds))
        if accepted:
            assert await identity.sign_in(database, wanted)
        else:
            with pytest.raises(SignInRefused):
                await identity.sign_in(database, wanted)


async def test_an_older_code_is_refused_after_a_newer_one(database, bank, code, person, clock):
    await identity.sign_in(database, person.sign_in(code, clock.now() + timedelta(seconds=30)))
    with pytest.raises(SignInRefused):
        await identity.sign_in(database, person.sign_in(code, clock.now()))


async def test_full_width_digits_of_a_code_are_digits(database, bank, code, person, clock):
    full_width = person.code(clock.now()).translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert await identity.sign_in(database, person.sign_in(code, clock.now(), code=full_width))


@pytest.mark.parametrize("login", ["known", "unknown"])
async def test_five_wrong_tries_lock_a_login_known_or_not_for_fifteen_minutes(
    database, bank, code, person, clock, login
):
    wrong = {"password": "wrong", **({} if login == "known" else {"login": "never.was"})}
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await identity.sign_in(database, person.sign_in(code, clock.now(), **wrong))
    with pytest.raises(Locked) as locked:
        await identity.sign_in(database, person.sign_in(code, clock.now(), **({} if login == "known" else wrong)))
    assert locked.value.data["retry_after_seconds"] == 15 * 60 + 1
    clock.advance(timedelta(minutes=15))
    if login == "known":
        assert await identity.sign_in(database, person.sign_in(code, clock.now()))
        async with database.begin(bank) as tx:
            trail = await audit.find(tx, audit.AuditFilter(subject_id=str(person.id), action="identity.lock"))
        assert [row.after for row in trail] == [{"failures": 5}]


async def test_simultaneous_wrong_tries_are_all_counted(database, bank, code, person, clock):
    """Twelve guesses at once are five guesses and seven refusals, not twelve guesses."""
    outcomes = await asyncio.gather(
        *(identity.sign_in(database, person.sign_in(code, clock.now(), password=f"guess {n}")) for n in range(12)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, SignInRefused) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, Locked) for outcome in outcomes) == 7


async def test_a_right_sign_in_forgets_the_wrong_ones(database, bank, code, person, clock):
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(SignInRefused):
                await identity.sign_in(database, person.sign_in(code, clock.now(), password="wrong"))
        assert await identity.sign_in(database, person.sign_in(code, clock.now()))
        clock.advance(timedelta(seconds=60))


async def test_a_session_ends_after_thirty_idle_minutes(database, bank, code, person, clock):
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    for _ in range(3):
        clock.advance(timedelta(minutes=29))
        assert await alive(database, signed.token)
    clock.advance(timedelta(minutes=30))
    assert await alive(database, signed.token) is None


async def test_a_session_ends_after_twelve_hours_however_busy(database, bank, code, person, clock):
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    for _ in range(35):
        clock.advance(timedelta(minutes=20))
        assert await alive(database, signed.token)
    clock.advance(timedelta(minutes=20))
    assert await alive(database, signed.token) is None


async def test_a_storm_of_sign_ins_is_refused_beyond_the_cap_and_the_rest_served(database, bank, code, person, clock):
    calls = passwords.THREADS + passwords.WAITING_MAX + 6
    outcomes = await asyncio.gather(*(passwords.matches("x", None) for _ in range(calls)), return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 6
    assert outcomes.count(False) == calls - 6
    assert await identity.sign_in(database, person.sign_in(code, clock.now()))


async def test_an_unknown_login_costs_the_work_of_a_known_one():
    """The hash that stands for nobody has the parameters of every other: measured work, not timed work."""
    from argon2 import extract_parameters

    real = await passwords.hashed("some password here")
    assert extract_parameters(passwords._NOBODY) == extract_parameters(real)
    assert extract_parameters(real).memory_cost == passwords.MEMORY_KIB


async def test_no_factor_is_stored_readable(database, bank, person):
    async with database.begin(bank) as tx:
        row = await tx.fetch_row(
            "SELECT password_hash, totp_cipher FROM identity.credential WHERE staff_id = $1", person.id
        )
    assert row["password_hash"].startswith("$argon2id$")
    assert make.PASSWORD not in row["password_hash"]
    assert person.secret.encode() not in row["totp_cipher"]


async def test_the_second_factor_shown_again_renews_the_proof(database, bank, code, person, clock):
    signed = await identity.sign_in(database, person.sign_in(code, clock.now()))
    clock.advance(timedelta(minutes=20))
    (session,) = await sessions(database, bank, person)
    with pytest.raises(identity.ProofRefused):
        await identity.prove(database, bank, session, "000000")
    await identity.prove(database, bank, session, person.code(clock.now()))
    assert (await alive(database, signed.token)).proved_at == clock.now()
