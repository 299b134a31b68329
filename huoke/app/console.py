"""Serving the console: index pages with a fresh CSP nonce, hashed assets for ever, compressed ahead of time."""

import mimetypes
import secrets
from pathlib import Path

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

STATIC = Path(__file__).parent / "static"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER = "public, max-age=31536000, immutable"


def content_policy(nonce: str) -> str:
    """The Content-Security-Policy of every page: everything from here, scripts and styles by nonce."""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


@get("/", operation_id="get_root", opt={"public": True}, include_in_schema=False)
async def root() -> Redirect:
    """Send people to the console."""
    return Redirect("/console/")


@get(
    ["/console", "/console/{path:path}"],
    operation_id="get_console",
    opt={"public": True},
    include_in_schema=False,
)
async def console(request: Request, path: Path | None = None) -> Response[bytes]:  # type: ignore[type-arg]
    """A file of the build, or the index page for every address the console routes itself."""
    relative = str(path or "").lstrip("/")
    if relative.startswith("assets/"):
        return _asset(STATIC / "console", relative, request.headers.get("Accept-Encoding", ""))
    plain = STATIC / "console" / relative
    if relative and "." in Path(relative).name and plain.resolve().is_relative_to(STATIC.resolve()) and plain.is_file():
        return Response(plain.read_bytes(), media_type=_media_type(plain), headers={"Cache-Control": "max-age=3600"})
    return _index(STATIC / "console" / "index.html")


def _index(page: Path) -> Response[bytes]:
    if not page.exists():
        raise NotFoundException("The console is not built yet: run 'make web'.")
    nonce = secrets.token_urlsafe(18)
    html = page.read_text().replace("__CSP_NONCE__", nonce)
    headers = {
        "Content-Security-Policy": content_policy(nonce),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return Response(html.encode(), media_type="text/html; charset=utf-8", headers=headers)


def _asset(root_folder: Path, relative: str, accepted: str) -> Response[bytes]:
    file = (root_folder / relative).resolve()
    if not file.is_relative_to(root_folder.resolve()) or not file.is_file():
        raise NotFoundException("There is no such file.")
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    for encoding, suffix in ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if encoding in accepted and packed.exists():
            return Response(
                packed.read_bytes(), media_type=_media_type(file), headers={**headers, "Content-Encoding": encoding}
            )
    return Response(file.read_bytes(), media_type=_media_type(file), headers=headers)


def _media_type(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


routes = [root, console]
