"""F1: every column carries a class: C3 never stored readable; C2 encrypted, masked, access logged; C1."""

import asyncio
import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.app.migrate import declare_tables
from huoke.govern import privacy
from huoke.govern.privacy import Field, KeyUnknown, Unreadable
from huoke.kernel import schema
from huoke.kernel.refusals import Outage
from tests.make import tenants as make

CREDENTIAL = re.compile(r"(password|passwd|(^|_)pin(_|$)|(^|_)cvv|secret|totp|otp|token|enrolment|private_key|csrf)")
PERSONAL = re.compile(r"(phone|mobile|id_document|id_card|id_no$|passport|card_no|address|email|birth)")
READABLE = ("VARCHAR", "TEXT", "JSONB", "JSON", "CHAR", "DATE")
NO_VALUE = re.compile(r"(_at|_step|_count|_hours|_id|_mask|_masked)$")
"""Columns named after a secret or personal thing that hold something about it, not it."""
NOT_A_PERSON = {
    "identity.session.address": "the network address of a member of staff's device",
    "channels.gateway.address": "where a gateway listens",
    "customers.database.address": "host, port and name of a database that imports read",
    "customers.database_change.address": "the same, while it waits for its decision",
    "channels.gateway.link_address": "what links in messages begin with",
    "supply.connection.address": "where a supplier listens",
    "supply.connection.callback_address": "where we listen to a supplier",
    "exchange.partner.address": "where a partner listens",
    "payments.cashier.address": "where a cashier listens",
    "payments.cashier.notice_address": "where we listen to a cashier",
    "payments.payment.pay_address": "the cashier's page a payment is made at",
    "identity.credential.password_hash": "argon2id, made to be stored",
}


def columns():
    declare_tables()
    for table in schema.metadata.tables.values():
        for column in table.columns:
            yield f"{table.schema}.{table.name}.{column.name}", column.name, str(column.type).upper()


def readable(pattern):
    return [
        name
        for name, short, kind in columns()
        if pattern.search(short)
        and not NO_VALUE.search(short)
        and kind.startswith(READABLE)
        and name not in NOT_A_PERSON
    ]


def test_no_credential_is_stored_readable():
    assert readable(CREDENTIAL) == []


def test_no_personal_value_is_stored_readable():
    assert readable(PERSONAL) == []


def test_the_search_for_readable_columns_finds_a_planted_one():
    """The negative control: the patterns see what they should."""
    for name in ("phone", "id_document", "mobile_no", "birth_date"):
        assert PERSONAL.search(name), name
    for name in ("password", "totp_secret", "token"):
        assert CREDENTIAL.search(name), name
    assert not NO_VALUE.search("phone")


@pytest.fixture
async def keys(database, bank):
    async with database.begin(bank) as tx:
        return await privacy.keys(tx)


@pytest.fixture
async def other_keys(database, other_bank):
    async with database.begin(other_bank) as tx:
        return await privacy.keys(tx)


PHONE = "13800138000"


async def test_a_field_opens_for_its_bank_field_and_customer_only(keys, other_keys):
    (sealed,) = keys.encrypt("phone", [7], [PHONE])
    assert keys.decrypt("phone", [7], [sealed]) == [PHONE]
    for read in (
        lambda: keys.decrypt("phone", [8], [sealed]),
        lambda: keys.decrypt("id_document", [7], [sealed]),
        lambda: other_keys.decrypt("phone", [7], [sealed]),
    ):
        with pytest.raises(Unreadable):
            read()


async def test_ciphertext_says_its_algorithm_and_key_version(keys):
    """Rule D4."""
    (sealed,) = keys.encrypt("phone", [7], [PHONE])
    assert (sealed[0], int.from_bytes(sealed[1:3], "big"), len(sealed)) == (1, 1, 3 + 12 + len(PHONE) + 16)


async def test_the_same_text_never_gives_the_same_ciphertext(keys):
    sealed = keys.encrypt("phone", [7] * 1000, [PHONE] * 1000)
    assert len(set(sealed)) == 1000
    assert keys.decrypt("phone", [7] * 1000, sealed) == [PHONE] * 1000


@pytest.mark.parametrize("place", [0, 1, 5, 20, -1])
async def test_one_flipped_bit_is_noticed(keys, place):
    (sealed,) = keys.encrypt("phone", [7], [PHONE])
    broken = bytearray(sealed)
    broken[place] ^= 1
    with pytest.raises((Unreadable, KeyUnknown)):
        keys.decrypt("phone", [7], [bytes(broken)])


