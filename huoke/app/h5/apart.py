"""Campaign pages live on a domain of their own (rule M3): where one is set, they answer on no other."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from huoke.govern import tenants
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.reward import referral

ROOMS = frozenset({"c", "p", "r", "invite", "help", "g", "group-buys", "lobby"})
"""The first word of the address of every campaign page: campaigns, plays, invitations, help, group buys, the lobby."""


class Elsewhere(NotFound):
    """A campaign page was asked for on another domain than the bank's own for them; `address` is where it is."""

    code = "h5.elsewhere"


async def other_origin(tx: Tx, request: Request[Any, Any, Any]) -> str:
    """The origin of the bank's campaign pages, such as https://hd.example.com, if the request came to another."""
    origin = (await tenants.setting(tx, referral.PAGES_URL)).rstrip("/")
    return origin if origin and urlsplit(origin).netloc.lower() != request.url.netloc.lower() else ""
