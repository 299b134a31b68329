"""What a plan says to one customer, and to somebody who only looks: the same words, filled in the same way."""

import msgspec

from huoke.govern import tenants
from huoke.kernel.tx import Tx
from huoke.reach.channels import store_gateway
from huoke.reach.channels.model import Plan
from huoke.reach.channels.text import Language, compose, segments

UNSUBSCRIBE_SAMPLE = "/h5/bank/u/" + 23 * "x"
"""As long as the real one, for who only looks."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it would arrive: signed, filled in, with the way out; `parts` are short messages it takes."""

    language: Language
    text: str
    characters: int
    parts: int


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as its customers would read it. `price_fen_per_thousand` is None while the bank has no gateway."""

    written: list[Written]
    price_fen_per_thousand: int | None


def write(
    plan: Plan, name: str, language: str, *, sender: str, link_address: str, unsubscribe: str = UNSUBSCRIBE_SAMPLE
) -> str:
    """What one customer reads; the Chinese text where there is none in their language. `unsubscribe` is the path of
    the page that is theirs alone.
    """
    chosen = language if plan.texts.get(language, "").strip() else Language.ZH.value
    variables = {**plan.variables, "name": name, "link": link_address + plan.link if plan.link else ""}
    variables["unsubscribe"] = link_address + unsubscribe
    return compose(sender, plan.texts[chosen], variables, Language(chosen), commercial=not plan.service)


async def letter(tx: Tx, plan: Plan, name: str) -> Letter:
    """A plan's texts as a customer called `name` would get them, signed as the gateway signs."""
    row = await store_gateway.get(tx)
    sender = row["sender"] if row is not None else (await tenants.get(tx)).name
    link_address = row["link_address"] if row is not None else ""
    texts = [
        (language, write(plan, name, language, sender=sender, link_address=link_address))
        for language in Language
        if plan.texts.get(language, "").strip()
    ]
    return Letter(
        written=[
            Written(language=language, text=text, characters=len(text), parts=segments(text))
            for language, text in texts
        ],
        price_fen_per_thousand=row["price_fen_per_thousand"] if row is not None else None,
    )
