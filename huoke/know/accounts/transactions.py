"""Transactions as what an import brings: events of their accounts' customers, loaded past the log, known again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.accounts import loading, store
from huoke.know.accounts.loading import Picked
from huoke.know.customers import AttributeType, CountUndone, EntityField, EntityLoaded, Place, RowFlaw, Rows

EVENT = "transaction.posted"
_IN = ("in", "credit", "+", "c", "贷", "收", "入账", "存入", "收入")
_OUT = ("out", "debit", "-", "d", "借", "支", "出账", "支取", "支出")
_TEXTS = ("type", "category", "channel", "counterparty_kind", "constant_symbol", "bank", "counterparty")
_HALF_DAY = timedelta(hours=12)
_LINES_MAX = 43_000_000


class Transactions:
    """Postings, by the bank's own number of each; the same number again is the same posting."""

    name = "transactions"
    label = "账户交易"
    label_en = "Transactions"
    fields: tuple[EntityField, ...] = (
        EntityField(name="transaction_no", label="流水号", label_en="Transaction number", required=True, key=True,
                    words=("transactionno", "transid", "txnid", "流水号", "交易流水号")),
        EntityField(name="account_no", label="账号", label_en="Account number", required=True, personal=True,
                    data_class="C2", words=("accountno", "accountid", "acctno", "账号", "帐号", "卡号")),
        EntityField(name="posted_on", label="交易日期", label_en="Posted on", required=True, type=AttributeType.DATE,
                    words=("postedon", "date", "txndate", "交易日期", "记账日期")),
        EntityField(name="posted_at", label="交易时间", label_en="Time of day",
                    words=("postedat", "time", "txntime", "交易时间")),
        EntityField(name="amount", label="金额（元）", label_en="Amount (CNY)", required=True, personal=True,
                    type=AttributeType.DECIMAL, data_class="C2", words=("amount", "金额", "交易金额", "发生额")),
        EntityField(name="direction", label="借贷方向", label_en="Direction",
                    words=("direction", "借贷标志", "收支", "方向")),
        EntityField(name="balance", label="交易后余额（元）", label_en="Balance after (CNY)", personal=True,
                    type=AttributeType.DECIMAL, data_class="C2", words=("balance", "余额", "交易后余额")),
        EntityField(name="type", label="交易类型", label_en="Type", words=("type", "txntype", "交易类型", "摘要")),
        EntityField(name="category", label="类别", label_en="Category", words=("category", "类别", "用途")),
        EntityField(name="channel", label="渠道", label_en="Channel", words=("channel", "渠道")),
        EntityField(name="counterparty_kind", label="对手类型", label_en="Kind of counterparty",
                    words=("counterpartykind", "对手类型")),
        EntityField(name="constant_symbol", label="用途码", label_en="Constant symbol",
                    words=("constantsymbol", "ksymbol", "用途码")),
        EntityField(name="bank", label="对手银行", label_en="Counterparty's bank", words=("bank", "对手银行", "行名")),
        EntityField(name="counterparty", label="对手方", label_en="Counterparty", personal=True, data_class="C2",
                    words=("counterparty", "对手账号", "对手方", "对方账号")),
    )  # fmt: skip

    async def load(self, place: Place, rows: Rows, *, dry_run: bool) -> EntityLoaded:
        """Load a chunk into archives and ClickHouse; postings that are there already are the same."""
        picked = Picked(rows, {})
        async with place.database.begin(place.tenant, place.actor) as tx:
            table = await _table(tx, picked)
        fits = table.num_rows
        if dry_run or not fits:
            return EntityLoaded(added=fits, changed=0, same=0, refused=_flaws(picked))
        assert place.clickhouse is not None, "only a dry run is without ClickHouse"
        kept = picked.kept
        loaded, flaws = await events.load_rows(
            place.database, place.clickhouse, place.tenant, table, load_id=place.import_id
        )
        for flaw in flaws:
            picked.refuse(kept[flaw.row - 1], "posted_on", flaw.code, flaw.detail)
        return EntityLoaded(added=loaded.loaded, changed=0, same=loaded.duplicate, refused=_flaws(picked))

    async def take_back(self, place: Place, count: CountUndone) -> None:
        """Postings are facts of a log that nothing is taken out of: the load they came in stands no more."""
        assert place.clickhouse is not None, "only a dry run is without ClickHouse"
        withdrawn = await events.withdraw(place.database, place.clickhouse, place.tenant, place.import_id)
        async with place.database.begin(place.tenant, place.actor) as tx:
            await count(tx, withdrawn)


