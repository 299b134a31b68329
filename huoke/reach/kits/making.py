"""Drafting what a kit is made of: segments, a bundle, a visit to book, campaigns, a play."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import profiles, segments
from huoke.know.language import Serves
from huoke.reach import campaigns
from huoke.reach.campaigns import Line, NewCampaign
from huoke.reach.kits.model import Circle, Expression, Kit, Offer, PartKind, Terms
from huoke.reach.kits.visiting import make_visit
from huoke.reward import catalogue, plays
from huoke.reward.catalogue import BundleTerms, NewBundle
from huoke.reward.plays import NewPlay, PrizeDraft

PRIZE_PER_DAY = 200
PRIZE_PER_PERSON = 3
PRIZE_TITLE = 12
"""So many signs of a benefit's name fit on a board."""
_RULES = (
    "1. 活动期间每天赠送抽奖机会，当天 24 点前有效；免费参与，不要求消费、存款或购买产品。\n"
    "2. 机会、次数与奖品上限按自然人计算。\n"
    "3. 奖品、概率与剩余数量以公示表为准；奖品发完后按公示表改发。\n"
    "4. 中奖权益即时放入“我的权益”，请在有效期内使用。\n"
    "5. 员工及其近亲属不参与。结果可在“规则与验证”页重放。"
)
_RULES_EN = (
    "1. Chances are given every day and end at midnight; taking part is free and asks for no purchase or deposit.\n"
    "2. Chances, draws and prize limits count the natural person.\n"
    "3. Prizes, odds and what is left are those of the table; what is gone is replaced as the table says.\n"
    "4. What you win is in your benefits at once; use it while it is valid.\n"
    "5. Staff and their close relatives do not take part. Every result can be verified on the page of proof."
)


