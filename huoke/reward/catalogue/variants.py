"""Variants of a bundle: what is offered differs by tier, segment or cell of the grid; the first that fits counts."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.know import consent, grid, language, segments
from huoke.reward.catalogue.refusals import CatalogueUnfit
from huoke.reward.catalogue.terms import check_label

VARIANTS_MAX = 24
SKUS_MAX = 12
"""What a phone page shows without becoming a catalogue."""
EVERY_SKU_MAX = 48
"""Benefits of all variants together: each is a line of its campaign."""
TIERS_MAX = 12
BASIS_LENGTH_MAX = 200


class SplitBy(StrEnum):
    """What a bundle's variants look at.

    A tier is where a customer stands when they claim. Segments and cells are selection: frozen when the campaign is
    submitted, from what was true before anybody was told (rule B1).
    """

    TIER = "tier"
    SEGMENT = "segment"
    CELL = "cell"


class CellBands(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of the grid by the names of their bands: those in any of the bands of each axis; empty stands for all."""

    wealth: list[str] = []
    life: list[str] = []
    occupation: list[str] = []

    @property
    def is_all(self) -> bool:
        """Whether it leaves nobody out."""
        return not (self.wealth or self.life or self.occupation)

    def expression(self) -> language.Expression:
        """What selects the customers of these cells, in the language of segments."""
        chosen = [(axis.tag, getattr(self, axis.value)) for axis in grid.AxisName]
        of = [{"kind": "tag", "name": tag, "op": "in", "value": bands} for tag, bands in chosen if bands]
        return language.parse({"kind": "all", "of": of})


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """What some customers choose from: those on one of `tiers`, in `segment_id`, or in the cells of `bands`."""

    name: str
    name_en: str = ""
    tiers: list[str] = []
    segment_id: UUID | None = None
    bands: CellBands | None = None
    choose: int
    sku_ids: list[UUID]
    given: list[UUID] = []


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """The variants of a bundle in their order. `basis` registers why cells may look at deposit facts (rule B1).

    Who falls in none is offered what the bundle itself says; nothing where it has no SKU.
    """

    by: SplitBy
    variants: list[Variant]
    basis: str = ""


def check_split(split: Split) -> None:
    """Raise `CatalogueUnfit` for variants that cannot be told apart or cannot be chosen from."""
    if not 1 <= len(split.variants) <= VARIANTS_MAX:
        raise CatalogueUnfit(f"A bundle is split into 1 to {VARIANTS_MAX} variants.", pointer="/terms/split/variants")
    if len(split.basis) > BASIS_LENGTH_MAX:
        raise CatalogueUnfit(f"A basis has at most {BASIS_LENGTH_MAX} characters.", pointer="/terms/split/basis")
    for place, variant in enumerate(split.variants):
        where = f"/terms/split/variants/{place}"
        try:
            check_label(None, variant.name, variant.name_en)
        except CatalogueUnfit as refusal:
            raise CatalogueUnfit(refusal.detail, pointer=f"{where}/name") from None
        if variant.name in {one.name for one in split.variants[:place]}:
            raise CatalogueUnfit("Another variant has this name.", pointer=f"{where}/name")
        check_choice(variant.choose, variant.sku_ids, where)
        check_given(variant.choose, variant.sku_ids, variant.given, where)
        _check_whom(split.by, variant, where)


def check_choice(choose: int, sku_ids: list[UUID], where: str) -> None:
    """Raise `CatalogueUnfit` unless `choose` of so many different SKUs can be chosen."""
    many = len(sku_ids)
    if not 1 <= many <= SKUS_MAX or len(set(sku_ids)) != many:
        raise CatalogueUnfit(f"A variant has 1 to {SKUS_MAX} different SKUs.", pointer=f"{where}/sku_ids")
    if not 1 <= choose <= many:
        raise CatalogueUnfit(f"A person chooses 1 to {many} of them.", pointer=f"{where}/choose")


def check_given(choose: int, sku_ids: list[UUID], given: list[UUID], where: str) -> None:
    """Raise `CatalogueUnfit` unless what is given at once is part of what one chooses from, and no more than that."""
    if len(set(given)) != len(given) or not set(given) <= set(sku_ids):
        raise CatalogueUnfit("What is given at once is one of its benefits.", pointer=f"{where}/given")
    if len(given) > choose:
        raise CatalogueUnfit(f"A person gets {choose} of them; no more are given at once.", pointer=f"{where}/given")


def given_at_once(choose: int, sku_ids: list[UUID], given: list[UUID]) -> list[UUID]:
    """What a pushed bundle gives without being asked: everything where nothing is left to choose."""
    return sku_ids if choose == len(sku_ids) else given


def _check_whom(by: SplitBy, variant: Variant, where: str) -> None:
    given = {
        SplitBy.TIER: bool(variant.tiers),
        SplitBy.SEGMENT: variant.segment_id is not None,
        SplitBy.CELL: variant.bands is not None and not variant.bands.is_all,
    }
    field = {SplitBy.TIER: "tiers", SplitBy.SEGMENT: "segment_id", SplitBy.CELL: "bands"}[by]
    if not given.pop(by) or len(variant.tiers) > TIERS_MAX:
        raise CatalogueUnfit(f"Say for whom it is: by {by}.", pointer=f"{where}/{field}")
    if any(given.values()):
        raise CatalogueUnfit(f"This bundle is split by {by} alone.", pointer=where)


async def check_whom(tx: Tx, split: Split) -> None:
    """Raise where a variant selects whom it must not.

    `segments.SegmentUnknown`, `CatalogueUnfit` for a condition (which selects nobody) or a band the grid has not,
    `language.DepositSelection` for deposit facts, however deep, without a registered basis (rule B1).
    """
    for place, variant in enumerate(split.variants):
        where = f"/terms/split/variants/{place}"
        if variant.segment_id is not None:
            segment = await segments.get(tx, variant.segment_id)
            if segment.serves is language.Serves.CONDITION:
                raise CatalogueUnfit(
                    "A segment saved as condition selects nobody; choose one that selects.",
                    pointer=f"{where}/segment_id",
                )
            await _compile(tx, language.parse(segment.expression), segment.basis)
        elif variant.bands is not None:
            await _check_bands(tx, variant.bands, where)
            await _compile(tx, variant.bands.expression(), split.basis or None)


async def _check_bands(tx: Tx, bands: CellBands, where: str) -> None:
    known = {axis.axis: {band.name for band in axis.bands} for axis in await grid.in_force(tx)}
    for axis in grid.AxisName:
        if strange := set(getattr(bands, axis.value)) - known.get(axis, set()):
            raise CatalogueUnfit(f"The grid has no band '{min(strange)}'.", pointer=f"{where}/bands/{axis}")


async def _compile(tx: Tx, expression: language.Expression, basis: str | None) -> None:
    words = await segments.vocabulary(tx, expression)
    language.compile_expression(
        expression, words, serves=language.Serves.SELECTION, basis=basis, purpose=consent.MARKETING
    )


def every_sku(choices: Iterable[list[UUID]]) -> list[UUID]:
    """The SKUs of several choices, each once, in the order in which they first stand."""
    return list(dict.fromkeys(sku_id for sku_ids in choices for sku_id in sku_ids))
