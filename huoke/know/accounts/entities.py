"""Accounts and holdings as what an import brings: upserted by their numbers, with history."""

from abc import ABC, abstractmethod
from typing import Any

from huoke.govern import privacy
from huoke.govern.people import units
from huoke.kernel.tx import Tx
from huoke.know.accounts import loading
from huoke.know.accounts.loading import Picked, Undone
from huoke.know.accounts.model import WORDS, AccountKind, HoldingKind, Standing, read_word
from huoke.know.customers import AttributeType, CountUndone, EntityField, EntityLoaded, Place, Rows

_CUSTOMER_WORDS = ("customerno", "custno", "custid", "customerid", "clientid", "客户号", "客户编号")
_ACCOUNT_WORDS = ("accountno", "account", "acctno", "账号", "帐号", "卡号", "账户号")
_DATE, _DECIMAL = AttributeType.DATE, AttributeType.DECIMAL
_CUSTOMER = EntityField(
    name="customer_no", label="客户号", label_en="Customer number", required=True, words=_CUSTOMER_WORDS
)
_STANDING = EntityField(name="standing", label="状态", label_en="Standing", words=("standing", "status", "状态"))
_CURRENCY = EntityField(name="currency", label="币种", label_en="Currency", words=("currency", "ccy", "币种"))


class _Master(ABC):
    """A master row by its key: each chunk in one transaction, which a dry run takes back."""

    what: str

    async def load(self, place: Place, rows: Rows, *, dry_run: bool) -> EntityLoaded:
        """Write a chunk; the same chunk again changes nothing."""
        found = EntityLoaded(added=0, changed=0, same=0)
        try:
            async with place.database.begin(place.tenant, place.actor) as tx:
                found = await self._load(tx, place, Picked(rows, {}))
                _keep_unless(dry_run)
        except Undone:
            pass
        return found

    async def take_back(self, place: Place, count: CountUndone) -> None:
        """What the import changed is as it was; what it brought is gone, but for its history."""
        await loading.take_back(self.what, place, count)

    @abstractmethod
    async def _load(self, tx: Tx, place: Place, picked: Picked) -> EntityLoaded:
        """Write the rows of a chunk; the transaction is the caller's."""


class Accounts(_Master):
    """Accounts, by account number."""

    name = "accounts"
    what = "account"
    label = "账户"
    label_en = "Accounts"
    fields: tuple[EntityField, ...] = (
        EntityField(name="account_no", label="账号", label_en="Account number", required=True, key=True, personal=True,
                    data_class="C2", words=_ACCOUNT_WORDS),
        _CUSTOMER,
        EntityField(name="kind", label="账户类型", label_en="Kind", required=True,
                    words=("kind", "accountkind", "accounttype", "账户类型", "类型")),
        _CURRENCY,
        EntityField(name="opened_on", label="开户日期", label_en="Opened on", type=_DATE,
                    words=("openedon", "opendate", "开户日期", "开户日")),
        EntityField(name="closed_on", label="销户日期", label_en="Closed on", type=_DATE,
                    words=("closedon", "closedate", "销户日期", "销户日")),
        _STANDING,
        EntityField(name="unit_code", label="开户机构", label_en="Unit",
                    words=("unitcode", "unit", "机构号", "开户机构", "网点号")),
        EntityField(name="balance", label="余额（元）", label_en="Balance (CNY)", type=_DECIMAL, personal=True,
                    data_class="C2", words=("balance", "余额", "账户余额")),
    )  # fmt: skip

    async def _load(self, tx: Tx, place: Place, picked: Picked) -> EntityLoaded:
        seqs = await loading.owners_by_no(tx, picked)
        columns = _words(picked, {"kind": (AccountKind, "account_kind"), "standing": (Standing, "standing")})
        codes = {unit.code: int(unit.id) for unit in await units.tree(tx)}
        unit_codes = picked.column("unit_code")
        for row, code in enumerate(unit_codes):
            if code is not None and code not in codes:
                picked.refuse(row, "unit_code", "unit_code", "Write the code of one of the bank's units.")
        balances = loading.fen_of(picked, "balance")
        numbers = picked.column("account_no")
        indexes = (await privacy.keys(tx)).blind_index("card", numbers)
        for row in (row for row, index in enumerate(indexes) if index is None):
            picked.refuse(row, "account_no", "account_no", "Write letters and digits.")
        kept = picked.kept
        owners = [seq for row in kept if (seq := seqs[row]) is not None]
        columns |= {
            "seq": seqs,
            "number_index": indexes,
            "number_enc": _at(await loading.sealed(tx, owners, [numbers[row] for row in kept]), kept, len(seqs)),
            "number_masked": [_masked(number) for number in numbers],
            **_given(picked, "currency", "opened_on", "closed_on"),
        }
        if "unit_code" in picked.rows.columns:
            columns["unit_id"] = [codes.get(code) for code in unit_codes]
        if "balance" in picked.rows.columns:
            texts = [None if balances[row] is None else str(balances[row]) for row in kept]
            columns["balance_enc"] = _at(await loading.sealed(tx, owners, texts), kept, len(seqs))
        return await _write(tx, self.what, columns, place, picked)


