"""What a timeline asks of other modules' tables; nothing is written.

Every part selects, for the numbers $1: at (to the millisecond, as ClickHouse keeps it), id (text), kind, name, about,
about_en, properties (jsonb of texts). No table here is long for one customer, and each is reached by an index on it.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.measure.timeline.model import Kind

CHUNK = 65_536


def _traded(at: str, suffix: str, name: str, states: str) -> str:
    """Exchanges in some states as lines: what went → what came, by the names the bank and its partners have for it."""
    return (
        f"SELECT {at}, x.id::text || '{suffix}', {name},"
        " concat(to_char(x.points, 'FM999,999,999,990'), ' ', coalesce(s.name, sp.unit_name, x.source), ' → ',"
        " to_char(x.gained, 'FM999,999,999,990'), ' ', coalesce(t.name, tp.unit_name, x.target)),"
        " concat(to_char(x.points, 'FM999,999,999,990'), ' ', coalesce(s.name_en, sp.unit_name_en, x.source), ' → ',"
        " to_char(x.gained, 'FM999,999,999,990'), ' ', coalesce(t.name_en, tp.unit_name_en, x.target)),"
        " jsonb_build_object('number', upper(right(replace(x.id::text, '-', ''), 12)))"
        " FROM exchange.trade x"
        " LEFT JOIN points.type s ON s.code = x.source LEFT JOIN points.type t ON t.code = x.target"
        " LEFT JOIN exchange.partner sp ON sp.unit = x.source LEFT JOIN exchange.partner tp ON tp.unit = x.target"
        f" WHERE x.seq = ANY($1::int[]) AND {states}"
    )


def _gave(at: str, suffix: str, name: str, whose: str) -> str:
    """Gifts of points as lines."""
    return (
        f"SELECT {at}, g.id::text || '{suffix}', '{name}',"
        " concat(to_char(g.points, 'FM999,999,999,990'), ' ', coalesce(k.name, g.currency)),"
        " concat(to_char(g.points, 'FM999,999,999,990'), ' ', coalesce(k.name_en, g.currency)), '{}'::jsonb"
        f" FROM points.gift g LEFT JOIN points.type k ON k.code = g.currency WHERE {whose}"
    )


_PARTS = {
    Kind.GRANT: (
        (
            "SELECT s.at, s.grant_id::text || '/' || lpad(s.step::text, 3, '0') AS id, 'grant.' || s.state AS name,"
            " o.title AS about, o.title AS about_en, '{}'::jsonb AS properties"
            " FROM grants.grant g JOIN grants.step s ON s.grant_id = g.id JOIN grants.offer o ON o.id = g.offer_id"
            " WHERE g.seq = ANY($1::int[])"
        ),
    ),
    Kind.POINTS: (
        _traded("x.asked_at", "/0", "'exchange.asked'", "x.direction = 'out'"),
        _traded("x.asked_at", "/1", "'exchange.done'", "x.direction <> 'out'"),
        _traded(
            "x.ended_at",
            "/9",
            "'exchange.' || CASE x.state WHEN 'borne' THEN 'done' ELSE x.state END",
            "x.ended_at IS NOT NULL AND (x.state = 'undone' OR x.direction = 'out')"
            " AND x.state IN ('done', 'borne', 'failed', 'undone')",
        ),
        _gave("g.given_at", "/0", "gift.given", "g.giver = ANY($1::int[])"),
        _gave("g.given_at", "/1", "gift.received", "g.taker = ANY($1::int[])"),
        _gave(
            "g.ended_at",
            "/9",
            "gift.taken_back",
            "(g.giver = ANY($1::int[]) OR g.taker = ANY($1::int[])) AND g.state = 'taken_back'",
        ),
    ),
    Kind.MESSAGE: (
        (
            "SELECT s.at, s.message_id::text || '/' || lpad(s.step::text, 3, '0'), 'message.' || s.state, p.name,"
            " p.name, jsonb_strip_nulls(jsonb_build_object('channel', 'sms', 'reason', nullif(s.reason, '')))"
            " FROM channels.message m JOIN channels.step s ON s.message_id = m.id"
            " LEFT JOIN channels.plan p ON p.source_id = m.source_id"
            " WHERE m.seq = ANY($1::int[]) AND s.state IN ('sent', 'delivered', 'failed', 'withheld')"
        ),
    ),
    Kind.CASE: (
        (
            "SELECT opened_at, id::text || '/0', 'case.opened', title, title, jsonb_build_object('number', number)"
            " FROM care.case_file WHERE seq = ANY($1::int[])"
        ),
        (
            "SELECT closed_at, id::text || '/9', 'case.closed', title, title, jsonb_build_object('number', number)"
            " FROM care.case_file WHERE seq = ANY($1::int[]) AND closed_at IS NOT NULL"
        ),
        (
            "SELECT n.at, c.id::text || '/1/' || lpad(n.place::text, 4, '0'), 'case.noted', c.title, c.title,"
            " jsonb_build_object('number', c.number, 'channel', n.way)"
            " FROM care.case_file c JOIN care.note n ON n.case_id = c.id WHERE c.seq = ANY($1::int[])"
        ),
        (
            "SELECT a.at, a.id::text, 'desk.' || a.kind, o.title, o.title, '{}'::jsonb FROM care.act a"
            " JOIN grants.grant g ON g.id = a.grant_id JOIN grants.offer o ON o.id = g.offer_id"
            " WHERE a.seq = ANY($1::int[])"
        ),
    ),
    Kind.APPROVAL: (
        (
            "SELECT c.submitted_at, c.id::text || '/0', 'approval.submitted', c.title, c.title,"
            " jsonb_build_object('number', c.number) FROM about_them t JOIN approvals.change c ON c.id = t.change_id"
        ),
        (
            "SELECT d.decided_at, c.id::text || '/' || (d.stage + 1), 'approval.' || d.verdict, c.title, c.title,"
            " jsonb_build_object('number', c.number) FROM about_them t JOIN approvals.change c ON c.id = t.change_id"
            " JOIN approvals.decision d ON d.change_id = c.id"
        ),
    ),
    Kind.PRODUCT: (
        (
            "SELECT opened_on::timestamp AT TIME ZONE 'Asia/Shanghai', id::text || '/0', 'product.opened',"
            " number_masked, number_masked, jsonb_build_object('kind', kind) FROM accounts.account"
            " WHERE seq = ANY($1::int[]) AND opened_on IS NOT NULL"
        ),
        (
            "SELECT closed_on::timestamp AT TIME ZONE 'Asia/Shanghai', id::text || '/9', 'product.closed',"
            " number_masked, number_masked, jsonb_build_object('kind', kind) FROM accounts.account"
            " WHERE seq = ANY($1::int[]) AND closed_on IS NOT NULL"
        ),
        (
            "SELECT started_on::timestamp AT TIME ZONE 'Asia/Shanghai', id::text || '/0', 'product.started', product,"
            " product, jsonb_build_object('kind', kind) FROM accounts.holding"
            " WHERE seq = ANY($1::int[]) AND started_on IS NOT NULL"
        ),
    ),
    Kind.RECORD: (
        (
            "SELECT created_at, 'created/' || seq, 'record.created', customer_no, customer_no, '{}'::jsonb"
            " FROM customers.customer WHERE seq = ANY($1::int[])"
        ),
    ),
    Kind.JOIN: (
        (
            "SELECT ended_at, id::text, 'join.' || verb, concat(seq, ' → ', kept_seq), concat(seq, ' → ', kept_seq),"
            " '{}'::jsonb FROM identities.merge"
            " WHERE (seq = ANY($1::int[]) OR kept_seq = ANY($1::int[])) AND state = 'done'"
        ),
    ),
}
_ABOUT_THEM = (
    "WITH about_them AS MATERIALIZED (SELECT change_id FROM care.compensation WHERE seq = ANY($1::int[])"
    " UNION SELECT change_id FROM care.extension WHERE seq = ANY($1::int[])"
    " UNION SELECT change_id FROM care.code_reading WHERE seq = ANY($1::int[])"
    " UNION SELECT change_id FROM customers.erasure WHERE seq = ANY($1::int[])"
    " UNION SELECT change_id FROM identities.merge WHERE seq = ANY($1::int[]) OR kept_seq = ANY($1::int[])) "
)


async def recorded(
    tx: Tx,
    seqs: Sequence[int],
    kinds: Sequence[Kind],
    *,
    names: Sequence[str],
    channels: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Record]:
    """Lines of some kinds out of `LISTED`, latest first."""
    parts = [
        f"SELECT p.*, '{kind}' AS kind FROM ({part}) AS p(at, id, name, about, about_en, properties)"
        for kind in kinds
        for part in _PARTS[kind]
    ]
    if not parts:
        return []
    at, key = before or (None, "")
    return await tx.fetch(
        f"{_ABOUT_THEM if Kind.APPROVAL in kinds else ''}SELECT * FROM (SELECT date_trunc('milliseconds', at) AS at,"
        f' id COLLATE "C" AS id, name, about, about_en, properties, kind FROM ({" UNION ALL ".join(parts)}) AS l)'
        " AS l WHERE (cardinality($2::text[]) = 0 OR name = ANY($2))"
        " AND (cardinality($3::text[]) = 0 OR properties->>'channel' = ANY($3))"
        " AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)"
        " AND ($6::timestamptz IS NULL OR (at, id) < ($6, $7)) ORDER BY at DESC, id DESC LIMIT $8",
        list(seqs),
        list(names),
        list(channels),
        since,
        until,
        at,
        key,
        limit,
    )


LISTED = frozenset(_PARTS)


async def consents(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Entries of the consent ledger and the suppression lists that may be about some numbers: one's, or a set's."""
    whom = "(e.seq = ANY($1::int[]) OR (e.members IS NOT NULL AND e.chunk = ANY($2::int[])))"
    return await tx.fetch(
        "SELECT e.id, e.at, 'consent.' || e.verdict AS name, e.subject, e.channel, e.members FROM consent.entry e"
        f" WHERE {whom} UNION ALL SELECT e.id, e.at, 'suppression.' || e.verdict, e.subject, '', e.members"
        f" FROM consent.suppression e WHERE {whom}",
        list(seqs),
        sorted({seq // CHUNK for seq in seqs}),
    )


async def tags(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Tags with a history: number, name, label, codes, the values in force, and the first day, which is no change."""
    return await tx.fetch(
        "SELECT t.number, t.name, t.label, t.label_en, t.codes, v.definition->'values' AS values,"
        " (SELECT min(f.day) FROM tags.figure f WHERE f.number = t.number) AS first_day"
        " FROM tags.tag t JOIN tags.version v ON v.number = t.number AND v.version = t.version"
        " WHERE (v.definition->>'history')::boolean AND NOT EXISTS (SELECT FROM tags.hidden h"
        " WHERE h.number = t.number AND h.seq = ANY($1::bigint[])) ORDER BY t.number",
        list(seqs),
    )


async def tag_days(tx: Tx, rows: Sequence[dict[str, Any]], first: date, last: date) -> list[Record]:
    """Who came to values of tags and who went, of [first, last]; `rows` name number, value and chunk."""
    return await tx.fetch(
        "SELECT d.number, d.value, d.day, d.at, d.chunk, d.entered, d.gone"
        " FROM unnest($1::int[], $2::int[], $3::int[]) AS w (number, value, chunk) CROSS JOIN LATERAL (SELECT *"
        " FROM tags.delta d WHERE d.number = w.number AND d.value = w.value AND d.chunk = w.chunk"
        " AND d.day BETWEEN $4 AND $5) AS d",
        [row["number"] for row in rows],
        [row["value"] for row in rows],
        [row["chunk"] for row in rows],
        first,
        last,
    )


async def followed(tx: Tx, seqs: Sequence[int], day: date | None = None) -> list[Record]:
    """Followed segments with what came and went in the chunks of some customers, latest day first.

    Without a `day` every delta; with one the segments known by then, and the deltas after it. One row a segment at
    least: name, since, members, day, at, entered, gone; of a segment nobody entered or left, the last four are null.
    """
    return await tx.fetch(
        "SELECT s.name, f.since, f.segment_id, c.chunk, c.members, d.day, d.at, d.entered, d.gone"
        " FROM membership.following f JOIN segments.segment s ON s.id = f.segment_id"
        " CROSS JOIN unnest($1::int[]) AS w (chunk)"
        " LEFT JOIN membership.chunk c ON c.segment_id = f.segment_id AND c.chunk = w.chunk"
        " LEFT JOIN membership.delta d ON d.segment_id = f.segment_id AND d.chunk = w.chunk"
        " AND ($2::date IS NULL OR d.day > $2)"
        " WHERE f.since IS NOT NULL AND ($2::date IS NULL OR f.since <= $2)"
        " ORDER BY s.name, f.segment_id, d.day DESC",
        sorted({seq // CHUNK for seq in seqs}),
        day,
    )


async def products(tx: Tx, seqs: Sequence[int], day: date) -> list[Record]:
    """Accounts and products that were open on a day, as far as their own dates tell; no amounts."""
    return await tx.fetch(
        "SELECT id, number_masked AS name, kind, opened_on AS began_on, closed_on AS ended_on FROM accounts.account"
        " WHERE seq = ANY($1::int[]) AND coalesce(opened_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date) <= $2"
        " AND (closed_on IS NULL OR closed_on > $2)"
        " UNION ALL SELECT id, product, kind, started_on, matures_on FROM accounts.holding"
        " WHERE seq = ANY($1::int[]) AND coalesce(started_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date) <= $2"
        " AND (matures_on IS NULL OR matures_on > $2) ORDER BY began_on NULLS LAST, id",
        list(seqs),
        day,
    )


async def benefit_titles(tx: Tx, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """What benefits are called in Chinese and English, by the codes of their SKUs; the latest published version's."""
    rows = await tx.fetch(
        "SELECT s.code, v.name, v.name_en FROM catalogue.sku AS s"
        " JOIN catalogue.sku_version AS v ON v.sku_id = s.id AND v.version = s.version WHERE s.code = ANY($1::text[])",
        sorted(codes),
    )
    return {row["code"]: (row["name"], row["name_en"]) for row in rows}
