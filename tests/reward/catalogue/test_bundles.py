"""Bundles: choose N of M, in versions that never change."""

from uuid import uuid4

import asyncpg
import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import (
    BundleChange,
    BundleTerms,
    CatalogueUnfit,
    CodeTaken,
    NewBundle,
    NotPublished,
    Retired,
    SkuStatus,
    Unknown,
)
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank, SYSTEM) as tx:
        yield tx


async def drafted(tx, *, choose=1, skus=None, code=None):
    sku_ids = skus or [await make.voucher(tx), await make.points(tx)]
    terms = BundleTerms(name="三选一", name_en="Pick one", choose=choose, sku_ids=sku_ids)
    return await catalogue.add_bundle(tx, NewBundle(code=code or make.next_code(), terms=terms)), terms


async def test_a_published_bundle_is_what_campaigns_see_and_later_drafts_leave_it_alone(tx):
    bundle_id, terms = await drafted(tx)
    with pytest.raises(NotPublished):
        await catalogue.bundle(tx, bundle_id)
    assert await catalogue.publish_bundle(tx, bundle_id) == 1
    more = BundleTerms(name="四选二", choose=2, sku_ids=[*terms.sku_ids, await make.voucher(tx)])
    await catalogue.change_bundle(tx, BundleChange(id=bundle_id, terms=more))
    found = await catalogue.bundle(tx, bundle_id)
    assert (found.version, found.name, found.choose, found.sku_ids) == (1, "三选一", 1, terms.sku_ids)
    assert await catalogue.publish_bundle(tx, bundle_id) == 2
    assert (await catalogue.bundle(tx, bundle_id)).choose == 2
    assert (await catalogue.bundle(tx, bundle_id, version=1)).sku_ids == terms.sku_ids


async def test_a_published_version_cannot_be_written_again(database, bank, tx):
    bundle_id, _ = await drafted(tx)
    await catalogue.publish_bundle(tx, bundle_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tx.savepoint():
            await tx.execute("UPDATE catalogue.bundle_version SET choose = 2")


@pytest.mark.parametrize(("choose", "count", "pointer"), [(0, 2, "/terms/choose"), (3, 2, "/terms/choose")])
async def test_one_chooses_at_least_one_and_at_most_all(tx, choose, count, pointer):
    with pytest.raises(CatalogueUnfit) as refused:
        await drafted(tx, choose=choose, code="NEVER")
    assert refused.value.pointer == pointer
    assert await catalogue.find_bundles(tx, q="never") == []


async def test_skus_that_are_one_repeated_unknown_or_unpublished_are_refused(tx):
    one = await make.voucher(tx)
    for skus in ([one], [one, one]):
        with pytest.raises(CatalogueUnfit):
            await drafted(tx, skus=skus)
    with pytest.raises(Unknown):
        await drafted(tx, skus=[one, uuid4()])
    bundle_id, _ = await drafted(tx, skus=[one, await make.voucher(tx, published=False)])
    with pytest.raises(NotPublished):
        await catalogue.publish_bundle(tx, bundle_id)
    other, terms = await drafted(tx)
    await catalogue.retire(tx, terms.sku_ids[0])
    with pytest.raises(Retired):
        await catalogue.publish_bundle(tx, other)


async def test_a_retired_bundle_takes_no_new_campaign_but_keeps_its_versions(tx):
    bundle_id, _ = await drafted(tx)
    await catalogue.publish_bundle(tx, bundle_id)
    await catalogue.retire_bundle(tx, bundle_id)
    await catalogue.retire_bundle(tx, bundle_id)
    with pytest.raises(Retired):
        await catalogue.bundle(tx, bundle_id)
    assert (await catalogue.bundle(tx, bundle_id, version=1)).version == 1
    row = await catalogue.get_bundle(tx, bundle_id)
    [found] = await catalogue.find_bundles(tx, status=SkuStatus.RETIRED, q=row.code)
    assert found.id == bundle_id
    assert await catalogue.count_bundles(tx, q=row.code) == {"retired": 1}


async def test_two_bundles_never_share_a_code(tx):
    await drafted(tx, code="TWICE")
    with pytest.raises(CodeTaken):
        async with tx.savepoint():
            await drafted(tx, code="TWICE")
