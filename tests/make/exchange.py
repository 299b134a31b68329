"""Builders for exchange: cards and liquidity as two people would have decided them, and what customers ask for."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import exchange, ledger, points
from huoke.reward.exchange import Card, CardState, NewPartner, WantedCard, Wish, store
from huoke.reward.exchange import connect as connecting
from tests.make import points as make_points

FROM = date(2026, 1, 1)


def card(**more: Any) -> Card:
    """Two gold beans for every three points; five percent of the points are the fee."""
    given: dict[str, Any] = {
        "name": "积分换金豆", "name_en": "Points to beans", "source": "POINTS", "target": "GOLD", "takes": 3,
        "gives": 2, "fee_rate": 500, "minimum": 100, "step": 10, "from_on": FROM,
    }  # fmt: skip
    return Card(**given | more)


async def open_card(tx: Tx, **more: Any) -> UUID:
    """A live card between types that are there."""
    made = card(**more)
    for code in (made.source, made.target):
        if code in ("POINTS", "GOLD", "SILVER") and not any(one.code == code for one in await points.types(tx)):
            await make_points.kind(tx, code)
    card_id = new_id()
    await store.put_card(tx, WantedCard(id=card_id, card=made, state=CardState.LIVE))
    return card_id


async def set_aside(tx: Tx, amount: int, currency: str = "GOLD", partner: str = "") -> None:
    """Liquidity, as two people would have set it aside."""
    wanted = exchange.Funding(id=new_id(), currency=currency, partner=partner, points=amount)
    await exchange.FUNDINGS.enact(tx, wanted)


async def connect(tx: Tx, new: NewPartner) -> None:
    """A partner, connected as two people would have done it."""
    values = {name: value for name, value in msgspec.structs.asdict(new).items() if name != "key"}
    sealed = await connecting.seal(tx, new.code, connecting.new_key(new.key))
    await connecting.put_partner(tx, values | {"key": sealed})


async def liquidity(tx: Tx, currency: str = "GOLD", partner: str = "") -> int:
    """What is set aside."""
    return await ledger.balance(tx, ledger.liquidity_account(currency, partner))


def wish(card_id: UUID, seq: int, amount: int, of: Card | None = None, **more: Any) -> Wish:
    """An exchange as the page would ask for it."""
    expected = exchange.quote(of or card(), amount).gained
    made = Wish(request_no=new_id().hex, seq=seq, card_id=card_id, points=amount, expected=expected)
    return msgspec.structs.replace(made, **more)


def calls(tx: Tx, *wishes: Wish) -> list[Call[Wish]]:
    """Wishes as one batch."""
    return [Call(one, tx.actor, tx.now) for one in wishes]
