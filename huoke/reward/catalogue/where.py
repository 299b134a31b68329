"""Where some customers live, as far as the bank knows, beside benefits that hold in some regions only."""

from collections.abc import Sequence
from typing import Any

import msgspec

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers, language, segments
from huoke.reward.catalogue.model import Sku, region_prefix

ANYBODY = segments.Scope(anybody=True)
"""Customers are given, and counted by where they live; nobody is chosen by it."""
REGIONS_SHOWN = 3


class Regional(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit of some regions only (GB/T 2260): so many it is offered to live `elsewhere`, or where is `unknown`."""

    name: str
    name_en: str
    regions: list[str]
    elsewhere: int
    unknown: int

    def told(self) -> str:
        """As a check says it in Chinese."""
        unknown = f"、{self.unknown:,} 户常住地未登记" if self.unknown else ""
        return f"{self.name}（{'、'.join(self.regions[:REGIONS_SHOWN])}）{self.elsewhere:,} 户住在别处{unknown}"

    def told_en(self) -> str:
        """As a check says it in English."""
        unknown = f", of {self.unknown:,} it is not known" if self.unknown else ""
        named = f"{self.name_en or self.name} ({', '.join(self.regions[:REGIONS_SHOWN])})"
        return f"{named}: {self.elsewhere:,} live elsewhere{unknown}"


class Where:
    """Where given customers live, asked once for each set of regions that benefits hold in."""

    def __init__(self, tx: Tx, analytics: language.Analytics, members: CustomerSet) -> None:
        self._tx, self._analytics, self._members = tx, analytics, members
        self._found: dict[tuple[str, ...], CustomerSet] = {}

    async def placed(self) -> CustomerSet:
        """Those whose region is known; nobody where the bank keeps no such attribute, or keeps it sealed."""
        return await self._among((), {"kind": "attr", "name": customers.REGION, "op": "is_known"})

    async def near(self, regions: Sequence[str]) -> CustomerSet:
        """Those who live in one of some regions."""
        codes = tuple(sorted({region_prefix(one) for one in regions}))
        of = [{"kind": "attr", "name": customers.REGION, "op": "begins", "value": code} for code in codes]
        return await self._among(codes, {"kind": "any", "of": of})

    async def _among(self, codes: tuple[str, ...], expression: dict[str, Any]) -> CustomerSet:
        if codes not in self._found:
            try:
                living = await segments.members_of(self._tx, self._analytics, language.parse(expression), ANYBODY)
            except (language.AttributeMissing, language.AttributeSealed):
                living = CustomerSet.empty(self._members.tenant)
            self._found[codes] = self._members & living
        return self._found[codes]

    async def of(self, sku: Sku, *parts: CustomerSet) -> Regional:
        """How many of some customers, nobody in two parts, live where a benefit is of no use, or nobody knows where."""
        placed = await self.placed()
        elsewhere = placed - await self.near(sku.regions)
        return Regional(
            name=sku.name,
            name_en=sku.name_en,
            regions=sku.regions,
            elsewhere=sum(len(part & elsewhere) for part in parts),
            unknown=sum(len(part - placed) for part in parts),
        )
