"""A merchant, its stores and clerks, and the rules of acceptance 权益通用: which benefits are used where and when."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.ids import UnitId
from huoke.kernel.principal import OutOfScope
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal

Units = frozenset[UnitId] | None
"""The units whose merchants somebody looks after; None is the whole bank. Whoever changes anything says them."""

IMPORT_ROWS_MAX = 5_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_REGION = re.compile(r"[0-9]{6}")
_DAY_MINUTES = 24 * 60
WHERE_MAX = 5
"""How many places a refusal names."""


class Status(StrEnum):
    """A retired merchant or store redeems nothing more."""

    ACTIVE = "active"
    RETIRED = "retired"


class NewMerchant(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant to add; `unit_id` is the unit that looks after it."""

    code: str
    name: str
    name_en: str = ""
    category: str = "other"
    unit_id: int
    request_no: str | None = None


class MerchantChange(msgspec.Struct, frozen=True, kw_only=True):
    """New names, category or unit of a merchant."""

    id: UUID
    name: str
    name_en: str = ""
    category: str = "other"
    unit_id: int


class Merchant(msgspec.Struct, frozen=True, kw_only=True):
    """Where customers use benefits: a chain or a single shop, with its stores."""

    id: UUID
    code: str
    name: str
    name_en: str
    category: str
    unit_id: int
    status: Status
    stores: int
    added_at: datetime


class NewStore(msgspec.Struct, frozen=True, kw_only=True):
    """A store to add. `region` is GB/T 2260 (6 digits); `hours` is for people; latitude and longitude in degrees."""

    merchant_id: UUID
    code: str
    name: str
    name_en: str = ""
    region: str
    street: str
    hours: str = ""
    latitude: float | None = None
    longitude: float | None = None
    request_no: str | None = None


class StoreChange(msgspec.Struct, frozen=True, kw_only=True):
    """New values for a store."""

    id: UUID
    name: str
    name_en: str = ""
    region: str
    street: str
    hours: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """One store of a merchant; `unit_id` is its merchant's."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    merchant_name_en: str = ""
    unit_id: int
    code: str
    name: str
    name_en: str = ""
    region: str
    street: str
    hours: str
    latitude: float | None
    longitude: float | None
    status: Status
    clerks: int
    added_at: datetime


class Scope(StrEnum):
    """What a rule of acceptance is about, the narrowest first: a SKU's own rules outweigh its brand's, and so on."""

    SKU = "sku"
    BRAND = "brand"
    CATEGORY = "category"


class NewRule(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when benefits of a scope are accepted.

    `scope_key` is the SKU's or brand's id, or the category. Accepted in every store of `merchant_ids`, in `store_ids`,
    and at the bank's own counters where `counters`; never in `excluded_store_ids`. `weekdays` are ISO (1 Monday … 7),
    empty for every day; from `from_minute` to before `until_minute` of the day, China time.
    """

    scope: Scope
    scope_key: str
    merchant_ids: list[UUID] = []
    store_ids: list[UUID] = []
    excluded_store_ids: list[UUID] = []
    counters: bool = False
    weekdays: list[int] = []
    from_minute: int = 0
    until_minute: int = _DAY_MINUTES
    request_no: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of acceptance as it stands."""

    id: UUID
    scope: Scope
    scope_key: str
    merchant_ids: list[UUID]
    store_ids: list[UUID]
    excluded_store_ids: list[UUID]
    counters: bool
    weekdays: list[int]
    from_minute: int
    until_minute: int
    added_by: str
    added_at: datetime

    def covers(self, place: "Place") -> bool:
        """Whether the place is one of those the rule names."""
        if place.store_id is None:
            return self.counters
        if place.store_id in self.excluded_store_ids:
            return False
        return place.store_id in self.store_ids or place.merchant_id in self.merchant_ids

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is on one of its days and within its hours."""
        local = at.astimezone(CHINA)
        minute = local.hour * 60 + local.minute
        on_day = not self.weekdays or local.isoweekday() in self.weekdays
        return on_day and self.from_minute <= minute < self.until_minute


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is redeemed: a counter of a unit, or a store of a merchant."""

    unit_id: int
    store_id: UUID | None = None
    merchant_id: UUID | None = None


class Clerk(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who redeems in a store."""

    staff_id: UUID
    name: str
    store_id: UUID
    bound_at: datetime


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be bound to a store, and how many stores they stand in already."""

    staff_id: UUID
    name: str
    login: str
    unit_id: int
    stores: int


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody redeems: a clerk in the stores they are bound to, anybody else at the counters of their unit."""

    unit_id: int
    is_clerk: bool
    stores: list[Store]

    @property
    def store_ids(self) -> frozenset[UUID] | None:
        """The stores a clerk may know of; None for those who know their units."""
        return frozenset(store.id for store in self.stores) if self.is_clerk else None

    def place(self, store_id: UUID | None = None) -> Place:
        """The place of one redemption; a clerk of several stores says which.

        Raises `ClerkUnfit` (bound to none), `StoreNotChosen`, `NotYourStore`, `Unknown` where the store is closed.
        """
        if not self.is_clerk:
            if store_id is not None:
                raise NotYourStore("Stores are their clerks'; you redeem at the counter.", pointer="/store_id")
            return Place(unit_id=self.unit_id)
        if not self.stores:
            raise ClerkUnfit("You stand in no store yet; ask the bank to bind you to one.")
        if store_id is None and len(self.stores) > 1:
            raise StoreNotChosen("You stand in several stores; choose the one you are in.", pointer="/store_id")
        chosen = next((store for store in self.stores if store_id in (None, store.id)), None)
        if chosen is None:
            raise NotYourStore("You are not a clerk of this store.", pointer="/store_id")
        if chosen.status is Status.RETIRED:
            raise Unknown(f"The store {chosen.name} is closed; nothing is redeemed there.", pointer="/store_id")
        return Place(unit_id=self.unit_id, store_id=chosen.id, merchant_id=chosen.merchant_id)


