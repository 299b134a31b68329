"""Asking for a code: limits first, then one for whoever has the number, and the same trouble where nobody has it."""

import secrets
from datetime import timedelta

from huoke.govern import privacy, tenants
from huoke.govern.identity import tokens
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach import channels
from huoke.reach.sign_in import store
from huoke.reach.sign_in.model import (
    CODE_DIGITS,
    CODE_MINUTES,
    OPEN,
    PAUSE,
    PER_ADDRESS,
    PER_DAY,
    PER_NUMBER,
    SHARERS_MAX,
    Asked,
    Challenge,
    SignInClosed,
    TooManyCodes,
    read_phone,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def is_open(tx: Tx) -> bool:
    """Whether this bank lets customers in by a code: it wants to, and has a gateway."""
    return await tenants.setting(tx, OPEN) and await channels.has_gateway(tx)


async def ask(tx: Tx, phone: str, address: str) -> Asked:
    """A code for a number, good once and for five minutes; `address` is where the asker's browser is.

    The caller hands `code` to the phone after the commit. A number nobody has costs the same rows and the same time.
    `PhoneUnfit`, `TooManyCodes`, `SignInClosed`.
    """
    if not await is_open(tx):
        raise SignInClosed("This bank lets its customers in through its app only.")
    number = read_phone(phone)
    keys = await privacy.keys(tx)
    number_hash = keys.mac("sign_in.number", number)
    address_hash = keys.mac("sign_in.address", address)
    await _check_limits(tx, number_hash, address_hash)
    seqs = await customers.with_phone(tx, number, limit=SHARERS_MAX)
    token = tokens.make(tx.tenant)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    challenge = Challenge(
        id=tokens.digest(token),
        code_hash=keys.mac("sign_in.code", token + code),
        seqs=seqs,
        tries=0,
        expires_at=tx.now + timedelta(minutes=CODE_MINUTES),
    )
    await store.add(tx, challenge, number_hash, address_hash)
    return Asked(
        token=token,
        phone=number,
        code=code if seqs else None,
        expires_at=challenge.expires_at,
        seq=next(iter(seqs), None),
    )


async def _check_limits(tx: Tx, number_hash: bytes, address_hash: bytes) -> None:
    """Raise `TooManyCodes`; a number nobody has is counted like any other."""
    per_number, per_address, per_day = await tenants.settings(tx, PER_NUMBER, PER_ADDRESS, PER_DAY)
    count, last = await store.asked_of_number(tx, number_hash, tx.now - DAY)
    if last is not None and last > tx.now - PAUSE:
        rest = (last + PAUSE - tx.now).total_seconds()
        raise TooManyCodes("A code is on its way; wait a minute for the next.", retry_after_seconds=max(1, int(rest)))
    if count >= per_number:
        raise TooManyCodes("This number had enough codes for today.", retry_after_seconds=int(HOUR.total_seconds()))
    if await store.asked_from_address(tx, address_hash, tx.now - HOUR) >= per_address:
        raise TooManyCodes("Too many codes from here; try later.", retry_after_seconds=int(HOUR.total_seconds()))
    if await store.asked(tx, tx.now - DAY, per_day) >= per_day:
        raise TooManyCodes("No more codes today; use the bank's app.", retry_after_seconds=int(HOUR.total_seconds()))
