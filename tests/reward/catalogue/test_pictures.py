"""Pictures of benefits: what is let in, what is left of it, and that one never takes another's place."""

import warnings
from io import BytesIO
from uuid import uuid4

import asyncpg
import pytest
from PIL import Image, ImageCms, ImageFile

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import PICTURE_WIDTHS, Crop, PictureUnfit, SkuChange, Unknown
from tests.make import catalogue as make

RED, BLUE, WHITE = (200, 30, 40), (20, 60, 200), (255, 255, 255)
PLACE = "39.9042 N 116.4074 E"


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank, SYSTEM) as tx:
        yield tx


def two_colours(width: int = 800, height: int = 400, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new(mode, (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def body_of(image: Image.Image, form: str = "PNG", **options) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def seen(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 12 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_again_square_in_two_widths(form):
    redrawn = catalogue.redraw(body_of(two_colours(), form))
    for width in PICTURE_WIDTHS:
        image = seen(redrawn.bodies[width])
        assert (image.format, image.size) == ("WEBP", (width, width))
        assert near(image.getpixel((width // 4, width // 2)), RED)
        assert near(image.getpixel((width * 3 // 4, width // 2)), BLUE)


def test_the_square_that_was_chosen_is_kept():
    redrawn = catalogue.redraw(body_of(two_colours()), Crop(left=400, top=0, side=400))
    assert near(seen(redrawn.bodies[192]).getpixel((4, 96)), BLUE)


def test_nothing_but_pixels_is_left_and_a_phones_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the phone was held upright: turn it a quarter to the right
    exif[0x010E] = PLACE
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    body = body_of(two_colours(400, 400), "JPEG", exif=exif, icc_profile=profile, quality=95)
    assert PLACE.encode() in body
    for made in catalogue.redraw(body).bodies.values():
        assert PLACE.encode() not in made
        assert not {"exif", "icc_profile", "xmp"} & set(seen(made).info)
        assert b"EXIF" not in made
        assert b"ICCP" not in made
        assert near(seen(made).getpixel((96, 10)), RED), "left became the top"


def test_what_one_sees_through_is_white():
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert near(seen(catalogue.redraw(body_of(clear)).bodies[192]).getpixel((96, 96)), WHITE)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n" + b"x" * 400,
        body_of(two_colours())[:600],
        body_of(two_colours(), "GIF"),
        body_of(two_colours(300, 150)),
        b"\xff" * (catalogue.PICTURE_BYTES_MAX + 1),
    ],
    ids=["nothing", "drawing", "only a head", "cut off", "another format", "too small", "too large"],
)
def test_what_is_no_fit_picture_is_refused(body, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what loading WeasyPrint does to the process
    with pytest.raises(PictureUnfit):
        catalogue.redraw(body)


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_opened_up():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = body_of(Image.new("1", (20_000, 20_000)))
    assert len(body) < 100_000
    with pytest.raises(PictureUnfit):
        catalogue.redraw(body)


@pytest.mark.parametrize("crop", [Crop(500, 0, 400), Crop(0, 1, 400), Crop(-1, 0, 200), Crop(0, 0, 191)])
def test_a_square_beside_the_picture_is_refused(crop):
    with pytest.raises(PictureUnfit):
        catalogue.redraw(body_of(two_colours()), crop)


async def test_the_same_picture_is_one_and_another_bank_has_none(tx, database, other_bank):
    redrawn = catalogue.redraw(body_of(two_colours()))
    picture_id = await catalogue.add_picture(tx, redrawn)
    assert await catalogue.add_picture(tx, catalogue.redraw(body_of(two_colours()))) == picture_id
    assert await tx.fetch_value("SELECT count(*) FROM catalogue.picture WHERE id = $1", picture_id) == 1
    assert await catalogue.picture(tx, picture_id, 384) == redrawn.bodies[384]
    for width in (0, 193):
        with pytest.raises(Unknown):
            await catalogue.picture(tx, picture_id, width)
    async with database.begin(other_bank) as elsewhere:
        with pytest.raises(Unknown):
            await catalogue.picture(elsewhere, picture_id, 192)


async def test_a_published_version_keeps_its_picture(tx):
    first = await catalogue.add_picture(tx, catalogue.redraw(body_of(two_colours())))
    second = await catalogue.add_picture(tx, catalogue.redraw(body_of(two_colours(), "PNG"), Crop(0, 0, 400)))
    assert first != second
    sku_id = await make.voucher(tx)
    supplier_id = (await catalogue.sku(tx, sku_id)).supplier_id
    for picture_id in (first, second, None):
        terms = make.voucher_terms(supplier_id, picture_id=picture_id)
        await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=terms))
        await catalogue.publish(tx, sku_id)
    assert [one.terms.picture_id for one in await catalogue.versions(tx, sku_id)] == [None, second, first, None]
    assert (await catalogue.sku(tx, sku_id, version=2)).picture_id == first
    for statement in ("UPDATE catalogue.picture SET wide = narrow", "DELETE FROM catalogue.picture"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tx.savepoint():
                await tx.execute(statement)


async def test_terms_name_only_pictures_that_are_there(tx):
    sku_id = await make.voucher(tx)
    terms = make.voucher_terms((await catalogue.sku(tx, sku_id)).supplier_id, picture_id=uuid4())
    with pytest.raises(Unknown) as refused:
        await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=terms))
    assert refused.value.pointer == "/terms/picture_id"
    assert (await catalogue.get_sku(tx, sku_id)).draft is None