class MerchantsChanged(Event, frozen=True, kw_only=True):
    """A merchant, store, clerk or rule of acceptance changed."""

    name: ClassVar[str] = "merchants.changed"
    subject_kind: str
    subject_id: UUID
    change: str


class MerchantUnfit(Invalid):
    """A code, name, place or rule that cannot be."""

    code = "merchants.unfit"


class CodeTaken(Conflict):
    """Another merchant or store of this bank has the code."""

    code = "merchants.code_taken"


class Unknown(NotFound):
    """There is no such merchant or store in this bank."""

    code = "merchants.unknown"


class RuleUnknown(NotFound):
    """There is no such rule of acceptance in this bank."""

    code = "merchants.rule_unknown"


class ClerkUnfit(Invalid):
    """Only somebody with the role merchant_clerk and no other stands in a store."""

    code = "merchants.clerk_unfit"


class StoreNotChosen(Invalid):
    """A clerk of several stores has to say in which one they stand."""

    code = "merchants.store_not_chosen"


class NotYourStore(Forbidden):
    """Somebody who is no clerk of the store."""

    code = "merchants.not_your_store"


class NotAcceptedHere(Conflict):
    """The benefit is accepted elsewhere.

    Its data: `where` names some stores, `places` says how many there are, `counters` whether the bank's own do.
    """

    code = "merchants.not_accepted_here"


class NotAcceptedNow(Conflict):
    """The benefit is accepted here on other days or hours, which its data names."""

    code = "merchants.not_accepted_now"


