"""Rate cards and what is set aside for them: one person asks, another decides (rule D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Once, Request, Requests
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Conflict, Invalid
from huoke.kernel.tx import Tx
from huoke.reward import ledger, points, tiers
from huoke.reward.exchange import store, store_partner, tables
from huoke.reward.exchange.model import (
    POINTS_MAX,
    Card,
    CardChanged,
    CardState,
    Direction,
    WantedCard,
    check_card,
    quote,
)
from huoke.reward.exchange.refusals import CardOpen, CardUnfit, CardUnknown
from huoke.reward.ledger import AccountKey, AccountKind, Outcome, Transfer, TransferKind


class AskedCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card somebody wants (`id` of the one it changes), or its end, and why."""

    card: Card
    reason: str
    id: UUID | None = None
    state: CardState = CardState.LIVE


class CardRequest(Request, frozen=True, kw_only=True):
    """A card as it was asked for."""

    wanted: WantedCard


_FIELDS = (
    ("name", "名称", "Name"), ("name_en", "英文名称", "English name"), ("direction", "方向", "Direction"),
    ("source", "转出", "From"), ("target", "转入", "To"), ("partner", "合作方", "Partner"),
    ("takes", "每转出", "For every"), ("gives", "得到", "Gives"), ("tiers", "等级汇率", "Rates of tiers"),
    ("fee_rate", "手续费（万分之）", "Fee (hundredths of a percent)"), ("fee_min", "最低手续费", "Least fee"),
    ("minimum", "起兑", "Least exchange"), ("step", "步长", "Step"),
    ("person_day", "每人每日上限", "Limit of a person a day"),
    ("person_month", "每人每月上限", "Limit of a person a month"),
    ("all_day", "全行每日上限", "Limit of everybody a day"),
    ("all_month", "全行每月上限", "Limit of everybody a month"),
    ("bearer", "成本承担", "Cost borne by"), ("funder", "出资预算", "Paying budget"),
    ("cost_month_fen", "每月成本上限（分）", "Cost a month at most (fen)"),
    ("alarm_percent", "成本预警（%）", "Warned at (%)"),
    ("undo_hours", "可撤回小时数", "Hours it can be taken back"), ("from_on", "生效日", "From"),
    ("until_on", "截止日", "Until"),
)  # fmt: skip


class CardRequests(Requests[WantedCard]):
    """Rate cards; what holds is the card itself."""

    kind = "exchange_card"
    table = tables.card_request
    shape = WantedCard
    group = "exchange"
    action = "exchange.card"
    subject_kind = "exchange_card"
    open = CardOpen
    unfit = CardUnfit
    pointer = "/card"
    replaces = False

    async def title(self, tx: Tx, wanted: WantedCard) -> str:
        """By the name the card is to have."""
        del tx
        return f"积分互换「{wanted.card.name}」 · Exchange: {wanted.card.name_en}"

    async def require_fit(self, tx: Tx, wanted: WantedCard) -> None:
        """`CardUnfit`; `points.TypeUnknown`, `PartnerUnknown`, `ledger.UnknownBudget` for what there is not."""
        card = wanted.card
        check_card(card)
        if card.direction is not Direction.IN:
            await points.get_types(tx, [card.source])
        if card.direction is not Direction.OUT:
            await points.get_types(tx, [card.target])
        if card.partner:
            with_partner = await store_partner.get(tx, card.partner)
            unit = card.target if card.direction is Direction.OUT else card.source
            if with_partner["unit"] != unit:
                raise CardUnfit(f"This partner's unit is {with_partner['unit']}.", pointer="/card/partner")
        if card.funder is not None:
            await ledger.get_budgets(tx, [card.funder])
        held = await tiers.scheme(tx)
        for place, one in enumerate(card.tiers):
            if held is None or one.tier not in held.keys:
                raise CardUnfit("The bank's scheme has no such tier.", pointer=f"/card/tiers/{place}/tier")
        before = await self.held(tx, wanted)
        if before is not None and _sides(before.card) != _sides(card):
            raise CardUnfit("What is exchanged for what stays; make another card.", pointer="/card/source")

    async def held(self, tx: Tx, wanted: WantedCard) -> WantedCard | None:
        """The card as it is."""
        return next(iter(await store.cards(tx, [wanted.id])), None)

    def diff(self, held: WantedCard | None, wanted: WantedCard) -> list[FieldChange]:
        """Field by field."""
        before: dict[str, Any] = msgspec.to_builtins(held.card) if held else {}
        after: dict[str, Any] = msgspec.to_builtins(wanted.card)
        found = [
            FieldChange(path=path, label=label, label_en=label_en, before=before.get(path), after=after[path],
                        group=self.group)
            for path, label, label_en in _FIELDS
            if before.get(path) != after[path]
        ]  # fmt: skip
        if (held.state if held else None) is not wanted.state:
            was = held.state.value if held else None
            found.append(
                FieldChange(path="state", label="状态", label_en="State", before=was, after=wanted.state.value,
                            group=self.group)
            )  # fmt: skip
        return found

    async def enact(self, tx: Tx, wanted: WantedCard) -> None:
        """From now on points are exchanged so; what is on its way keeps the rate it was asked at."""
        await store.put_card(tx, wanted)

    def event(self, request_id: UUID) -> CardChanged:
        """A card changed."""
        return CardChanged(request_id=request_id)

    def asked(self, wanted: WantedCard) -> dict[str, Any]:
        """One request of a card is open at a time."""
        return {"card_id": wanted.id, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: WantedCard) -> str:
        """The card."""
        return str(wanted.id)


