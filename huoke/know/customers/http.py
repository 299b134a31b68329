"""Customers over HTTP: masked rows and pages, attributes, imports with what they read from and what they brought."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter
from litestar.response import Stream

from huoke.govern.people import staff
from huoke.kernel import files
from huoke.kernel.http import (
    Page,
    Result,
    decode_cursor,
    download,
    each,
    each_once,
    encode_cursor,
    page_limit,
    place_of,
    sorted_page,
)
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know.customers import attributes, bands, erase, extract, importing, ownership, read
from huoke.know.customers.bands import BandsRequest, NewBands, check_decided
from huoke.know.customers.entities import EntityField, entities
from huoke.know.customers.erase import Erasure, NewErasure
from huoke.know.customers.extract import Extract, NewExtract
from huoke.know.customers.import_model import Import, ImportStatus, NewImport, SavedMapping
from huoke.know.customers.model import Attribute, CustomerRow, CustomerStatus, FormerValues
from huoke.know.customers.ownership_model import Owner
from huoke.know.customers.proposal import Look, Proposal, propose
from huoke.know.customers.undo import Brought, BroughtRow, brought, undo

TAGS = ["customers"]
READ = {"permission": "customer.read"}
IMPORT = {"permission": "customer.import"}
KNOW = {"permission": "segment.read"}
ERASE = {"permission": "customer.erase"}


class CustomerPage(msgspec.Struct, frozen=True, kw_only=True):
    """A customer whole, who looks after them, and what the caller may do here."""

    customer: read.Customer
    owners: list[Owner]
    can: list[str]


class NewProposal(Look, frozen=True, kw_only=True):
    """An uploaded file to look into, and how."""

    file_id: UUID


class ImportEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Something beside customers that a file may bring."""

    name: str
    label: str
    label_en: str
    fields: tuple[EntityField, ...]


@get(
    "/v1/customers",
    operation_id="list_customers",
    opt=READ,
    tags=TAGS,
    summary="Customers in scope; q finds by exact customer number, phone or id document",
)
async def list_customers(
    tx: Tx,
    principal: Principal,
    q: Annotated[str, Parameter(max_length=100)] = "",
    unit_id: UnitId | None = None,
    status: CustomerStatus | None = None,
    looked_after_by: UUID | None = None,
    pool: bool = False,
    sort: str = read.BY_SEQ,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[CustomerRow]:
    """Masked rows; `looked_after_by` a member of staff, `pool` those nobody owns.

    `sort` by seq, no, unit, changed or status.
    """
    size, order = page_limit(limit), read.order_of(sort)
    found = await read.listed(
        tx,
        q=q,
        scope=principal.units,
        unit_id=unit_id,
        status=status,
        looked_after_by=looked_after_by,
        pool=pool,
        sort=sort,
        after=place_of(cursor, order),
        limit=size + 1,
    )
    return sorted_page(found, size, order, status=status, row_id=attrgetter("seq"))


@get("/v1/customers/{seq:int}", operation_id="get_customer", opt=READ, tags=TAGS, summary="One customer, masked")
async def get_customer(tx: Tx, principal: Principal, seq: int) -> CustomerPage:
    """The customer with attributes, consents, suppressions and the latest changes."""
    customer = await read.get(tx, Seq(seq), scope=principal.units)
    gone = customer.status is CustomerStatus.ERASED
    can = [verb for verb in ("reveal", "erase", "assign") if principal.may(f"customer.{verb}") and not gone]
    return CustomerPage(customer=customer, owners=await ownership.owners_of(tx, customer.seq), can=can)


@get(
    "/v1/customers/{seq:int}/history",
    operation_id="list_customer_history",
    opt=READ,
    tags=TAGS,
    summary="What a customer's fields held before each change",
)
async def list_history(
    tx: Tx, principal: Principal, seq: int, cursor: str | None = None, limit: int | None = None
) -> Page[FormerValues]:
    """Latest change first."""
    await read.get(tx, Seq(seq), scope=principal.units)
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[int])
    rows = await read.history(tx, Seq(seq), before_version=before[0] if before else read.VERSION_MAX, limit=size + 1)
    return Page(items=rows[:size], next_cursor=encode_cursor(rows[size - 1].version) if len(rows) > size else None)


@get("/v1/attributes", operation_id="list_attributes", opt=KNOW, tags=TAGS, summary="What the bank knows of a customer")
async def list_attributes(tx: Tx) -> Page[Attribute]:
    """All definitions, by name."""
    found = await attributes.list_attributes(tx)
    return Page(items=found, total=len(found))


@put("/v1/attributes", operation_id="put_attributes", opt=IMPORT, tags=TAGS, summary="Add or reword attributes")
async def put_attributes(tx: Tx, data: list[Attribute]) -> list[Result]:
    """Each by its name."""

    async def define(part: Tx, attribute: Attribute) -> str:
        await check_decided(part, [attribute])
        await attributes.define_attributes(part, [attribute])
        return attribute.name

    return await each(tx, data, define)


@get(
    "/v1/attribute-bands",
    operation_id="list_bands_requests",
    opt=KNOW,
    tags=TAGS,
    summary="Bands that were asked for, latest first",
)
async def list_bands_requests(tx: Tx) -> Page[BandsRequest]:
    """With how each request ended."""
    found = await bands.band_requests(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/attribute-bands",
    operation_id="request_bands",
    opt=IMPORT,
    tags=TAGS,
    summary="Ask for the bands of sealed values: another person decides",
)
async def request_bands(tx: Tx, data: list[NewBands]) -> list[Result]:
    """One request an attribute."""

    async def ask(inner: Tx, new: NewBands) -> UUID:
        return await bands.request_bands(inner, new)

    return await each(tx, data, ask)


