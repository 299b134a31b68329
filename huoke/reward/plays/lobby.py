"""The code of the lobby, pure: shown at a branch, good for a minute.

It is made of what it says (branch, whose, when) and a seal under the bank's key; it is stored nowhere. A screen
shows a new one every twenty seconds, and none is good for longer than sixty after it was first shown.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern.privacy import TenantKeys
from huoke.kernel.clock import CHINA
from huoke.reward.plays.ways import CodeOf

SHOWN_SECONDS = 20
GOOD_SECONDS = 60
PURPOSE = "plays.lobby"
_SEAL_BYTES = 8
_SAYS = struct.Struct(">II16s")
_NOBODY = UUID(int=0)


class LobbyCode(msgspec.Struct, frozen=True):
    """What a code says: the branch, the relationship manager (None: the branch's own), since when it is shown."""

    unit_id: int
    rm_id: UUID | None
    shown_at: datetime

    @property
    def ends_at(self) -> datetime:
        """From when on it opens nothing."""
        return self.shown_at + timedelta(seconds=GOOD_SECONDS)

    @property
    def of(self) -> CodeOf:
        """Whose code it is."""
        return CodeOf.BRANCH if self.rm_id is None else CodeOf.RM


def code_now(keys: TenantKeys, unit_id: int, rm_id: UUID | None, now: datetime) -> tuple[str, LobbyCode]:
    """The code a screen shows now: 43 letters, and what they say."""
    turn = int(now.timestamp()) // SHOWN_SECONDS
    says = _SAYS.pack(unit_id, turn, (rm_id or _NOBODY).bytes)
    text = base64.urlsafe_b64encode(says + _seal(keys, says)).decode().rstrip("=")
    return text, _read(says)


def read_code(keys: TenantKeys, text: str) -> LobbyCode | None:
    """What a code says, however old; None for one this bank never made."""
    try:
        sealed = base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")
    except (binascii.Error, ValueError):
        return None
    says, seal = sealed[: _SAYS.size], sealed[_SAYS.size :]
    if len(says) != _SAYS.size or seal != _seal(keys, says):
        return None
    return _read(says)


def is_open(now: datetime, opens_hour: int, closes_hour: int) -> bool:
    """Whether a branch is open, by hours of the bank's day."""
    return opens_hour <= now.astimezone(CHINA).hour < closes_hour


def _seal(keys: TenantKeys, says: bytes) -> bytes:
    return keys.mac(PURPOSE, says.hex())[:_SEAL_BYTES]


def _read(says: bytes) -> LobbyCode:
    unit_id, turn, rm = _SAYS.unpack(says)
    shown_at = datetime.fromtimestamp(turn * SHOWN_SECONDS, UTC)
    return LobbyCode(unit_id, None if rm == _NOBODY.bytes else UUID(bytes=rm), shown_at)
