"""Questions about reductions: which fit a payment, what was taken off, whether shares and ledger say the same."""

import hashlib
from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import catalogue, grants, ledger, merchants, tiers
from huoke.reward.catalogue import ReductionDetails
from huoke.reward.grants import GrantItem, Handover, State
from huoke.reward.ledger import AccountKey, AccountKind
from huoke.reward.merchants import Place
from huoke.reward.reductions import store
from huoke.reward.reductions.model import (
    AtCashier,
    Fitting,
    Hold,
    ReductionNotHere,
    ReductionUnknown,
    Shares,
    Use,
    UseState,
    unfit,
)

WALLET_MAX = 200


class Held(msgspec.Struct, frozen=True):
    """A customer's benefit with the terms it was published with."""

    grant: GrantItem
    details: ReductionDetails


async def find_fitting(tx: Tx, seq: int, price_fen: int, place: Place | None) -> list[Fitting]:
    """What a customer could take off a payment of so many fen: what takes most first, what does not fit last.

    Limits of the day are looked at when it is held.
    """
    own = [one for one in await grants.wallet(tx, seq) if _usable(tx, one)][:WALLET_MAX]
    asked = [Hold(payment_id=one.id, grant_id=one.id, seq=seq, price_fen=price_fen, place=place) for one in own]
    said = await judged(tx, asked)
    names = await catalogue.names_en(tx, {(one.sku_id, one.sku_version) for one in own})
    terms = await _details(tx, own)
    found = [
        Fitting(
            grant_id=one.id,
            sku_id=one.sku_id,
            title=one.title,
            title_en=names.get((one.sku_id, one.sku_version), one.title),
            amount_fen=one.face_value_fen,
            threshold_fen=terms[one.id].threshold_fen,
            expires_at=one.expires_at,
            refusal=answer.code if isinstance(answer, Refusal) else "",
        )
        for one, answer in zip(own, said, strict=True)
        if one.id in terms
    ]
    return sorted(found, key=lambda one: (bool(one.refusal), -one.amount_fen, str(one.expires_at), one.grant_id))


async def judged(tx: Tx, wanted: Sequence[Hold]) -> list[Held | Refusal]:
    """Each benefit with its terms, or why it does not fit its payment; limits of the day are not looked at."""
    ids = [one.grant_id for one in wanted]
    items = {one.id: one for one in await grants.find_grants(tx, grant_ids=ids, limit=max(len(ids), 1))}
    terms = await _details(tx, list(items.values()))
    numbers = {seq: set(await customers.numbers_of(tx, Seq(seq))) for seq in {one.seq for one in wanted}}
    reached = await _reached(tx, list(numbers), {one.tier for one in terms.values() if one.tier})
    barred = await consent.barred(tx, numbers)
    refused: dict[Place, dict[UUID, Refusal]] = {}
    for place in {one.place for one in wanted if one.place is not None}:
        refused[place] = await merchants.check(tx, {item.sku_id for item in items.values()}, place, tx.now)
    answers: list[Held | Refusal] = []
    for one in wanted:
        item, details = items.get(one.grant_id), terms.get(one.grant_id)
        if one.seq in barred:
            answers.append(consent.NotAvailable(pointer="/reduction"))
            continue
        if item is None or details is None or item.seq not in numbers[one.seq] or not _usable(tx, item):
            answers.append(ReductionUnknown("It is used, held or over.", pointer="/reduction"))
            continue
        if one.place is not None and item.sku_id in refused[one.place]:
            answers.append(ReductionNotHere("This is not accepted here or now.", pointer="/reduction"))
            continue
        no = unfit(one.price_fen, details, one.place, reached=not details.tier or (one.seq, details.tier) in reached)
        answers.append(no or Held(item, details))
    return answers