def judge(rules: Sequence[Rule], place: Place, at: datetime, where: Sequence[str]) -> Refusal | None:
    """Whether a benefit is accepted at a place and time: None, or why not.

    `rules` are those of the narrowest scope that has any; without any it is accepted at the bank's own counters.
    `where` are names of stores that accept it, for the refusal.
    """
    if not rules and place.store_id is None:
        return None
    here = [rule for rule in rules if rule.covers(place)]
    if not here:
        return NotAcceptedHere(
            "This benefit is not accepted here.",
            where=list(where[:WHERE_MAX]),
            places=len(where),
            counters=not rules or any(rule.counters for rule in rules),
        )
    if any(rule.is_open(at) for rule in here):
        return None
    return NotAcceptedNow(
        "This benefit is not accepted at this time.",
        weekdays=sorted({day for rule in here for day in rule.weekdays or range(1, 8)}),
        from_minute=min(rule.from_minute for rule in here),
        until_minute=max(rule.until_minute for rule in here),
    )


def check_scope(units: Units, unit_id: int) -> None:
    """Raise `OutOfScope` unless the unit is one of those looked after."""
    if units is not None and unit_id not in units:
        raise OutOfScope(f"Unit {unit_id} is outside your scope; ask head office.", unit_id=unit_id)


def check_whole_bank(units: Units) -> None:
    """Raise `OutOfScope` for somebody who looks after a part of the bank: acceptance holds in all of it."""
    if units is not None:
        raise OutOfScope("Rules of acceptance hold for the whole bank; ask head office.")


def check_merchant(code: str | None, name: str, name_en: str, category: str) -> None:
    """Raise `MerchantUnfit`."""
    if code is not None and not _CODE.fullmatch(code):
        raise MerchantUnfit("A code has 1 to 32 of A-Z, a-z, 0-9, dot, dash, underscore.", pointer="/code")
    if not 1 <= len(name.strip()) <= 60 or len(name_en) > 100:
        raise MerchantUnfit("A name has 1 to 60 characters, an English one at most 100.", pointer="/name")
    if not 1 <= len(category) <= 40:
        raise MerchantUnfit("A category has 1 to 40 characters.", pointer="/category")


def check_store(new: NewStore | StoreChange) -> None:
    """Raise `MerchantUnfit`."""
    check_merchant(new.code if isinstance(new, NewStore) else None, new.name, new.name_en, "store")
    if not _REGION.fullmatch(new.region):
        raise MerchantUnfit("A region is a code of 6 digits (GB/T 2260), such as 330200.", pointer="/region")
    if not 2 <= len(new.street.strip()) <= 200 or len(new.hours) > 100:
        raise MerchantUnfit("Say where it is, in 2 to 200 characters; hours have at most 100.", pointer="/street")
    if (new.latitude is None) != (new.longitude is None):
        raise MerchantUnfit("Give latitude and longitude, or neither.", pointer="/latitude")
    if not -90 <= (new.latitude or 0) <= 90 or not -180 <= (new.longitude or 0) <= 180:
        raise MerchantUnfit("Latitude is -90 to 90, longitude -180 to 180.", pointer="/latitude")


def check_rule(new: NewRule) -> None:
    """Raise `MerchantUnfit`."""
    if not (new.counters or new.merchant_ids or new.store_ids):
        raise MerchantUnfit("Say where it is accepted: merchants, stores or counters.", pointer="/merchant_ids")
    if len(new.merchant_ids) + len(new.store_ids) + len(new.excluded_store_ids) > 5_000:
        raise MerchantUnfit("A rule names at most 5,000 places.", pointer="/store_ids")
    if any(not 1 <= day <= 7 for day in new.weekdays) or len(set(new.weekdays)) != len(new.weekdays):
        raise MerchantUnfit("Weekdays are 1 (Monday) to 7, each once.", pointer="/weekdays")
    if not 0 <= new.from_minute < new.until_minute <= _DAY_MINUTES:
        raise MerchantUnfit("Hours begin before they end, within one day.", pointer="/from_minute")
    if new.scope is Scope.CATEGORY:
        if not 1 <= len(new.scope_key) <= 40:
            raise MerchantUnfit("A category has 1 to 40 characters.", pointer="/scope_key")
        return
    try:
        UUID(new.scope_key)
    except ValueError:
        raise MerchantUnfit(f"Name the {new.scope} by its id.", pointer="/scope_key") from None
