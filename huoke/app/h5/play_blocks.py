"""The blocks of a play's page in their designed order, and what winners' ticker and missions list say."""

from collections.abc import Sequence

import msgspec

from huoke.app.h5 import benefits, boards
from huoke.app.h5.visit import Visit
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, plays
from huoke.reward.plays import BlockKind, Design, Play, PrizeTable

STAGED = frozenset({BlockKind.HERO, BlockKind.BOARD})
"""Blocks that stand on the brand's colour; neighbours share one stage."""
WINNERS_MAX = 12
MISSIONS_MAX = 6


class Shown(msgspec.Struct, frozen=True):
    """A block with the heading of the visitor's language, empty where it is the usual one."""

    kind: str
    heading: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Neighbouring blocks on one ground."""

    stage: bool
    has_board: bool
    blocks: list[Shown]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What blocks tell beyond the play itself: (name, prize, when) of wins, (name, kind, path) of other plays; and the
    pictures of what is to be won, by line.
    """

    winners: list[tuple[str, str, str]] = []
    missions: list[tuple[str, str, str]] = []
    pictures: dict[int, str] = {}


def groups(design: Design, visit: Visit, *, board_staged: bool = True) -> list[Group]:
    """Blocks in order, neighbours of one ground together; the board of a play that is done stands on plain ground."""
    found: list[tuple[bool, list[BlockKind], list[Shown]]] = []
    for block in design.blocks:
        staged = block.kind in STAGED and (board_staged or block.kind is not BlockKind.BOARD)
        if not found or found[-1][0] is not staged:
            found.append((staged, [], []))
        found[-1][1].append(block.kind)
        heading = block.zh if visit.words.language == "zh" else block.en
        found[-1][2].append(Shown(block.kind.value, heading))
    return [Group(stage=staged, has_board=BlockKind.BOARD in kinds, blocks=blocks) for staged, kinds, blocks in found]


def picture_path(design: Design, visit: Visit) -> str:
    """Where the page's own picture lies; empty without one."""
    return f"{visit.home}/play-pictures/{design.picture_id.hex}.webp" if design.picture_id else ""


async def told(tx: Tx, play: Play, table: PrizeTable, visit: Visit) -> Told:
    """What the page's blocks tell, asked only for blocks that stand on it; names are masked (rule F2)."""
    kinds = {block.kind for block in play.draft.design.blocks}
    return Told(
        winners=await _winners(tx, play, table, visit) if BlockKind.WINNERS in kinds and play.published_at else [],
        missions=_others(await plays.live(tx), play, visit) if BlockKind.MISSIONS in kinds else [],
        pictures=await _pictures(tx, table) if boards.look_of(play.draft.kind) in boards.PICTURED else {},
    )


async def _pictures(tx: Tx, table: PrizeTable) -> dict[int, str]:
    """The picture of each line that wins something: its benefit's."""
    skus = await catalogue.skus(tx, {prize.sku_id for prize in table.prizes if prize.sku_id})
    won = [(prize, skus.get(prize.sku_id)) for prize in table.prizes if prize.sku_id]
    return {prize.line: benefits.picture_of(sku.kind if sku else prize.kind, sku) for prize, sku in won}


async def _winners(tx: Tx, play: Play, table: PrizeTable, visit: Visit) -> list[tuple[str, str, str]]:
    won = await plays.latest_wins(tx, play, table, WINNERS_MAX)
    names = {int(row.seq): row.name for row in await customers.masked_rows(tx, sorted({one.seq for one in won}))}
    words = visit.words
    titles = [words.either(prize.title, prize.title_en) for prize in table.prizes]
    return [(names.get(one.seq) or "*", titles[one.given], words.minute(one.at)) for one in won]


def _others(found: Sequence[Play], play: Play, visit: Visit) -> list[tuple[str, str, str]]:
    words = visit.words
    rows = [
        (
            words.either(one.draft.zh.title, one.draft.en.title) or one.draft.name,
            words(f"play.kind.{one.draft.kind.value}"),
            f"{visit.home}/p/{one.code}",
        )
        for one in found
        if one.id != play.id
    ]
    return rows[:MISSIONS_MAX]
