"""Where a customer may go on to from the own benefits: only what there is today."""

import msgspec

from huoke.app.h5.visit import Visit
from huoke.kernel.tx import Tx
from huoke.reward import group_buy, mall, plays, referral, tiers

PLAYS_MAX = 3


class Onward(msgspec.Struct, frozen=True):
    """A link under the benefits."""

    path: str
    label: str


async def onward(tx: Tx, visit: Visit) -> list[Onward]:
    """Open plays, the mall, inviting, the own tier, each where there is some; the own choices always."""
    words, home = visit.words, visit.home
    found = [
        Onward(f"{home}/p/{play.code}", words.either(play.draft.zh.title, play.draft.en.title) or play.draft.name)
        for play in (await plays.live(tx))[:PLAYS_MAX]
    ]
    if await mall.opened(tx):
        found.append(Onward(f"{home}/mall", words("mall.title")))
    if await referral.shown(tx):
        found.append(Onward(f"{home}/invite", words("invite")))
    if await referral.shown(tx, help_=True):
        found.append(Onward(f"{home}/help", words("help")))
    if await group_buy.shown(tx):
        found.append(Onward(f"{home}/group-buys", words("group")))
    if await tiers.scheme(tx) is not None:
        found.append(Onward(f"{home}/tier", words("tier.title")))
    return [*found, Onward(f"{home}/choices", words("choices"))]
