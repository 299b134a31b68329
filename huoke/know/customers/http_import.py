"""What imports read from and brought, over HTTP: databases, queries, entities, rows, undoing."""

from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from huoke.govern.people import staff
from huoke.kernel.http import Page, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx
from huoke.know.customers import databases, extract, importing
from huoke.know.customers.databases import ImportDatabase, NewDatabase
from huoke.know.customers.entities import EntityField, entities
from huoke.know.customers.extract import Extract, NewExtract
from huoke.know.customers.import_model import Import
from huoke.know.customers.undo import Brought, BroughtRow, brought, undo

TAGS = ["customers"]
IMPORT = {"permission": "customer.import"}
KEEP = {"permission": "source.write"}


class ImportEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Something beside customers that a file may bring."""

    name: str
    label: str
    label_en: str
    fields: tuple[EntityField, ...]


@get(
    "/v1/import-entities",
    operation_id="list_import_entities",
    opt=IMPORT,
    tags=TAGS,
    summary="What a file may bring beside customers, with the fields of each",
)
async def list_import_entities() -> Page[ImportEntity]:
    """In the order the bank meets them."""
    found = [
        ImportEntity(name=one.name, label=one.label, label_en=one.label_en, fields=one.fields) for one in entities()
    ]
    return Page(items=found, total=len(found))


@get(
    "/v1/import-databases",
    operation_id="list_import_databases",
    opt={"permission": "source.read"},
    tags=TAGS,
    summary="Databases that imports may read, without their passwords",
)
async def list_import_databases(tx: Tx) -> Page[ImportDatabase]:
    """By name."""
    found = await databases.list_databases(tx)
    names = await staff.names(tx, {one.changed_by for one in found})
    items = [msgspec.structs.replace(one, changed_by=names.get(one.changed_by, one.changed_by)) for one in found]
    return Page(items=items, total=len(items))


@put(
    "/v1/import-databases",
    operation_id="put_import_databases",
    opt=KEEP,
    tags=TAGS,
    summary="Add or change databases by name; a password goes in and never comes out",
)
async def put_import_databases(tx: Tx, settings: Settings, data: list[NewDatabase]) -> list[Result]:
    """Only addresses that the instance allows."""
    allowed = databases.allowed_of(settings.import_addresses)

    async def keep(part: Tx, new: NewDatabase) -> UUID:
        return await databases.put_database(part, new, allowed)

    return await each(tx, data, keep)


@delete(
    "/v1/import-databases/{database_id:uuid}",
    operation_id="remove_import_database",
    opt=KEEP,
    tags=TAGS,
    summary="Forget a database with its password",
    status_code=200,
)
async def remove_import_database(tx: Tx, database_id: UUID) -> Page[ImportDatabase]:
    """The databases that are left."""
    await databases.remove_database(tx, database_id)
    found = await databases.list_databases(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/import-extracts",
    operation_id="ask_databases",
    opt=IMPORT,
    tags=TAGS,
    summary="Put queries to databases: each answer becomes a file to import",
)
async def ask_databases(tx: Tx, data: list[NewExtract]) -> list[Result]:
    """Each runs as a job in a read-only transaction."""
    return await each_once(tx, "customers.extract", data, extract.ask)


@get(
    "/v1/import-extracts/{extract_id:uuid}",
    operation_id="get_extract",
    opt=IMPORT,
    tags=TAGS,
    summary="A query and what became of it",
)
async def get_extract(tx: Tx, extract_id: UUID) -> Extract:
    """With the file to import once it is done."""
    return await extract.get_extract(tx, extract_id)


@post(
    "/v1/import-extracts/{extract_id:uuid}/cancellation",
    operation_id="cancel_extract",
    opt=IMPORT,
    tags=TAGS,
    summary="Stop a query",
    status_code=200,
)
async def cancel_extract(tx: Tx, extract_id: UUID) -> Extract:
    """Nothing of its answer is kept."""
    await extract.cancel_extract(tx, extract_id)
    return await extract.get_extract(tx, extract_id)


@get(
    "/v1/imports/{import_id:uuid}/rows",
    operation_id="list_import_rows",
    opt=IMPORT,
    tags=TAGS,
    summary="Customers an import brought or changed, in its order, masked",
)
async def list_import_rows(
    tx: Tx, principal: Principal, import_id: UUID, what: Brought, cursor: str | None = None, limit: int | None = None
) -> Page[BroughtRow]:
    """Within the caller's units."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[int, int]) or (0, -1)
    rows = await brought(tx, import_id, what, scope=principal.units, after=after, limit=size + 1)
    shown = rows[:size]
    more = encode_cursor(shown[-1].chunk, shown[-1].customer.seq) if len(rows) > size else None
    return Page(items=shown, next_cursor=more)


@post(
    "/v1/imports/{import_id:uuid}/undoing",
    operation_id="undo_import",
    opt=IMPORT,
    tags=TAGS,
    summary="Have everything an import brought go back, but for what changed since",
    status_code=200,
)
async def undo_import(tx: Tx, import_id: UUID) -> Import:
    """Runs as a job."""
    await undo(tx, import_id)
    return await importing.get_import(tx, import_id)


routes = [
    list_import_entities,
    list_import_databases,
    put_import_databases,
    remove_import_database,
    ask_databases,
    get_extract,
    cancel_extract,
    list_import_rows,
    undo_import,
]
