"""Where an invitation code is typed in that somebody told."""

from typing import Any

from litestar import Response, get
from litestar.response import Redirect

from huoke.app.h5.visit import Visit
from huoke.kernel.tx import Database
from huoke.reward import referral


@get("/r", operation_id="ask_invitation_code", opt={"public": True}, include_in_schema=False)
async def ask_code(visit: Visit, database: Database, code: str = "") -> Response[Any]:
    """A form for a code; a known one leads on to its invitation, of another it says that there is none."""
    asked = "".join(code.split())[:40]
    if asked:
        async with database.begin(visit.bank.id) as tx:
            known = await referral.is_known(tx, asked)
        if known:
            return Redirect(f"{visit.home}/r/{asked}", status_code=303, headers={"Cache-Control": "no-store"})
    return visit.page("invite_code.html", path=f"{visit.home}/r", asked=asked)


routes = [ask_code]
