"""A command's own session: connected to the running instance, acting as one member of staff of one bank.

The command line is for whoever holds the machine, so no password is asked; but a staff member's permissions, unit scope
and maker ≠ checker hold as they do in the API, and the audit trail names that person.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Any, TypeVar

import msgspec
from cyclopts import Parameter

from huoke.app.runtime import Runtime, open_runtime
from huoke.govern import identity, tenants
from huoke.kernel import settings as instance
from huoke.kernel.http.edge import NotAllowed
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx

T = TypeVar("T")

Bank = Annotated[str, Parameter(name="--bank", env_var="HUOKE_BANK", help="The bank's code, such as binhai.")]
As = Annotated[str, Parameter(name="--as", env_var="HUOKE_AS", help="The login of the member of staff who acts.")]


class Session(msgspec.Struct, frozen=True):
    """A runtime and who acts in it."""

    runtime: Runtime
    principal: Principal

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` unless a role of that person holds the permission."""
        if not self.principal.may(permission):
            raise NotAllowed(f"{self.principal.name} lacks the permission '{permission}'.", permission=permission)

    def begin(self, permission: str | None = None) -> AbstractAsyncContextManager[Tx]:
        """A transaction as that person; `NotAllowed` when no role of theirs holds the permission."""
        if permission:
            self.require(permission)
        return self.runtime.database.begin(self.principal.tenant, self.principal.actor)


@asynccontextmanager
async def open_session(bank: str, login: str) -> AsyncIterator[Session]:
    """Connect to the instance and act as `login` of `bank`; refuses unknown banks and logins."""
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        tenant = await tenants.find_by_code(runtime.database, bank)
        principal = await identity.principal_of_login(runtime.database, tenant, login)
        yield Session(runtime, principal)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine."""
    return asyncio.run(work)
