"""Serving the decision of a request: what applying it would do, and how the rules come out."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from huoke.govern.approvals import ChangeState, Check, Simulation
from huoke.govern.requests.keep import Requests
from huoke.kernel.tx import Tx

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class Approval(ABC, Generic[Wanted]):
    """Serves approvals of the kind of its `requests`; a module says what a request would do and how its rules come out.

    A module that needs more for it than a transaction (a store to count in, say) takes it when this is made.
    """

    kind: str
    requests: ClassVar[Requests[Any]]

    @abstractmethod
    async def effects(self, tx: Tx, wanted: Wanted) -> Simulation:
        """What it would do now."""

    @abstractmethod
    async def checks(self, tx: Tx, wanted: Wanted) -> list[Check]:
        """How every rule comes out now."""

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What applying would do now."""
        return await self.effects(tx, await self.requests.wanted(tx, subject_id))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """How every rule comes out now."""
        return await self.checks(tx, await self.requests.wanted(tx, subject_id))

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Put it in force in this transaction; `Stale`, and what no longer fits."""
        await self.requests.apply(tx, subject_id, diff_hash)

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """What was not approved changes nothing."""
        await self.requests.close(tx, subject_id, state)
