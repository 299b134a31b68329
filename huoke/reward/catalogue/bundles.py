"""Bundles 权益包: choose N of M, the same for all or by variants. A draft beside versions that never change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.events import Event
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward.catalogue import store, store_bundles
from huoke.reward.catalogue.brands import locked, usable
from huoke.reward.catalogue.model import SkuStatus
from huoke.reward.catalogue.refusals import CatalogueUnfit, NotPublished, Retired, Unknown
from huoke.reward.catalogue.terms import check_label
from huoke.reward.catalogue.variants import (
    EVERY_SKU_MAX,
    SKUS_MAX,
    Split,
    check_given,
    check_split,
    check_whom,
    every_sku,
)


class BundleTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle offers: `choose` of `sku_ids`, in the order shown.

    With a `split` that is for those who fall in no variant; 0 of none: they are offered nothing. A campaign that pushes
    it gives those `given` at once; one chooses what is missing to `choose` from the others.
    """

    name: str
    name_en: str = ""
    choose: int
    sku_ids: list[UUID]
    given: list[UUID] = []
    split: Split | None = None

    @property
    def every_sku(self) -> list[UUID]:
        """The SKUs of the bundle and all its variants, each once."""
        variants = self.split.variants if self.split else []
        return every_sku([self.sku_ids, *(variant.sku_ids for variant in variants)])


class NewBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle to add, as a draft."""

    code: str
    terms: BundleTerms
    request_no: str | None = None


class BundleChange(msgspec.Struct, frozen=True, kw_only=True):
    """New terms: they replace the draft, and become a version of their own when published."""

    id: UUID
    terms: BundleTerms


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as published: this version never changes."""

    id: UUID
    version: int
    code: str
    name: str
    name_en: str
    choose: int
    sku_ids: list[UUID]
    given: list[UUID] = []
    split: Split | None = None

    @property
    def every_sku(self) -> list[UUID]:
        """The SKUs of the bundle and all its variants, each once."""
        variants = self.split.variants if self.split else []
        return every_sku([self.sku_ids, *(variant.sku_ids for variant in variants)])

    @property
    def choose_max(self) -> int:
        """How many anybody may take at most."""
        return max([self.choose, *(variant.choose for variant in (self.split.variants if self.split else []))])


class BundleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as the catalogue lists it: the published terms, and the draft if one is in the making."""

    id: UUID
    code: str
    status: SkuStatus
    version: int
    terms: BundleTerms | None
    draft: BundleTerms | None
    added_at: datetime


class BundlesChanged(Event, frozen=True, kw_only=True):
    """A bundle was drafted, published or retired."""

    name: ClassVar[str] = "catalogue.bundles_changed"
    bundle_id: UUID
    change: str


async def add_bundle(tx: Tx, new: NewBundle) -> UUID:
    """Add a bundle as a draft; returns its id. `CatalogueUnfit`, `CodeTaken`, `Unknown`; `check_whom`'s."""
    check_label(new.code, new.terms.name, new.terms.name_en)
    await _check(tx, new.terms)
    bundle_id = new_id()
    row = {
        "id": bundle_id,
        "code": new.code,
        "status": SkuStatus.DRAFT.value,
        "version": 0,
        "draft": new.terms,
        "search": _search(new.code, new.terms),
        "added_at": tx.now,
    }
    await store.add(tx, "bundle", row)
    await _tell(tx, bundle_id, "added", {"code": new.code, **msgspec.to_builtins(new.terms)})
    return bundle_id


async def change_bundle(tx: Tx, wanted: BundleChange) -> UUID:
    """Write the draft again; campaigns keep the version they were published with. `CatalogueUnfit`, `Unknown`."""
    known = await usable(tx, "bundle", wanted.id)
    check_label(None, wanted.terms.name, wanted.terms.name_en)
    await _check(tx, wanted.terms)
    row = {"draft": wanted.terms, "search": _search(known["code"], wanted.terms)}
    await store.change(tx, "bundle", wanted.id, row)
    await _tell(tx, wanted.id, "drafted", msgspec.to_builtins(wanted.terms))
    return wanted.id


async def publish_bundle(tx: Tx, bundle_id: UUID) -> int:
    """Make the draft the next version; returns the version.

    `Unknown`, `Retired` (also for a SKU in it), `NotPublished` (no draft, or a SKU in it that was never published), and
    what `variants.check_whom` raises.
    """
    known = await usable(tx, "bundle", bundle_id)
    if known["draft"] is None:
        raise NotPublished(f"The bundle '{known['code']}' has no draft to publish.", pointer="/id")
    terms = msgspec.convert(known["draft"], BundleTerms)
    if terms.split is not None:
        await check_whom(tx, terms.split)
    for sku in await store.skus(tx, terms.every_sku):
        if sku["status"] == SkuStatus.RETIRED:
            raise Retired(f"The SKU '{sku['code']}' is retired; take it out.", pointer="/terms/sku_ids")
        if not sku["version"]:
            raise NotPublished(f"The SKU '{sku['code']}' is not published yet.", pointer="/terms/sku_ids")
    version: int = known["version"] + 1
    row = {
        "bundle_id": bundle_id,
        "version": version,
        **{field: getattr(terms, field) for field in BundleTerms.__struct_fields__},
        "published_at": tx.now,
        "published_by": tx.actor.id,
    }
    await store.add(tx, "bundle_version", row)
    await store.change(
        tx, "bundle", bundle_id, {"draft": None, "version": version, "status": SkuStatus.PUBLISHED.value}
    )
    await _tell(tx, bundle_id, "published", {"version": version})
    return version


