"""What the two sides of an invitation get, called in the visitor's language."""

from uuid import UUID

import msgspec

from huoke.app.h5.benefits import title_of
from huoke.app.h5.words import Words
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, referral
from huoke.reward.referral import NewProgramme, SideBenefit


async def titled(tx: Tx, terms: NewProgramme, benefits: list[SideBenefit], words: Words) -> list[SideBenefit]:
    """What each side gets, called in the visitor's language."""
    skus = {one.line: sku_id for one in benefits if (sku_id := _sku_of(terms, one))}
    known = await catalogue.skus(tx, set(skus.values()))
    return [
        msgspec.structs.replace(one, title=title_of(one.title, known.get(skus[one.line]), words))
        if one.line in skus
        else one
        for one in benefits
    ]


def _sku_of(terms: NewProgramme, one: SideBenefit) -> UUID | None:
    sides = {0: terms.inviter, 1: terms.invitee}
    if one.channel is not None:
        rule = terms.rule(one.channel)
        sides = {
            referral.line_of(terms, one.channel, side): own for side, own in enumerate((rule.inviter, rule.invitee))
        }
    steps = {step.invitees: step.benefit for step in terms.ladder}
    given = steps.get(one.invitees) if one.invitees else sides.get(one.line)
    return given.sku_id if given else None
