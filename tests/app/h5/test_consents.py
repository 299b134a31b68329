"""What customers allow, as they see and change it; and the one press that ends marketing messages."""

import base64
import re
from datetime import timedelta

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import Basis, Purpose, Statement, Verdict
from huoke.reach import channels

pytestmark = pytest.mark.usefixtures("clock")


async def said(walk, seq) -> dict[str, tuple[str | None, str]]:
    async with walk.world.begin() as tx:
        return {one.purpose: (one.verdict, one.channel) for one in await consent.consents_of(tx, seq)}


async def entries(walk, seq) -> int:
    async with walk.world.begin() as tx:
        return await tx.fetch_value("SELECT count(*) FROM consent.entry WHERE seq = $1", seq)


def form(page: str, purpose: str) -> dict[str, str]:
    """The hidden fields of a purpose's switch."""
    found = re.search(rf'id="{purpose}".*?(<form.*?</form>)', page, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[1]))


def is_on(page: str, purpose: str) -> bool:
    return 'aria-checked="true"' in re.search(rf'id="{purpose}".*?</form>', page, re.DOTALL)[0]


async def path_of(walk, seq) -> str:
    async with walk.world.begin() as tx:
        return (await channels.unsubscribe_paths(tx, [seq]))[seq]


async def test_every_choice_stands_with_its_text_and_since_when(walk):
    phone = await walk.phone(walk.world.seqs[10])
    page = (await phone.get("choices")).text
    assert re.findall(r'<section class="[^"]*" id="(\w+)"', page) == [
        "profiling",
        "marketing",
        "marketing_sms",
        "marketing_call",
        "service",
    ]
    assert all(is_on(page, one) for one in ("profiling", "marketing", "marketing_sms", "marketing_call"))
    assert "2026-03-02 开启" in page
    assert "文本第 1 版" in page
    assert "服务必需" in page
    english = (await phone.get("choices?lang=en")).text
    assert "Marketing by text message" in english
    assert "我同意" not in english


async def test_a_switch_acts_at_once_and_back_again(walk):
    seq = walk.world.seqs[11]
    phone = await walk.phone(seq)
    page = (await phone.get("choices")).text
    off = form(page, "marketing")
    assert (await phone.post("choices", data=off)).headers["Location"] == f"{phone.home}/choices"
    assert (await said(walk, seq))["marketing"] == (Verdict.WITHDRAWN, "h5")
    count = await entries(walk, seq)
    await phone.post("choices", data=off)
    assert await entries(walk, seq) == count
    page = (await phone.get("choices")).text
    assert not is_on(page, "marketing")
    assert "时不生效" in page
    await phone.post("choices", data=form(page, "marketing"))
    assert (await said(walk, seq))["marketing"] == (Verdict.GIVEN, "h5")
    async with walk.world.begin() as tx:
        assert seq in await consent.members(tx, consent.MARKETING)
        [state] = [one for one in await consent.consents_of(tx, seq) if one.purpose == "marketing"]
        assert state.text_version == "1"


async def test_a_form_without_the_sessions_token_changes_nothing(walk):
    seq = walk.world.seqs[12]
    phone, other = await walk.phone(seq), await walk.phone(walk.world.seqs[13])
    off = form((await phone.get("choices")).text, "marketing")
    foreign = form((await other.get("choices")).text, "marketing")
    before = await entries(walk, seq)
    assert (await phone.post("choices", data={**off, "csrf": foreign["csrf"]})).status_code == 403
    assert (await (await walk.phone()).post("choices", data=off)).status_code == 401
    assert await entries(walk, seq) == before


async def test_what_service_needs_has_no_switch(walk):
    seq = walk.world.seqs[14]
    async with walk.world.begin() as tx:
        given = Statement(
            purpose="service", verdict=Verdict.GIVEN, basis=Basis.CONTRACT, members=CustomerSet.of(tx.tenant, [seq])
        )
        await consent.record(tx, [given])
    phone = await walk.phone(seq)
    some = form((await phone.get("choices")).text, "marketing")
    await phone.post("choices", data={**some, "purpose": "service", "wanted": "off"})
    assert (await said(walk, seq))["service"][0] is Verdict.GIVEN
    assert (await phone.post("choices", data={**some, "purpose": "nothing"})).status_code == 404


