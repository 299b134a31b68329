"""Passwords and second factors of the demo's staff: derived from the master key, so that nothing is written down."""

import base64
import hashlib
import hmac
from datetime import datetime
from pathlib import Path

import msgspec
import pyotp

from huoke.kernel.refusals import Outage

_WORDS = "amber basin cedar delta ember fjord grove haven inlet jetty knoll lagoon meadow north ocean pearl".split()  # noqa: SIM905
STEP_SECONDS = 30


class SignIn(msgspec.Struct, frozen=True):
    """What one member of the demo's staff types."""

    bank: str
    login: str
    password: str
    totp_secret: str

    def code(self, at: datetime) -> str:
        """The second factor's six digits at that instant."""
        return pyotp.TOTP(self.totp_secret).at(at)


def sign_in_of(key_path: Path, bank: str, login: str) -> SignIn:
    """The same answer for the same instance, bank and login; `Outage` before the instance was ever started."""
    try:
        master = key_path.read_bytes()
    except FileNotFoundError:
        raise Outage(f"No master key at {key_path}: start the demo with 'huoke up --demo'.") from None
    noise = hmac.digest(master, f"demo|{bank}|{login}".encode(), hashlib.sha256)
    words = "-".join(_WORDS[byte % len(_WORDS)] for byte in noise[:3])
    number = int.from_bytes(noise[3:5], "big") % 9_000 + 1_000
    return SignIn(bank, login, f"{words}-{number}", base64.b32encode(noise[8:28]).decode())