async def retire_bundle(tx: Tx, bundle_id: UUID) -> UUID:
    """Take a bundle out of use for new campaigns; doing it again changes nothing. `Unknown`."""
    known = await locked(tx, "bundle", bundle_id)
    if known["status"] != SkuStatus.RETIRED:
        await store.change(tx, "bundle", bundle_id, {"status": SkuStatus.RETIRED.value})
        await _tell(tx, bundle_id, "retired", {"status": "retired"})
    return bundle_id


async def bundle(tx: Tx, bundle_id: UUID, *, version: int | None = None) -> Bundle:
    """The bundle as published, for a new campaign; or as it stood in `version`, whatever became of it since.

    `Unknown`, `NotPublished`, `Retired` (only without `version`).
    """
    row = await store_bundles.bundle(tx, bundle_id, version)
    if row is None:
        raise Unknown("There is no such bundle in this bank.", pointer="/bundle_id")
    if version is None and row["status"] == SkuStatus.RETIRED:
        raise Retired(f"The bundle '{row['code']}' is retired; choose another.", pointer="/bundle_id")
    if row["choose"] is None:
        raise NotPublished(f"The bundle '{row['code']}' is not published yet.", pointer="/bundle_id")
    return msgspec.convert({name: row[name] for name in Bundle.__struct_fields__}, Bundle)


async def find_bundles(
    tx: Tx, *, status: SkuStatus | None = None, q: str = "", after: str = "", limit: int = 50
) -> list[BundleRow]:
    """Bundles by code, later than `after`; `q` is a part of code or name."""
    return [_row(dict(row)) for row in await store_bundles.find(tx, None, status, q.strip().lower(), after, limit)]


async def get_bundle(tx: Tx, bundle_id: UUID) -> BundleRow:
    """One bundle as the catalogue lists it; `Unknown`."""
    rows = await store_bundles.find(tx, bundle_id, None, "", "", 1)
    if not rows:
        raise Unknown("There is no such bundle in this bank.")
    return _row(dict(rows[0]))


async def get_bundles(tx: Tx, bundle_ids: Sequence[UUID]) -> dict[UUID, BundleRow]:
    """Bundles as the catalogue lists them, by id, those that exist."""
    rows = await store_bundles.get_many(tx, bundle_ids) if bundle_ids else []
    return {row["id"]: _row(dict(row)) for row in rows}


async def count_bundles(tx: Tx, *, q: str = "") -> dict[str, int]:
    """How many bundles of each status match."""
    return await store_bundles.count(tx, q.strip().lower())


async def _check(tx: Tx, terms: BundleTerms) -> None:
    many = len(terms.sku_ids)
    nothing = terms.split is not None and not many and not terms.choose
    if not nothing:
        if not (1 if terms.split else 2) <= many <= SKUS_MAX or len(set(terms.sku_ids)) != many:
            raise CatalogueUnfit(f"A bundle has 2 to {SKUS_MAX} different SKUs.", pointer="/terms/sku_ids")
        if not 1 <= terms.choose <= many:
            raise CatalogueUnfit(f"A person chooses 1 to {many} of them.", pointer="/terms/choose")
    check_given(terms.choose, terms.sku_ids, terms.given, "/terms")
    if terms.split is not None:
        check_split(terms.split)
        await check_whom(tx, terms.split)
    everything = terms.every_sku
    if len(everything) > EVERY_SKU_MAX:
        raise CatalogueUnfit(f"All variants together have at most {EVERY_SKU_MAX} SKUs.", pointer="/terms/split")
    if len(await store.skus(tx, everything)) != len(everything):
        raise Unknown("There is no such SKU in this bank.", pointer="/terms/sku_ids")


def _search(code: str, terms: BundleTerms) -> str:
    return f"{code} {terms.name} {terms.name_en}".lower()


def _row(row: Mapping[str, object]) -> BundleRow:
    terms = {name: row[name] for name in BundleTerms.__struct_fields__} if row["version"] else None
    return msgspec.convert({**row, "terms": terms}, BundleRow)


async def _tell(tx: Tx, bundle_id: UUID, change: str, after: dict[str, object]) -> None:
    tx.emit(BundlesChanged(bundle_id=bundle_id, change=change))
    entry = audit.AuditEntry(
        action=f"catalogue.bundle_{change}", subject_kind="bundle", subject_id=str(bundle_id), after=after
    )
    await audit.record(tx, entry)
