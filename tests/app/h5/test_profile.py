"""The own profile on the phone: nothing kept before its customer agrees; and who lives elsewhere is told so."""

import re

import pytest

from huoke.kernel.ids import Seq
from huoke.know import consent, profiles
from huoke.know.consent import PROFILING, Verdict
from huoke.reward import catalogue
from tests.app.h5.conftest import fields_of, form_to
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers

TYPES = {"job": "text", "life_stage": "text", "region": "text"}
SAID = {"job": "教师", "life_stage": "新婚", "contact_time": "晚上"}


@pytest.fixture
async def asked(walk, clock):
    """The bank asks for the profile; the third customer lives in Chongqing, the fourth in Ningbo."""
    world = walk.world
    told = {"job": "", "life_stage": ""}
    rows = [
        {"customer_no": f"C{n:06}", "unit_code": ("N", "S", "N1")[n % 3], "region": code, **told}
        for n, code in ((2, "500112"), (3, "330212"), (4, ""))
    ]
    await make_customers.import_rows(world.database, world.tenant, rows, TYPES)
    async with world.begin() as tx:
        assert await profiles.open_fields(tx) == ["job", "life_stage", "contact_time"]


async def own(walk, seq):
    async with walk.world.begin() as tx:
        stands = {one.purpose: one for one in await consent.consents_of(tx, Seq(seq))}[PROFILING]
        return [one.value for one in (await profiles.own(tx, Seq(seq))).fields], stands


async def test_a_profile_is_kept_after_its_customer_agrees_and_the_box_is_never_ticked(walk, asked):
    seq = walk.world.seqs[0]
    phone = await walk.phone(seq)
    assert f'href="{phone.home}/profile"' in (await phone.get("choices")).text
    page = (await phone.get("profile")).text
    assert not re.search(r"<input[^>]*\bchecked", page)
    assert "个性化推荐" in page
    form = {"csrf": form_to(page, "/profile")["csrf"]}
    refused = await phone.post("profile", data={**form, **SAID})
    assert refused.headers["location"].endswith("told=agree")
    assert "没有保存" in (await phone.get("profile?told=agree")).text
    assert (await own(walk, seq))[0] == ["", "", ""]
    saved = await phone.post("profile", data={**form, **SAID, "agrees": "yes"})
    assert saved.headers["location"].endswith("told=saved")
    values, stands = await own(walk, seq)
    assert (values, stands.verdict, stands.channel) == (list(SAID.values()), Verdict.GIVEN, "h5")
    assert stands.text_version, "under the text that was shown"
    page = (await phone.get("profile")).text
    assert "资料已完善" in page
    assert "agrees" not in page, "asked once"
    assert "Teacher" in (await phone.get("profile", params={"lang": "en"})).text
    assert (await phone.post("profile", data={**SAID, "csrf": "x"})).status_code == 403
    assert (await phone.post("profile", data={**form, "job": "宇航员"})).status_code == 422


async def test_who_lives_where_a_benefit_is_of_no_use_is_told_before_the_claim(walk, asked):
    world = walk.world
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, regions=["330200"])
    campaign_id = await make.live(world, sku_id=sku_id, mode="pull", published=True, stock=10, budget_fen=20_000)
    code = await walk.entry_code(campaign_id)
    told = []
    for place in (2, 3, 4):
        phone = await walk.phone(world.seqs[place])
        told.append("常住地不在其中" in (await phone.get(f"c/{code}")).text)
    assert told == [True, False, False], "elsewhere, there, unknown"
    phone = await walk.phone(world.seqs[2])
    page = (await phone.get(f"c/{code}")).text
    assert (await phone.post(f"c/{code}/claim", data=fields_of(page))).status_code == 303, "told, and not refused"


@pytest.mark.parametrize(
    ("regions", "there", "elsewhere"),
    [([], "500112", None), (["330200"], "330212", "330100"), (["330000"], "330100", "340100"),
     (["330212"], "330212", "330213"), (["110000", "330200"], "330203", "120101")],
)  # fmt: skip
async def test_a_region_is_a_province_a_city_or_a_district(walk, regions, there, elsewhere):
    async with walk.world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=walk.world.supplier_id, regions=regions)
        sku = await catalogue.sku(tx, sku_id)
    assert sku.holds_in(there)
    assert elsewhere is None or not sku.holds_in(elsewhere)