async def terms_for(tx: Tx, payment_ids: Collection[UUID]) -> dict[UUID, AtCashier]:
    """How the cashier is told what comes off each payment."""
    found: dict[UUID, AtCashier] = {}
    for payment_id, row in (await store.uses(tx, payment_ids)).items():
        sku = await catalogue.sku(tx, row["sku_id"], version=row["sku_version"])
        assert isinstance(sku.details, ReductionDetails), "held as one"
        tag = hashlib.blake2b(f"{sku.id}/{sku.version}".encode(), digest_size=16).hexdigest()
        found[payment_id] = AtCashier(
            tag=tag, title=sku.name, amount_fen=sku.face_value_fen, threshold_fen=sku.details.threshold_fen
        )
    return found


async def uses_for(tx: Tx, payment_ids: Collection[UUID]) -> dict[UUID, Use]:
    """What is taken off each payment, of those that have a reduction."""
    return {key: _use(row) for key, row in (await store.uses(tx, payment_ids)).items()}


async def backs_for(tx: Tx, refund_ids: Collection[UUID]) -> dict[UUID, Shares]:
    """Who took back how much with each refund, of those that had a part of a reduction."""
    return {
        row["refund_id"]: Shares(
            bank_fen=row["bank_fen"], merchant_fen=row["merchant_fen"], brand_fen=row["brand_fen"]
        )
        for row in await store.backs(tx, refund_ids)
    }  # fmt: skip


async def verify(tx: Tx) -> list[ledger.Difference]:
    """Compare what was taken off and given back with the ledger and with its parts; empty when all is well."""
    own = await store.sums(tx)
    given = await ledger.balance(tx, AccountKey(AccountKind.REDUCTION_GIVEN, "bank", ""))
    bank = -await ledger.balance(tx, AccountKey(AccountKind.REDUCTION_FUNDED, "bank", ""))
    total = own["bank_fen"] + own["merchant_fen"] + own["brand_fen"]
    pairs = (
        ("reductions_given", given, total),
        ("reductions_of_bank", bank, own["bank_fen"]),
        ("reductions_back", own["back_fen"], own["parts_fen"]),
    )
    return [ledger.Difference(what, "bank", stored, found) for what, stored, found in pairs if stored != found]


def _usable(tx: Tx, item: GrantItem) -> bool:
    live = item.expires_at is None or item.expires_at > tx.now
    return item.handover is Handover.CASHIER and item.state is State.FULFILLED and live


async def _details(tx: Tx, items: Sequence[GrantItem]) -> dict[UUID, ReductionDetails]:
    """The terms each benefit was published with; what is no reduction is left out."""
    wanted = {(one.sku_id, one.sku_version) for one in items if one.handover is Handover.CASHIER}
    known = {key: (await catalogue.sku(tx, key[0], version=key[1])).details for key in sorted(wanted)}
    found = {one.id: known.get((one.sku_id, one.sku_version)) for one in items}
    return {key: details for key, details in found.items() if isinstance(details, ReductionDetails)}


async def _reached(tx: Tx, seqs: Sequence[int], asked: Collection[str]) -> set[tuple[int, str]]:
    """Which customers stand on which of these tiers or above."""
    scheme = await tiers.scheme(tx) if asked else None
    if scheme is None:
        return set()
    keys, standing = scheme.keys, await tiers.standings(tx, seqs)
    places = {seq: keys.index(standing[seq]) if standing.get(seq) in keys else 0 for seq in seqs}
    return {(seq, tier) for seq in seqs for tier in asked if tier in keys and keys.index(tier) <= places[seq]}


def _use(row: Record) -> Use:
    own = {"shares", "back", "state"}
    return Use(
        **{name: row[name] for name in Use.__struct_fields__ if name not in own},
        shares=Shares(bank_fen=row["bank_fen"], merchant_fen=row["merchant_fen"], brand_fen=row["brand_fen"]),
        back=Shares(
            bank_fen=row["bank_back_fen"], merchant_fen=row["merchant_back_fen"], brand_fen=row["brand_back_fen"]
        ),
        state=UseState(row["state"]),
    )  # fmt: skip
