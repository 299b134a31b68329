"""Redemption codes: 12 digits on the customer's phone, new every 60 seconds, stored hashed, and hard to guess."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.grants import store, store_redeem
from huoke.reward.grants.model import Handover, State
from huoke.reward.grants.refusals import Expired, TooManyGuesses, UnknownGrant, WrongState

DIGITS = 12
LIFE_SECONDS = 60
GRACE_SECONDS = 5
"""How long a code that was just replaced is still taken: the teller may be scanning it."""
MISSES_MAX = 10
WINDOW_SECONDS = 300
QR_PREFIX = "HUOKE:R:"
_TRIES = 5


class RedemptionCode(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone shows: the digits, the text of the QR code, and until when both are good."""

    code: str
    qr: str
    expires_at: datetime


async def redemption_code(tx: Tx, grant_id: UUID, seq: int) -> RedemptionCode:
    """Make the grant's next code; the one before is good for five seconds more. One code of a grant is live at a time.

    Raises `UnknownGrant` (not this customer's), `WrongState` (nothing to redeem), `Expired`.
    """
    grant = (await store.lock_grants(tx, [grant_id])).get(grant_id)
    if grant is None or grant.seq not in await customers.numbers_of(tx, Seq(seq)):
        raise UnknownGrant("You have no such benefit.")
    offer = (await store.offers(tx, [grant.offer_id]))[grant.offer_id]
    if grant.state is not State.FULFILLED or offer.handover is not Handover.COUNTER:
        raise WrongState("There is nothing to redeem here.", state=grant.state.value)
    if grant.expires_at is not None and grant.expires_at <= tx.now:
        raise Expired("This benefit has expired.")
    expires_at = tx.now + timedelta(seconds=LIFE_SECONDS)
    grace = tx.now + timedelta(seconds=GRACE_SECONDS)
    for _ in range(_TRIES):
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if await store_redeem.put_code(tx, grant_id, hash_code(tx, digits), expires_at, grace):
            return RedemptionCode(code=digits, qr=QR_PREFIX + digits, expires_at=expires_at)
    raise AssertionError("five random codes in a row were taken")


def hash_code(tx: Tx, digits: str) -> bytes:
    """SHA-256 of bank and digits: a code lives shorter than it takes to try all of them against a stolen table."""
    return hashlib.sha256(f"{tx.tenant}:{digits}".encode()).digest()


def read_code(text: str) -> str | None:
    """The digits in what a scanner or a teller typed (spaces and hyphens are fine); None when it is no code."""
    digits = text.strip().removeprefix(QR_PREFIX).replace(" ", "").replace("-", "")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


async def check_guesses(tx: Tx, teller: str) -> None:
    """Raise `TooManyGuesses` when a teller entered ten codes that do not exist within five minutes."""
    window = timedelta(seconds=WINDOW_SECONDS)
    row = await store_redeem.misses(tx, teller, tx.now - window)
    if row is not None and row["misses"] >= MISSES_MAX:
        wait = (row["since"] + window - tx.now).total_seconds()
        raise TooManyGuesses(
            "Too many codes that do not exist; wait a few minutes.", retry_after_seconds=max(1, int(wait))
        )


async def note_misses(tx: Tx, teller: str, count: int) -> None:
    """Remember codes of a teller that do not exist; commit this even where the answer is a no."""
    if count:
        await store_redeem.note_misses(tx, teller, count, tx.now - timedelta(seconds=WINDOW_SECONDS))
