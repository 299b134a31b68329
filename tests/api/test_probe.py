"""Every operation × every role × the neighbour's ids: what is another bank's cannot be seen, changed, or guessed at.

The list of operations is the API's own document, so a new operation is probed from its first day, and one with a kind
of id that this file does not know fails here until it is taught one.
"""

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any, get_args

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from huoke.govern import approvals, audit
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel import files
from huoke.kernel.sets import Absent, CustomerSet, Leaf, SetServer, Source
from huoke.kernel.sets.wire import Request
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import customers
from tests.api import contract
from tests.api.bodies import request_body
from tests.api.conftest import Bank
from tests.make import approvals as make_approvals
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import grants as make_grants

API = contract.document()
OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for method, path, operation in contract.operations()
    if operation["operationId"] != "sign_out"
]
"""All but signing out, which would end the probe; tests/govern shows it."""
OPTIONS = contract.options()
OPEN_TO_ALL = {name for name, option in OPTIONS.items() if option.get("public")}
"""Operations without a session: health, and those that bring one's own secret."""
ENDING = [one for one in OPERATIONS if not str(one.values[1]).endswith("/stream")]
"""A stream is endless by design; its list is probed, and test_streams reads it."""
CLOSED = [one for one in OPERATIONS if one.id not in OPEN_TO_ALL]
UNSAFE = [one for one in CLOSED if one.values[0] != "GET"]
KINDS = {
    "staff": "staff_id",
    "suppliers": "supplier_id",
    "brands": "brand_id",
    "items": "item_id",
    "skus": "sku_id",
    "bundles": "bundle_id",
    "merchants": "merchant_id",
    "stores": "store_id",
    "budgets": "budget_id",
    "pools": "pool_id",
    "campaigns": "campaign_id",
    "segments": "segment_id",
    "tags": "tag_id",
}
"""What a plain `id` in a body of /v1/<this> names."""
TABLES = {
    "campaign_id": "campaigns.campaign",
    "paper_id": "jobs.job",
    "payment_id": "payments.payment",
    "after_sale_id": "mall.after_sale",
    "catalogue_id": "library.import",
    "entry_point_id": "entry_points.entry_point",
    "template_id": "campaigns.template",
    "setup_id": "kits.setup",
    "segment_id": "segments.segment",
    "tag_id": "tags.tag",
    "model_id": "models.version",
    "ring_id": "relations.ring",
    "audience_id": "segments.audience",
    "upload_id": "segments.upload",
    "exclusion_id": "exclusions.exclusion",
    "lookalike_id": "lookalikes.search",
    "list_id": "lists.list_export",
    "view_id": "views.view",
    "key": "campaigns.template",
    "statement_id": "statements.statement",
    "invoice_id": "invoices.invoice",
    "invoice_paper_id": "invoices.paper",
    "redemption_id": "grants.redemption",
    "grant_id": "grants.grant",
    "offer_id": "grants.offer",
    "budget_id": "ledger.budget",
    "pool_id": "grants.pool",
    "sku_id": "catalogue.sku",
    "item_id": "catalogue.item",
    "brand_id": "catalogue.brand",
    "supplier_id": "supply.supplier",
    "change_id": "approvals.change",
    "export_id": "audit.export",
    "staff_id": "people.staff",
    "session_id": "identity.session",
    "key_id": "identity.api_key",
    "file_id": "files.file",
    "import_id": "customers.import",
    "job_id": "jobs.job",
    "source_id": "events.source",
    "seq": "customers.customer",
    "order_id": "fulfilment.supplier_order",
    "consignment_id": "consignments.consignment",
    "day_file_id": "reconciliation.day_file",
    "difference_id": "reconciliation.difference",
    "bundle_id": "catalogue.bundle",
    "batch_id": "card_codes.batch",
    "merchant_id": "merchants.merchant",
    "store_id": "merchants.store",
    "shipment_id": "outlets.shipment",
    "case_id": "care.case_file",
    "service_offer_id": "care.service_offer",
    "compensation_id": "care.compensation",
    "extension_id": "care.extension",
    "reading_id": "care.code_reading",
    "phone_id": "channels.trial_phone",
    "account_id": "accounts.account",
    "feed_id": "feeds.feed",
    "database_id": "customers.database",
    "extract_id": "customers.extract",
    "load_id": "loads.load",
    "play_id": "plays.play",
    "programme_id": "referral.programme",
    "bond_id": "referral.bond",
    "group_buy_id": "group_buy.programme",
    "party_id": "group_buy.party",
}
"""Path parameter → the table in which the neighbour has a row of that kind."""
SURE = {"supplier_id", "sku_id", "item_id", "brand_id", "budget_id", "pool_id", "offer_id", "staff_id", "session_id"}
SURE |= {"seq", "import_id", "file_id", "change_id", "export_id"}
"""Kinds that `furnish` makes for certain; of the others a number nobody has must do."""


