"""The counter's camera where the browser cannot read QR codes itself: a picture of a customer's phone, as a video."""

import io

import pytest
import segno
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.conftest import CHROMIUM, LAUNCHED, Place
from tests.e2e.vouchers import redemptions_of, voucher
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK, ROLE = "binhai", "teller"
WIDTH, HEIGHT, FRAMES = 640, 480, 4


def video_of(code: str) -> bytes:
    """A phone held a little askew before a camera: MJPEG, one picture again and again."""
    drawn = io.BytesIO()
    segno.make_qr(f"HUOKE:R:{code}", error="m").save(drawn, kind="png", scale=6, border=4)
    phone = Image.open(drawn).convert("RGB").rotate(7, expand=True, fillcolor="white")
    seen = Image.new("RGB", (WIDTH, HEIGHT), (70, 76, 80))
    seen.paste(phone, ((WIDTH - phone.width) // 2, (HEIGHT - phone.height) // 2))
    frame = io.BytesIO()
    seen.save(frame, "JPEG", quality=85)
    return frame.getvalue() * FRAMES


async def decoders(page: Page) -> list[str]:
    """What was fetched to read codes with; nothing before the camera is opened."""
    fetched = await page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    return [address for address in fetched if "/decode-" in address]


async def test_the_camera_reads_a_code_where_the_browser_cannot(place, tmp_path):
    words = Words("zh-CN")
    signed_in = await (await place.staff(BANK, ROLE, words, opened=False)).context.storage_state()
    held = await voucher(place, BANK)
    video = tmp_path / "phone.mjpeg"
    video.write_bytes(video_of(await held.code()))
    faked = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    launched = await place.browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*LAUNCHED, *faked, f"--use-file-for-fake-video-capture={video}"]
    )
    async with launched as browser:
        counter = Place(place.settings, browser, place.watch)
        page = await (await counter.context("zh-CN", storage_state=signed_in)).new_page()
        await page.goto(f"{place.web}/console/counter")
        await expect(page.locator("#counter-code")).to_be_visible()
        assert await page.evaluate("typeof BarcodeDetector") == "undefined"
        assert await decoders(page) == []
        await page.get_by_role("button", name=words("counter.camera.open")).click()
        await expect(page.locator(".found")).to_contain_text(held.title)
        assert len(await decoders(page)) == 1
        await page.locator(".redeem").click()
        await expect(page.locator(".verdict.done")).to_be_visible()
    assert len(await redemptions_of(place, held.grant_id)) == 1