def _flaws(picked: Picked) -> tuple[RowFlaw, ...]:
    return tuple(picked.flaws[row] for row in sorted(picked.flaws))


async def _table(tx: Tx, picked: Picked) -> pa.Table:
    """The rows that fit, as `events.load_rows` takes them."""
    numbers = picked.column("account_no")
    indexes = (await privacy.keys(tx)).blind_index("card", numbers)
    owners = await store.owners(tx, [index for index in {*indexes} if index is not None])
    for row, index in enumerate(indexes):
        if index not in owners:
            picked.refuse(row, "account_no", "account_unknown", "No account has this number: import accounts first.")
    amounts = _signed(picked, loading.fen_of(picked, "amount"))
    balances = loading.fen_of(picked, "balance")
    instants = _instants(picked, amounts)
    kept = picked.kept
    held = [owners[index] for row in kept if (index := indexes[row]) is not None]
    columns: dict[str, Any] = {
        "seq": pa.array([row["seq"] for row in held], pa.uint32()),
        "name": pa.array([EVENT] * len(kept), pa.string()),
        "at": pa.array([instants[row] for row in kept], pa.timestamp("us", tz="UTC")),
        "amount_fen": pa.array([amounts[row] for row in kept], pa.int64()),
        "message_id": pa.array([f"{EVENT}/{picked.column('transaction_no')[row]}" for row in kept], pa.string()),
        "p_account": pa.array([row["number_masked"] for row in held], pa.string()),
    }
    for name in _TEXTS:
        if name in picked.rows.columns:
            texts = picked.column(name)
            columns[f"p_{name}"] = pa.array([texts[row] for row in kept], pa.string())
    if "balance" in picked.rows.columns:
        columns["p_balance_fen"] = pa.array([balances[row] for row in kept], pa.int64())
    return pa.table(columns)


def _signed(picked: Picked, amounts: list[int | None]) -> list[int | None]:
    """Fen that came in as positive numbers, fen that went out as negative ones."""
    if "direction" not in picked.rows.columns:
        return amounts
    signed: list[int | None] = []
    for place, (word, fen) in enumerate(zip(picked.column("direction"), amounts, strict=True)):
        plain = (word or "").strip().lower()
        if plain not in (*_IN, *_OUT):
            picked.refuse(place, "direction", "word_unknown", "Write in or out, credit or debit, + or -, 收 or 支.")
        signed.append(fen if fen is None or plain in _IN else -abs(fen))
    return signed


def _instants(picked: Picked, amounts: list[int | None]) -> list[datetime | None]:
    """When each was posted. A day without a time keeps what came in before what went out, each in the file's order."""
    instants: list[datetime | None] = []
    days, times = picked.column("posted_on"), picked.column("posted_at")
    for place, (day, said, fen, line) in enumerate(zip(days, times, amounts, picked.rows.lines, strict=True)):
        at = _time(said)
        if said is not None and at is None:
            picked.refuse(place, "posted_at", "time", "Write a time of day as 09:30:00.")
        instants.append(_instant(day, at, fen or 0, line))
    return instants


def _instant(day: date, at: time | None, fen: int, line: int) -> datetime:
    if at is not None:
        return datetime.combine(day, at, CHINA).astimezone(UTC)
    order = timedelta(milliseconds=min(line, _LINES_MAX)) + (_HALF_DAY if fen < 0 else timedelta(0))
    return (datetime.combine(day, time.min, CHINA) + order).astimezone(UTC)


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None) if text else None
    except ValueError:
        return None
