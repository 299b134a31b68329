"""The SQL twin of the import contracts: a statement names its own module's tables only, and stands in its store."""

import re

from tests.gates.sources import ROOT, name_of, source_files, strings_of

STATEMENT = re.compile(
    r"\b(?:SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\s+[\w.{}]+\s+(?:AS\s+\w+\s+)?SET|DELETE\s+FROM)\b", re.DOTALL
)
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON)\s+(?:ONLY\s+)?([a-z_]+)\.([a-z_]+)\b")
ROOMS = ("store", "tables", "streams", "sql")
"""Files of a module that may hold SQL; a store grown into a folder keeps the name."""
READS_ALL = "huoke.measure."
SYSTEM = {"information_schema", "pg_catalog", "system"}
ALIASES = 2
"""Shorter than this is an alias of a row source, not a schema."""


def modules():
    for path in source_files():
        name = name_of(path)
        parts = name.split(".")
        if len(parts) >= 4 and parts[1] not in ("kernel", "app"):
            yield path, parts


def named_schemas(text: str) -> set[str]:
    return {schema for schema, _ in TABLE.findall(text) if len(schema) > ALIASES} - SYSTEM


def schemas_in_code() -> set[str]:
    from huoke.app.migrate import declare_tables
    from huoke.kernel.schema import metadata

    declare_tables()
    return {table.schema for table in metadata.tables.values() if table.schema}


def test_a_statement_names_only_its_own_modules_tables():
    known = schemas_in_code()
    foreign = []
    for path, parts in modules():
        if ".".join(parts).startswith(READS_ALL):
            continue
        for line, text in strings_of(path):
            if STATEMENT.search(text):
                foreign += [
                    f"{path.relative_to(ROOT)}:{line} names {schema}"
                    for schema in named_schemas(text) & known
                    if schema not in (parts[2], "kernel")
                ]
    assert not foreign


def test_sql_stands_in_the_store():
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line} {text.strip()[:60]!r}"
        for path, parts in modules()
        if not any(part.startswith(ROOMS) for part in parts[3:])
        for line, text in strings_of(path)
        if STATEMENT.search(text)
    ]
    assert not elsewhere


def test_measure_writes_nothing():
    writes = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\.\w+\s+SET|DELETE\s+FROM)\b")
    written = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, parts in modules()
        if parts[1] == "measure"
        for line, text in strings_of(path)
        if writes.search(text)
    ]
    assert not written


def test_no_statement_asks_the_database_for_the_time():
    asking = re.compile(r"\b(now\(\)|current_timestamp|clock_timestamp\(\)|CURRENT_DATE)\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, _ in modules()
        for line, text in strings_of(path)
        if STATEMENT.search(text) and asking.search(text)
    ]
    assert not found


def test_the_twin_sees_a_foreign_table():
    text = "SELECT c.seq FROM customers.customer AS c JOIN grants.grant AS g ON g.seq = c.seq"
    assert STATEMENT.search(text)
    assert named_schemas(text) == {"customers", "grants"}
