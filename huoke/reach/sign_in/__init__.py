"""Customers' sign-in without the bank's app: a code by short message, and one thing more that only they know.

asked = await sign_in.ask(tx, phone, address)      the caller hands message_of(asked, …) over after its commit
found = await sign_in.answer(tx, asked.token, code, factor)      commit in any case: wrong tries count
"""

from huoke.reach.sign_in.answer import answer
from huoke.reach.sign_in.ask import ask, is_open
from huoke.reach.sign_in.message import MESSAGES, message_of
from huoke.reach.sign_in.model import (
    CODE_MINUTES,
    TRIES_MAX,
    Asked,
    CodeOver,
    CodeWrong,
    PhoneUnfit,
    SignInClosed,
    TooManyCodes,
)
from huoke.reach.sign_in.personal import PersonalSignIn

__all__ = [
    "CODE_MINUTES",
    "MESSAGES",
    "TRIES_MAX",
    "Asked",
    "CodeOver",
    "CodeWrong",
    "PersonalSignIn",
    "PhoneUnfit",
    "SignInClosed",
    "TooManyCodes",
    "answer",
    "ask",
    "is_open",
    "message_of",
]