async def test_nothing_stays_nothing(keys):
    assert keys.encrypt("phone", [1, 2], [None, ""])[0] is None
    assert keys.decrypt("phone", [1], [None]) == [None]
    assert keys.blind_index("phone", [None, "", "  "]) == [None, None, None]


async def test_a_rotated_key_seals_anew_and_still_opens_what_was_sealed_before(database, other_bank):
    async with database.begin(other_bank) as tx:
        before = await privacy.keys(tx)
        (old,) = before.encrypt("phone", [7], [PHONE])
        version = await privacy.rotate(tx)
        after = await privacy.keys(tx)
    (new,) = after.encrypt("phone", [7], [PHONE])
    assert (version, int.from_bytes(old[1:3], "big"), int.from_bytes(new[1:3], "big")) == (2, 1, 2)
    assert after.decrypt("phone", [7, 7], [old, new]) == [PHONE, PHONE]
    assert after.blind_index("phone", [PHONE]) == before.blind_index("phone", [PHONE])


async def test_a_key_made_in_vain_is_never_used(database, owner, clickhouse):
    """A first use that was rolled back leaves no key behind, not in the database and not in memory."""
    tenant = await make.tenant(owner, clickhouse)
    with pytest.raises(RuntimeError):
        async with database.begin(tenant) as tx:
            await privacy.keys(tx)
            vain = (await privacy.keys(tx)).encrypt("phone", [7], [PHONE])
            raise RuntimeError
    async with database.begin(tenant) as tx:
        keys = await privacy.keys(tx)
    assert keys.decrypt("phone", [7], keys.encrypt("phone", [7], [PHONE])) == [PHONE]
    with pytest.raises(Unreadable):
        keys.decrypt("phone", [7], vain)
    async with database.begin(tenant) as tx:
        assert (await privacy.keys(tx)).blind_index("phone", [PHONE]) == keys.blind_index("phone", [PHONE])


async def test_two_first_uses_at_once_make_one_key(database, owner, clickhouse):
    tenant = await make.tenant(owner, clickhouse)

    async def seal():
        async with database.begin(tenant) as tx:
            return (await privacy.keys(tx)).encrypt("phone", [7], [PHONE])[0]

    sealed = await asyncio.gather(*(seal() for _ in range(8)))
    async with database.begin(tenant) as tx:
        assert (await privacy.keys(tx)).decrypt("phone", [7] * 8, sealed) == [PHONE] * 8


async def test_a_stored_data_key_opens_nothing_without_the_master_key(database, bank, keys, tmp_path, cluster):
    (sealed,) = keys.encrypt("phone", [7], [PHONE])
    try:
        privacy.unlock(tmp_path / "another.key")
        async with database.begin(bank) as tx:
            with pytest.raises(Outage):
                await privacy.keys(tx)
    finally:
        privacy.unlock(cluster.home / "master.key")
    async with database.begin(bank) as tx:
        assert (await privacy.keys(tx)).decrypt("phone", [7], [sealed]) == [PHONE]


def test_the_master_key_is_its_owners_alone(cluster):
    assert (cluster.home / "master.key").stat().st_mode & 0o777 == 0o600


async def test_two_spellings_have_one_blind_index_and_two_banks_never_share_one(keys, other_keys):
    plain, spaced, wide, coded = keys.blind_index(
        "phone", [PHONE, "138 0013 8000", "１３８００１３８０００", "+86-138-0013-8000"]
    )
    assert plain == spaced == wide == coded
    assert len(plain) == 16
    assert keys.blind_index("id_document", ["11010119900307001x"]) == keys.blind_index(
        "id_document", ["１１０１０１ 19900307 001X"]
    )
    assert other_keys.blind_index("phone", [PHONE]) != [plain]
    assert keys.blind_index("id_document", [PHONE]) != [plain]


@given(st.text(max_size=40), st.sampled_from(Field))
def test_normalising_twice_is_normalising_once(text, field):
    once = privacy.normalise(field, text)
    assert privacy.normalise(field, once) == once


async def test_a_blind_index_is_hmac_sha256_cut_to_16_bytes():
    """The unrolled form equals the standard library's."""
    key = bytes(range(32))
    (found,) = privacy.TenantKeys(1, {1: bytes(32)}, key).blind_index("phone", [PHONE])
    assert found == hmac.new(key, b"phone|" + PHONE.encode(), hashlib.sha256).digest()[:16]
