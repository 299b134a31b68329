"""Designed pages of plays: blocks in order, season and colours, own picture, winners masked, previews by token."""

import io
from datetime import timedelta

import msgspec
import pytest
from PIL import Image

from huoke.app.h5.words import Words
from huoke.govern import tenants
from huoke.reward import plays
from huoke.reward.plays import TEMPLATES, Block, BlockKind, Design, PlayKind, Season
from tests.make import plays as make

ALL = [Block(kind=kind) for kind in BlockKind]


async def code_of(walk, play_id) -> str:
    return (await make.get(walk.world, play_id)).code


async def page_of(walk, phone, play_id, language="zh") -> str:
    return (await phone.get(f"p/{await code_of(walk, play_id)}", params={"lang": language})).text


@pytest.fixture
async def prizes(walk, clock):
    return [await make.prize(walk.world, 1_000_000, stock=40, fallback=1), make.nothing(0)]


async def test_blocks_stand_in_the_order_they_were_given(walk, prizes):
    order = [BlockKind.RULES, BlockKind.HERO, BlockKind.BOARD, BlockKind.WINNERS, BlockKind.PRIZES, BlockKind.FOOTER]
    blocks = [Block(kind=kind) for kind in order]
    blocks[4] = Block(kind=BlockKind.PRIZES, zh="抽什么", en="What there is")
    play_id = await make.live(walk.world, prizes, design=Design(season=Season.LANTERN, blocks=blocks))
    phone = await walk.phone(walk.world.seqs[0])
    page = await page_of(walk, phone, play_id)
    marks = ["每天三次机会，当天有效。", 'class="poster', 'id="draw"', "最近抽中", "抽什么", "主办："]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "What there is" in await page_of(walk, phone, play_id, "en")


async def test_a_design_wears_its_own_colours_and_its_season(walk, prizes):
    design = Design(season=Season.SPRING_FESTIVAL, colours=tenants.derive_brand("#B3261E"), blocks=ALL)
    play_id = await make.live(walk.world, prizes, design=design)
    page = await page_of(walk, await walk.phone(), play_id)
    assert "--brand:#B3261E" in page
    assert 'class="art"' in page
    plain = await page_of(walk, await walk.phone(), await make.live(walk.world, prizes))
    assert "--brand:#B3261E" not in plain
    assert 'class="art"' not in plain


async def test_winners_are_real_and_masked(walk, prizes):
    play_id = await make.live(walk.world, prizes, design=Design(blocks=ALL))
    phone = await walk.phone(walk.world.seqs[1])
    assert "第一位抽中的客户会显示在这里" in await page_of(walk, phone, play_id)
    await make.draw(walk.world, play_id, walk.world.seqs[1])
    page = await page_of(walk, phone, play_id)
    ticker = page[page.index('class="ticker') :]
    assert "*</span>" in ticker[: ticker.index("</ul>")]


async def test_every_season_draws_and_every_template_can_be_read(walk, prizes):
    phone = await walk.phone()
    assert [template.season for template in TEMPLATES] == list(Season)
    for template in TEMPLATES:
        play_id = await make.create(walk.world, prizes, zh=template.zh, en=template.en, design=template.design)
        token = await shown(walk, play_id)
        for language in ("zh", "en"):
            page = (await phone.get(f"play-preview/{token}", params={"lang": language})).text
            assert (template.zh if language == "zh" else template.en).title in page
            assert 'class="art"' in page


async def shown(walk, play_id, draft=None, token="") -> str:
    play = await make.get(walk.world, play_id)
    async with walk.world.begin(walk.world.operator) as tx:
        found = await plays.show_draft(tx, walk.world.operator, play_id, draft or play.draft, token)
    return found.token


async def test_a_preview_shows_what_is_not_saved_yet_until_its_time_is_over(walk, prizes, clock):
    play_id = await make.create(walk.world, prizes)
    play = await make.get(walk.world, play_id)
    draft = msgspec.structs.replace(play.draft, zh=msgspec.structs.replace(play.draft.zh, title="还没保存的标题"))
    token = await shown(walk, play_id, draft)
    phone = await walk.phone()
    assert "还没保存的标题" in (await phone.get(f"play-preview/{token}")).text
    assert await shown(walk, play_id, play.draft, token) == token
    assert "还没保存的标题" not in (await phone.get(f"play-preview/{token}")).text
    assert (await make.get(walk.world, play_id)).version == 1
    assert (await phone.get(f"play-preview/{token[:-1]}x")).status_code == 404
    assert (await phone.get(f"p/{play.code}")).status_code == 404
    clock.set(clock.now() + timedelta(minutes=16))
    assert (await phone.get(f"play-preview/{token}")).status_code == 404


async def test_a_picture_is_drawn_again_and_shown_in_the_page(walk, prizes):
    raw = io.BytesIO()
    Image.new("RGB", (1200, 900), "#AA3322").save(raw, "PNG")
    redrawn = plays.redraw(raw.getvalue())
    async with walk.world.begin(walk.world.operator) as tx:
        picture_id = await plays.add_picture(tx, redrawn)
        assert await plays.add_picture(tx, redrawn) == picture_id
    play_id = await make.live(walk.world, prizes, design=Design(picture_id=picture_id, blocks=ALL))
    phone = await walk.phone()
    page = await page_of(walk, phone, play_id)
    address = f"play-pictures/{picture_id.hex}.webp"
    assert f"{phone.home}/{address}" in page
    answer = await phone.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(answer.content)).size == (plays.WIDTH, plays.HEIGHT)
    assert (await phone.get(f"play-pictures/{'0' * 32}.webp")).status_code == 404
    assert (await phone.get("play-pictures/..%2fx.webp")).status_code == 404


def test_every_kind_has_its_word_in_both_languages():
    for kind in PlayKind:
        assert Words("zh")(f"play.kind.{kind.value}") != Words("en")(f"play.kind.{kind.value}")