@pytest.fixture(scope="module")
async def foreign(database, owner, clickhouse, their_bank: Bank) -> dict[str, Any]:
    """An id of everything the neighbour has."""
    await furnish(database, their_bank)
    ids: dict[str, Any] = {}
    async with owner.begin_shared() as tx:
        for name, table in TABLES.items():
            column = "seq" if name == "seq" else "id"
            found = None
            if await tx.fetch_value("SELECT to_regclass($1) IS NOT NULL", table):
                found = await tx.fetch_value(
                    f"SELECT {column} FROM {table} WHERE tenant_id = $1 ORDER BY {column} DESC LIMIT 1",
                    their_bank.tenant,
                )
            assert found is not None or name not in SURE, f"the neighbour has no {name}"
            ids[name] = found if isinstance(found, int) else str(found or "00000000-0000-7000-8000-000000000001")
    return ids


async def furnish(database, bank: Bank) -> None:
    """Give a bank one of everything that the API names by id."""
    rows = [{"customer_no": f"T{n}", "name": "邻居", "phone": f"1390000{n:04d}", "unit_code": "N1"} for n in range(400)]
    await make_customers.import_rows(database, bank.tenant, rows, {})
    maker = Actor(ActorKind.STAFF, bank.staff_ids["operator"])
    notes = make_approvals.Notes()
    approvals.register(notes)
    async with database.begin(bank.tenant, maker) as tx:
        await make_catalogue.voucher(tx)
        await make_grants.world(tx)
        await approvals.submit(tx, notes.new_change("n-1", "邻居的改动", bank.units.head))
        await audit.request_export(tx, audit.NewExport(reason="邻居的导出"))
        await files.put(tx, "邻居.csv", "text/csv", b"x", tx.now + timedelta(days=1))
    async with database.begin(bank.tenant) as tx:
        assert (await customers.find_by_no(tx, ["T399"]))["T399"] > 0


async def events_of(owner, bank: Bank) -> int:
    async with owner.begin_shared() as tx:
        return await tx.fetch_value(
            "SELECT (SELECT count(*) FROM kernel.event WHERE tenant_id = $1)"
            " + (SELECT count(*) FROM audit.entry WHERE tenant_id = $1)",
            bank.tenant,
        )


CODES = {"bank_code": "nobody", "supplier_code": "NOBODY", "bank": "no-bank-of-that-code"}
CODES |= {"partner": "nobody", "number": "nothing", "month": "1999-01-01"}
"""Path parameters that are words, not ids."""


def filled(path: str, ids: dict[str, Any]) -> str:
    ids = {**ids, **CODES}
    names = re.findall(r"{(\w+)}", path)
    unknown = [name for name in names if name not in TABLES and name not in CODES]
    assert not unknown, f"{path}: teach TABLES where the neighbour's {unknown} are"
    return re.sub(r"{(\w+)}", lambda match: str(ids[match[1]]), path)


def tells(text: str, ids: dict[str, Any]) -> list[str]:
    """Which of the neighbour's ids an answer shows (its small numbers are anybody's, so only long ids count)."""
    return [name for name, value in ids.items() if isinstance(value, str) and value in text]


@pytest.mark.parametrize(("method", "path", "operation"), ENDING)
async def test_the_neighbours_things_are_out_of_reach(
    client, owner, our_bank: Bank, their_bank: Bank, foreign, method, path, operation
):
    address = filled(path, foreign)
    before = await events_of(owner, their_bank)
    asked = request_body(API, operation, named(path, foreign))
    statuses: Counter[int] = Counter()
    for role in Role:
        answer = await our_bank.staff[role.value].ask(method, address, **asked)
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, f"{role}: {answer.status_code} {answer.text}"
        if "{" in path and operation["operationId"] not in OPEN_TO_ALL:
            reached = answer.status_code < 400 and not all_failed(answer)
            assert not reached, f"{role} reached it: {answer.text[:300]}"
        if answer.status_code < 400 and method == "GET":
            assert not tells(answer.text, foreign), f"{role} was told of {tells(answer.text, foreign)}"
    assert await events_of(owner, their_bank) == before
    allowed = OPTIONS[operation["operationId"]]
    signed_in_as_staff = not (allowed.get("customer") or allowed.get("public"))
    assert not signed_in_as_staff or statuses[401] == 0, "nobody was signed in: the probe proves nothing"
    if allowed.get("permission", "any") != "any":
        assert statuses[403] >= len(Role) - len([role for role in Role if allowed["permission"] in PERMISSIONS[role]])


