"""Goods of a supplier without an interface: a locked file out, an answer in, orders and money that follow."""

import asyncio
import base64
import hashlib
import hmac
import io
import struct
import zlib
from datetime import timedelta

import msgspec
import openpyxl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files, jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import JobContext
from huoke.kernel.jobs.store import start as started
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, supply
from huoke.reward.grants import BenefitKind, PostalDelivery
from huoke.reward.supply import ParcelState
from huoke.settle import consignments, fulfilment
from huoke.settle.consignments import NewConsignment
from huoke.settle.fulfilment import Issued
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import people as make_people
from tests.make import supply as make
from tests.make.campaigns import _principal

HOME = {"name": "林晓芸", "phone": "13800138000", "region": "330200", "address": "药行街 1 号"}
KEY = base64.b64encode(make.KEY).decode()


@pytest.fixture(scope="module")
async def people(database, bank):
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        return await _principal(tx, Role.BUYER, units.head), await _principal(tx, Role.APPROVER, units.head)


class Room:
    """A supplier reached by file, its gift on offer, and those who claimed it yesterday."""

    def __init__(self, database, bank, people, supplier_id, world):
        self.database, self.bank, (self.buyer, self.approver) = database, bank, people
        self.supplier_id, self.world = supplier_id, world

    def begin(self, who=None):
        return self.database.begin(self.bank, who.actor if who else SYSTEM)

    async def orders(self):
        async with self.begin() as tx:
            found = await fulfilment.find_orders(tx, self.buyer, supplier_id=self.supplier_id, limit=100)
        return {order.seq: order for order in found}

    async def states(self):
        return {seq: order.state.value for seq, order in (await self.orders()).items()}

    async def ask(self, on, who=None):
        async with self.begin(who or self.buyer) as tx:
            wanted = NewConsignment(supplier_id=self.supplier_id, business_on=on, reason="寄出中秋礼盒")
            return await consignments.ask(tx, who or self.buyer, wanted)

    async def row(self, consignment_id):
        async with self.begin() as tx:
            return await tx.fetch_row("SELECT * FROM consignments.consignment WHERE id = $1", consignment_id)

    async def approved(self, consignment_id):
        change_id = (await self.row(consignment_id))["change_id"]
        async with self.begin(self.approver) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)

    async def made(self, consignment_id):
        """The archive that a worker makes."""
        async with self.begin() as tx:
            job_id = await jobs.enqueue(tx, "consignments.make", {}, title="发货清单")
        async with self.begin() as tx:
            await started(tx, job_id)
        await consignments.make_file(
            JobContext(self.database, self.bank, job_id, attempt=1, actor=SYSTEM, parts={}), consignment_id
        )
        row = await self.row(consignment_id)
        return b"".join([piece async for piece in files.stream(self.database, self.bank, row["file_id"])])

    async def answer(self, consignment_id, content, name="answer.csv", who=None):
        return await consignments.answer(self.database, who or self.buyer, consignment_id, name, content)


@pytest.fixture
async def room(database, bank, people, clock):
    """Three gifts claimed on one day, each with an order that stands in that day's file."""
    clock.advance(timedelta(minutes=1))
    async with database.begin(bank, people[0].actor) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        new = supply.NewConnection(
            supplier_id=supplier_id, address="", key_id="bank", key=KEY, adapter="by_file", prepaid=False
        )
        await supply.connect(tx, new)
        world = await make_grants.world(
            tx, kind=BenefitKind.PHYSICAL, handover=grants.Handover.ORDER, supplier_id=supplier_id
        )
        made = Room(database, bank, people, supplier_id, world)
    async with made.begin() as tx:
        seqs = [1, 2, 3]
        claims = [make_grants.claim(world.offer.id, seq, delivery=PostalDelivery(**HOME)) for seq in seqs]
        held = [answer.grant_id for answer in await make_grants.claim_all(tx, *claims)]
        issued = Issued(
            sku_id=world.offer.sku_id, kind="physical", supplier_id=supplier_id, cost_fen=1_280, grant_ids=held,
            seqs=seqs,
        )  # fmt: skip
        assert await fulfilment.create(tx, issued) == 3
        made.on = tx.now.astimezone(CHINA).date()
    await fulfilment.carry(database, bank, supplier_id)
    assert set((await made.states()).values()) == {"accepted"}
    return made


