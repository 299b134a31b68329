"""Feeds over HTTP, and the databases that feeds and imports read."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from huoke.govern import tenants
from huoke.govern.people import staff
from huoke.kernel.http import Page, Result, each, each_once
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import ImportDatabase, NewDatabase
from huoke.know.feeds import read, steer
from huoke.know.feeds.model import Feed, NewFeed, Upload
from huoke.know.feeds.take import place_of

TAGS = ["feeds"]
IMPORT = {"permission": "customer.import"}
KEEP = {"permission": "source.write"}
LOOK = {"permission": "source.read"}


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a feed."""

    verb: Literal["pause", "resume", "end", "run"]


class DayMove(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with one business day of a feed."""

    business_on: date
    verb: Literal["rerun", "cancel", "excuse"]


@get("/v1/feeds", operation_id="list_feeds", opt=IMPORT, tags=TAGS, summary="Declared feeds with their latest days")
async def list_feeds(tx: Tx, settings: Settings) -> Page[Feed]:
    """By name."""
    found = [await _placed(tx, settings, feed) for feed in await read.find(tx)]
    return Page(items=found, total=len(found))


@post("/v1/feeds", operation_id="declare_feeds", opt=IMPORT, tags=TAGS, summary="Declare nightly feeds")
async def declare_feeds(tx: Tx, data: list[NewFeed]) -> list[Result]:
    """Each by its name; files are taken from its beginning on."""
    return await each_once(tx, "feeds.declare", data, steer.declare)


@get("/v1/feeds/{feed_id:uuid}", operation_id="get_feed", opt=IMPORT, tags=TAGS, summary="A feed with all its days")
async def get_feed(tx: Tx, settings: Settings, feed_id: UUID) -> Feed:
    """Days latest first."""
    return await _placed(tx, settings, await read.get(tx, feed_id))


@put("/v1/feeds/{feed_id:uuid}", operation_id="change_feed", opt=IMPORT, tags=TAGS, summary="Declare a feed anew")
async def change_feed(tx: Tx, settings: Settings, feed_id: UUID, data: NewFeed) -> Feed:
    """What its days brought stays."""
    await steer.change(tx, feed_id, data)
    return await _placed(tx, settings, await read.get(tx, feed_id))


@post(
    "/v1/feeds/{feed_id:uuid}/moves",
    operation_id="move_feed",
    opt=IMPORT,
    tags=TAGS,
    summary="Pause, resume or end a feed, or look for its files now",
    status_code=200,
)
async def move_feed(tx: Tx, settings: Settings, feed_id: UUID, data: Move) -> Feed:
    """A paused feed takes nothing and misses nothing."""
    if data.verb == "run":
        await steer.look_now(tx, feed_id)
    else:
        await steer.move(tx, feed_id, data.verb)
    return await _placed(tx, settings, await read.get(tx, feed_id))


@post(
    "/v1/feeds/{feed_id:uuid}/days",
    operation_id="upload_feed_days",
    opt=IMPORT,
    tags=TAGS,
    summary="Give a feed the uploaded files of days, each with what its control file says",
)
async def upload_feed_days(tx: Tx, feed_id: UUID, data: list[Upload]) -> list[Result]:
    """A day that was done is corrected by its new file."""
    await read.get(tx, feed_id)

    async def take(inner: Tx, upload: Upload) -> date:
        return await steer.upload_day(inner, feed_id, upload)

    return await each_once(tx, f"feeds.upload/{feed_id}", data, take)


@post(
    "/v1/feeds/{feed_id:uuid}/day-moves",
    operation_id="move_feed_day",
    opt=IMPORT,
    tags=TAGS,
    summary="Take a day again, cancel it, or say that it has no file",
    status_code=200,
)
async def move_feed_day(tx: Tx, settings: Settings, feed_id: UUID, data: DayMove) -> Feed:
    """The feed with all its days."""
    verbs = {"rerun": steer.rerun, "cancel": steer.cancel_day, "excuse": steer.excuse}
    await verbs[data.verb](tx, feed_id, data.business_on)
    return await _placed(tx, settings, await read.get(tx, feed_id))


@get(
    "/v1/import-databases",
    operation_id="list_import_databases",
    opt=LOOK,
    tags=["customers"],
    summary="Databases to read",
)
async def list_import_databases(tx: Tx) -> Page[ImportDatabase]:
    """By name."""
    found = await customers.list_databases(tx)
    names = await staff.names(tx, {one.changed_by for one in found})
    items = [msgspec.structs.replace(one, changed_by=names.get(one.changed_by, one.changed_by)) for one in found]
    return Page(items=items, total=len(items))


@put(
    "/v1/import-databases",
    operation_id="put_import_databases",
    opt=KEEP,
    tags=["customers"],
    summary="Ask for databases",
)
async def put_import_databases(tx: Tx, settings: Settings, data: list[NewDatabase]) -> list[Result]:
    """Only addresses that the instance allows; each waits for another person's decision."""
    allowed = customers.allowed_of(settings.import_addresses)

    async def ask(part: Tx, new: NewDatabase) -> UUID:
        return await customers.request_database(part, new, allowed)

    return await each(tx, data, ask)


@delete(
    "/v1/import-databases/{database_id:uuid}",
    operation_id="remove_import_database",
    opt=KEEP,
    tags=["customers"],
    summary="Forget a database with its password",
    status_code=200,
)
async def remove_import_database(tx: Tx, database_id: UUID) -> Page[ImportDatabase]:
    """The databases that are left."""
    await customers.remove_database(tx, database_id)
    found = await customers.list_databases(tx)
    return Page(items=found, total=len(found))


async def _placed(tx: Tx, settings: Settings, feed: Feed) -> Feed:
    """With the folder's whole path, and with whoever declared it by name."""
    bank = (await tenants.get(tx)).code
    names = await staff.names(tx, {feed.created_by})
    place = str(place_of(settings, bank, feed.folder)) if feed.folder else ""
    return msgspec.structs.replace(feed, place=place, created_by=names.get(feed.created_by, feed.created_by))


routes = [
    list_feeds,
    declare_feeds,
    get_feed,
    change_feed,
    move_feed,
    upload_feed_days,
    move_feed_day,
    list_import_databases,
    put_import_databases,
    remove_import_database,
]