class Making:
    """One kit on its way to drafts; each part is noted in the order of making."""

    def __init__(self, tx: Tx, principal: Principal, kit: Kit, terms: Terms, unit_id: int, setup_id: UUID) -> None:
        self._tx = tx
        self._principal = principal
        self._kit = kit
        self._terms = terms
        self._unit_id = unit_id
        self._setup_id = setup_id
        self._parts: list[tuple[PartKind, UUID]] = []

    async def all(self) -> list[tuple[PartKind, UUID]]:
        """Segments first, then what they are for."""
        circles = [await self._segment(circle) for circle in self._kit.circles]
        if self._kit.asks_profile:
            await profiles.open_fields(self._tx)
        act = await self._act()
        visit_id = await self._visit()
        for offer in self._kit.offers:
            if offer.visit:
                await self._invite(offer, circles[offer.circle], visit_id)
                continue
            bundle_id = await self._bundle(offer) if offer.choose else None
            await self._campaign(offer, circles[offer.circle], act if offer.acted else None, bundle_id)
        if self._kit.game is not None:
            await self._play()
        return self._parts

    def _made(self, kind: PartKind, ref: UUID) -> UUID:
        self._parts.append((kind, ref))
        return ref

    async def _segment(self, circle: Circle) -> UUID:
        new = segments.NewSegment(
            name=f"{self._terms.name} · {circle.name.zh}",
            expression=rule_of(self._tx, self._kit, circle, self._terms),
            basis=circle.basis.zh if circle.basis else None,
        )
        return self._made(PartKind.SEGMENT, await segments.save(self._tx, new))

    async def _act(self) -> UUID | None:
        act = self._kit.act
        if act is None:
            return None
        new = segments.NewSegment(
            name=f"{self._terms.name} · {act.name.zh}", expression=act.expression, serves=Serves.CONDITION
        )
        return self._made(PartKind.SEGMENT, await segments.save(self._tx, new))

    async def _bundle(self, offer: Offer) -> UUID:
        name = f"{self._terms.name} 自选包"
        bundle = NewBundle(
            code=f"KIT-{self._setup_id.hex[-12:].upper()}",
            terms=BundleTerms(name=name, choose=offer.choose, sku_ids=[one.sku_id for one in self._terms.benefits]),
        )
        bundle_id = self._made(PartKind.BUNDLE, await catalogue.add_bundle(self._tx, bundle))
        await catalogue.publish_bundle(self._tx, bundle_id)
        return bundle_id

    async def _visit(self) -> UUID | None:
        service, plan = self._kit.visit, self._terms.visit
        if service is None:
            return None
        assert plan is not None, "asked by the form"
        code = f"KIT-{self._setup_id.hex[-12:].upper()}"
        sku_id = await make_visit(self._tx, self._principal, service, self._terms, plan, code)
        return self._made(PartKind.SERVICE, sku_id)

    async def _invite(self, offer: Offer, segment_id: UUID, visit_id: UUID | None) -> None:
        """The campaign that gives the visit to book: as many as the kit has of its first benefit, and no money: a visit
        costs nothing.
        """
        fields = self._told(offer, segment_id)
        await self._draft(fields | {"sku_id": visit_id, "stock": self._terms.benefits[0].stock})

    def _told(self, offer: Offer, segment_id: UUID) -> dict[str, Any]:
        """What every campaign of the kit is told."""
        terms = self._terms
        return msgspec.structs.asdict(offer.draft) | {
            "name": f"{terms.name} · {offer.draft.name}",
            "segment_id": segment_id,
            "budget_id": terms.budget_id,
            "opens_at": terms.opens_at,
            "closes_at": terms.closes_at,
            "control_percent": terms.control_percent if offer.controlled else 0,
            "template": None,
        }

    async def _draft(self, fields: dict[str, Any]) -> None:
        new = NewCampaign(**fields, unit_id=self._unit_id)
        self._made(PartKind.CAMPAIGN, await campaigns.create(self._tx, self._principal, new))

    async def _campaign(self, offer: Offer, segment_id: UUID, act: UUID | None, bundle_id: UUID | None) -> None:
        terms = self._terms
        chosen = terms.benefits[min(offer.benefit, len(terms.benefits) - 1)]
        share = _share(self._kit)
        lines = [Line(sku_id=one.sku_id, stock=_part(one.stock, share), pool_id=one.pool_id) for one in terms.benefits]
        skus = await catalogue.skus(self._tx, [one.sku_id for one in terms.benefits])
        given = lines if bundle_id else [Line(sku_id=chosen.sku_id, stock=_part(chosen.stock, share))]
        named = self._told(offer, segment_id) | {
            "condition_segment_id": act,
            "sku_id": None if bundle_id else chosen.sku_id,
            "pool_id": None if bundle_id else chosen.pool_id,
            "stock": 0 if bundle_id else given[0].stock,
            "bundle_id": bundle_id,
            "lines": lines if bundle_id else [],
            "budget_fen": sum(skus[line.sku_id].cost_fen * line.stock for line in given),
        }
        await self._draft(named)

    async def _play(self) -> None:
        game, terms = self._kit.game, self._terms
        assert game is not None, "asked by the caller"
        skus = await catalogue.skus(self._tx, [one.sku_id for one in terms.benefits])
        chosen = list(zip(terms.benefits, game.odds_ppm, strict=False))
        prizes = [
            PrizeDraft(
                title=skus[one.sku_id].name[:PRIZE_TITLE],
                title_en=skus[one.sku_id].name_en[:40],
                sku_id=one.sku_id,
                pool_id=one.pool_id,
                odds_ppm=odds,
                per_day=PRIZE_PER_DAY,
                per_person=PRIZE_PER_PERSON,
                fallback=len(chosen),
            )
            for one, odds in chosen
        ]
        left = plays.PPM - sum(odds for _, odds in chosen)
        nothing = PrizeDraft(title=game.nothing.zh, title_en=game.nothing.en, odds_ppm=left)
        draft = msgspec.structs.replace(
            game.draft,
            name=f"{terms.name} · {game.draft.name}",
            opens_at=terms.opens_at,
            closes_at=terms.closes_at,
            budget_id=terms.budget_id,
            prizes=[*prizes, nothing],
            zh=msgspec.structs.replace(game.draft.zh, rules=_RULES),
            en=msgspec.structs.replace(game.draft.en, rules=_RULES_EN),
        )
        new = NewPlay(**msgspec.structs.asdict(draft), unit_id=self._unit_id)
        self._made(PartKind.PLAY, await plays.create(self._tx, self._principal, new))


def rule_of(tx: Tx, kit: Kit, circle: Circle, terms: Terms) -> Expression:
    """The rule of one circle today, at the threshold chosen."""
    threshold = terms.threshold if terms.threshold is not None else kit.threshold.default if kit.threshold else 0
    return circle.expression(tx.now.astimezone(CHINA).date(), threshold)


def _share(kit: Kit) -> int:
    """Among how many campaigns and plays each benefit's stock is divided."""
    return sum(not offer.visit for offer in kit.offers) + (kit.game is not None)


def _part(stock: int, share: int) -> int:
    return max(stock // share, 1)