def opened(archive: bytes, key: str) -> dict[str, bytes]:
    """An archive read by the format's own words, without the code that wrote it; ValueError for another key."""
    found, place = {}, 0
    while archive[place : place + 4] == b"PK\x03\x04":
        _, flags, method, _, _, _, size, plain, names, extra = struct.unpack_from("<HHHHHIIIHH", archive, place + 4)
        assert (flags & 1, method) == (1, 99), "every file is encrypted"
        name = archive[place + 30 : place + 30 + names].decode()
        body = archive[place + 30 + names + extra :][:size]
        keys = hashlib.pbkdf2_hmac("sha1", key.encode(), body[:16], 1_000, 66)
        if keys[64:] != body[16:18] or hmac.digest(keys[32:64], body[18:-10], "sha1")[:10] != body[-10:]:
            raise ValueError("another key")
        cipher = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
        text = bytearray()
        for number in range(0, len(body) - 28, 16):
            stream = cipher.update((number // 16 + 1).to_bytes(16, "little"))
            text += bytes(a ^ b for a, b in zip(body[18 + number : -10], stream, strict=False))
        found[name] = zlib.decompress(bytes(text), -15)
        assert len(found[name]) == plain
        place += 30 + names + extra + size
    return found


def cells(content: bytes) -> list[list[str]]:
    """A sheet below the mark."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)][1:]


def lines(*rows: str) -> bytes:
    return "\n".join(["订单号,承运商,运单号,寄出日,拒绝原因", *rows]).encode()


@pytest.fixture
async def handed(room, clock):
    """The room a day later, its file approved and made: (room, consignment, archive)."""
    clock.advance(timedelta(days=1))
    consignment_id = await room.ask(room.on)
    await room.approved(consignment_id)
    return room, consignment_id, await room.made(consignment_id)


async def test_addresses_leave_locked_and_only_what_is_open_of_that_day(handed, other_bank):
    room, consignment_id, archive = handed
    assert "林晓芸".encode() not in archive
    assert b"13800138000" not in archive
    with pytest.raises(ValueError, match="another key"):
        opened(archive, KEY[:-4] + "AAA=")
    sheets = opened(archive, KEY)
    goods, blank = (cells(sheets[name]) for name in sorted(sheets, reverse=True))
    numbers = sorted(order.number for order in (await room.orders()).values())
    assert [row[0] for row in goods[1:]] == numbers
    assert goods[1][3:] == [1, "林晓芸", "13800138000", "浙江省宁波市 药行街 1 号"]
    assert [row[0] for row in blank] == ["订单号", *numbers]
    async with room.database.begin(other_bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM consignments.consignment") == 0
    with pytest.raises(consignments.ConsignmentUnknown):
        await room.answer(consignment_id, lines(), who=msgspec.structs.replace(room.buyer, units=frozenset()))


async def test_an_answer_ends_orders_and_is_read_once(handed):
    room, consignment_id, _ = handed
    orders = await room.orders()
    content = lines(
        f"{orders[1].number},顺丰,SF0001,,",
        f"{orders[2].number},,,,无货",
        f"{orders[3].number},,,,",
        "NOBODY,顺丰,SF9,,",
    )
    told = await room.answer(consignment_id, content)
    assert (told.sent, told.refused, told.known, told.problem_count) == (1, 1, 0, 1)
    assert [(one.row, one.code) for one in told.problems] == [(5, "not_of_this")]
    assert await room.states() == {1: "success", 2: "refunded", 3: "accepted"}
    again = await room.answer(consignment_id, content)
    assert (again.sent, again.refused, again.known) == (0, 0, 2)
    async with room.begin() as tx:
        states = [(await grants.get_grant(tx, orders[seq].grant_id)).state.value for seq in (1, 2, 3)]
        assert states == ["used", "failed", "fulfilling"]
        [parcel] = (await fulfilment.parcels_of(tx, [orders[1].grant_id]))[orders[1].grant_id]
        assert (parcel.state, parcel.carrier, parcel.tracking_no) == (ParcelState.SENT, "顺丰", "SF0001")
        [budget] = await ledger.get_budgets(tx, [room.world.budget_id])
        assert (budget.committed_fen, budget.reserved_fen) == (1_280, 1_280)
        await make_grants.assert_sound(tx)
    row = await room.row(consignment_id)
    assert (row["sent"], row["refused"]) == (1, 1)


async def test_one_answer_read_twice_at_once_counts_each_order_once(handed):
    room, consignment_id, _ = handed
    orders = await room.orders()
    content = lines(
        f"{orders[1].number},顺丰,SF0001,,", f"{orders[1].number.lower()},圆通,YT1,,", f"{orders[2].number},,,,无货"
    )
    told = await asyncio.gather(*(room.answer(consignment_id, content) for _ in range(4)))
    assert sorted((one.sent, one.refused, one.known) for one in told) == [(0, 0, 2)] * 3 + [(1, 1, 0)]
    assert [problem.code for one in told for problem in one.problems] == ["twice"] * 4, "written small it is the same"
    row = await room.row(consignment_id)
    assert (row["sent"], row["refused"]) == (1, 1)
    async with room.begin() as tx:
        assert len((await fulfilment.parcels_of(tx, [orders[1].grant_id]))[orders[1].grant_id]) == 1


async def test_two_files_of_one_day_answered_at_once_count_an_order_once(handed):
    """The later file holds what the first did not answer yet: a supplier may answer it in both."""
    room, first, _ = handed
    orders = await room.orders()
    await room.answer(first, lines(f"{orders[1].number},顺丰,SF0001,,"))
    second = await room.ask(room.on)
    await room.approved(second)
    await room.made(second)
    content = lines(f"{orders[2].number},顺丰,SF0002,,", f"{orders[3].number},,,,无货")
    backwards = lines(f"{orders[3].number},,,,无货", f"{orders[2].number},顺丰,SF0002,,")
    told = await asyncio.gather(
        *(room.answer(each, rows) for each, rows in ((first, content), (second, backwards)) for _ in range(3))
    )
    assert sorted((one.sent, one.refused, one.known) for one in told) == [(0, 0, 2)] * 5 + [(1, 1, 0)]
    rows = [await room.row(each) for each in (first, second)]
    assert (sum(row["sent"] for row in rows), sum(row["refused"] for row in rows)) == (2, 1)
    async with room.begin() as tx:
        assert len((await fulfilment.parcels_of(tx, [orders[2].grant_id]))[orders[2].grant_id]) == 1


async def test_a_later_file_holds_what_was_not_answered_and_nothing_that_was_called_back(handed):
    room, consignment_id, _ = handed
    orders = await room.orders()
    await room.answer(consignment_id, lines(f"{orders[1].number},顺丰,SF0002,,"))
    async with room.begin(room.buyer) as tx:
        await fulfilment.cancel(tx, orders[2].id, "客户改主意")
    await fulfilment.carry(room.database, room.bank, room.supplier_id)
    assert (await room.states())[2] == "accepted", "the supplier has the first file: nothing is refunded by asking"
    second = await room.ask(room.on)
    with pytest.raises(consignments.ConsignmentOpen):
        await room.ask(room.on)
    await room.approved(second)
    goods = cells(opened(await room.made(second), KEY)[f"consignment-{room.on}.xlsx"])
    assert [row[0] for row in goods[1:]] == [orders[3].number]
    assert (await room.states())[2] == "accepted", "the first file may have sent it: its answer ends it"
    await room.answer(consignment_id, lines(f"{orders[2].number},,,,已按要求拦截"))
    assert (await room.states())[2] == "refunded"


async def test_what_was_approved_is_stopped_also_before_its_job_is_there(room, clock):
    clock.advance(timedelta(days=1))
    consignment_id = await room.ask(room.on)
    await room.approved(consignment_id)
    assert ((await room.row(consignment_id))["state"], (await room.row(consignment_id))["job_id"]) == ("approved", None)
    async with room.begin(room.buyer) as tx:
        await consignments.cancel(tx, room.buyer, consignment_id)
    assert (await room.row(consignment_id))["state"] == "cancelled"
    assert (await room.states())[1] == "accepted"


async def test_a_line_that_cannot_be_holds_no_other_up(handed):
    room, consignment_id, _ = handed
    orders = await room.orders()
    one, two, three = (orders[seq].number for seq in (1, 2, 3))
    tomorrow = (room.on + timedelta(days=2)).isoformat()
    told = await room.answer(
        consignment_id,
        lines(f"{one},顺丰,,,", f"{two},顺丰,SF3,,无货", f"{three},顺丰,SF4,{tomorrow},", f"{one},顺丰,SF5,,"),
    )
    assert [one.code for one in told.problems] == ["half", "both", "day", "twice"]
    assert set((await room.states()).values()) == {"accepted"}
    on = room.on
    told = await room.answer(
        consignment_id,
        lines(
            f"{one},顺丰,SF6,{on.year}/{on.month}/{on.day},", f"{two},顺丰,SF7,{on.year}年{on.month}月{on.day}日,",
            f"{three},顺丰,SF8,{on.year}/13/1,",
        ),
    )  # fmt: skip
    assert ([problem.code for problem in told.problems], told.sent) == (["day"], 2), "days as spreadsheets write them"
    assert set((await room.states()).values()) == {"success", "accepted"}
    for content, name in ((b"\xff\xfe\x00", "a.csv"), (b"no", "a.xlsx")):
        with pytest.raises(files.TableUnread):
            await room.answer(consignment_id, content, name)
    with pytest.raises(consignments.AnswerUnfit):
        await room.answer(consignment_id, b"a,b\n1,2\n")


async def test_nothing_is_handed_over_before_the_day_is_over_or_without_a_second_person(room, clock):
    for on, why in ((room.on, "not over"), (room.on - timedelta(days=1), "Nothing")):
        with pytest.raises(consignments.ConsignmentUnfit, match=why):
            await room.ask(on)
    clock.advance(timedelta(days=1))
    consignment_id = await room.ask(room.on)
    change_id = (await room.row(consignment_id))["change_id"]
    async with room.begin(room.buyer) as tx:
        change = await approvals.find_change(tx, change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with room.begin() as tx:
        job_id = await jobs.enqueue(tx, "consignments.make", {}, title="发货清单")
    await consignments.make_file(
        JobContext(room.database, room.bank, job_id, attempt=1, actor=SYSTEM, parts={}), consignment_id
    )
    assert (await room.row(consignment_id))["file_id"] is None
    with pytest.raises(consignments.ConsignmentUnknown):
        await room.answer(consignment_id, lines())


async def test_a_supplier_reached_by_file_needs_a_key_and_no_address(database, bank, people):
    async with database.begin(bank, people[0].actor) as tx:
        supplier_id = await make_catalogue.supplier(tx)
        new = {"supplier_id": supplier_id, "address": "", "key_id": "bank", "adapter": "by_file"}
        with pytest.raises(supply.ConnectionUnfit) as refused:
            await supply.connect(tx, supply.NewConnection(**new))
        assert refused.value.pointer == "/key"
        with pytest.raises(supply.ConnectionUnfit) as refused:
            await supply.connect(tx, supply.NewConnection(**{**new, "adapter": "rest_hmac"}))
        assert refused.value.pointer == "/address"