class Holdings(_Master):
    """Products that customers hold, by the bank's number of the holding."""

    name = "holdings"
    what = "holding"
    label = "持有产品"
    label_en = "Holdings"
    fields: tuple[EntityField, ...] = (
        EntityField(name="holding_no", label="持有编号", label_en="Holding number", required=True, key=True,
                    words=("holdingno", "contractno", "loanid", "持有编号", "合同号", "份额编号")),
        _CUSTOMER,
        EntityField(name="product", label="产品", label_en="Product", required=True,
                    words=("product", "productname", "产品", "产品名称")),
        EntityField(name="kind", label="产品类型", label_en="Kind", required=True,
                    words=("kind", "producttype", "产品类型", "类型")),
        EntityField(name="account_no", label="所属账号", label_en="Account number", personal=True, data_class="C2",
                    words=_ACCOUNT_WORDS),
        _CURRENCY,
        EntityField(name="amount", label="金额（元）", label_en="Amount (CNY)", type=_DECIMAL, personal=True,
                    data_class="C2", words=("amount", "金额", "持有金额")),
        EntityField(name="started_on", label="起息日", label_en="Started on", type=_DATE,
                    words=("startedon", "startdate", "起息日", "购买日期")),
        EntityField(name="matures_on", label="到期日", label_en="Matures on", type=_DATE,
                    words=("matureson", "maturity", "maturitydate", "到期日", "到期日期")),
        _STANDING,
    )  # fmt: skip

    async def _load(self, tx: Tx, place: Place, picked: Picked) -> EntityLoaded:
        seqs = await loading.owners_by_no(tx, picked)
        columns = _words(picked, {"kind": (HoldingKind, "holding_kind"), "standing": (Standing, "standing")})
        amounts = loading.fen_of(picked, "amount")
        started, matures = picked.column("started_on"), picked.column("matures_on")
        for row, (first, last) in enumerate(zip(started, matures, strict=True)):
            if first is not None and last is not None and last < first:
                picked.refuse(row, "matures_on", "dates", "A product matures after it starts.")
        kept = picked.kept
        columns |= {"seq": seqs, "holding_no": picked.column("holding_no"), "product": picked.column("product")}
        columns |= _given(picked, "currency", "started_on", "matures_on")
        if "account_no" in picked.rows.columns:
            columns["account_index"] = (await privacy.keys(tx)).blind_index("card", picked.column("account_no"))
        if "amount" in picked.rows.columns:
            owners = [seq for row in kept if (seq := seqs[row]) is not None]
            texts = [None if amounts[row] is None else str(amounts[row]) for row in kept]
            columns["amount_enc"] = _at(await loading.sealed(tx, owners, texts), kept, len(seqs))
        return await _write(tx, self.what, columns, place, picked)


def _keep_unless(dry_run: bool) -> None:
    if dry_run:
        raise Undone


def _masked(number: str) -> str:
    """The last four of an account number, however it is written and however long it is."""
    plain = privacy.normalise(privacy.Field.CARD, number)
    return "****" + (plain[-4:] if len(plain) > 6 else "")


def _words(picked: Picked, wanted: dict[str, tuple[Any, str]]) -> dict[str, list[Any]]:
    """Columns of codes read from the bank's words; `open` and nothing else where a standing is not given."""
    columns = {}
    for column, (kind, which) in wanted.items():
        if column not in picked.rows.columns:
            continue
        words = picked.column(column)
        codes = {word: read_word(kind, WORDS[which], word) for word in {*words} if word is not None}
        loading.read_words(picked, column, codes)
        columns[column] = [Standing.OPEN.value if word is None else codes[word] for word in words]
    return columns


def _given(picked: Picked, *names: str) -> dict[str, list[Any]]:
    """The columns the file has; a currency is yuan where the cell is empty."""
    given = {name: picked.column(name) for name in names if name in picked.rows.columns}
    if "currency" in given:
        given["currency"] = [(currency or "CNY").upper()[:8] for currency in given["currency"]]
    return given


def _at(values: list[Any], places: list[int], count: int) -> list[Any]:
    """Values put at their places among `count` rows."""
    column: list[Any] = [None] * count
    for place, value in zip(places, values, strict=True):
        column[place] = value
    return column


async def _write(tx: Tx, what: str, columns: dict[str, list[Any]], place: Place, picked: Picked) -> EntityLoaded:
    kept = picked.kept
    rows = {name: [column[row] for row in kept] for name, column in columns.items()}
    flaws = [picked.flaws[row] for row in sorted(picked.flaws)]
    return await loading.write(tx, what, rows, place, flaws)