async def test_nobody_agrees_to_a_text_they_did_not_read(walk):
    seq = walk.world.seqs[15]
    phone = await walk.phone(seq)
    await phone.post("choices", data=form((await phone.get("choices")).text, "marketing_call"))
    page = (await phone.get("choices")).text
    async with walk.world.begin() as tx:
        [old] = [one for one in consent.DEFAULT_PURPOSES if one.code == "marketing_call"]
        facts = {name: getattr(old, name) for name in old.__struct_fields__}
        await consent.define_purposes(tx, [Purpose(**{**facts, "text": "新的文字。", "text_version": "2"})])
    try:
        told = await phone.post("choices", data=form(page, "marketing_call"))
        assert told.status_code == 409
        assert "这段文字刚刚更新" in told.text
        assert f'href="{phone.home}/choices"' in told.text
        assert (await said(walk, seq))["marketing_call"][0] is Verdict.WITHDRAWN
        page = (await phone.get("choices")).text
        assert "新的文字。" in page
        await phone.post("choices", data=form(page, "marketing_call"))
        assert (await said(walk, seq))["marketing_call"][0] is Verdict.GIVEN
    finally:
        async with walk.world.begin() as tx:
            await tx.execute("DELETE FROM consent.purpose")


async def test_one_press_of_the_link_ends_marketing_messages_and_opening_it_does_not(walk):
    seq = walk.world.seqs[16]
    path = await path_of(walk, seq)
    phone = await walk.phone()
    page = await phone.client.get(path)
    assert page.status_code == 200
    assert "退订" in page.text
    assert (await said(walk, seq))["marketing_sms"][0] is None
    assert (await phone.client.post(path)).headers["Location"] == path
    assert (await said(walk, seq))["marketing_sms"] == (Verdict.WITHDRAWN, "link")
    assert (await said(walk, seq))["marketing"][0] is Verdict.GIVEN
    count = await entries(walk, seq)
    await phone.client.post(path)
    assert await entries(walk, seq) == count
    assert "撤销退订" in (await phone.client.get(path)).text
    await phone.client.post(f"{path}/undo")
    assert (await said(walk, seq))["marketing_sms"] == (Verdict.GIVEN, "link")
    assert "撤销退订" not in (await phone.client.get(path)).text


async def test_undoing_is_for_the_first_hour(walk, clock):
    seq = walk.world.seqs[17]
    path = await path_of(walk, seq)
    phone = await walk.phone()
    await phone.client.post(path)
    clock.advance(timedelta(hours=1))
    late = await phone.client.post(f"{path}/undo")
    assert late.status_code == 409
    assert "我的选择" in late.text
    assert f'href="{phone.home}/choices"' in late.text
    assert (await said(walk, seq))["marketing_sms"][0] is Verdict.WITHDRAWN
    assert "撤销退订" not in (await phone.client.get(path)).text


async def test_a_link_is_its_customers_and_its_banks_alone(walk, other_bank):
    seq = walk.world.seqs[18]
    path = await path_of(walk, seq)
    phone = await walk.phone()
    home, token = path.rsplit("/", 1)
    raw = bytearray(base64.b32decode(token.upper() + "="))
    raw[3] ^= 1
    forged = base64.b32encode(bytes(raw)).decode().rstrip("=").lower()
    for wrong in (forged, token[:-1], token + "a", "x", "客" * 23, "a" * 23):
        assert (await phone.client.post(f"{home}/{wrong}")).status_code == 404, wrong
    assert (await phone.client.post(f"/h5/bank-{other_bank}/u/{token}")).status_code == 404
    assert (await said(walk, seq))["marketing_sms"][0] is None
    assert (await phone.client.get(path)).status_code == 200
