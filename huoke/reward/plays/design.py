"""The page of a play as its operator designs it: season, colours, picture, blocks in their order. Pure.

The board, the public prize table and the organiser stay on every page (rule L3); all else is the operator's.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.govern.tenants import Brand
from huoke.reward.plays.refusals import PlayUnfit

HEADING = Annotated[str, msgspec.Meta(max_length=30)]


class Season(StrEnum):
    """What the drawn picture of a page shows, and which template it began from."""

    SPRING_FESTIVAL = "spring_festival"
    LANTERN = "lantern"
    WOMENS_DAY = "womens_day"
    SPRING_OUTING = "spring_outing"
    LABOUR_DAY = "labour_day"
    DRAGON_BOAT = "dragon_boat"
    SUMMER = "summer"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"
    SHOPPING = "shopping"
    WINTER = "winter"


class BlockKind(StrEnum):
    """A part of the page: where one begins, what one plays on, and what one reads below."""

    HERO = "hero"
    BOARD = "board"
    CHANCES = "chances"
    PRIZES = "prizes"
    WINNERS = "winners"
    MISSIONS = "missions"
    RULES = "rules"
    FOOTER = "footer"


FIXED = (BlockKind.BOARD, BlockKind.PRIZES, BlockKind.FOOTER)
"""What no page may leave out: how one takes part, prizes with odds, and who organises it (rule L3)."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One part in its place; `zh` and `en` are its heading where it is not the usual one."""

    kind: BlockKind
    zh: HEADING = ""
    en: HEADING = ""


def _usual() -> list[Block]:
    return [Block(kind=kind) for kind in (BlockKind.BOARD, BlockKind.PRIZES, BlockKind.CHANCES, BlockKind.FOOTER)]


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """How a page looks: `colours` None are the bank's own, `picture_id` takes the place of the season's drawing."""

    season: Season | None = None
    colours: Brand | None = None
    picture_id: UUID | None = None
    blocks: Annotated[list[Block], msgspec.Meta(max_length=len(BlockKind))] = msgspec.field(default_factory=_usual)


def check_design(design: Design) -> None:
    """Raise `PlayUnfit`, the field named: a block twice, one missing that rule L3 asks for, colours nobody can read."""
    seen: set[BlockKind] = set()
    for place, block in enumerate(design.blocks):
        if block.kind in seen:
            raise PlayUnfit("A block stands on a page once.", pointer=f"/design/blocks/{place}", block=block.kind.value)
        seen.add(block.kind)
    for kind in FIXED:
        if kind not in seen:
            raise PlayUnfit(
                "Board, prizes with odds, and the organiser stay on the page (rule L3).",
                pointer="/design/blocks",
                block=kind.value,
            )
    if design.colours is not None:
        try:
            tenants.check_brand(design.colours)
        except tenants.UnreadableBrand as refusal:
            pointer = (refusal.pointer or "").replace("/brand/", "/design/colours/")
            raise PlayUnfit(refusal.detail, pointer=pointer, block="colours", **refusal.data) from refusal
