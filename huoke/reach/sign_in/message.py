"""The short message with a code, as it is handed over and counted."""

from uuid import UUID

from huoke.reach import channels
from huoke.reach.sign_in.model import Asked, text_of

MESSAGES = channels.Plan(
    source_kind="sign_in",
    source_id=UUID("5f1e0c52-7a3b-5d4e-9c61-2b8f00a1c0de"),
    name="登录验证码",
    texts={},
    service=True,
)
"""What messages with codes are listed and counted under, in every bank."""


def message_of(asked: Asked, language: str) -> channels.Instant | None:
    """The short message with the code; None where nobody has the number."""
    if asked.code is None or asked.seq is None:
        return None
    text = text_of(asked.code, language)
    return channels.Instant(plan=MESSAGES, seq=asked.seq, phone=asked.phone, text=text, language=language)