CARDS = CardRequests()


def _sides(card: Card) -> tuple[str, str, str, str]:
    return card.direction.value, card.source, card.target, card.partner


async def request_card(tx: Tx, asked: AskedCard) -> UUID:
    """Ask for a card, its change or its end; another person decides. Returns the request's id.

    `CardUnfit` also for what holds already; `CardUnknown`, `CardOpen`, `audit.ReasonMissing`.
    """
    if asked.id is not None and not await store.cards(tx, [asked.id]):
        raise CardUnknown("There is no such rate card.", pointer="/id")
    return await CARDS.ask(tx, WantedCard(id=asked.id or new_id(), card=asked.card, state=asked.state), asked.reason)


async def requests(tx: Tx, *, limit: int = 50) -> list[CardRequest]:
    """Cards that were asked for, latest first, by name of who asked."""
    return [CardRequest(wanted=wanted, **fields) for wanted, fields in await CARDS.listed(tx, limit)]


class CardApproval(Approval[WantedCard]):
    """Serves approvals of kind `exchange_card`."""

    kind = CARDS.kind
    requests = CARDS

    async def effects(self, tx: Tx, wanted: WantedCard) -> Simulation:
        """What a thousand points bring, before and after; what is set aside for it."""
        held = await CARDS.held(tx, wanted)
        put_in = max(wanted.card.minimum, 1_000 // wanted.card.step * wanted.card.step)
        liquid = await liquidity_of(tx, wanted.card)
        return Simulation(
            rows=(
                SimulationRow(
                    key="gained", label=f"{put_in} 分换得", label_en=f"What {put_in} points bring", unit="points",
                    before=quote(held.card, put_in).gained if held else 0, after=quote(wanted.card, put_in).gained,
                ),
                SimulationRow(
                    key="fee", label=f"{put_in} 分手续费", label_en=f"Fee of {put_in} points", unit="points",
                    before=quote(held.card, put_in).fee if held else 0, after=quote(wanted.card, put_in).fee,
                ),
                SimulationRow(
                    key="liquidity", label="备付余额", label_en="Set aside for it", unit="points",
                    before=liquid, after=liquid,
                ),
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: WantedCard) -> list[Check]:
        """One rate for everybody but registered tiers (rules B1, P5); something is set aside."""
        await CARDS.require_fit(tx, wanted)
        dry = await liquidity_of(tx, wanted.card) <= 0
        return [
            Check(rule="P5", verdict=CheckVerdict.PASS, detail="除登记的等级外，所有客户同一汇率",
                  detail_en="One rate for everybody but registered tiers"),
            Check(
                rule="exchange.liquidity",
                verdict=CheckVerdict.WARN if dry else CheckVerdict.PASS,
                detail="尚未备付，客户将无法兑换" if dry else "备付账户有余额",
                detail_en="Nothing is set aside: nobody could exchange yet" if dry else "Something is set aside",
            ),
        ]  # fmt: skip


class Funding(msgspec.Struct, frozen=True, kw_only=True):
    """So many points more to set aside (or fewer, negative) in a target, the bank's own or a partner's units."""

    id: UUID
    currency: str
    partner: str
    points: int


class AskedFunding(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants set aside, and why."""

    currency: str
    points: int
    reason: str
    partner: str = ""


class FundingRequest(Request, frozen=True, kw_only=True):
    """What was asked to be set aside."""

    wanted: Funding


class FundingUnfit(Invalid):
    """This cannot be set aside, or taken out."""

    code = "exchange.funding_unfit"


class FundingOpen(Conflict):
    """This waits for its decision."""

    code = "exchange.funding_open"


class FundingRequests(Once[Funding]):
    """Liquidity; done once, nothing stays in force."""

    kind = "exchange_funding"
    table = tables.funding
    shape = Funding
    group = "exchange"
    action = "exchange.fund"
    subject_kind = "exchange_funding"
    named = "积分互换备付 · Set points aside for exchange"
    open = FundingOpen
    unfit = FundingUnfit
    pointer = "/points"

    async def require_fit(self, tx: Tx, wanted: Funding) -> None:
        """`FundingUnfit` for nothing, too much, more than there is; `points.TypeUnknown`, `PartnerUnknown`."""
        if not 1 <= abs(wanted.points) <= POINTS_MAX:
            raise FundingUnfit(f"1 to {POINTS_MAX} points, more or less.", pointer="/points")
        unit = (await store_partner.get(tx, wanted.partner))["unit"] if wanted.partner else None
        if wanted.currency != unit:
            await points.get_types(tx, [wanted.currency])
        there = await _set_aside(tx, wanted.currency, wanted.partner)
        if there + wanted.points < 0:
            raise FundingUnfit(f"{there} are set aside; {-wanted.points} cannot be taken out.", pointer="/points")

    def diff(self, held: Funding | None, wanted: Funding) -> list[FieldChange]:
        """One line."""
        del held
        where = " · ".join(part for part in (wanted.partner, wanted.currency) if part)
        return [
            FieldChange(path="points", label=f"备付 {where}", label_en=f"Set aside {where}", before=None,
                        after=f"{wanted.points:+d}", group=self.group)
        ]  # fmt: skip

    async def enact(self, tx: Tx, wanted: Funding) -> None:
        """Move it; `FundingUnfit` when there is less by now."""
        keys = [
            AccountKey(AccountKind.POINTS_ISSUED, "bank", "", wanted.currency),
            ledger.liquidity_account(wanted.currency, wanted.partner),
        ]
        accounts = await ledger.open_accounts(tx, keys)
        source, liquid = (accounts[key] for key in keys)
        more = wanted.points > 0
        move = Transfer(
            source_kind="exchange_funding", source_id=wanted.id, line=0, debit_account=source if more else liquid,
            credit_account=liquid if more else source, amount=abs(wanted.points), kind=TransferKind.FUND,
        )  # fmt: skip
        [outcome] = await ledger.post(tx, [move])
        if outcome is not Outcome.POSTED:
            raise FundingUnfit(f"The ledger refused: {outcome.value}.", pointer="/points")


FUNDINGS = FundingRequests()


async def request_funding(tx: Tx, asked: AskedFunding) -> UUID:
    """Ask to set points aside; another person decides. `FundingUnfit`, `audit.ReasonMissing`."""
    wanted = Funding(id=new_id(), currency=asked.currency, partner=asked.partner, points=asked.points)
    return await FUNDINGS.ask(tx, wanted, asked.reason)


async def fundings(tx: Tx, *, limit: int = 50) -> list[FundingRequest]:
    """What was asked to be set aside, latest first."""
    return [FundingRequest(wanted=wanted, **fields) for wanted, fields in await FUNDINGS.listed(tx, limit)]


class FundingApproval(Approval[Funding]):
    """Serves approvals of kind `exchange_funding`."""

    kind = FUNDINGS.kind
    requests = FUNDINGS

    async def effects(self, tx: Tx, wanted: Funding) -> Simulation:
        """What is set aside before and after."""
        there = await _set_aside(tx, wanted.currency, wanted.partner)
        row = SimulationRow(
            key="liquidity", label="备付余额", label_en="Set aside", unit="points", before=there,
            after=there + wanted.points,
        )  # fmt: skip
        return Simulation(rows=(row,))

    async def checks(self, tx: Tx, wanted: Funding) -> list[Check]:
        """There is enough."""
        await FUNDINGS.require_fit(tx, wanted)
        return [Check(rule="points", verdict=CheckVerdict.PASS, detail="备付金额有效", detail_en="It can be done")]


async def liquidity_of(tx: Tx, card: Card) -> int:
    """What is set aside for exchanges into a card's target."""
    return await _set_aside(tx, card.target, card.partner)


async def _set_aside(tx: Tx, currency: str, partner: str) -> int:
    key = ledger.liquidity_account(currency, partner)
    return (await ledger.stored_balances(tx, [key]))[key]


async def liquidity(tx: Tx, cards: Sequence[WantedCard]) -> dict[tuple[str, str], int]:
    """By (target, partner) what is set aside for some cards."""
    names = {(one.card.target, one.card.partner) for one in cards}
    keys = {ledger.liquidity_account(currency, partner): (currency, partner) for currency, partner in names}
    return {keys[key]: found for key, found in (await ledger.stored_balances(tx, list(keys))).items()}
