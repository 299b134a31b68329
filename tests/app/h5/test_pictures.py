"""Pictures of benefits on the phone: at an address of their own, kept for good, nobody's but their bank's."""

import gzip
import re
from io import BytesIO

import pytest
from PIL import Image

from huoke.reward import catalogue
from huoke.reward.catalogue import SkuChange
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

pytestmark = pytest.mark.usefixtures("clock")


async def pictured(walk) -> str:
    """The entry code of a campaign whose benefit has a picture."""
    body = BytesIO()
    Image.new("RGB", (400, 300), (180, 90, 40)).save(body, "PNG")
    async with walk.world.begin() as tx:
        picture_id = await catalogue.add_picture(tx, catalogue.redraw(body.getvalue()))
        sku_id = await make_catalogue.voucher(tx)
        terms = make_catalogue.voucher_terms((await catalogue.sku(tx, sku_id)).supplier_id, picture_id=picture_id)
        await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=terms))
        await catalogue.publish(tx, sku_id)
    campaign_id = await make.live(walk.world, published=True, stock=10, sku_id=sku_id)
    return await walk.entry_code(campaign_id)


async def test_a_benefits_picture_is_shown_with_its_size_and_kept_for_good(walk, other_bank):
    phone = await walk.phone(walk.world.seqs[13])
    page = (await phone.get(f"c/{await pictured(walk)}")).text
    shown = re.search(r'<img src="([^"]+)" srcset="([^"]+)"[^>]*>', page)
    assert shown is not None, page
    for attribute in ('width="92"', 'height="92"', 'loading="lazy"', 'alt=""'):
        assert attribute in shown[0]
    assert len(gzip.compress(page.encode())) < 14_600
    addresses = [shown[1], *(one.split()[0] for one in shown[2].split(", "))]
    stranger = await walk.phone()
    for address in addresses:
        answer = await stranger.client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "set-cookie" not in answer.headers
        with Image.open(BytesIO(answer.content)) as image:
            assert f"-{image.width}.webp" in address
    assert len(set(addresses)) == 2
    elsewhere = await stranger.client.get(shown[1].replace(f"/h5/{walk.code}/", f"/h5/bank-{other_bank}/"))
    assert elsewhere.status_code == 404
    for name in ("x.webp", f"{'0' * 32}-192.webp", shown[1].rpartition("/")[2].replace("-192", "-500")):
        assert (await stranger.get(f"pictures/{name}")).status_code == 404
