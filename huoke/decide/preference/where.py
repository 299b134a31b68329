"""Where some customers live, as far as the bank knows."""

from collections.abc import Sequence
from typing import Any

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers, language, segments
from huoke.reward.catalogue import region_prefix

ANYBODY = segments.Scope(anybody=True)
"""Customers are given, and counted by where they live; nobody is chosen by it."""


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