@post(
    "/v1/import-proposals",
    operation_id="propose_mapping",
    opt=IMPORT,
    tags=TAGS,
    summary="Look into an uploaded file and propose a mapping",
    status_code=200,
)
async def propose_mapping(database: Database, principal: Principal, data: NewProposal) -> Proposal:
    """The proposed mapping, how the file was read, and its first rows."""
    return await propose(database, principal.tenant, data.file_id, data)


@get("/v1/import-mappings", operation_id="list_mappings", opt=IMPORT, tags=TAGS, summary="Saved mappings")
async def list_mappings(tx: Tx) -> Page[SavedMapping]:
    """By name."""
    found = await importing.list_mappings(tx)
    return Page(items=found, total=len(found))


@put("/v1/import-mappings", operation_id="put_mappings", opt=IMPORT, tags=TAGS, summary="Save mappings by name")
async def put_mappings(tx: Tx, data: list[SavedMapping]) -> list[Result]:
    """Each over the one that had its name."""

    async def save(part: Tx, saved: SavedMapping) -> str:
        await importing.save_mapping(part, saved)
        return saved.name

    return await each(tx, data, save)


@post("/v1/imports", operation_id="start_imports", opt=IMPORT, tags=TAGS, summary="Import files, or try them")
async def start_imports(tx: Tx, data: list[NewImport]) -> list[Result]:
    """Each runs as a job; the same content with the same mapping again is the same import."""
    return await each_once(tx, "customers.import", data, importing.start)


@get("/v1/imports", operation_id="list_imports", opt=IMPORT, tags=TAGS, summary="Imports, latest first")
async def list_imports(
    tx: Tx, status: ImportStatus | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Import]:
    """Without mapping and report."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime])
    found, counts = await importing.find_imports(
        tx, status=status.value if status else None, before=before[0] if before else None, limit=size + 1
    )
    more = encode_cursor(found[size - 1].created_at) if len(found) > size else None
    items = await _named(tx, found[:size])
    return Page(items=items, next_cursor=more, total=sum(counts.values()), counts=counts)


@get("/v1/imports/{import_id:uuid}", operation_id="get_import", opt=IMPORT, tags=TAGS, summary="An import's report")
async def get_import(tx: Tx, import_id: UUID) -> Import:
    """With mapping, and the report once it has ended."""
    return (await _named(tx, [await importing.get_import(tx, import_id)]))[0]


@post(
    "/v1/imports/{import_id:uuid}/cancellation",
    operation_id="cancel_import",
    opt=IMPORT,
    tags=TAGS,
    summary="Stop an import after its present chunk",
    status_code=200,
)
async def cancel_import(tx: Tx, import_id: UUID) -> Import:
    """What is in stays in."""
    await importing.cancel_import(tx, import_id)
    return await importing.get_import(tx, import_id)


@get(
    "/v1/imports/{import_id:uuid}/rejects",
    operation_id="download_rejects",
    opt=IMPORT,
    tags=TAGS,
    summary="Refused rows as CSV, each with line, cause and mend",
)
async def download_rejects(tx: Tx, database: Database, principal: Principal, import_id: UUID) -> Stream:
    """Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    file = await files.get(tx, await importing.rejects_file(tx, import_id))
    return download(database, principal.tenant, file)


@get("/v1/import-entities", operation_id="list_import_entities", opt=IMPORT, tags=TAGS, summary="What a file may bring")
async def list_import_entities() -> Page[ImportEntity]:
    """In the order the bank meets them."""
    found = [
        ImportEntity(name=one.name, label=one.label, label_en=one.label_en, fields=one.fields) for one in entities()
    ]
    return Page(items=found, total=len(found))


@post("/v1/import-extracts", operation_id="ask_databases", opt=IMPORT, tags=TAGS, summary="Put queries to databases")
async def ask_databases(tx: Tx, data: list[NewExtract]) -> list[Result]:
    """Each runs as a job in a read-only transaction."""
    return await each_once(tx, "customers.extract", data, extract.ask)


@get(
    "/v1/import-extracts/{extract_id:uuid}",
    operation_id="get_extract",
    opt=IMPORT,
    tags=TAGS,
    summary="A query so far",
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


@get("/v1/erasures", operation_id="list_erasures", opt=ERASE, tags=TAGS, summary="Requests to erase, latest first")
async def list_erasures(tx: Tx, principal: Principal) -> Page[Erasure]:
    """Those of the caller's units."""
    return Page(items=await erase.erasures(tx, scope=principal.units))


@post(
    "/v1/erasures",
    operation_id="request_erasures",
    opt=ERASE,
    tags=TAGS,
    summary="Ask to erase customers: another person decides, then nothing readable is left",
)
async def request_erasures(tx: Tx, principal: Principal, data: list[NewErasure]) -> list[Result]:
    """One request a customer."""

    async def ask(inner: Tx, new: NewErasure) -> UUID:
        return await erase.request_erasure(inner, new, scope=principal.units)

    return await each(tx, data, ask)


async def _named(tx: Tx, found: list[Import]) -> list[Import]:
    """With whoever started them by name; who is no member of staff keeps the id."""
    names = await staff.names(tx, {started.created_by for started in found})
    return [
        msgspec.structs.replace(started, created_by=names.get(started.created_by, started.created_by))
        for started in found
    ]


routes = [
    list_customers,
    get_customer,
    list_history,
    list_attributes,
    put_attributes,
    list_bands_requests,
    request_bands,
    propose_mapping,
    list_mappings,
    put_mappings,
    start_imports,
    list_imports,
    get_import,
    cancel_import,
    download_rejects,
    list_erasures,
    request_erasures,
    list_import_entities,
    ask_databases,
    get_extract,
    cancel_extract,
    list_import_rows,
    undo_import,
]
