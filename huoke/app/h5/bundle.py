"""A bundle on its campaign's page: several benefits, of which a person chooses some."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

import msgspec

from huoke.app.h5 import benefits
from huoke.app.h5.pictures import photo_of
from huoke.app.h5.words import Words
from huoke.reward.catalogue import Sku
from huoke.reward.grants import Choices, GrantItem, OfferItem, State


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What is there of an offer for one visitor: `left` of `stock` units, None for push; `payable` by the budget."""

    left: int | None
    stock: int
    payable: bool


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit of a bundle: `mine` of it this person has, of at most `offer.person_limit`.

    `given` is the person's own of a benefit that was given at once, there to be claimed; `at_once` says it is such.
    `elsewhere` is of no use where this person lives; `withheld` is not offered for that.
    """

    offer: OfferItem
    sku: Sku | None
    left: int
    payable: bool
    mine: int
    given: GrantItem | None = None
    at_once: bool = False
    elsewhere: bool = False
    withheld: bool = False

    @property
    def waits(self) -> bool:
        """Whether it was given and is not claimed yet."""
        return self.given is not None and self.given.state is State.RESERVED

    @property
    def taken(self) -> bool:
        """Whether this person has what one person can get of it."""
        return self.mine >= self.offer.person_limit

    @property
    def free(self) -> bool:
        """Whether it can be chosen now, as far as stock, budget and the person's own limit go."""
        return not self.taken and not self.withheld and self.left > 0 and self.payable


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as one visitor meets it: `chosen` of `choose` are taken.

    It `differs` where not everybody is offered the same: nobody sees options but their own.
    """

    choose: int
    chosen: int
    options: tuple[Option, ...]
    differs: bool = False

    @property
    def given(self) -> int:
        """How many are given at once."""
        return sum(1 for one in self.options if one.at_once)

    @property
    def had(self) -> int:
        """How many this person has, given or chosen."""
        return self.chosen + self.given

    @property
    def rest(self) -> int:
        """How many this person may still choose."""
        return max(self.choose - self.chosen, 0)

    def together(self, shelves: Sequence[Shelf]) -> Shelf:
        """What is left of the whole bundle to this person: of the benefits they can still choose."""
        open_to = [one for one in self.options if not one.taken and not one.at_once and not one.withheld]
        return Shelf(
            left=sum(one.left for one in open_to),
            stock=sum(one.stock for one in shelves),
            payable=any(one.free for one in open_to),
        )

    def placed(self, elsewhere: AbstractSet[UUID]) -> "Bundle":
        """The bundle for somebody to whom some SKUs are of no use: they come last, and are withheld while what else can
        be chosen is as much as this person may still choose. Nobody loses what the bundle promises.
        """
        if not elsewhere:
            return self
        here = [one for one in self.options if one.offer.sku_id not in elsewhere]
        enough = sum(1 for one in here if one.free and not one.at_once) >= self.rest
        there = [
            msgspec.structs.replace(one, elsewhere=True, withheld=enough and not one.taken and not one.at_once)
            for one in self.options
            if one.offer.sku_id in elsewhere
        ]
        return msgspec.structs.replace(self, options=(*here, *there))


def gather(
    offers: Sequence[OfferItem], shelves: Sequence[Shelf], skus: Mapping[UUID, Sku], choices: Choices | None
) -> Bundle:
    """The bundle from its offers, what is there of each, and what the person has chosen (None: nobody knows who)."""
    mine = {one.offer.id: one.mine for one in choices.items} if choices else {}
    return Bundle(
        choose=max((one.choose for one in offers), default=0) or len(offers),
        chosen=choices.chosen if choices and choices.choose else sum(1 for count in mine.values() if count),
        options=tuple(
            Option(
                offer=offer,
                sku=skus.get(offer.sku_id),
                left=shelf.left or 0,
                payable=shelf.payable,
                mine=mine.get(offer.id, 0),
            )
            for offer, shelf in zip(offers, shelves, strict=True)
        ),
    )


def at_once(
    offers: Sequence[OfferItem], skus: Mapping[UUID, Sku], mine: Mapping[UUID, GrantItem], elsewhere: AbstractSet[UUID]
) -> tuple[Option, ...]:
    """The benefits of a bundle that are given at once, with the person's own of each where they have it."""
    return tuple(
        Option(
            offer=offer,
            sku=skus.get(offer.sku_id),
            left=0,
            payable=True,
            mine=1 if offer.id in mine else 0,
            given=mine.get(offer.id),
            at_once=True,
            elsewhere=offer.sku_id in elsewhere,
        )
        for offer in offers
    )


def _given_chip(option: Option, words: Words) -> tuple[str, str]:
    if option.given is None:
        return words("bundle.given"), ""
    return (words("bundle.waits"), "brand") if option.waits else (words("bundle.claimed"), "ok")


def row(option: Option, words: Words, home: str, path: str = "") -> dict[str, Any]:
    """One benefit as the page lists it; `path` is where it is chosen, empty where it cannot be."""
    if option.withheld:
        chip, tone = words("bundle.elsewhere"), ""
    elif option.at_once:
        chip, tone = _given_chip(option, words)
    elif option.taken:
        chip, tone = words("bundle.mine"), "ok"
    elif not option.left:
        chip, tone = words("bundle.gone"), ""
    elif not option.payable:
        chip, tone = words("full.title"), ""
    else:
        chip, tone = words("landing.stock", count=f"{option.left:,}"), "brand"
    offer = option.offer
    picture = benefits.picture_of(offer.kind, option.sku)
    fresh = "gold" if picture in ("dining", "points") else ""
    return {
        "title": benefits.title_of(offer.title, option.sku, words),
        "worth": benefits.worth_of(offer.kind, offer.face_value_fen, offer.points, words),
        "picture": picture,
        "photo": photo_of(option.sku, home),
        "tone": fresh if option.free or option.taken or option.at_once else "grey",
        "chip": chip,
        "chip_tone": tone,
        "note": words("bundle.elsewhere") if option.elsewhere and not option.withheld else "",
        "path": path,
        "act": words("bundle.claim" if option.waits else "bundle.see" if option.at_once else "bundle.look"),
    }
