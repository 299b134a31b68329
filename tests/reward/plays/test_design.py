"""Designs: what a page may not leave out, colours people can read, drafts kept with their maker and approvers."""

from uuid import UUID

import msgspec
import pytest

from huoke.govern import tenants
from huoke.reward import plays
from huoke.reward.plays import FIXED, TEMPLATES, Block, BlockKind, Design, PlayUnfit, check_design
from tests.make import campaigns
from tests.make import plays as make

ALL = [Block(kind=kind) for kind in BlockKind]


@pytest.mark.parametrize("left_out", FIXED)
def test_board_prizes_and_organiser_stay_on_every_page(left_out):
    with pytest.raises(PlayUnfit) as refused:
        check_design(Design(blocks=[block for block in ALL if block.kind is not left_out]))
    assert (refused.value.pointer, refused.value.data["block"]) == ("/design/blocks", left_out.value)


def test_a_block_stands_once():
    with pytest.raises(PlayUnfit) as refused:
        check_design(Design(blocks=[*ALL, Block(kind=BlockKind.HERO)]))
    assert refused.value.pointer == f"/design/blocks/{len(ALL)}"


def test_colours_nobody_can_read_are_refused_by_name():
    pale = msgspec.structs.replace(tenants.derive_brand("#12589B"), play_b="#777777")
    with pytest.raises(PlayUnfit) as refused:
        check_design(Design(colours=pale))
    assert refused.value.pointer == "/design/colours/play_b"
    assert refused.value.data["least"] == 7.0


def test_every_template_passes_the_check_and_says_both_languages():
    for template in TEMPLATES:
        check_design(template.design)
        for page in (template.zh, template.en):
            assert all((page.title, page.subtitle, page.rules))
    assert len({template.design.colours for template in TEMPLATES}) == len(TEMPLATES)


async def test_a_picture_nobody_uploaded_is_refused_and_nothing_is_saved(world, clock):
    play_id = await make.create(world, [make.nothing(1_000_000)])
    play = await make.get(world, play_id)
    draft = msgspec.structs.replace(play.draft, design=Design(picture_id=UUID(int=7)))
    change = plays.PlayChange(**msgspec.structs.asdict(draft), expected_version=1)
    with pytest.raises(PlayUnfit) as refused:
        async with world.begin(world.operator) as tx:
            await plays.change(tx, world.operator, play_id, change)
    assert refused.value.pointer == "/design/picture_id"
    assert await make.get(world, play_id) == play


async def test_saved_drafts_are_kept_with_maker_and_who_approved_what_went_live(world, clock):
    play_id = await make.create(world, [await make.prize(world, 100_000, fallback=1), make.nothing(900_000)])
    play = await make.get(world, play_id)
    draft = msgspec.structs.replace(play.draft, zh=msgspec.structs.replace(play.draft.zh, title="第二稿"))
    async with world.begin(world.operator) as tx:
        change = plays.PlayChange(**{n: getattr(draft, n) for n in draft.__struct_fields__}, expected_version=1)
        assert await plays.change(tx, world.operator, play_id, change) == 2

    change_id = await make.submit(world, play_id)
    await campaigns.approve(world, change_id)
    async with world.begin() as tx:
        second, first = await plays.versions(tx, world.operator, play_id)
    assert (first.version, first.draft, first.change_id, first.approvers) == (1, play.draft, None, [])
    assert (second.version, second.draft.zh.title, second.change_id) == (2, "第二稿", change_id)
    assert len(second.approvers) == 2
