"""The demo's partner of points: connected, its rate cards asked for and approved; customers who exchanged with it, one
whom it told no and gave it late, one who still waits, and one who brought miles.
"""

import asyncio
import base64
import secrets
from collections.abc import Sequence

import httpx

from huoke.app.demo import earning
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled, Peopled
from huoke.app.demo.points_partner import PartnerNote, read_partners, write_partners
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.tx import Actor, ActorKind
from huoke.know.language import day_of
from huoke.reward import exchange, ledger
from huoke.reward.exchange import AskedFunding, AskedPartner, Bearer, Card, Direction, Trade, TradeState, Wish

PARTNER, UNIT, KEY_ID = "skyway", "MILES", "huoke-demo"
REASON = "开业准备：与云程会员积分通兑"
PUT_IN, BROUGHT = 500, 1_000
LOOKED_AT = 600
WAIT_SECONDS = 120.0
TAILS = (("1", TradeState.DONE), ("7", TradeState.FAILED), ("5", TradeState.UNKNOWN))
"""The last digit of a member's number, and what becomes of their exchange: see the partner's habits."""


async def connect(runtime: Runtime, banks: Sequence[Peopled]) -> None:
    """Tell banks where their partner answers, with a key that both sides know; a key once given stays.

    Who plays the partners reads of all at once, and once.
    """
    home = runtime.settings.home
    known = {one.code: one for one in read_partners(home)}
    notes = [
        known.get(code) or _note(code, bank) for code, bank in ((f"{PARTNER}-{one.plan.code}", one) for one in banks)
    ]
    write_partners(home, notes)
    for bank, note in zip(banks, notes, strict=True):
        new = exchange.NewPartner(
            code=PARTNER, name="云程会员", name_en="Skyway", unit=UNIT, unit_name="里程", unit_name_en="Miles",
            address=f"http://127.0.0.1:{runtime.settings.partner_port}/{note.code}", key_id=note.key_id, key=note.key,
        )  # fmt: skip
        async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
            if any((one.code, one.address) == (new.code, new.address) for one in await exchange.partners(tx)):
                continue
            asked = await exchange.request_partner(tx, AskedPartner(partner=new, reason=REASON))
            [change_id] = [one.change_id for one in await exchange.partner_requests(tx) if one.id == asked]
            await approve(tx, bank, change_id)


def _note(code: str, bank: Peopled) -> PartnerNote:
    return PartnerNote(code, bank.plan.code, PARTNER, KEY_ID, base64.b64encode(secrets.token_bytes(32)).decode())


async def exchange_with_partner(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open both directions, and let some customers go them; done before, nothing."""
    async with runtime.database.begin(bank.tenant) as tx:
        if any(one.partner for one in await exchange.trades(tx, limit=100)):
            return
    await _open(runtime, bank)
    able = await _able(runtime, bank, seqs)
    sent = [(await _send(runtime, bank, seq, tail), state) for seq, (tail, state) in zip(able, TAILS, strict=False)]
    for trade, state in sent:
        await _await(runtime, bank, trade, state)
    if able:
        await _bring(runtime, bank, able[0], TAILS[0][0])


async def _open(runtime: Runtime, bank: Filled) -> None:
    today = day_of(runtime.clock.now())
    out = Card(
        name="积分换里程", name_en="Points for miles", direction=Direction.OUT, source="POINTS", target=UNIT,
        partner=PARTNER, takes=5, gives=1, fee_rate=100, minimum=500, step=100, person_month=20_000,
        bearer=Bearer.TYPE, from_on=today,
    )  # fmt: skip
    into = Card(
        name="里程换积分", name_en="Miles for points", direction=Direction.IN, source=UNIT, target="POINTS",
        partner=PARTNER, takes=1, gives=4, minimum=100, step=100, person_month=20_000, bearer=Bearer.PARTNER,
        from_on=today,
    )  # fmt: skip
    funds = [
        AskedFunding(currency=currency, points=points, partner=PARTNER, reason=REASON)
        for currency, points in ((UNIT, 500_000), ("POINTS", 1_000_000))
    ]
    await earning.open_cards(runtime, bank, (out, into), funds, REASON)


async def _able(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> list[int]:
    """Customers with points enough that nothing else holds or owes, those with most first."""
    accounts = {int(seq): ledger.points_account(seq, "POINTS") for seq in seqs[:LOOKED_AT]}
    able: list[int] = []
    async with runtime.database.begin(bank.tenant) as tx:
        held = await ledger.stored_balances(tx, list(accounts.values()))
        for seq in sorted(accounts, key=lambda seq: -held[accounts[seq]]):
            if len(able) == len(TAILS) or held[accounts[seq]] < PUT_IN:
                break
            if await ledger.free(tx, accounts[seq]) >= PUT_IN:
                able.append(seq)
    return able


def _member(seq: int, tail: str) -> str:
    return f"SKY{seq:07d}{tail}"


async def _send(runtime: Runtime, bank: Filled, seq: int, tail: str) -> Trade:
    actor = Actor(ActorKind.CUSTOMER, str(seq))
    async with runtime.database.begin(bank.tenant, actor) as tx:
        await exchange.link_member(tx, seq, PARTNER, _member(seq, tail))
        [offer] = [one for one in await exchange.offers_for(tx, seq) if one.card.partner == PARTNER]
        _, said = await exchange.quote_for(tx, seq, offer.id, PUT_IN)
        wish = Wish(request_no=new_id().hex, seq=seq, card_id=offer.id, points=PUT_IN, expected=said.gained)
        [made] = await exchange.exchange(tx, [Call(wish, tx.actor, tx.now)])
    assert isinstance(made, Trade), made
    return made


async def _await(runtime: Runtime, bank: Filled, trade: Trade, state: TradeState) -> None:
    """Wait until the worker carried it and the partner had its last word: a late yes has been asked back by then."""
    ends = {state} if state is not TradeState.FAILED else set()
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            async with runtime.database.begin(bank.tenant) as tx:
                found = await exchange.own_trade(tx, [trade.seq], trade.id)
            if found.state in ends or found.code == "reversed":
                return
            await asyncio.sleep(0.5)


async def _bring(runtime: Runtime, bank: Filled, seq: int, tail: str) -> None:
    """A member brings miles, on the partner's own page."""
    page = f"http://127.0.0.1:{runtime.settings.partner_port}/{PARTNER}-{bank.plan.code}/app"
    form = {"number": new_id().hex, "member": _member(seq, tail), "units": str(BROUGHT)}
    async with asyncio.timeout(WAIT_SECONDS), httpx.AsyncClient(trust_env=False, timeout=30) as phone:
        # Under the same number it is given once, however often it is asked for.
        while "已换得" not in (answer := await phone.post(page, data=form)).text:
            assert "暂未答复" in answer.text, answer.text
            await asyncio.sleep(1)
