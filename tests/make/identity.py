"""People who can sign in: a known password and a known second factor."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec
import pyotp
from argon2 import PasswordHasher

from huoke.govern import identity, people
from huoke.govern.identity import SignIn, passwords
from tests.make.people import actor
from tests.make.people import staff as make_staff

PASSWORD = "water finds its way"
_QUICK = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)
"""A real hash takes 46 MiB and a tenth of a second to make, and again to compare: hundreds of people are made here, a
person for each role in two banks for every module. `tests/compliance/test_D3.py` holds the real one."""


class Person(msgspec.Struct, frozen=True):
    """Somebody enrolled."""

    id: UUID
    login: str
    secret: str

    @property
    def actor(self):
        return actor(self.id)

    def code(self, now) -> str:
        return pyotp.TOTP(self.secret).at(now)

    def sign_in(self, bank_code: str, now, **changes) -> SignIn:
        told = {"tenant": bank_code, "login": self.login, "password": PASSWORD, "code": self.code(now), **changes}
        return SignIn(**told)


async def person(tx, *roles, **changes) -> Person:
    """Add somebody with these roles and both factors."""
    staff_id = await make_staff(tx, *roles, **changes)
    secret = pyotp.random_base32()
    with _quick_hashes():
        await identity.set_credentials(tx, staff_id, PASSWORD, secret)
    return Person(staff_id, (await people.staff.get(tx, staff_id)).login, secret)


@contextmanager
def _quick_hashes() -> Iterator[None]:
    real, passwords._hasher = passwords._hasher, _QUICK
    try:
        yield
    finally:
        passwords._hasher = real