def named(path: str, ids: dict[str, Any]) -> dict[str, Any]:
    """The ids by field name, and what a plain `id` means in this resource."""
    kind = KINDS.get(path.split("/")[2]) if path.count("/") >= 2 else None
    return {**ids, "id": ids[kind]} if kind else ids


def all_failed(answer) -> bool:
    told = answer.json() if answer.content else None
    return isinstance(told, list) and bool(told) and all(item.get("status") == "failed" for item in told)


@pytest.mark.parametrize(("method", "path", "operation"), CLOSED)
async def test_without_a_session_or_with_a_broken_one_nothing_opens(client, foreign, method, path, operation):
    for headers in ({}, {"Cookie": "huoke_test_staff=9.x"}, {"Authorization": "Bearer 1.x"}):
        asked = request_body(API, operation, foreign)
        asked["headers"] = {**asked.get("headers", {}), **headers}
        answer = await client.request(method, filled(path, foreign), **asked)
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def may(operation_id: str) -> list[Role]:
    """The roles an operation is for: others are turned away before anybody looks at their token."""
    wanted = OPTIONS[operation_id].get("permission")
    return [role for role in Role if wanted == "any" or wanted in PERMISSIONS[role]]


@pytest.mark.parametrize(("method", "path", "operation"), UNSAFE)
async def test_an_unsafe_request_needs_the_sessions_token(client, our_bank: Bank, foreign, method, path, operation):
    callers = may(operation["operationId"])
    for role in callers or Role:
        cookie = {"Cookie": our_bank.staff[role.value].headers["Cookie"]}
        asked = request_body(API, operation, foreign)
        asked["headers"] = {**asked.get("headers", {}), **cookie}
        answer = await client.request(method, filled(path, foreign), **asked)
        if callers:
            assert (answer.status_code, answer.json()["code"]) == (403, "session.csrf"), answer.text
        else:
            assert answer.status_code in (401, 403), answer.text


async def test_a_leak_would_be_seen(foreign):
    assert tells(json.dumps({"id": foreign["sku_id"]}), foreign) == ["sku_id"]


async def test_the_ids_are_real(their_bank: Bank, foreign):
    """The neighbour's own people do reach what ours could not."""
    for role, path in (
        ("operator", "/v1/customers/{seq}"),
        ("operator", "/v1/imports/{import_id}"),
        ("buyer", "/v1/skus/{sku_id}"),
        ("approver", "/v1/approvals/{change_id}"),
        ("auditor", "/v1/audit/exports"),
    ):
        answer = await their_bank.staff[role].ask("GET", filled(path, foreign))
        assert answer.status_code == 200, (path, answer.text)


async def test_clickhouse_is_a_database_a_bank(clickhouse, bank, other_bank):
    """The port names the bank's own database for every statement; the neighbour's table is simply not there."""
    await clickhouse.command(other_bank, "CREATE TABLE probe (x UInt8) ENGINE = MergeTree ORDER BY x")
    found = await clickhouse.query(
        bank, "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'probe'"
    )
    assert found.column("n").to_pylist() == [0]
    await clickhouse.command(other_bank, "DROP TABLE probe")


async def test_a_set_answers_no_other_bank(clickhouse, cluster, bank, other_bank):
    """Every request the set server knows, sent for the neighbour: what this bank holds is neither seen nor touched."""
    server = SetServer("", clickhouse_url=cluster.clickhouse_url)
    await clickhouse.command(bank, "CREATE TABLE probe_set (seq UInt32) ENGINE = MergeTree ORDER BY seq")
    await clickhouse.command(bank, "INSERT INTO probe_set VALUES (1), (2)")
    source = Source("SELECT toUInt8(0) AS key, groupBitmapState(seq) AS bitmap FROM probe_set", {0: "mine"})
    ours = CustomerSet.of(bank, [1, 2])
    plan = Leaf(key="mine")
    try:
        await server.put(bank, {"mine": ours.to_bytes()})
        for request in get_args(Request):
            match request.__name__:
                case "Missing":
                    assert await server.missing(other_bank, ["mine"]) == ["mine"]
                case "Put":
                    with pytest.raises(AssertionError, match="ForeignSet"):
                        await server.put(other_bank, {"mine": ours.to_bytes()})
                case "Drop":
                    await server.drop(other_bank, ["mine"])
                case "Evaluate":
                    with pytest.raises(Absent):
                        await server.evaluate(other_bank, plan)
                case "Fetch":
                    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
                        await server.fetch(other_bank, [source])
                case unknown:
                    pytest.fail(f"no probe for {unknown}")
            assert (await server.evaluate(bank, plan)).total == 2
        await server.fetch(bank, [source])
        assert (await server.evaluate(bank, plan)).total == 2
    finally:
        await clickhouse.command(bank, "DROP TABLE probe_set")
