"""An invitation as a poster: drawn for the page, and as a picture that phones keep and send."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from huoke.app.h5.visit import Visit
from huoke.kernel.tx import Database
from huoke.know.entry_points import Picture, PngUnavailable
from huoke.reward import referral

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}


@get("/r/{code:str}/poster.svg", operation_id="draw_invitation", opt=PUBLIC, include_in_schema=False)
async def poster(request: Request[Any, Any, Any], visit: Visit, database: Database, code: str) -> Response[bytes]:
    """An invitation as a poster to save and show."""
    drawn = await _drawn(request, visit, database, code, Picture.POSTER_SVG)
    headers = {**_NO_STORE, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(drawn, media_type="image/svg+xml", headers=headers)


@get("/r/{code:str}/poster.png", operation_id="draw_invitation_picture", opt=PUBLIC, include_in_schema=False)
async def poster_png(
    request: Request[Any, Any, Any], visit: Visit, database: Database, code: str
) -> Response[bytes] | Redirect:
    """The same as a picture; where a sign cannot be drawn here, the phone draws the poster itself."""
    try:
        drawn = await _drawn(request, visit, database, code, Picture.POSTER_PNG)
    except PngUnavailable:
        return Redirect(f"{visit.home}/r/{code}/poster.svg", status_code=303, headers=_NO_STORE)
    headers = {**_NO_STORE, "Content-Security-Policy": "default-src 'none'"}
    return Response(drawn, media_type="image/png", headers=headers)


def origin_of(request: Request[Any, Any, Any]) -> str:
    """Where this request came to."""
    return str(request.base_url).rstrip("/")


async def _drawn(request: Request[Any, Any, Any], visit: Visit, database: Database, code: str, kind: Picture) -> bytes:
    async with database.begin(visit.bank.id) as tx:
        found = await referral.invitation(tx, code, None)
        english = visit.words.language == "en"
        return await referral.poster(tx, found.programme.terms, code, origin_of(request), english=english, kind=kind)


routes = [poster, poster_png]
